"""What is read of a day: what was, what goes on, and what is to come."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from callbacks.rules.shifts import Shift
from callbacks.store import day, day_blocks, roster
from callbacks.store.day_blocks import MOST_FORESEEN
from callbacks.store.day_sheet import Block, Kind, Sheet
from callbacks.store.transitions import Cause
from models.callback import Promise
from models.sessions import Database
from models.vocabulary import AgentState, AttemptState, CallbackState, CustomerOutcome, PromiseResult, Role
from tests.web.desk import TUESDAY, Desk

TODAY = date(2026, 11, 24)
QUARTER = timedelta(minutes=15)
ENDED, BRIDGED = AttemptState.ENDED, CustomerOutcome.BRIDGED


@pytest.fixture
def desk(database: Database) -> Desk:
    """An open desk at twenty to eleven, with nobody at it."""
    desk = Desk(database)
    desk.open()
    return desk


@pytest.fixture
def ann(desk: Desk) -> int:
    """An agent who is free and can be rung."""
    return desk.person("Ann De Smet", phone="+32470000001")


def sheet(desk: Desk, on: date = TODAY) -> Sheet:
    with desk.database.read() as session:
        return day_blocks.read(session, desk.rules, desk.clock.now(), on)


def blocks(desk: Desk, on: date = TODAY) -> list[Block]:
    return list(sheet(desk, on).blocks)


def given(desk: Desk, callback_id: int, ends: datetime, result: PromiseResult | None, settled: datetime | None) -> None:
    with desk.database.write() as session:
        starts = ends - QUARTER
        row = Promise(callback_id=callback_id, starts=starts, ends=ends, given_at=starts, told=True)
        row.result, row.settled_at = result, settled
        session.add(row)


def shift(desk: Desk, agent_id: int, starts: time, ends: time) -> None:
    with desk.database.write() as session:
        roster.add_shift(session, agent_id, Shift("FREQ=DAILY", TODAY, starts, ends), Cause(TUESDAY, "Els", "shift"))


def test_a_talk_lasts_until_its_agent_was_free_again_and_who_was_not_reached_is_told_apart(
    desk: Desk, ann: int
) -> None:
    talked, missed = desk.promise(None, "+32470333333", 90), desk.promise(None, "+32470444444", 90)
    desk.attempt(talked, ann, 65, ENDED, customer_outcome=BRIDGED, talk_seconds=300, handled_seconds=420)
    desk.attempt(missed, ann, 40, ENDED, 39, customer_outcome=CustomerOutcome.BUSY)
    first, second = (block for block in blocks(desk) if block.tried)
    assert (first.kind, first.ends - first.starts) == (Kind.DONE, timedelta(minutes=7))
    assert (second.kind, second.ends - second.starts) == (Kind.FAILED, timedelta(minutes=1))
    assert (first.agent_id, first.agent, first.late) == (ann, "Ann De Smet", False)


def test_a_call_that_runs_reaches_to_this_moment(desk: Desk, ann: int) -> None:
    row = desk.promise(None, "+32470333333", 30, state=CallbackState.ACTIVE)
    desk.attempt(row, ann, 9, AttemptState.BRIDGED)
    (running,) = blocks(desk)
    assert (running.kind, running.starts, running.ends) == (Kind.RUNNING, TUESDAY - timedelta(minutes=9), TUESDAY)


def test_a_talk_that_is_being_written_down_stands_once_and_the_try_before_it_is_over(desk: Desk, ann: int) -> None:
    row = desk.promise(None, "+32470333333", 90, state=CallbackState.WRAP_UP)
    desk.attempt(row, ann, 60, ENDED, customer_outcome=CustomerOutcome.BUSY)
    desk.attempt(row, ann, 9, ENDED, n=2, customer_outcome=BRIDGED, talk_seconds=400)
    assert [block.kind for block in blocks(desk)] == [Kind.FAILED, Kind.RUNNING]


def test_a_waiting_call_stands_where_the_planner_puts_it_with_what_was_promised(desk: Desk, ann: int) -> None:
    desk.promise(None, "+32470333333", 5, promise_from=TUESDAY, promise_to=TUESDAY + QUARTER)
    desk.promise(None, "+32470444444", 4)
    first, second = blocks(desk)
    assert (first.kind, first.agent_id, first.late) == (Kind.PLANNED, ann, False)
    assert first.promised == (TUESDAY, TUESDAY + QUARTER)
    assert second.starts == first.ends, "one agent, one call after the other"
    assert second.promised is None


def test_a_call_is_late_once_its_promise_is_past_or_its_turn_comes_after_it(desk: Desk, ann: int) -> None:
    del ann
    past = TUESDAY - QUARTER
    desk.promise(None, "+32470333333", 60, promise_from=past - QUARTER, promise_to=past)
    desk.promise(None, "+32470444444", 59, promise_from=TUESDAY, promise_to=TUESDAY + QUARTER)
    desk.promise(None, "+32470555555", 58, promise_from=TUESDAY, promise_to=TUESDAY + QUARTER)
    assert [block.late for block in blocks(desk)] == [True, False, True]


def test_a_call_that_rang_after_its_promise_stays_marked_and_an_earlier_try_does_not(desk: Desk, ann: int) -> None:
    row = desk.promise(None, "+32470333333", 90, state=CallbackState.DONE, closed_at=TUESDAY)
    desk.attempt(row, ann, 80, ENDED, customer_outcome=CustomerOutcome.NO_ANSWER)
    desk.attempt(row, ann, 30, ENDED, n=2, customer_outcome=BRIDGED, talk_seconds=300)
    given(desk, row, TUESDAY - timedelta(minutes=40), PromiseResult.LATE, TUESDAY - timedelta(minutes=29))
    assert [block.late for block in blocks(desk)] == [False, True]


def test_a_call_that_runs_is_late_while_its_customer_has_not_been_rung_though_his_promise_is_past(
    desk: Desk, ann: int
) -> None:
    row = desk.promise(None, "+32470333333", 60, state=CallbackState.PREPARING)
    desk.attempt(row, ann, 1, AttemptState.AGENT_RINGING)
    given(desk, row, TUESDAY + QUARTER, None, None)
    assert [block.late for block in blocks(desk)] == [False]
    desk.clock.move(minutes=20)
    assert [block.late for block in blocks(desk)] == [True]


def test_an_appointment_stands_at_its_moment_whoever_will_call(desk: Desk, ann: int) -> None:
    starts = TUESDAY.replace(hour=13, minute=0, second=0)
    moment: dict[str, Any] = {"booked_from": starts, "booked_to": starts + 2 * QUARTER, "not_before": starts}
    desk.promise(None, "+32470333333", 5, state=CallbackState.RESTING, **moment)
    desk.promise(None, "+32470444444", 5, state=CallbackState.RESTING, pinned_agent_id=ann, **moment)
    free, his = blocks(desk)
    assert [(each.kind, each.starts, each.ends, each.late) for each in (free, his)] == [
        (Kind.APPOINTMENT, starts, starts + 2 * QUARTER, False)
    ] * 2
    assert (free.agent_id, his.agent_id) == (None, ann)
    desk.clock.at = starts + timedelta(hours=1)
    assert [block.late for block in blocks(desk) if block.kind is Kind.APPOINTMENT] == [True, True]


def test_what_rests_stands_where_it_wakes_when_nobody_can_be_foreseen_to_call_it(desk: Desk) -> None:
    wakes = TUESDAY + timedelta(hours=3)
    desk.promise(None, "+32470333333", 90, state=CallbackState.RESTING, tries=1, not_before=wakes)
    (resting,) = blocks(desk)
    assert (resting.kind, resting.agent_id, resting.starts) == (Kind.RESTING, None, wakes)


def test_each_day_holds_its_own_and_nothing_of_another(desk: Desk, ann: int) -> None:
    desk.promise(None, "+32470333333", 5)
    old = desk.promise(None, "+32470444444", 1500, state=CallbackState.DONE, closed_at=TUESDAY)
    desk.attempt(old, ann, 1445, ENDED, customer_outcome=BRIDGED, talk_seconds=60)
    later = TUESDAY + timedelta(days=9)
    moment: dict[str, Any] = {"booked_from": later, "booked_to": later + QUARTER, "not_before": later}
    desk.promise(None, "+32470555555", 5, state=CallbackState.RESTING, **moment)
    ahead = [(-2, []), (-1, [Kind.DONE]), (0, [Kind.PLANNED]), (1, []), (9, [Kind.APPOINTMENT]), (900, [])]
    found = [(n, [each.kind for each in blocks(desk, TODAY + timedelta(days=n))]) for n, _ in ahead]
    assert found == ahead


def test_of_thousands_the_first_are_read_and_the_others_counted(desk: Desk) -> None:
    for n in range(14):
        desk.person(f"Agent{n} Peeters", phone=f"+324700001{n:02}")
    for n in range(MOST_FORESEEN + 7):
        desk.promise(None, f"+32470{n:06}", 60)
    read = sheet(desk)
    assert (len(read.blocks), read.left_out) == (MOST_FORESEEN, 7)


def test_who_is_off_duty_has_a_column_only_where_something_stands_in_it(desk: Desk, ann: int) -> None:
    bram = desk.person("Bram Claes", state=AgentState.OFF_DUTY)
    assert [column.name for column in sheet(desk).columns] == ["Ann De Smet"]
    row = desk.promise(None, "+32470333333", 90)
    desk.attempt(row, bram, 65, ENDED, customer_outcome=CustomerOutcome.BUSY)
    assert [column.id for column in sheet(desk).columns] == [ann, bram]


def test_who_took_calls_and_is_a_supervisor_now_keeps_his_column_of_that_day(desk: Desk) -> None:
    els = desk.person("Els Wouters", Role.SUPERVISOR)
    desk.person("Odile Renard", Role.SUPERVISOR)
    row = desk.promise(None, "+32470333333", 90)
    desk.attempt(row, els, 65, ENDED, customer_outcome=CustomerOutcome.BUSY)
    assert [column.id for column in sheet(desk).columns] == [els]


def test_who_works_by_shifts_has_a_column_on_those_days_and_is_away_outside_of_them(desk: Desk, ann: int) -> None:
    desk.person("Bram Claes", state=AgentState.OFF_DUTY)
    shift(desk, ann, time(9), time(12))
    tomorrow = TODAY + timedelta(days=1)
    with desk.database.write() as session:
        absent = datetime(2026, 11, 25, 9, 0, tzinfo=UTC), datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
        roster.add_absence(session, ann, *absent, "dentist", Cause(TUESDAY, "Els", "absence"))
    (column,) = sheet(desk, tomorrow).columns
    away = [tuple(f"{at:%H:%M}" for at in span) for span in column.away]
    assert away == [("23:00", "08:00"), ("09:00", "10:00"), ("11:00", "23:00")]


def test_a_day_on_which_nobody_is_known_to_work_shows_everybody(desk: Desk, ann: int) -> None:
    assert [column.id for column in sheet(desk, TODAY + timedelta(days=90)).columns] == [ann]


def test_what_the_page_has_read_already_is_not_read_again_and_gives_the_same(desk: Desk, ann: int) -> None:
    desk.promise(None, "+32470333333", 5)
    row = desk.promise(None, "+32470444444", 90)
    desk.attempt(row, ann, 65, ENDED, customer_outcome=CustomerOutcome.BUSY)
    with desk.database.read() as session:
        known = day.read(session, desk.rules, desk.clock.now())
        assert day_blocks.read(session, desk.rules, desk.clock.now(), TODAY, known) == sheet(desk)
        assert known.queue[0].planned is not None


def test_a_clock_that_shows_another_century_leaves_a_day_without_hours_and_no_error(desk: Desk, ann: int) -> None:
    del ann
    desk.promise(None, "+32470333333", 5)
    desk.clock.at = datetime(2140, 1, 1, tzinfo=UTC)
    read = sheet(desk, date(2140, 1, 1))
    assert (read.windows, read.blocks) == ([], [])
