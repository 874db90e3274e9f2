from datetime import timedelta

import pytest

from models.agent import Agent
from models.callback import Callback
from models.sessions import Database
from models.vocabulary import AgentState, AttemptState, CallbackState, LegStatus
from tests.call_desk import TUESDAY_TEN, CallDesk, brussels

A, C, G = AttemptState, CallbackState, AgentState


def test_with_nothing_to_do_nobody_is_woken(desk: CallDesk) -> None:
    desk.agent()
    assert desk.tick() is None
    assert desk.bell.rung == []


def test_while_closed_the_clock_looks_again_when_the_window_opens(database: Database) -> None:
    desk = CallDesk(database, brussels("2026-11-27", "17:30:00"))
    desk.agent()
    desk.waits()
    assert desk.tick() == brussels("2026-11-30", "09:00:00")
    assert desk.bell.rung == []
    desk.clock.at = brussels("2026-11-30", "09:00:00")
    desk.tick()
    assert desk.bell.rung == ["dispatch"]


def test_a_resting_call_back_wakes_when_its_rest_is_over_and_not_before(desk: CallDesk) -> None:
    due = TUESDAY_TEN + timedelta(minutes=5)
    customer = desk.waits(state=C.RESTING, not_before=due)
    assert desk.tick() == due
    desk.clock.at = due - timedelta(microseconds=1)
    desk.tick()
    assert desk.state(customer) is C.RESTING
    desk.clock.at = due
    desk.tick()
    assert desk.state(customer) is C.WAITING
    assert "dispatch" in desk.bell.rung


def test_a_resting_call_back_that_nobody_gave_an_hour_does_not_rest_for_ever(desk: CallDesk) -> None:
    customer = desk.waits(state=C.RESTING, not_before=None)
    desk.tick()
    assert desk.state(customer) is C.WAITING


def test_the_clock_looks_again_when_an_agent_has_prepared(desk: CallDesk) -> None:
    bart = desk.agent()
    desk.change(Agent, bart, desk_seen_at=desk.clock.at)
    desk.waits()
    desk.dispatch()
    desk.bell.rung.clear()
    assert desk.tick() == TUESDAY_TEN + timedelta(seconds=30)
    assert desk.bell.rung == []
    desk.clock.move(seconds=30)
    desk.tick()
    assert desk.bell.rung == ["dial"]


def test_a_bell_that_was_lost_is_rung_again(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    desk.dispatch()
    desk.bell.rung.clear()
    desk.tick()
    assert desk.bell.rung == ["dial"]


def test_a_reservation_whose_dialler_died_is_given_back_when_its_lease_is_over(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits(rank=-9)
    desk.dispatch()
    desk.clock.move(seconds=44.9)
    desk.tick()
    assert desk.state(customer) is C.PREPARING
    desk.clock.move(seconds=0.1)
    desk.tick()
    assert (desk.state(customer), desk.callback(customer).rank, desk.doing(bart)) == (C.WAITING, -9, G.FREE)
    assert desk.attempt(customer).state is A.WITHDRAWN


def test_a_lease_that_ends_frees_no_agent_who_is_on_another_call_by_now(desk: CallDesk) -> None:
    bart = desk.agent()
    desk.waits()
    desk.dispatch()
    desk.clock.move(seconds=45)
    desk.tick()
    desk.waits(rank=-1)
    desk.ring()
    assert desk.doing(bart) is G.ON_CALL
    desk.clock.move(seconds=45)
    desk.tick()
    assert desk.doing(bart) is G.ON_CALL


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=3)])
@pytest.mark.parametrize("state", [C.WAITING, C.RESTING, C.HELD, C.NEEDS_HUMAN])
def test_a_clock_that_jumps_loses_no_call_back_and_calls_only_those_whose_turn_it_is(
    desk: CallDesk,
    jump: timedelta,
    state: CallbackState,
) -> None:
    desk.agent()
    due = TUESDAY_TEN + timedelta(minutes=30) if state is C.RESTING else None
    customer = desk.waits(state=state, not_before=due)
    desk.clock.at += jump + timedelta(minutes=1)
    desk.tick()
    rang = desk.ring()
    calls = state is C.WAITING or (state is C.RESTING and jump > timedelta())
    assert rang == int(calls)
    assert len(desk.phone.asked) == int(calls)
    assert desk.state(customer) is (C.ACTIVE if calls else state)


def test_a_rest_after_a_miss_set_by_a_clock_that_ran_ahead_keeps_no_agent_away(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    desk.agent_leg(LegStatus.NO_ANSWER)
    desk.clock.move(minutes=-30)
    desk.waits()
    assert desk.ring() == 1


def test_overdue_work_after_a_leap_of_the_clock_is_spread_by_the_pace(desk: CallDesk) -> None:
    for name in ("An", "Bart", "Chris"):
        desk.agent(name)
        desk.waits(state=C.RESTING, not_before=TUESDAY_TEN + timedelta(minutes=30))
    desk.clock.at += timedelta(days=1)
    desk.tick()
    began = desk.clock.at
    assert desk.ring() == 3
    assert desk.clock.at - began == timedelta(seconds=2)


def test_hours_nobody_can_read_stop_the_calls_and_nothing_else(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    resting = desk.waits(state=C.RESTING, not_before=TUESDAY_TEN)
    desk.rules(opening_hours="off")
    assert desk.tick() is None
    assert desk.state(resting) is C.WAITING
    assert desk.ring() == 0
    assert desk.state(customer) is C.WAITING
    assert desk.phone.asked == []


def test_a_call_back_somebody_took_meanwhile_is_not_woken_twice(desk: CallDesk) -> None:
    customer = desk.waits(state=C.RESTING, not_before=TUESDAY_TEN)
    desk.tick()
    desk.change(Callback, customer, not_before=None)
    desk.tick()
    assert desk.state(customer) is C.WAITING
