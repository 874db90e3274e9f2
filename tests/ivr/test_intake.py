"""What a caller hears and loses, or not, while a supervisor has paused the intake."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from callbacks.ports import Services
from callbacks.store.switches import Hand
from callbacks.workflows import deciding
from models.callback import Callback
from models.ticket import MissedCall, Ticket
from models.vocabulary import Language, Option

Caller = Callable[..., Any]

ONLY_OUTAGES = {
    Language.NL: "alleen dringende storingen",
    Language.FR: "que les pannes urgentes",
    Language.EN: "only take urgent outages",
}
NOT_NOW = {
    Language.NL: "Andere vragen kunnen we op dit moment niet aannemen",
    Language.FR: "nous ne pouvons pas prendre d'autres questions",
    Language.EN: "we can't take other questions",
}
KEYS = {Language.NL: "", Language.FR: "8", Language.EN: "9"}


def turn(services: Services, *, on: bool) -> None:
    deciding.switch(services, Hand.INTAKE, "te druk", "Els", on=on)


@pytest.fixture
def paused(services: Services) -> None:
    """Els has paused the intake."""
    turn(services, on=False)


@pytest.mark.usefixtures("paused")
@pytest.mark.parametrize("language", Language)
def test_a_question_is_not_taken_is_said_so_and_stands_on_the_missed_calls_list(
    caller: Caller, kept: Any, language: Language, clock: Any
) -> None:
    call = caller().dials_in()
    if KEYS[language]:
        call.presses(KEYS[language])
    assert ONLY_OUTAGES[language] in call.heard
    call.presses("2")
    assert NOT_NOW[language] in call.heard
    assert (kept(Ticket), kept(Callback)) == ([], [])
    (missed,) = kept(MissedCall)
    assert (missed.number, missed.language, missed.at) == ("+32470123456", language, _at(clock))
    call.goes_on()
    assert [child.tag for child in call.document] == ["Hangup"]
    call.hangs_up()
    assert len(kept(MissedCall)) == 1


def _at(clock: Any) -> datetime:
    at: datetime = clock.at
    return at


@pytest.mark.usefixtures("paused")
def test_an_outage_is_taken_all_the_same(caller: Caller, kept: Any) -> None:
    call = caller().dials_in()
    assert "Druk 2" not in call.heard
    call.presses("1")
    assert kept.callback.option is Option.OUTAGE
    assert "Klopt dat" in call.heard
    assert kept(MissedCall) == []


@pytest.mark.usefixtures("paused")
def test_a_caller_who_says_nothing_hears_of_it_at_each_round(caller: Caller) -> None:
    call = caller().dials_in().is_silent()
    assert ONLY_OUTAGES[Language.NL] in call.heard


def test_a_question_that_was_kept_before_the_pause_goes_on(caller: Caller, kept: Any, services: Services) -> None:
    call = caller().dials_in()
    menu = call.gather.get("action")
    heard = call.presses("2").heard
    turn(services, on=False)
    assert call.asks(menu, Digits="2").heard == heard
    assert kept.callback.option is Option.QUESTION
    assert kept(MissedCall) == []


@pytest.mark.usefixtures("paused")
def test_after_the_pause_everything_is_taken_again(caller: Caller, kept: Any, services: Services) -> None:
    turn(services, on=True)
    call = caller().dials_in()
    assert "Druk 2" in call.heard
    call.presses("2")
    assert kept.callback.option is Option.QUESTION


@pytest.mark.usefixtures("paused")
def test_who_rings_again_about_something_new_is_not_taken_either_but_what_is_open_stays(
    caller: Caller, kept: Any
) -> None:
    caller().dials_in().presses("1").presses("1").hangs_up()
    again = caller().dials_in()
    again.presses("2")
    assert ONLY_OUTAGES[Language.NL] in again.heard
    again.presses("2")
    assert NOT_NOW[Language.NL] in again.heard
    assert kept.callback.option is Option.OUTAGE
