"""A customer who missed our call rings back: he is next, and the agent who had prepared calls him where he can."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks.rules.queue_order import APPOINTMENT_HEAD_START
from callbacks.workflows import booking, duty, recalling, releasing, ringing_back
from callbacks.workflows.booking import Slot
from callbacks.workflows.recalling import Standing
from callbacks.workflows.registering import Line
from models.agent import Agent
from models.callback import Attempt, Callback
from models.history import History
from models.vocabulary import (
    AgentState,
    CallbackState,
    CustomerOutcome,
    LegStatus,
    Option,
    Role,
    TalkOutcome,
)
from tests.call_desk import CallDesk, brussels

C, G = CallbackState, AgentState
NUMBER = "+32470555555"
HALF = timedelta(minutes=30)
Rings = Callable[..., Line]


@pytest.fixture
def bart(desk: CallDesk) -> int:
    """The agent who has been idle longest of those who will be there."""
    return desk.agent("Bart", idle_since=desk.clock.at - HALF)


@pytest.fixture
def missed(desk: CallDesk, bart: int) -> int:
    """A customer whom Bart could not reach; three others wait."""
    customer = desk.waits(number=NUMBER, option=Option.QUESTION, rank=-1)
    desk.ring()
    assert desk.attempt(customer).agent_id == bart
    desk.not_reached()
    desk.clock.move(minutes=1)
    return customer


def others(desk: CallDesk, count: int = 3) -> list[int]:
    return [desk.waits(rank=-80_000 + n) for n in range(count)]


def rings_back(desk: CallDesk, callback_id: int, call_sid: str = "CA1") -> bool:
    return ringing_back.ring_back(desk.services, callback_id, call_sid)


def times_written(desk: CallDesk, callback_id: int) -> int:
    with desk._look() as session:
        why = "rang back after missing our call"
        return len(list(session.scalars(select(History).where(History.callback_id == callback_id, History.why == why))))


@pytest.mark.parametrize("outcome", [CustomerOutcome.BUSY, CustomerOutcome.NO_ANSWER, CustomerOutcome.MACHINE])
def test_who_missed_our_call_is_next_and_bart_who_had_prepared_calls_him(
    desk: CallDesk, bart: int, missed: int, outcome: CustomerOutcome
) -> None:
    desk.change(Attempt, desk.attempt(missed).id, customer_outcome=outcome)
    desk.agent("An", idle_since=desk.clock.at - 2 * HALF)
    waiting = others(desk)
    assert rings_back(desk, missed)
    callback = desk.callback(missed)
    assert (callback.state, callback.not_before, callback.rang_back_at) == (C.WAITING, None, desk.clock.at)
    assert callback.rank < -APPOINTMENT_HEAD_START // 2
    assert desk.dispatch() == 2
    assert desk.attempt(missed).agent_id == bart
    assert [desk.state(each) for each in waiting] == [C.PREPARING, C.WAITING, C.WAITING]


def test_told_again_of_the_same_call_and_rung_again_in_his_impatience_he_is_next_once(
    desk: CallDesk, missed: int
) -> None:
    first = desk.clock.at
    assert rings_back(desk, missed)
    desk.clock.move(seconds=30)
    assert rings_back(desk, missed)
    assert rings_back(desk, missed, "CA2")
    assert (desk.callback(missed).rang_back_at, times_written(desk, missed)) == (first, 1)


def test_a_call_that_is_told_again_after_the_next_try_puts_him_nowhere(desk: CallDesk, missed: int) -> None:
    rings_back(desk, missed)
    desk.ring()
    desk.not_reached()
    assert desk.state(missed) is C.RESTING
    assert not rings_back(desk, missed)
    assert (desk.state(missed), desk.callback(missed).rang_back_at) == (C.RESTING, None)
    assert rings_back(desk, missed, "CA2")


def test_of_two_who_ring_back_the_first_is_called_first(desk: CallDesk, missed: int) -> None:
    second = desk.waits()
    desk.ring()
    desk.not_reached()
    assert rings_back(desk, missed)
    desk.clock.move(seconds=1)
    assert rings_back(desk, second, "CA2")
    desk.dispatch()
    assert (desk.state(missed), desk.state(second)) == (C.PREPARING, C.WAITING)


@pytest.mark.parametrize(
    "state",
    [C.HELD, C.WAITING, C.PREPARING, C.ACTIVE, C.WRAP_UP, C.NEEDS_HUMAN, C.DONE, C.CANCELLED, C.UNREACHED],
)
def test_only_who_rests_is_moved(desk: CallDesk, missed: int, state: CallbackState) -> None:
    desk.change(Callback, missed, state=state)
    assert not rings_back(desk, missed)
    assert (desk.state(missed), times_written(desk, missed)) == (state, 0)


def test_nobody_is_next_for_a_call_back_that_does_not_exist(desk: CallDesk) -> None:
    assert not rings_back(desk, 999)


@pytest.mark.usefixtures("bart")
def test_who_rests_after_a_talk_missed_nothing(desk: CallDesk) -> None:
    customer = desk.waits()
    desk.ring()
    desk.talks()
    desk.outcome(TalkOutcome.CALL_AGAIN)
    assert desk.state(customer) is C.RESTING
    assert not rings_back(desk, customer)
    assert desk.state(customer) is C.RESTING


def test_a_number_that_failed_was_not_missed_by_the_customer(desk: CallDesk, missed: int) -> None:
    desk.change(Attempt, desk.attempt(missed).id, customer_outcome=CustomerOutcome.FAILED)
    assert not rings_back(desk, missed)
    assert desk.state(missed) is C.RESTING


@pytest.mark.usefixtures("bart")
def test_who_was_never_dialled_missed_nothing(desk: CallDesk) -> None:
    customer = desk.waits()
    desk.ring()
    desk.answers()
    desk.declines()
    desk.change(Callback, customer, state=C.RESTING)
    assert not rings_back(desk, customer)


def test_who_chose_a_moment_since_keeps_it(desk: CallDesk, missed: int) -> None:
    slot = Slot(brussels("2026-11-24", "14:00:00"), brussels("2026-11-24", "14:30:00"))
    assert booking.book(desk.services, missed, slot, "caller") == slot
    assert not rings_back(desk, missed)
    assert (desk.state(missed), desk.callback(missed).not_before) == (C.RESTING, slot.starts)


def test_who_chooses_a_moment_after_ringing_back_is_called_then_by_whoever_is_there(
    desk: CallDesk, missed: int
) -> None:
    slot = Slot(brussels("2026-11-24", "14:00:00"), brussels("2026-11-24", "14:30:00"))
    rings_back(desk, missed)
    by_ringing_back = desk.callback(missed).rank
    assert booking.book(desk.services, missed, slot, "caller") == slot
    callback = desk.callback(missed)
    assert (callback.state, callback.rang_back_at, callback.pinned_agent_id) == (C.RESTING, None, None)
    assert callback.rank > by_ringing_back
    assert not rings_back(desk, missed, "CA2")


def test_a_calendar_that_cannot_answer_leaves_him_at_rest_and_his_call_goes_on(desk: CallDesk, missed: int) -> None:
    rules = desk.services.rules
    desk.rules(opening_hours="nonsense")
    assert not rings_back(desk, missed)
    assert (desk.state(missed), times_written(desk, missed)) == (C.RESTING, 0)
    desk.rules(opening_hours=rules.opening_hours)
    assert rings_back(desk, missed)


# ---- Who calls him


@pytest.mark.parametrize("state", [G.OFF_DUTY, G.BREAK, G.PAUSED, G.RESERVED, G.ON_CALL])
def test_while_bart_cannot_be_rung_anybody_calls(desk: CallDesk, bart: int, missed: int, state: AgentState) -> None:
    an = desk.agent("An")
    rings_back(desk, missed)
    desk.change(Agent, bart, state=state)
    assert desk.dispatch() == 1
    assert desk.attempt(missed).agent_id == an


@pytest.mark.parametrize(
    "change", [{"role": Role.SUPERVISOR}, {"phone": None}, {"wants_off_duty": True, "state": G.WRAP_UP}], ids=str
)
def test_whom_nobody_will_ring_any_more_is_waited_for_by_nobody(
    desk: CallDesk, bart: int, missed: int, change: dict[str, object]
) -> None:
    an = desk.agent("An")
    rings_back(desk, missed)
    desk.change(Agent, bart, **change)
    assert desk.dispatch() == 1
    assert desk.attempt(missed).agent_id == an


def test_an_agent_who_is_on_the_line_with_us_himself_is_waited_for_by_nobody(
    desk: CallDesk, bart: int, missed: int, rings: Rings
) -> None:
    an = desk.agent("An")
    rings_back(desk, missed)
    rings(desk.person(bart).phone)
    assert desk.dispatch() == 1
    assert desk.attempt(missed).agent_id == an


def test_bart_who_had_gone_home_before_the_customer_rang_back_is_not_remembered(
    desk: CallDesk, bart: int, missed: int
) -> None:
    duty.go_off_duty(desk.services, "Bart", "Bart")
    rings_back(desk, missed)
    assert desk.callback(missed).pinned_agent_id is None
    duty.come_on_duty(desk.services, "Bart", "Bart")
    an = desk.agent("An", idle_since=desk.clock.at - 9 * HALF)
    desk.dispatch()
    assert desk.attempt(missed).agent_id == an
    assert desk.doing(bart) is G.FREE


def test_bart_is_waited_for_until_his_wrap_up_is_over_while_the_others_are_called(
    desk: CallDesk, bart: int, missed: int
) -> None:
    an = desk.agent("An")
    (other,) = others(desk, 1)
    rings_back(desk, missed)
    desk.change(Agent, bart, state=G.WRAP_UP, state_until=desk.clock.at + timedelta(minutes=2))
    assert desk.dispatch() == 1
    assert (desk.attempt(other).agent_id, desk.state(missed)) == (an, C.WAITING)
    desk.clock.move(minutes=2)
    desk.tick()
    desk.dispatch()
    assert desk.attempt(missed).agent_id == bart


def test_when_bart_declines_the_next_one_calls_and_bart_is_waited_for_no_more(
    desk: CallDesk, bart: int, missed: int
) -> None:
    rings_back(desk, missed)
    desk.ring()
    desk.answers()
    desk.declines()
    assert (desk.state(missed), desk.doing(bart)) == (C.WAITING, G.FREE)
    assert desk.ring() == 0, "he is not rung again at once"
    an = desk.agent("An")
    desk.change(Agent, an, state=G.BREAK)
    desk.clock.move(minutes=6)
    # Long enough for Bart to be asked again, but nobody waits for him while he writes something down.
    desk.change(Agent, bart, state=G.WRAP_UP, state_until=desk.clock.at + timedelta(minutes=2))
    desk.change(Agent, an, state=G.FREE)
    assert desk.ring() == 1
    assert [each.agent_id for each in desk.attempts(missed)] == [bart, bart, an]


# ---- While he is on the line


def test_while_he_is_on_the_line_he_is_passed_over_and_rung_once_he_hangs_up(
    desk: CallDesk, bart: int, missed: int, rings: Rings
) -> None:
    line = rings(NUMBER)
    again = recalling.calls_again(desk.services, line)
    assert again is not None
    assert again.standing is Standing.MISSED
    assert desk.callback(missed).rang_back_at == desk.clock.at
    assert desk.ring() == 0
    (other,) = others(desk, 1)
    desk.agent("An", idle_since=desk.clock.at - 9 * HALF)
    assert desk.dispatch() == 1
    assert (desk.state(missed), desk.state(other)) == (C.WAITING, C.PREPARING)
    desk.bell.rung.clear()
    releasing.hangs_up(desk.services, line.call_sid, LegStatus.COMPLETED, 3, 20)
    assert "dispatch" in desk.bell.rung
    assert desk.dispatch() == 1
    assert desk.attempt(missed).agent_id == bart


def test_who_is_missed_again_stands_by_his_arrival_and_may_ring_back_again(desk: CallDesk, missed: int) -> None:
    before = desk.callback(missed).rank
    rings_back(desk, missed)
    desk.ring()
    desk.not_reached(LegStatus.BUSY)
    callback = desk.callback(missed)
    assert (callback.state, callback.rang_back_at, callback.pinned_agent_id) == (C.RESTING, None, None)
    assert callback.rank == before
    assert rings_back(desk, missed, "CA2")
