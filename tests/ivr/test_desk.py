"""An agent dials the hotline from his own telephone: nothing before his PIN, and everything that matters after it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from callbacks.store import hours, queue
from callbacks.workflows import keeping_pins
from models.agent import Agent
from models.callback import Callback, CallLeg
from models.customer import Customer
from models.history import History, WebhookEvent
from models.sessions import Database
from models.ticket import MissedCall, Ticket, VoiceMessage
from models.vocabulary import (
    AgentState,
    CallbackState,
    Channel,
    Language,
    LegStatus,
    Option,
    Subject,
    TalkOutcome,
    TicketState,
)
from tests.call_desk import CallDesk
from tests.stand_ins import add_contact

PIN, WRONG = "2580", "9999"
G = AgentState
MENU = {"nl": "Ligt uw bedrijf stil", "fr": "Une panne vous bloque", "en": "Has an outage"}
WORDS = {
    "nl": {
        "pin": "Toets uw pincode",
        "wrong": "klopt niet",
        "locked": "over een kwartier",
        "unproven": "zonder pincode",
        "free": "U bent in dienst",
        "off": "buiten dienst",
        "break": "U hebt pauze",
        "paused": "omdat u er enkele gemist hebt",
        "leaves": "Daarna gaat u uit dienst",
        "bye": "Tot ziens",
        "solved": "Opgelost, het ticket is gesloten",
        "other": "nog één ander open ticket",
        "others": "nog 2 andere open tickets",
        "message": "liet een bericht na",
        "promise": "Beloofd: deze voormiddag, tussen half elf en elf uur",
        "earlier": "Vorig ticket, vrijdag 20 november: Kassa stuk. Dat werd opgelost.",
        "speaks": "De klant spreekt Frans",
    },
    "fr": {
        "pin": "Formez votre code PIN",
        "wrong": "pas correct",
        "locked": "un quart d'heure",
        "unproven": "Sans code PIN",
        "free": "Vous êtes en service",
        "off": "Vous n'êtes pas en service",
        "break": "Vous êtes en pause",
        "paused": "vous en avez manqué",
        "leaves": "Ensuite, vous quittez",
        "bye": "Au revoir",
        "solved": "le ticket est clôturé",
        "other": "un autre ticket ouvert",
        "others": "encore 2 autres tickets ouverts",
        "message": "a laissé un message",
        "promise": "Promis : aujourd'hui, entre dix heures trente et onze heures",
        "earlier": "Ticket précédent, le vendredi 20 novembre : Kassa stuk. Il a été résolu.",
        "speaks": "Le client parle français",
    },
    "en": {
        "pin": "Key in your PIN",
        "wrong": "isn't right",
        "locked": "quarter of an hour",
        "unproven": "without your PIN",
        "free": "You are on duty",
        "off": "You are off duty",
        "break": "You are on a break",
        "paused": "because you missed several",
        "leaves": "After that you go off duty",
        "bye": "Goodbye",
        "solved": "Solved, the ticket is closed",
        "other": "one other open ticket",
        "others": "2 other open tickets",
        "message": "left a message",
        "promise": "Promised: this morning, between half past ten and eleven",
        "earlier": "Previous ticket, on Friday 20 November: Kassa stuk. It was solved.",
        "speaks": "The customer speaks French",
    },
}


in_one_language = pytest.mark.parametrize("sofie", [Language.FR], indirect=True)
"""What is told there is no matter of words."""


@dataclass
class Sofie:
    """An agent with a PIN, and a telephone to dial the hotline with."""

    desk: CallDesk
    id: int
    language: str
    services: Any
    caller: Callable[..., Any]
    database: Database

    @property
    def words(self) -> dict[str, str]:
        return WORDS[self.language]

    @property
    def row(self) -> Agent:
        return self.desk.person(self.id)

    def dials_in(self) -> Any:
        return self.caller(str(self.row.phone)).dials_in()

    def proves(self) -> Any:
        """Dial in and key the PIN."""
        return self.dials_in().presses(PIN)

    def fails(self, times: int) -> Any:
        """Key wrong PINs, three a call."""
        call = None
        for n in range(times):
            if n % 3 == 0:
                call = self.dials_in()
            call.presses(WRONG)
        return call

    def can_be_rung(self) -> bool:
        with self.database.read() as session:
            return self.id in {agent.id for agent in queue.free_agents(session, self.desk.clock.at)}

    def whys(self) -> list[str]:
        with self.database.read() as session:
            rows = select(History.why).where(History.subject == Subject.AGENT, History.subject_id == self.id)
            return list(session.scalars(rows.order_by(History.id)))


@pytest.fixture
def desk(database: Database, clock: Any) -> CallDesk:
    """The machinery behind the hotline; both go by one clock."""
    desk = CallDesk(database)
    desk.clock = clock
    object.__setattr__(desk.services, "clock", clock)
    return desk


@pytest.fixture
def caller(caller: Callable[..., Any]) -> Callable[..., Any]:
    """Make callers whose calls are none of those that the desk places."""

    def fresh(*number: str) -> Any:
        call = caller(*number)
        call.sid = "CAd" + call.sid[3:]
        return call

    return fresh


@pytest.fixture(params=Language)
def sofie(request: Any, desk: CallDesk, services: Any, caller: Callable[..., Any], database: Database) -> Sofie:
    """Sofie, who speaks one language first."""
    agent = desk.agent("Sofie", languages=str(request.param))
    keeping_pins.set_pin(services, "Sofie", PIN, "a supervisor")
    return Sofie(desk, agent, str(request.param), services, caller, database)


def set_agent(sofie: Sofie, **columns: Any) -> None:
    sofie.desk.change(Agent, sofie.id, **columns)


# ---- Who he is


def test_he_hears_nothing_of_himself_before_his_pin(sofie: Sofie) -> None:
    call = sofie.dials_in()
    assert sofie.words["pin"] in call.heard
    assert "Sofie" not in call.heard
    assert MENU[sofie.language] not in call.heard
    assert call.gather.get("finishOnKey") == "#"
    call.presses(PIN)
    assert sofie.words["free"] in call.heard


def test_a_wrong_pin_is_said_and_asked_again_three_times_a_call(sofie: Sofie) -> None:
    call = sofie.dials_in()
    for _ in range(2):
        call.presses(WRONG)
        assert sofie.words["wrong"] in call.heard
        assert sofie.words["pin"] in call.heard
    call.presses(WRONG)
    assert sofie.words["unproven"] in call.heard
    assert call.document.find("Gather") is None
    call.goes_on()
    assert [child.tag for child in call.document] == ["Hangup"]
    assert sofie.row.pin_failures == 3


def test_silence_is_asked_again_three_times_and_is_no_wrong_pin(sofie: Sofie) -> None:
    call = sofie.dials_in().is_silent().is_silent()
    assert sofie.words["wrong"] not in call.heard
    assert sofie.words["unproven"] in call.is_silent().heard
    assert sofie.row.pin_failures == 0


@in_one_language
def test_the_right_pin_forgets_the_wrong_ones(sofie: Sofie) -> None:
    sofie.fails(4)
    sofie.proves()
    assert (sofie.row.pin_failures, sofie.row.pin_locked_at) == (0, None)


def test_five_wrong_pins_in_a_row_across_calls_lock_it_for_a_quarter_of_an_hour(
    sofie: Sofie, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        call = sofie.fails(5)
    assert sofie.words["locked"] in call.heard
    assert call.document.find("Gather") is None
    assert "locked" in caplog.text
    assert not {WRONG, PIN, "Sofie", str(sofie.row.phone)} & set(caplog.text.split())
    assert [why for why in sofie.whys() if "wrong PIN was keyed" in why] == [
        "a wrong PIN was keyed on his telephone"
    ] * 5
    assert sofie.whys()[-1] == "5 wrong PINs in a row: locked for 15 minutes"
    # The right one is worth nothing now, and does not lengthen the lock.
    sofie.desk.clock.move(minutes=14, seconds=59)
    assert sofie.words["locked"] in sofie.proves().heard
    sofie.desk.clock.move(seconds=1)
    assert sofie.words["free"] in sofie.proves().heard


@in_one_language
def test_a_lock_left_by_a_clock_that_ran_ahead_is_none(sofie: Sofie) -> None:
    set_agent(sofie, pin_locked_at=sofie.desk.clock.at + timedelta(hours=1))
    assert sofie.words["free"] in sofie.proves().heard


@in_one_language
def test_a_new_pin_ends_the_lock(sofie: Sofie) -> None:
    set_agent(sofie, pin_locked_at=sofie.desk.clock.at, pin_failures=3)
    keeping_pins.set_pin(sofie.services, "sofie", "7412", "a supervisor")
    assert sofie.row.pin_failures == 0
    assert sofie.words["free"] in sofie.dials_in().presses("7412").heard
    assert sofie.words["wrong"] in sofie.dials_in().presses(PIN).heard


@in_one_language
def test_nothing_but_the_pin_opens(sofie: Sofie) -> None:
    for keys in ("", "1", "25800", "258", "٢٥٨٠", "<2580>", "2" * 10_000):
        set_agent(sofie, pin_failures=0)
        assert sofie.words["free"] not in sofie.dials_in().presses(keys).heard


@in_one_language
def test_a_replayed_wrong_pin_counts_once_and_a_replayed_right_one_opens_again(sofie: Sofie) -> None:
    call = sofie.dials_in()
    url = call.gather.get("action")
    for _ in range(5):
        assert sofie.words["wrong"] in call.asks(url, Digits=WRONG).heard
    assert sofie.row.pin_failures == 1
    call.presses(PIN)
    again = call.asks("/voice/desk?round=2", Digits=PIN)
    assert sofie.words["free"] in again.heard


def test_nil_and_hash_lead_to_what_customers_hear(sofie: Sofie) -> None:
    call = sofie.dials_in().presses("0")
    assert "Service" in call.heard
    assert MENU["nl"] in call.heard
    # As a caller he is one like any other; his own number is refused as the one to call.
    assert "Op welk nummer" in call.presses("1").heard
    assert sofie.row.pin_failures == 0


@in_one_language
def test_an_agent_without_a_pin_and_a_stranger_hear_the_usual_menu(sofie: Sofie) -> None:
    keeping_pins.remove_pin(sofie.services, "Sofie", "a supervisor")
    for call in (sofie.dials_in(), sofie.caller().dials_in(), sofie.caller("anonymous").dials_in()):
        assert MENU["nl"] in call.heard


@in_one_language
@pytest.mark.parametrize("path", ["/voice/desk/menu", "/voice/desk/outcome", "/voice/desk/dossier"])
def test_who_shows_his_number_on_another_call_is_told_nothing_and_changes_nothing(sofie: Sofie, path: str) -> None:
    talked(sofie)
    sofie.proves()
    before = (sofie.row.state, sofie.whys())
    for keys in ("1", "2", "3", "4", "5", "*", ""):
        forged = sofie.caller(str(sofie.row.phone)).asks(path, Digits=keys)
        assert WORDS["nl"]["unproven"] in forged.heard
        assert len(list(forged.document.iter("Say"))) == 1
        assert forged.document.find("Gather") is None
    assert (sofie.row.state, sofie.whys()) == before


@in_one_language
def test_a_proof_ends_with_the_pin(sofie: Sofie) -> None:
    call = sofie.proves()
    keeping_pins.remove_pin(sofie.services, "Sofie", "a supervisor")
    assert sofie.words["unproven"] in call.presses("2").heard
    assert sofie.row.state is G.FREE


@in_one_language
def test_no_pin_is_written_down_anywhere(sofie: Sofie, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        sofie.dials_in().presses(WRONG).presses(PIN)
    with sofie.database.read() as session:
        written = [*session.scalars(select(WebhookEvent.key)), *session.scalars(select(History.why))]
    assert written
    for digits in (PIN, WRONG):
        assert not any(digits in str(each) for each in written)
        assert digits not in caplog.text
        assert digits not in str(sofie.row.pin_hash)


# ---- His duty


@pytest.mark.parametrize(
    ("before", "key", "after", "word"),
    [
        (G.OFF_DUTY, "1", G.FREE, "free"),
        (G.BREAK, "1", G.FREE, "free"),
        (G.PAUSED, "1", G.FREE, "free"),
        (G.FREE, "2", G.OFF_DUTY, "off"),
        (G.BREAK, "2", G.OFF_DUTY, "off"),
        (G.PAUSED, "2", G.OFF_DUTY, "off"),
        (G.FREE, "3", G.BREAK, "break"),
    ],
)
def test_he_says_whether_he_may_be_rung(
    sofie: Sofie, before: AgentState, key: str, after: AgentState, word: str
) -> None:
    set_agent(sofie, state=before, missed_in_a_row=3)
    call = sofie.proves().presses(key)
    assert sofie.row.state is after
    assert sofie.words[word] in call.heard
    assert sofie.whys()[-1].endswith("by telephone")
    assert sofie.row.missed_in_a_row == (0 if key == "1" else 3)


@pytest.mark.parametrize(
    ("state", "word", "offered"),
    [
        (G.FREE, "free", "23"),
        (G.OFF_DUTY, "off", "1"),
        (G.BREAK, "break", "12"),
        (G.PAUSED, "paused", "12"),
    ],
)
def test_only_what_would_change_something_is_offered_and_done(
    sofie: Sofie, state: AgentState, word: str, offered: str
) -> None:
    set_agent(sofie, state=state)
    call = sofie.proves()
    assert sofie.words[word] in call.heard
    assert {key for key in "12345" if key in call.heard} == set(offered)
    for key in set("1234567890#") - set(offered):
        sofie.proves().presses(key)
        assert sofie.row.state is state, key


@pytest.mark.parametrize("key", ["2", "3"])
def test_in_the_middle_of_a_call_he_leaves_after_it_and_may_take_that_back(sofie: Sofie, key: str) -> None:
    set_agent(sofie, state=G.ON_CALL)
    call = sofie.proves()
    assert "3" not in call.heard
    call.presses(key)
    assert sofie.row.wants_off_duty is (key == "2")
    assert (sofie.words["leaves"] in call.heard) is (key == "2")
    if key == "2":
        call.presses("1")
        assert sofie.words["leaves"] not in call.heard
        assert sofie.row.wants_off_duty is False
    assert sofie.row.state is G.ON_CALL


@in_one_language
def test_a_replayed_key_does_not_undo_what_was_said_after_it(sofie: Sofie) -> None:
    call = sofie.proves()
    url = call.gather.get("action")
    call.presses("2").presses("1")
    assert sofie.row.state is G.FREE
    call.asks(url, Digits="2")
    assert sofie.row.state is G.FREE


@in_one_language
def test_the_same_key_may_be_pressed_again_later_in_the_call(sofie: Sofie) -> None:
    call = sofie.proves()
    for key, state in (("2", G.OFF_DUTY), ("1", G.FREE), ("2", G.OFF_DUTY), ("1", G.FREE), ("3", G.BREAK)):
        call.presses(key)
        assert sofie.row.state is state


def test_three_rounds_without_a_key_end_in_a_goodbye_and_fifty_keys_too(sofie: Sofie) -> None:
    call = sofie.proves().is_silent().presses("*")
    assert sofie.words["free"] in call.heard
    assert sofie.words["bye"] in call.is_silent().heard
    assert call.document.find("Gather") is None
    call = sofie.proves()
    for n in range(60):
        if call.document.find("Gather") is None:
            break
        call.presses("21"[n % 2])
    assert call.document.find("Gather") is None


@in_one_language
@pytest.mark.parametrize("way", ["hangs up", "is told goodbye"])
def test_however_his_call_ends_it_is_no_missed_call_what_he_said_holds_and_the_desk_is_woken(
    sofie: Sofie, bell: Any, kept: Any, way: str
) -> None:
    set_agent(sofie, state=G.OFF_DUTY)
    call = sofie.proves().presses("1")
    assert sofie.row.state is G.FREE
    assert not sofie.can_be_rung()
    bell.rung.clear()
    if way == "hangs up":
        call.hangs_up()
    else:
        call.is_silent().is_silent().is_silent().goes_on()
    assert bell.rung == ["dispatch"]
    assert kept(MissedCall) == []
    assert kept(CallLeg)[0].status is LegStatus.COMPLETED
    assert (sofie.row.state, sofie.can_be_rung()) == (G.FREE, True)


@in_one_language
def test_somebody_with_his_number_and_no_pin_is_a_missed_call(sofie: Sofie, kept: Any) -> None:
    sofie.dials_in().hangs_up()
    assert len(kept(MissedCall)) == 1


def test_a_fault_of_ours_is_spoken_in_his_language_and_ends_the_line(sofie: Sofie, line_to_database: Any) -> None:
    call = sofie.proves()
    line_to_database.fails = "write"
    call.presses("2")
    assert call.heard.startswith({"nl": "Sorry", "fr": "Désolés", "en": "Sorry, something"}[sofie.language])
    assert call.document.findall("Redirect")[-1].text.endswith("/voice/bye")
    line_to_database.fails = ""
    assert sofie.row.state is G.FREE


# ---- His last talk


def talked(sofie: Sofie) -> int:
    """Let him talk with a customer, and hang up without a word on how it went."""
    waiting = sofie.desk.waits()
    sofie.desk.ring()
    sofie.desk.talks()
    sofie.desk.hangs_up()
    return waiting


@pytest.mark.parametrize("late", [False, True], ids=["within his minutes", "after them"])
@pytest.mark.parametrize(
    ("key", "outcome", "ticket", "rests"),
    [
        ("1", TalkOutcome.SOLVED, TicketState.CLOSED, False),
        ("2", TalkOutcome.CALL_AGAIN, TicketState.OPEN, True),
        ("3", TalkOutcome.VISIT, TicketState.OPEN, False),
        ("4", TalkOutcome.WRONG_PERSON, TicketState.OPEN, True),
    ],
)
def test_he_says_afterwards_how_his_last_talk_went(
    sofie: Sofie, kept: Any, late: bool, key: str, outcome: TalkOutcome, ticket: TicketState, rests: bool
) -> None:
    first = talked(sofie)
    if late:
        sofie.desk.clock.move(minutes=10)
        sofie.desk.tick()
        assert sofie.desk.callback(first).outcome is TalkOutcome.UNSTATED
    call = sofie.proves().presses("4")
    assert " ".join(str(sofie.desk.ticket(first).number)) in call.heard
    call.presses(key)
    assert sofie.desk.callback(first).outcome is outcome
    assert (sofie.desk.ticket(first).state, sofie.desk.ticket(first).outcome) == (ticket, outcome)
    assert (sofie.words["solved"] in call.heard) is (key == "1")
    assert sofie.words["free"] in call.heard
    assert "4" not in call.heard
    rows = kept(Callback)
    resting = [row for row in rows if row.state is CallbackState.RESTING]
    assert len(resting) == (1 if rests else 0)
    assert len(rows) == (2 if rests and late else 1)
    if rests:
        assert resting[0].ticket_id == sofie.desk.callback(first).ticket_id
        assert resting[0].not_before > sofie.desk.clock.at


@in_one_language
def test_a_call_anew_is_rung_like_any_other(sofie: Sofie) -> None:
    first = talked(sofie)
    sofie.desk.clock.move(minutes=10)
    sofie.desk.tick()
    sofie.proves().presses("4").presses("2").hangs_up()
    assert sofie.desk.ring() == 0
    sofie.desk.clock.at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    sofie.desk.tick()
    assert sofie.desk.ring() == 1
    assert sofie.desk.phone.placed[-1].to == sofie.row.phone
    assert sofie.desk.callback(first).state is CallbackState.DONE


@in_one_language
def test_yesterdays_talk_and_one_that_was_stated_are_not_asked_about(sofie: Sofie) -> None:
    talked(sofie)
    sofie.desk.clock.move(minutes=10)
    sofie.desk.tick()
    sofie.desk.clock.move(days=1)
    call = sofie.proves()
    assert "4" not in call.heard
    sofie.desk.clock.move(days=-1)
    assert "4" in sofie.proves().heard
    sofie.proves().presses("4").presses("3")
    assert "4" not in sofie.proves().heard


@in_one_language
def test_who_was_stated_meanwhile_hears_so_and_a_replay_changes_nothing(sofie: Sofie) -> None:
    first = talked(sofie)
    call, other = sofie.proves().presses("4"), sofie.proves().presses("4")
    url = call.gather.get("action")
    call.presses("3")
    assert sofie.words["solved"] not in other.presses("1").heard
    call.asks(url, Digits="3")
    assert sofie.desk.callback(first).outcome is TalkOutcome.VISIT
    assert sofie.desk.ticket(first).state is TicketState.OPEN


def test_the_question_of_the_outcome_goes_back_with_nil_and_ends_after_three_rounds(sofie: Sofie) -> None:
    talked(sofie)
    call = sofie.proves().presses("4").presses("0")
    assert sofie.words["free"] not in call.heard  # still in his minutes after the talk
    assert "4" in call.heard
    call.presses("4").is_silent().presses("9")
    assert sofie.words["bye"] in call.is_silent().heard


@in_one_language
def test_another_promise_about_the_ticket_keeps_it_open_and_is_not_doubled(sofie: Sofie, kept: Any) -> None:
    first = talked(sofie)
    sofie.desk.clock.move(minutes=10)
    sofie.desk.tick()
    second = sofie.desk.waits()
    sofie.desk.change(Callback, second, ticket_id=sofie.desk.callback(first).ticket_id)
    sofie.proves().presses("4").presses("2")
    assert len(kept(Callback)) == 2


# ---- The dossier


def offered(sofie: Sofie, *, others: int = 1) -> int:
    """Offer him the call-back of a French-speaking customer with a history."""
    friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    now = sofie.desk.clock.at
    with sofie.database.write() as session:
        hours.settle(session, sofie.services.rules, now)
        luc = add_contact(session, company="Peeters & <Zonen>", name="Luc", language=Language.FR)
        for n in range(others + 1):
            session.add(
                Ticket(
                    number=10090 - n if n else 10001,
                    state=TicketState.OPEN if n else TicketState.CLOSED,
                    channel=Channel.HOTLINE,
                    option=Option.QUESTION,
                    customer_id=luc.customer_id,
                    language=Language.FR,
                    subject=f"Nog iets {n}" if n else "Kassa stuk",
                    outcome=None if n else TalkOutcome.SOLVED,
                    opened_at=friday,
                )
            )
        customer, contact = luc.customer_id, luc.id
    waiting = sofie.desk.waits(language=Language.FR)
    ticket = sofie.desk.ticket(waiting)
    sofie.desk.change(Ticket, ticket.id, customer_id=customer, contact_id=contact)
    half_past = now + timedelta(minutes=30)
    sofie.desk.change(Callback, waiting, promise_from=half_past, promise_to=half_past + timedelta(minutes=30))
    with sofie.database.write() as session:
        sound = {"ticket_id": ticket.id, "call_sid": "CA" + "9" * 32, "seconds": 7, "left_at": now}
        session.add(VoiceMessage(recording_sid="RE" + "9" * 32, **sound))
    sofie.desk.ring()
    return waiting


def test_he_hears_the_dossier_of_the_call_back_he_missed_and_hears_it_again(sofie: Sofie) -> None:
    waiting = offered(sofie, others=0)
    sofie.desk.agent_leg(LegStatus.NO_ANSWER)
    call = sofie.proves().presses("5")
    for word in ("promise", "message", "earlier", "speaks"):
        assert sofie.words[word] in call.heard, word
    assert "Peeters & <Zonen>" in call.heard
    assert "Luc." in call.heard
    assert " ".join(str(sofie.desk.ticket(waiting).number)) in call.heard
    assert sofie.words["other"] not in call.heard
    heard = call.heard
    assert call.presses("*").heard == heard
    assert sofie.words["free"] in call.presses("0").heard


@pytest.mark.parametrize(("others", "word"), [(1, "other"), (2, "others")])
def test_he_hears_how_many_other_tickets_are_open(sofie: Sofie, others: int, word: str) -> None:
    offered(sofie, others=others)
    assert sofie.words[word] in sofie.proves().presses("5").heard


def test_a_strangers_dossier_is_short_and_silence_after_it_leads_back(sofie: Sofie) -> None:
    sofie.desk.waits()
    sofie.desk.ring()
    call = sofie.proves().presses("5")
    assert {"nl": "onbekende", "fr": "inconnu", "en": "unknown"}[sofie.language] in call.heard
    for word in ("promise", "message", "other"):
        assert sofie.words[word] not in call.heard
    assert "5" in call.is_silent().heard


@in_one_language
def test_yesterdays_offer_is_no_dossier_of_today(sofie: Sofie) -> None:
    sofie.desk.waits()
    sofie.desk.ring()
    sofie.desk.agent_leg(LegStatus.NO_ANSWER)
    sofie.desk.clock.move(days=1)
    call = sofie.proves()
    assert "5" not in call.heard
    call.presses("5")
    assert "0" not in call.heard


@in_one_language
@pytest.mark.parametrize("name", ["tab\tnull\x00bell\x07", "\u202eomgekeerd\u202c \U0001f600", "&<Say>]]>", "é" * 5000])
def test_what_a_customer_calls_himself_cannot_break_the_dossier(sofie: Sofie, name: str) -> None:
    waiting = offered(sofie)
    ticket = sofie.desk.ticket(waiting)
    if sofie.database.is_sqlite or "\x00" not in name:
        sofie.desk.change(Customer, ticket.customer_id, name=name[:200])
    call = sofie.proves().presses("5")
    assert sofie.words["speaks"] in call.heard
    assert len(call.heard) < 1000


# ---- While he is on the line


@in_one_language
def test_who_rings_us_is_not_rung_until_he_has_hung_up(sofie: Sofie) -> None:
    sofie.desk.waits()
    call = sofie.proves()
    assert sofie.desk.ring() == 0
    call.hangs_up()
    assert sofie.desk.ring() == 1


@in_one_language
def test_who_rings_us_after_he_was_reserved_is_not_rung_and_has_missed_nothing(sofie: Sofie) -> None:
    waiting = sofie.desk.waits()
    sofie.desk.dispatch()
    call = sofie.proves()
    assert sofie.desk.dial() == 0
    assert sofie.desk.state(waiting) is CallbackState.WAITING
    assert (sofie.row.state, sofie.row.missed_in_a_row) == (G.FREE, 0)
    call.hangs_up()
    assert sofie.desk.ring() == 1
