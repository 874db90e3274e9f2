"""Which number is called back."""

from collections.abc import Callable
from typing import Any

import pytest

from models.callback import Callback
from models.outbox import OutboxMail
from models.vocabulary import CallbackState

Caller = Callable[..., Any]
ANOTHER = "0475222222"


def test_a_caller_who_confirms_hears_his_ticket_and_when(caller: Caller, kept: Any) -> None:
    call = caller().dials_in().presses("1").presses("1")
    assert call.heard == (
        "Uw oproep is geregistreerd: ticket 1 0 0 0 1. We bellen u terug zodra een medewerker vrij is. "
        "Iets toevoegen? Druk 2."
    )
    assert [child.tag for child in call.document] == ["Gather", "Redirect"]
    assert kept.callback.number_confirmed is True
    assert kept.callback.state is CallbackState.HELD


@pytest.mark.usefixtures("people")
def test_a_known_caller_hears_of_the_mail_that_is_committed(caller: Caller, kept: Any, bell: Any) -> None:
    call = caller("+32475111111").dials_in().presses("1").presses("1")
    assert "Un e-mail suit." in call.heard
    (mail,) = kept(OutboxMail)
    assert mail.recipient == "luc@peeters.example"
    assert bell.rung == ["mail"]
    call.goes_on().hangs_up()
    assert len(kept(OutboxMail)) == 1


def test_another_number_is_read_back_before_it_counts(caller: Caller, kept: Any) -> None:
    call = caller().dials_in().presses("1").presses("2")
    assert call.gather.get("finishOnKey") == "#"
    call.presses(ANOTHER)
    assert "0 4 7 5, 2 2, 2 2, 2 2" in call.heard
    assert kept.callback.number_confirmed is False
    call.presses("1")
    assert "ticket 1 0 0 0 1" in call.heard
    assert (kept.callback.number, kept.callback.number_confirmed) == ("+32475222222", True)


def test_a_number_read_back_wrong_is_keyed_in_again(caller: Caller, kept: Any) -> None:
    call = (
        caller().dials_in().presses("1").presses("2").presses(ANOTHER).presses("2").presses("0476333333").presses("1")
    )
    assert "ticket" in call.heard
    assert kept.callback.number == "+32476333333"


def test_a_silence_after_reading_back_reads_it_again(caller: Caller) -> None:
    call = caller().dials_in().presses("1").presses("2").presses(ANOTHER)
    before = call.heard
    assert call.is_silent().heard == before


def test_three_silences_after_reading_back_leave_the_callers_own_number(caller: Caller, kept: Any) -> None:
    call = caller().dials_in().presses("1").presses("2").presses(ANOTHER).is_silent().is_silent().is_silent()
    assert "ticket 1 0 0 0 1" in call.heard
    assert (kept.callback.number, kept.callback.number_confirmed) == ("+32470123456", False)
    call.goes_on()
    assert kept.callback.state is CallbackState.WAITING


@pytest.mark.parametrize("keys", ["", "*", "7"])
def test_three_rounds_without_an_answer_keep_the_callers_own_number(caller: Caller, kept: Any, keys: str) -> None:
    call = caller().dials_in().presses("1").presses(keys).presses(keys)
    assert "Klopt dat" in call.heard
    call.presses(keys)
    assert "ticket 1 0 0 0 1" in call.heard
    call.goes_on()
    assert (kept.callback.state, kept.callback.number) == (CallbackState.WAITING, "+32470123456")


WITHHELD = ["anonymous", "Anonymous", "restricted", "unknown", "unavailable", "", "client:desk", "sip:x@y.example"]
SENTINELS = ["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "266696687"]
NOT_DIALLED = ["+32", "+3290012345", "+3234603535", "+14155550100"]


@pytest.mark.parametrize("number", WITHHELD + SENTINELS + NOT_DIALLED)
def test_who_shows_no_number_that_may_be_dialled_is_asked_for_one(caller: Caller, kept: Any, number: str) -> None:
    call = caller(number).dials_in().presses("1")
    assert call.heard.startswith("Op welk nummer")
    assert [callback.number for callback in kept(Callback)] == [None]
    call.presses(ANOTHER).presses("1").goes_on()
    freed = kept.callback
    assert (freed.state, freed.number) == (CallbackState.WAITING, "+32475222222")


@pytest.mark.usefixtures("people")
def test_an_agents_telephone_is_not_called_back(caller: Caller) -> None:
    assert caller("+32486999999").dials_in().presses("1").heard.startswith("Op welk nummer")


REFUSED = {
    "090012345": "Betaalnummers",
    "112": "geen gewoon vast",
    "080012345": "geen gewoon vast",
    "123": "bestaat niet",
    "*77*": "bestaat niet",
    "034603535": "niet bereiken",
    "0486999999": "niet bereiken",
    "0014155550100": "dat land",
}


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("keys", REFUSED)
def test_a_number_that_may_not_be_dialled_gets_its_reason_and_another_chance(
    caller: Caller, kept: Any, keys: str
) -> None:
    call = caller("anonymous").dials_in().presses("1").presses(keys)
    assert REFUSED[keys] in call.heard
    assert "Op welk nummer" in call.heard
    assert kept.callback.number is None


def test_without_a_number_after_three_rounds_a_person_must_look_and_the_caller_hears_so(
    caller: Caller, kept: Any, bell: Any
) -> None:
    call = caller("anonymous").dials_in().presses("1").presses("123").is_silent().presses("090012345")
    assert "ticket 1 0 0 0 1" in call.heard
    assert "nog geen nummer" in call.heard
    assert "zodra" not in call.heard
    call.goes_on()
    assert kept.callback.state is CallbackState.NEEDS_HUMAN
    assert kept.callback.why == "the caller left no number that may be dialled"
    assert bell.rung == []


def test_a_known_number_is_kept_when_another_cannot_be_keyed_in(caller: Caller, kept: Any) -> None:
    call = caller().dials_in().presses("1").presses("2").is_silent().is_silent().is_silent()
    assert "zodra een medewerker" in call.heard
    call.goes_on()
    assert (kept.callback.state, kept.callback.number) == (CallbackState.WAITING, "+32470123456")


def test_keys_told_again_change_nothing(caller: Caller, kept: Any) -> None:
    call = caller().dials_in().presses("1").presses("2")
    typed = call.gather.get("action")
    first = call.presses(ANOTHER).answer.data
    assert call.asks(typed, Digits=ANOTHER).answer.data == first
    answered = call.gather.get("action")
    said = call.presses("1").answer.data
    call.asks(typed, Digits="0476333333")
    assert call.asks(answered, Digits="1").answer.data == said
    assert (kept.callback.number, kept.callback.number_confirmed) == ("+32475222222", True)
    assert len(kept(Callback)) == 1


@pytest.mark.parametrize("path", ["/voice/number", "/voice/number/typed", "/voice/number/read-back"])
@pytest.mark.parametrize("keys", ["", "1", "2", "0475222222"])
def test_a_step_out_of_turn_makes_nothing_and_stops_nobody(caller: Caller, kept: Any, path: str, keys: str) -> None:
    call = caller().asks(path, Digits=keys)
    assert call.heard
    assert kept(Callback) == []
