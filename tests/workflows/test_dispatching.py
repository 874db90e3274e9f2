from datetime import UTC, datetime, timedelta

import pytest

from callbacks.store import hours, switches
from callbacks.store.switches import Hand
from callbacks.store.transitions import Cause
from models.agent import Agent
from models.callback import CallLeg
from models.sessions import Database
from models.vocabulary import (
    AgentState,
    AttemptState,
    CallbackState,
    Language,
    LegKind,
    LegStatus,
    Option,
    OverrideKind,
    Role,
    Subject,
)
from tests.call_desk import TUESDAY_TEN, CallDesk, brussels
from tests.phone_stand_in import sid

C, G = CallbackState, AgentState


def test_a_waiting_customer_and_a_free_agent_are_joined(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    assert desk.dispatch() == 1
    assert (desk.state(customer), desk.doing(bart)) == (C.PREPARING, G.RESERVED)
    attempt = desk.attempt(customer)
    assert (attempt.state, attempt.fence, attempt.n) == (AttemptState.RESERVED, 1, 1)
    assert desk.bell.rung == ["dial"]
    assert desk.history(Subject.CALLBACK, customer) == ["preparing"]
    assert desk.history(Subject.AGENT, bart) == ["reserved"]


def test_the_customer_with_the_smallest_rank_is_called_first_whoever_came_first(desk: CallDesk) -> None:
    desk.agent()
    late, first = desk.waits(rank=200), desk.waits(rank=-50)
    desk.dispatch()
    assert (desk.state(first), desk.state(late)) == (C.PREPARING, C.WAITING)


def test_of_two_customers_of_one_rank_the_earlier_one_is_called_first(desk: CallDesk) -> None:
    desk.agent()
    first, second = desk.waits(rank=7), desk.waits(rank=7)
    desk.dispatch()
    assert (desk.state(first), desk.state(second)) == (C.PREPARING, C.WAITING)


def test_three_agents_take_the_first_three_customers_at_once(desk: CallDesk) -> None:
    for name in ("An", "Bart", "Chris"):
        desk.agent(name)
    customers = [desk.waits(rank=n) for n in range(5)]
    assert desk.dispatch() == 3
    assert [desk.state(one) for one in customers] == [C.PREPARING] * 3 + [C.WAITING] * 2


def test_a_french_speaking_caller_gets_the_french_speaking_agent(desk: CallDesk) -> None:
    desk.agent("An", languages="nl", idle_since=TUESDAY_TEN - timedelta(hours=1))
    francine = desk.agent("Francine", languages="nl,fr")
    caller = desk.waits(language=Language.FR)
    desk.dispatch()
    assert desk.attempt(caller).agent_id == francine


def test_the_agent_who_knows_the_ticket_gets_it_back(desk: CallDesk) -> None:
    desk.agent("An", idle_since=TUESDAY_TEN - timedelta(hours=1))
    owner = desk.agent("Owner", languages="en")
    caller = desk.waits(owner=owner)
    desk.dispatch()
    assert desk.attempt(caller).agent_id == owner


def test_a_customer_waits_for_the_agent_who_had_prepared_during_his_wrap_up_and_no_longer(desk: CallDesk) -> None:
    busy = desk.agent("Bart", state=G.WRAP_UP, idle_since=TUESDAY_TEN)
    desk.change(Agent, busy, state_until=TUESDAY_TEN + timedelta(minutes=2))
    an = desk.agent("An")
    caller = desk.waits(pinned=busy)
    assert desk.dispatch() == 0
    assert desk.state(caller) is C.WAITING
    desk.change(Agent, busy, state=G.BREAK, state_until=None)
    assert desk.dispatch() == 1
    assert desk.attempt(caller).agent_id == an


def test_one_customer_with_two_problems_is_called_about_one_at_a_time(desk: CallDesk) -> None:
    desk.agent("An")
    desk.agent("Bart")
    first = desk.waits(number="+3225551234")
    second = desk.waits(number="+3225551234", option=Option.QUESTION)
    assert desk.dispatch() == 1
    assert (desk.state(first), desk.state(second)) == (C.PREPARING, C.WAITING)


@pytest.mark.parametrize("jump", [timedelta(), timedelta(hours=1), timedelta(hours=-1), timedelta(days=7)])
def test_a_customer_who_is_on_the_hotline_is_not_called_meanwhile_however_the_clock_is_moved(
    desk: CallDesk,
    jump: timedelta,
) -> None:
    desk.agent()
    caller = desk.waits(number="+3225551234")
    line = CallLeg(
        call_sid=sid("line"),
        kind=LegKind.INBOUND,
        number="+3225551234",
        status=LegStatus.IN_PROGRESS,
        started_at=TUESDAY_TEN,
    )
    with desk.services.database.write() as session:
        session.add(line)
    desk.clock.at += jump
    assert desk.dispatch() == 0
    with desk.services.database.write() as session:
        session.get_one(CallLeg, sid("line")).status = LegStatus.COMPLETED
    assert desk.dispatch() == 1
    assert desk.state(caller) is C.PREPARING


@pytest.mark.parametrize("state", sorted(set(AgentState) - {AgentState.FREE}))
def test_only_a_free_agent_is_given_work(desk: CallDesk, state: AgentState) -> None:
    desk.agent(state=state)
    desk.waits()
    assert desk.dispatch() == 0


def test_a_supervisor_s_phone_and_an_agent_without_one_are_not_rung(desk: CallDesk) -> None:
    desk.agent("Chief", role=Role.SUPERVISOR)
    silent = desk.agent("Silent")
    desk.change(Agent, silent, phone=None)
    desk.waits()
    assert desk.dispatch() == 0


@pytest.mark.parametrize("state", sorted(set(CallbackState) - {CallbackState.WAITING}))
def test_only_a_waiting_call_back_is_dispatched(desk: CallDesk, state: CallbackState) -> None:
    desk.agent()
    desk.waits(state=state)
    assert desk.dispatch() == 0


def in_utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "rings"),
    [
        (brussels("2026-11-24", "08:59:59.999999"), False),
        (brussels("2026-11-24", "09:00:00"), True),
        (brussels("2026-11-24", "11:57:50"), True),
        (brussels("2026-11-24", "11:57:59.999999"), True),
        (brussels("2026-11-24", "11:58:00"), False),
        (brussels("2026-11-24", "11:59:59"), False),
        (brussels("2026-11-24", "12:00:00"), False),
        (brussels("2026-11-24", "12:59:59.999999"), False),
        (brussels("2026-11-24", "13:00:00"), True),
        (brussels("2026-11-24", "16:57:59"), True),
        (brussels("2026-11-24", "16:58:00"), False),
        (brussels("2026-11-24", "17:00:00"), False),
        (brussels("2026-11-27", "17:30:00"), False),
        (brussels("2026-11-28", "10:00:00"), False),
        (brussels("2026-11-11", "10:00:00"), False),
        (brussels("2026-12-25", "10:00:00"), False),
        (in_utc("2026-10-23T09:00:00+02:00"), True),
        (in_utc("2026-10-26T08:59:59+01:00"), False),
        (in_utc("2026-10-26T09:00:00+01:00"), True),
        (in_utc("2026-10-26T16:57:59+01:00"), True),
        (in_utc("2026-10-26T16:58:00+01:00"), False),
        (in_utc("2026-03-27T09:00:00+01:00"), True),
        (in_utc("2026-03-30T08:59:59+02:00"), False),
        (in_utc("2026-03-30T09:00:00+02:00"), True),
        (in_utc("2026-03-30T16:58:00+02:00"), False),
    ],
    ids=str,
)
def test_agents_are_given_work_only_inside_the_windows_and_not_in_their_last_two_minutes(
    database: Database,
    at: datetime,
    rings: bool,
) -> None:
    desk = CallDesk(database, at)
    desk.agent()
    caller = desk.waits()
    assert desk.ring() == int(rings)
    assert len(desk.phone.placed) == int(rings)
    assert desk.state(caller) is (C.ACTIVE if rings else C.WAITING)


def test_a_closure_entered_by_a_supervisor_silences_the_desk_at_once(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    with desk.services.database.write() as session:
        rules, now = desk.services.rules, desk.clock.at
        hours.add_override(session, rules, OverrideKind.CLOSURE, now, now + timedelta(hours=1), "fire drill", "An", now)
    assert desk.ring() == 0
    desk.clock.move(hours=1)
    assert desk.ring() == 1


def test_nothing_is_dispatched_while_a_person_has_stopped_dialling(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    with desk.services.database.write() as session:
        switches.turn(session, Hand.DIALLING, Cause(desk.clock.at, "Els", "maintenance"), on=False)
    assert desk.ring() == 0
    desk.clock.move(minutes=61)
    assert desk.ring() == 0
    assert desk.phone.placed == []
    with desk.services.database.write() as session:
        switches.turn(session, Hand.DIALLING, Cause(desk.clock.at, "Els", "done"), on=True)
    assert desk.ring() == 1


def test_after_the_breaker_tripped_one_call_is_tried_a_minute_until_one_is_placed(desk: CallDesk) -> None:
    for name in ("An", "Bart"):
        desk.agent(name)
    for _ in range(3):
        desk.waits()
    with desk.services.database.write() as session:
        switches.trip_breaker(session, "refused (20003)", desk.clock.at)
    assert desk.dispatch() == 0
    desk.clock.move(seconds=59)
    assert desk.dispatch() == 0
    desk.clock.move(seconds=1)
    assert desk.dispatch() == 1
    assert desk.dispatch() == 0
    assert desk.dial() == 1
    assert desk.dispatch() == 1


def test_a_breaker_that_tripped_in_the_future_of_a_clock_set_back_stops_nobody_for_hours(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    with desk.services.database.write() as session:
        switches.trip_breaker(session, "refused (20003)", desk.clock.at)
    desk.clock.move(hours=-1, minutes=5)
    assert desk.ring() == 1


def test_an_agent_with_his_desk_page_open_has_time_to_prepare(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.change(Agent, bart, desk_seen_at=desk.clock.at - timedelta(seconds=5))
    desk.dispatch()
    assert desk.dial() == 0
    assert desk.phone.placed == []
    desk.clock.move(seconds=30)
    assert desk.dial() == 1
    assert desk.state(customer) is C.ACTIVE


def test_a_customer_lost_to_another_dispatcher_is_no_error(desk: CallDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    bart, customer = desk.agent(), desk.waits()
    from callbacks.workflows import dispatching  # noqa: PLC0415 - its decision is what goes stale here

    pairs = dispatching._decide(desk.services, desk.clock.at)
    desk.change(Agent, bart, state=G.BREAK)
    monkeypatch.setattr(dispatching, "_decide", lambda _services, _now: pairs)
    assert desk.dispatch() == 0
    assert (desk.state(customer), desk.callback(customer).fence) == (C.WAITING, 0)
    assert desk.attempts(customer) == []
    assert desk.history(Subject.CALLBACK, customer) == []
