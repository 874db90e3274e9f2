"""What a caller hears when everybody calls: the supervisor's word first, and no moment that could not hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.rules.overload import Busy
from callbacks.workflows import announcing
from models.agent import Agent
from models.callback import Callback, Promise
from models.customer import Contact
from models.outbox import OutboxMail
from models.sessions import Database
from models.vocabulary import AgentState, CallbackState, Language

Caller = Callable[..., Any]
KNOWN = "+32475111111"
STRANGER = "+32470123456"
GROUNDS = {Language.NL: "", Language.FR: "8", Language.EN: "9"}
SENTENCES = {
    (Language.NL, True): "Onze medewerkers behandelen op dit moment een storing. We mailen u zodra",
    (Language.FR, True): "Nos collaborateurs traitent une panne en ce moment. Nous vous enverrons un e-mail",
    (Language.EN, True): "Our agents are handling an outage at the moment. We'll e-mail you",
    (Language.NL, False): "Onze medewerkers behandelen op dit moment een storing. We bellen u terug zodra het kan.",
    (Language.FR, False): "Nos collaborateurs traitent une panne en ce moment. Nous vous rappelons dès que possible.",
    (Language.EN, False): "Our agents are handling an outage at the moment. We'll call you back as soon as we can.",
}


@pytest.fixture
def services(services: Services) -> Services:
    """A desk for which one who waits is a crowd."""
    return replace(services, rules=replace(services.rules, overload_queue=1))


def asks(caller: Caller, number: str, key: str, language: Language = Language.NL) -> Any:
    call = caller(number).dials_in()
    if GROUNDS[language]:
        call.presses(GROUNDS[language])
    return call.presses(key).presses("1")


def wait(caller: Caller, key: str) -> None:
    """Let somebody be in the queue already."""
    asks(caller, "+32472000001", key).hangs_up()


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("number", [KNOWN, STRANGER])
def test_a_caller_amid_an_outage_hears_so_and_his_ticket_is_kept(
    caller: Caller, kept: Any, number: str, language: Language
) -> None:
    wait(caller, "1")
    heard = asks(caller, number, "2", language).heard
    assert "1 0 0 0 2" in heard
    if number == KNOWN and language is Language.NL:
        language = Language.FR  # he is known to speak it
    assert SENTENCES[language, number == KNOWN] in heard
    assert [row.state for row in kept(Callback)] == [CallbackState.WAITING, CallbackState.HELD]


def test_a_crowd_without_an_outage_is_not_called_one(caller: Caller) -> None:
    wait(caller, "2")
    heard = asks(caller, STRANGER, "2").heard
    assert "Het is op dit moment bijzonder druk." in heard
    assert "storing" not in heard


@pytest.mark.usefixtures("people")
def test_the_moment_that_was_not_said_stands_in_the_mail_and_counts_as_told(caller: Caller, kept: Any) -> None:
    wait(caller, "1")
    assert "tussen" not in asks(caller, KNOWN, "2").heard
    (mail,) = kept(OutboxMail)
    assert mail.recipient == "luc@peeters.example"
    assert kept(Promise)[-1].told is True


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("language", Language)
def test_who_was_told_his_moment_hears_it_again_however_busy_it_is_and_is_promised_no_second_mail(
    caller: Caller, kept: Any, database: Database, language: Language
) -> None:
    with database.write() as session:
        session.execute(update(Contact).values(language=language))
    caller(KNOWN).dials_in().presses("1").presses("1").hangs_up()
    call = caller(KNOWN).dials_in().presses("1").presses("2").goes_on()
    heard = call.presses("0").heard
    assert SENTENCES[language, True] not in heard
    assert {"nl": "We bellen u", "fr": "Nous vous rappelons", "en": "We'll call you"}[language] in heard
    assert {"nl": "tussen", "fr": "entre", "en": "between"}[language] in heard
    assert len(kept(OutboxMail)) == 1


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("language", Language)
def test_where_nobody_can_foresee_a_moment_no_mail_about_it_is_promised(
    caller: Caller, kept: Any, database: Database, language: Language
) -> None:
    with database.write() as session:
        session.execute(update(Contact).values(language=language))
        session.execute(update(Agent).values(state=AgentState.OFF_DUTY))
    wait(caller, "1")
    call = caller(KNOWN).dials_in().presses("2").presses("1")
    assert kept(Promise) == []
    assert SENTENCES[language, False] in call.heard
    assert SENTENCES[language, True] not in call.heard
    # Nor when it is asked again, and the mail that does go is named.
    assert call.presses("*").heard == call.heard
    assert "mail" in call.heard


@pytest.mark.usefixtures("people")
def test_who_was_not_told_the_moment_that_stands_is_promised_no_mail_of_it(
    caller: Caller, kept: Any, database: Database
) -> None:
    wait(caller, "1")
    call = asks(caller, KNOWN, "2")
    with database.write() as session:
        session.execute(update(Promise).values(told=False))
    assert SENTENCES[Language.FR, False] in call.presses("*").heard


@pytest.mark.usefixtures("people")
def test_without_an_address_nobody_was_told(caller: Caller, kept: Any) -> None:
    wait(caller, "1")
    asks(caller, STRANGER, "2")
    assert kept(Promise)[-1].told is False


def test_the_first_caller_of_an_ordinary_day_hears_nothing_of_it(caller: Caller) -> None:
    heard = asks(caller, STRANGER, "1").heard
    assert "storing" not in heard
    assert "druk" not in heard


def test_a_wait_of_hours_is_a_crowd_too(caller: Caller, services: Services, clock: Any) -> None:
    object.__setattr__(services, "rules", replace(services.rules, overload_queue=0, overload_wait=3600))
    wait(caller, "2")
    assert "druk" not in asks(caller, STRANGER, "2").heard
    clock.at += timedelta(minutes=61)
    assert "druk" in asks(caller, "+32472000009", "2").heard


def test_every_ground_has_its_sentence(services: Services) -> None:
    for ground in Busy:
        assert services.texts.text(Language.NL, f"busy_{ground}")


@pytest.mark.parametrize("language", Language)
def test_an_announcement_is_heard_before_the_choice_in_its_own_voice(
    caller: Caller, services: Services, language: Language
) -> None:
    texts = {Language.NL: "Er is een storing bij Proximus.", Language.FR: "Une panne touche Proximus."}
    announcing.announce(services, {language: texts.get(language, "Proximus is down.")}, None, "Els")
    call = caller().dials_in()
    words = [str(say.text) for say in call.gather.iter("Say")]
    assert words[0].startswith("Welkom")
    assert words[1] == texts.get(language, "Proximus is down.")
    assert call.voices[1] == services.webhooks.voices[language][1]


@pytest.mark.usefixtures("people")
def test_a_caller_hears_it_in_his_own_language_where_it_was_given(caller: Caller, services: Services) -> None:
    announcing.announce(services, {Language.NL: "Storing.", Language.FR: "Panne."}, None, "Els")
    assert "Panne." in caller(KNOWN).dials_in().heard
    assert "Storing." in caller(STRANGER).dials_in().heard


def test_it_is_silent_after_its_time_and_when_it_is_taken_away(caller: Caller, services: Services, clock: Any) -> None:
    announcing.announce(services, {Language.NL: "Storing bij ons."}, clock.at + timedelta(hours=1), "Els")
    assert "Storing bij ons." in caller().dials_in().heard
    clock.at += timedelta(hours=1)
    assert "Storing bij ons." not in caller().dials_in().heard
    announcing.announce(services, {Language.NL: "Storing twee."}, None, "Els")
    assert "Storing twee." in caller().dials_in().heard
    assert announcing.fall_silent(services, "Els")
    assert "Storing twee." not in caller().dials_in().heard
    assert not announcing.fall_silent(services, "Els")


def test_hostile_words_are_spoken_or_cut_and_never_break_the_call(caller: Caller, services: Services) -> None:
    announcing.announce(services, {Language.NL: "<Hangup/> & \x07 \u202e klaar \U0001f525"}, None, "Els")
    call = caller().dials_in()
    assert call.document.find(".//Hangup") is None
    assert "<Hangup/> & klaar" in call.heard


@pytest.mark.parametrize("text", ["", " \x00 ", "x" * 301])
def test_a_text_that_cannot_be_said_is_refused(services: Services, text: str) -> None:
    with pytest.raises(RefusedInput):
        announcing.announce(services, {Language.NL: text}, None, "Els")


def test_an_end_in_the_past_is_refused(services: Services, clock: Any) -> None:
    with pytest.raises(RefusedInput):
        announcing.announce(services, {Language.NL: "Storing."}, clock.at, "Els")
