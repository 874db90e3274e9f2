"""Who rings again while a request of his is open: what he hears, in three languages, and what becomes of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.store import promises
from callbacks.store.transitions import Cause
from callbacks.workflows import ringing_back
from ivr.blueprint import voice
from models.agent import Agent
from models.callback import Attempt, Callback, CallLeg
from models.customer import Contact
from models.history import History
from models.outbox import OutboxMail
from models.sessions import Database
from models.ticket import MissedCall, Ticket
from models.vocabulary import AttemptState, CallbackState, CustomerOutcome, Language, TicketState

MakeCaller = Callable[..., Any]
NL, FR, EN = Language.NL, Language.FR, Language.EN
KEYS = {NL: "7", FR: "8", EN: "9"}
LUC = "+32475111111"
TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HALF_PAST = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is kept is tested on both in tests/workflows/test_recalling.py."""
    return sqlite_url


@pytest.fixture
def luc(people: None, caller: MakeCaller, database: Database) -> Callable[[Language], Any]:
    """Luc has asked for a call and hung up; he rings again, and is spoken to in the language wanted."""
    del people

    def rings(language: Language = NL) -> Any:
        with database.write() as session:
            session.execute(update(Contact).where(Contact.name == "Luc").values(language=language))
        caller(LUC).dials_in().presses("2").presses("1").goes_on()
        return caller(LUC).dials_in()

    return rings


def change(database: Database, **columns: Any) -> None:
    with database.write() as session:
        session.execute(update(Callback).values(**columns))


def with_rules(services: Services, call: Any, **rules: Any) -> Any:
    """Let the house have other rules from now on."""
    app = Flask("ringback-other-rules")
    app.register_blueprint(voice(replace(services, rules=replace(services.rules, **rules))))
    call.client = app.test_client()
    return call


@pytest.mark.parametrize(
    ("language", "open_already", "same", "new"),
    [
        (NL, "Voor dit nummer loopt al een oproep.", "Gaat het daarover? Druk 1.", "Nieuwe vraag? Druk 2."),
        (FR, "Une demande est déjà ouverte pour ce numéro.", "La même ? Tapez 1.", "Une nouvelle ? Tapez 2."),
        (EN, "This number already has an open request.", "Same issue? Press 1.", "Something new? Press 2."),
    ],
)
def test_who_rings_again_hears_that_a_request_is_open_and_nothing_of_whose(
    luc: Any, kept: Any, language: Language, open_already: str, same: str, new: str
) -> None:
    call = luc(language)
    for words in (open_already, same, new):
        assert words in call.heard
    for secret in ("Luc", "Peeters", "Boulangerie", str(kept.ticket.number), "1 0 0 0 1", "0 4 7 5"):
        assert secret not in call.heard
    assert len(kept(Ticket)) == 1


@pytest.mark.parametrize(
    ("language", "ahead", "begun"),
    [
        (NL, "We bellen terug deze voormiddag, tussen tien uur en half elf.", "We bellen terug vóór half elf."),
        (
            FR,
            "Nous rappelons aujourd'hui, entre dix heures et dix heures trente.",
            "rappelons avant dix heures trente.",
        ),
        (EN, "We'll call this morning, between ten and half past ten.", "We'll call before half past ten."),
    ],
)
def test_he_hears_the_promise_that_stands_as_it_is_now(
    luc: Any, caller: MakeCaller, clock: Any, database: Database, language: Language, ahead: str, begun: str
) -> None:
    clock.at = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)
    luc(language).hangs_up()
    with database.write() as session:
        callback_id = session.query(Callback.id).scalar()
        promises.settle(session, callback_id, clock.at)
        promises.give(session, callback_id, Range(TEN, HALF_PAST), Cause(clock.at, "planner", "promised"), told=False)
    assert ahead in caller(LUC).dials_in().heard
    clock.at = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)
    assert begun in caller(LUC).dials_in().heard
    clock.at = HALF_PAST
    assert ahead.split(maxsplit=1)[0] + " " + ahead.split()[1] not in caller(LUC).dials_in().heard.split(".")[1:2]


@pytest.mark.parametrize("language", Language)
def test_something_new_goes_on_to_the_menu_and_makes_a_ticket_of_its_own(
    luc: Any, kept: Any, language: Language
) -> None:
    call = luc(language).presses("2")
    assert "/voice/menu?round=1" in call.gather.get("action")
    call.presses("1").presses("1").goes_on()
    assert sorted(ticket.number for ticket in kept(Ticket)) == [10001, 10002]
    assert all(callback.state is CallbackState.WAITING for callback in kept(Callback))
    assert {ticket.language for ticket in kept(Ticket)} == {language}


@pytest.mark.parametrize(
    ("language", "offers"),
    [
        (NL, ("Iets toevoegen: druk 1.", "Een ander moment: druk 2.", "Annuleren: druk 3.", "dan mag u inleggen.")),
        (
            FR,
            (
                "Ajouter un message : tapez 1.",
                "Un autre moment : tapez 2.",
                "Annuler : tapez 3.",
                "raccrochez simplement.",
            ),
        ),
        (EN, ("To add something, press 1.", "For another time, press 2.", "To cancel, press 3.", "just hang up.")),
    ],
)
def test_of_the_same_he_may_add_move_or_cancel(
    luc: Any, kept: Any, language: Language, offers: tuple[str, ...]
) -> None:
    call = luc(language).presses("1")
    said = [str(say.text) for say in call.document.iter("Say")]
    assert all(words.endswith(offer) for words, offer in zip(said, offers, strict=True)), said
    about = [leg.about_id for leg in kept(CallLeg) if leg.call_sid == call.sid]
    assert about == [kept.callback.id]


@pytest.mark.parametrize(("key", "path"), [("1", "/voice/message"), ("2", "/voice/moment")])
@pytest.mark.parametrize("language", Language)
def test_what_is_added_or_moved_goes_on_at_its_own_question(luc: Any, language: Language, key: str, path: str) -> None:
    call = luc(language).presses("1").presses(key)
    assert [child.tag for child in call.document] == ["Redirect"]
    assert call.document[0].text == f"https://desk.example{path}"


@pytest.mark.parametrize(
    ("language", "sure", "done"),
    [
        (
            NL,
            "Zeker annuleren? Druk 1.",
            "De oproep is geannuleerd",
        ),
        (FR, "Vraiment annuler ? Tapez 1.", "La demande est annulée"),
        (EN, "To cancel it for good, press 1.", "The request is cancelled"),
    ],
)
def test_he_cancels_once_he_is_sure_and_a_mail_says_so(
    luc: Any, kept: Any, bell: Any, language: Language, sure: str, done: str
) -> None:
    call = luc(language).presses("1").presses("3")
    assert call.heard == sure
    assert {callback.state for callback in kept(Callback)} == {CallbackState.WAITING}
    url = call.gather.get("action")
    bell.rung.clear()
    call.presses("1")
    assert call.heard.startswith(done)
    assert "mail" in call.heard
    assert kept.callback.state is CallbackState.CANCELLED
    assert kept.ticket.state is TicketState.CLOSED
    assert bell.rung == ["mail"]
    history = len(kept(History))
    assert call.asks(url, Digits="1").heard.startswith(done)
    assert len(kept(History)) == history
    mails = [mail.subject for mail in kept(OutboxMail) if mail.kind == "cancellation"]
    assert len(mails) == 1
    assert mails[0].endswith("10001")
    call.goes_on()
    assert [child.tag for child in call.document] == ["Hangup"]
    assert kept(MissedCall) == []


@pytest.mark.parametrize("key", ["", "2", "3", "*"])
@pytest.mark.parametrize(
    ("language", "stays"),
    [(NL, "Dan blijft alles zoals het is."), (FR, "Rien ne change, donc."), (EN, "Then nothing changes.")],
)
def test_who_is_not_sure_cancels_nothing(luc: Any, kept: Any, language: Language, stays: str, key: str) -> None:
    call = luc(language).presses("1").presses("3").presses(key)
    assert call.heard.startswith(stays)
    assert kept.callback.state is CallbackState.WAITING
    assert "/voice/bye" in str(call.document[-1].text)


@pytest.mark.parametrize("opening", [[], ["1"]])
@pytest.mark.parametrize(
    ("language", "stays"),
    [(NL, "Dan blijft alles zoals het is."), (FR, "Rien ne change, donc."), (EN, "Then nothing changes.")],
)
def test_three_rounds_without_a_key_change_nothing_and_are_no_missed_call(
    luc: Any, kept: Any, language: Language, stays: str, opening: list[str]
) -> None:
    call = luc(language)
    for key in opening:
        call.presses(key)
    for _ in range(2):
        call.is_silent()
        assert call.document.find("Gather") is not None
        assert "Welkom" not in call.heard
    call.is_silent()
    assert call.heard.startswith(stays)
    call.goes_on()
    call.hangs_up()
    assert (kept(MissedCall), kept.callback.state) == ([], CallbackState.WAITING)


@pytest.mark.parametrize("steps", [[], ["1"], ["1", "3"], ["2"]])
def test_hanging_up_at_any_question_leaves_all_as_it_was(luc: Any, kept: Any, steps: list[str]) -> None:
    call = luc()
    for key in steps:
        call.presses(key)
    call.hangs_up()
    assert (kept(MissedCall), kept.callback.state) == ([], CallbackState.WAITING)
    assert kept.ticket.state is TicketState.OPEN


def test_a_language_key_asks_again_in_that_language_and_takes_no_round(luc: Any, kept: Any) -> None:
    call = luc()
    assert "tapez 8" in call.heard
    for language, words in ((EN, "This number already"), (FR, "Une demande est"), (NL, "Voor dit nummer")):
        call.presses(KEYS[language])
        assert call.heard.startswith(words)
        assert [contact.language for contact in kept(Contact) if contact.name == "Luc"] == [language]
    call.is_silent().is_silent()
    assert call.heard.startswith("Voor dit nummer")


SEVERAL = {
    NL: ("Voor dit nummer lopen er al drie oproepen.", "Gaat het over één daarvan? Druk 1.", "Nieuwe vraag? Druk 2."),
    FR: (
        "Il y a déjà trois demandes ouvertes pour ce numéro.",
        "C'est pour l'une d'elles ? Tapez 1.",
        "Une nouvelle ? Tapez 2.",
    ),
    EN: ("This number already has three open requests.", "About one of these? Press 1.", "Something new? Press 2."),
}
FIRST = {
    NL: "Een bericht bij de eerste daarvan: druk 1.",
    FR: "Un message pour la première : tapez 1.",
    EN: "To add a message to the first one, press 1.",
}


@pytest.mark.parametrize("language", Language)
def test_at_the_houses_limit_an_outage_alone_is_taken_until_as_many_are_open(
    luc: Any, caller: MakeCaller, kept: Any, language: Language
) -> None:
    call = luc(language)
    for _ in range(2):
        call.presses("2").presses("2").presses("1").goes_on().hangs_up()
        call = caller(LUC).dials_in()
    for words in SEVERAL[language]:
        assert words in call.heard
    call.presses("2").presses("2")
    assert "/voice/bye" in str(call.document[-1].text)
    assert len(kept(Ticket)) == 3
    for _ in range(3):
        caller(LUC).dials_in().presses("2").presses("1").presses("1").goes_on().hangs_up()
    assert len(kept(Ticket)) == 6
    call = caller(LUC).dials_in()
    assert SEVERAL[language][1] in call.heard
    assert SEVERAL[language][2] not in call.heard
    assert SEVERAL[language][1] in call.presses("2").heard
    assert len(kept(Ticket)) == 6


@pytest.mark.parametrize("language", Language)
def test_of_several_none_is_moved_or_cancelled_and_a_message_goes_with_the_first(
    luc: Any, caller: MakeCaller, kept: Any, language: Language
) -> None:
    luc(language).presses("2").presses("1").presses("1").goes_on().hangs_up()
    question, outage = kept(Callback)
    call = caller(LUC).dials_in().presses("1")
    said = [str(say.text) for say in call.document.iter("Say")]
    assert (said[0], len(said)) == (FIRST[language], 2)
    for key in ("2", "3"):
        assert call.presses(key).heard.startswith(FIRST[language])
    assert call.asks("/voice/again/same?round=1", Digits="1").document[0].text == "https://desk.example/voice/message"
    assert [leg.about_id for leg in kept(CallLeg) if leg.call_sid == call.sid] == [outage.id]
    assert outage.rank < question.rank
    assert "9" not in call.asks("/voice/farewell").heard, "another moment is not offered after the message either"
    assert {row.state for row in kept(Callback)} == {CallbackState.WAITING}


CALLING = {
    NL: "Een medewerker belt u zo dadelijk. Leg gerust in, dan komt de oproep door.",
    FR: "Un collaborateur vous appelle dans un instant. Raccrochez, l'appel passera.",
    EN: "A colleague is about to call you. You can hang up now, and the call will come through.",
}


@pytest.mark.parametrize("state", [CallbackState.PREPARING, CallbackState.ACTIVE])
@pytest.mark.parametrize("language", Language)
def test_while_his_own_call_is_being_placed_he_is_asked_to_hang_up(
    luc: Any, caller: MakeCaller, database: Database, kept: Any, language: Language, state: CallbackState
) -> None:
    luc(language).hangs_up()
    change(database, state=state)
    call = caller(LUC).dials_in()
    assert CALLING[language] in call.heard
    assert "1." not in call.heard.replace("1 ", "")
    call.is_silent()
    assert call.document.find("Gather") is None, "he must not be kept on the line"
    assert kept(MissedCall) == []
    assert "/voice/menu" in caller(LUC).dials_in().presses("2").gather.get("action")


@pytest.mark.parametrize("language", Language)
def test_a_call_that_came_under_way_meanwhile_is_not_cancelled(
    luc: Any, database: Database, kept: Any, language: Language
) -> None:
    call = luc(language).presses("1").presses("3")
    change(database, state=CallbackState.ACTIVE)
    call.presses("1")
    assert call.heard == CALLING[language]
    assert kept.callback.state is CallbackState.ACTIVE


@pytest.mark.parametrize(
    ("language", "over"),
    [
        (NL, "Die oproep is al afgehandeld. Tot ziens."),
        (FR, "Cette demande est déjà traitée. Au revoir."),
        (EN, "That request has been dealt with already. Goodbye."),
    ],
)
def test_a_call_that_was_done_meanwhile_is_said_to_be(
    luc: Any, database: Database, kept: Any, language: Language, over: str
) -> None:
    call = luc(language).presses("1").presses("3")
    change(database, state=CallbackState.DONE, closed_at=TEN)
    assert call.presses("1").heard == over
    assert kept.callback.state is CallbackState.DONE


MISSED = {
    NL: ("We probeerden u te bellen.", "Leg gerust in: we bellen u zo meteen terug.", "Nieuwe vraag? Druk 2."),
    FR: ("Nous avons essayé de vous joindre.", "nous vous rappelons tout de suite.", "Une nouvelle ? Tapez 2."),
    EN: ("We tried to call you.", "You can hang up now: we'll call you straight back.", "Something new? Press 2."),
}


@pytest.mark.parametrize("hour", [9, 11])
@pytest.mark.parametrize("language", Language)
def test_who_missed_our_call_hears_that_we_tried_and_by_day_that_we_call_straight_back(
    luc: Any,
    caller: MakeCaller,
    clock: Any,
    database: Database,
    kept: Any,
    monkeypatch: pytest.MonkeyPatch,
    language: Language,
    hour: int,
) -> None:
    put_first: list[str] = []

    def ring_back(_services: Services, _callback_id: int, call_sid: str) -> bool:
        put_first.append(call_sid)
        return True

    monkeypatch.setattr(ringing_back, "ring_back", ring_back)
    luc(language).hangs_up()
    with database.write() as session:
        session.add(
            Attempt(
                callback_id=kept.callback.id,
                n=1,
                fence=1,
                state=AttemptState.ENDED,
                state_since=TEN,
                agent_id=kept(Agent)[0].id,
                agent_phone="+32486999999",
                customer_number=LUC,
                reserved_at=TEN,
                ring_at=TEN,
                lease_until=TEN,
                customer_outcome=CustomerOutcome.BUSY,
            ),
        )
        session.execute(update(Callback).values(state=CallbackState.RESTING))
    clock.at = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
    call = caller(LUC).dials_in()
    tried, straight_back, new = MISSED[language]
    assert tried in call.heard
    assert new in call.heard
    assert (straight_back in call.heard) is (hour == 9)
    assert put_first == [call.sid]
    call.is_silent()
    assert call.document.find("Gather") is None, "he must not be kept on the line"


def test_what_the_house_does_not_want_is_not_offered_and_its_key_does_nothing(luc: Any, services: Services) -> None:
    call = with_rules(services, luc(), message_seconds=0, booking_days=0).presses("1")
    assert call.heard == "Annuleren: druk 3. Blijft alles zo, dan mag u inleggen."
    for key in ("1", "2"):
        call.presses(key)
        assert call.heard.startswith(("Annuleren", "Dan blijft"))


def test_a_call_back_that_needs_a_person_is_not_moved(luc: Any, database: Database) -> None:
    call = luc()
    change(database, state=CallbackState.NEEDS_HUMAN)
    call.presses("1")
    assert "druk 2" not in call.heard
    assert "/voice/again/same" in call.presses("2").gather.get("action")


# ---- Webhooks told twice, out of order, or of a call never heard of


def test_the_key_that_says_the_same_told_twice_is_kept_once(luc: Any, kept: Any) -> None:
    call = luc()
    url = call.gather.get("action")
    first = call.presses("1").answer.data
    history = len(kept(History))
    assert call.asks(url, Digits="1").answer.data == first
    assert len(kept(History)) == history


@pytest.mark.parametrize("path", ["/voice/again", "/voice/again/same", "/voice/again/cancel"])
@pytest.mark.parametrize("keys", ["", "1", "3", "#", "<b>", "9" * 40])
def test_a_call_never_heard_of_gets_a_document_and_changes_nothing(
    luc: Any, caller: MakeCaller, kept: Any, path: str, keys: str
) -> None:
    luc().hangs_up()
    for number in (LUC, "+32470123456", "anonymous"):
        call = caller(number).asks(path, Digits=keys)
        assert len(call.document) > 0
    assert kept.callback.state is CallbackState.WAITING
    assert len(kept(Ticket)) == 1


def test_who_made_his_choice_already_is_asked_for_his_number_again(luc: Any, kept: Any) -> None:
    call = luc()
    url = call.gather.get("action")
    call.presses("2").presses("1")
    call.asks(url, Digits="1")
    assert "Klopt dat" in call.heard
    assert [leg.about_id for leg in kept(CallLeg)] == [None, None]


def test_what_ended_between_two_keys_leads_to_the_menu(luc: Any, database: Database) -> None:
    call = luc()
    change(database, state=CallbackState.DONE, closed_at=TEN)
    call.presses("1")
    assert "/voice/menu" in call.gather.get("action")


def test_a_withheld_number_and_somebody_else_hear_the_ordinary_menu(luc: Any, caller: MakeCaller) -> None:
    luc().hangs_up()
    for number in ("anonymous", "+32470123456", "+32486999999"):
        assert "loopt al" not in caller(number).dials_in().heard


def test_the_question_is_short(luc: Any, clock: Any) -> None:
    clock.at = datetime(2026, 12, 24, 16, 30, tzinfo=UTC)
    for language in Language:
        seconds = len(luc(language).heard) / 14
        assert seconds < 30, language
