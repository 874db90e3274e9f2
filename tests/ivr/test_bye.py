"""However a call ends, what was chosen on it is kept."""

from collections.abc import Callable
from typing import Any

import pytest

from callbacks.workflows import releasing
from models.callback import Callback, CallLeg
from models.history import History
from models.outbox import OutboxMail
from models.ticket import MissedCall
from models.vocabulary import CallbackState, LegStatus

Caller = Callable[..., Any]
WAITING, NEEDS_HUMAN = CallbackState.WAITING, CallbackState.NEEDS_HUMAN
OWN, TYPED = "+32470123456", "+32475222222"

STEPS = {
    "after the key": (OWN, ["1"], WAITING, OWN),
    "while his number is read": (OWN, ["1", ""], WAITING, OWN),
    "after confirming": (OWN, ["1", "1"], WAITING, OWN),
    "when asked for another": (OWN, ["1", "2"], WAITING, OWN),
    "before confirming another": (OWN, ["1", "2", "0475222222"], WAITING, OWN),
    "after refusing what was read back": (OWN, ["1", "2", "0475222222", "2"], WAITING, OWN),
    "after confirming another": (OWN, ["1", "2", "0475222222", "1"], WAITING, TYPED),
    "withheld, after the key": ("anonymous", ["2"], NEEDS_HUMAN, None),
    "withheld, after a refused number": ("anonymous", ["2", "090012345"], NEEDS_HUMAN, None),
    "withheld, before confirming": ("anonymous", ["2", "0475222222"], NEEDS_HUMAN, TYPED),
    "withheld, after confirming": ("anonymous", ["2", "0475222222", "1"], WAITING, TYPED),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("way", ["status", "bye", "sweep"])
def test_a_hang_up_at_any_step_keeps_what_was_chosen(
    caller: Caller, kept: Any, bell: Any, services: Any, step: str, way: str
) -> None:
    number, keys, state, called = STEPS[step]
    call = caller(number).dials_in()
    for key in keys:
        call.presses(key)
    if way == "status":
        call.hangs_up()
        assert [child.tag for child in call.document] == []
    elif way == "bye":
        call.asks("/voice/bye")
        assert [child.tag for child in call.document] == ["Hangup"]
    else:
        assert releasing.release(services, kept.callback.id, "upkeep", "held too long")
    assert (kept.callback.state, kept.callback.number) == (state, called)
    assert bell.rung == (["dispatch"] if state is WAITING else [])
    if state is NEEDS_HUMAN:
        assert "number" in kept.callback.why
    if way != "sweep":
        assert kept(CallLeg)[0].status is LegStatus.COMPLETED
        assert kept(CallLeg)[0].ended_at is not None


def test_an_end_told_three_ways_is_one_end(caller: Caller, kept: Any, bell: Any, services: Any) -> None:
    call = caller().dials_in().presses("1").presses("1").goes_on().hangs_up().hangs_up().asks("/voice/bye")
    assert releasing.release(services, call.sid, "upkeep", "the caller hung up") is False
    assert [row.new_state for row in kept(History)] == ["open", "held", "waiting"]
    assert bell.rung == ["dispatch"]
    assert kept(CallLeg)[0].seconds == 12


def test_a_hang_up_in_the_menu_is_a_missed_call(caller: Caller, kept: Any) -> None:
    call = caller().dials_in().hangs_up()
    assert [missed.call_sid for missed in kept(MissedCall)] == [call.sid]


def test_a_call_never_heard_of_leaves_nothing(caller: Caller, kept: Any) -> None:
    caller().hangs_up()
    caller().asks("/voice/bye")
    assert kept.is_empty()


@pytest.mark.parametrize("status", ["ringing", "in-progress", "queued", "", "something-new"])
def test_a_call_that_goes_on_is_not_ended(caller: Caller, kept: Any, status: str) -> None:
    call = caller().dials_in().presses("1").asks("/voice/status/inbound", CallStatus=status)
    assert kept.callback.state is CallbackState.HELD
    assert kept(CallLeg)[0].status is LegStatus.IN_PROGRESS
    assert call.presses  # the line is still his


def test_a_key_told_after_the_end_of_the_call_is_kept_and_queued(caller: Caller, kept: Any, bell: Any) -> None:
    call = caller().dials_in()
    menu = call.gather.get("action")
    call.hangs_up()
    call.asks(menu, Digits="1")
    assert kept.callback.state is WAITING
    assert kept(MissedCall) == []
    assert bell.rung == ["dispatch"]


def test_a_number_confirmed_after_the_end_of_the_call_frees_it(caller: Caller, kept: Any, bell: Any) -> None:
    call = caller("anonymous").dials_in().presses("1").presses("0475222222")
    answered = call.gather.get("action")
    call.hangs_up()
    assert kept.callback.state is NEEDS_HUMAN
    call.asks(answered, Digits="1")
    assert (kept.callback.state, kept.callback.number, kept.callback.number_confirmed) == (WAITING, TYPED, True)
    assert bell.rung == ["dispatch"]


@pytest.mark.usefixtures("people")
def test_a_known_caller_who_hangs_up_is_still_mailed_once(caller: Caller, kept: Any, bell: Any) -> None:
    call = caller("+32475111111").dials_in().presses("2").hangs_up()
    call.asks("/voice/bye")
    assert len(kept(OutboxMail)) == 1
    assert bell.rung == ["dispatch", "mail"]


@pytest.mark.usefixtures("people")
def test_a_number_that_became_an_agents_meanwhile_is_not_queued(caller: Caller, kept: Any, database: Any) -> None:
    call = caller("anonymous").dials_in().presses("1").presses("0475222222").presses("1")
    with database.write() as session:
        session.query(type(kept.callback)).update({Callback.number: "+32486999999"})
    call.goes_on()
    assert kept.callback.state is NEEDS_HUMAN
    assert kept.callback.why == "the number may not be dialled: agent"


def test_strange_counters_do_not_stop_the_end(caller: Caller, kept: Any) -> None:
    call = caller().dials_in().presses("1")
    call.asks("/voice/status/inbound", CallStatus="completed", SequenceNumber="x", CallDuration="9" * 40)
    assert kept.callback.state is WAITING
