"""What is read of a week: the room there is, and what was promised into it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from callbacks.rules.room import Room
from callbacks.store import week
from callbacks.store.hours import add_override
from callbacks.store.week import DayLoad
from models.sessions import Database
from models.vocabulary import AttemptState, CallbackState, CustomerOutcome, OverrideKind
from tests.web.desk import TUESDAY, Desk

MONDAY = date(2026, 11, 23)
TWELVE_MINUTES = timedelta(minutes=12)


@pytest.fixture
def desk(database: Database) -> Desk:
    """An open desk on Tuesday at twenty to eleven."""
    desk = Desk(database)
    desk.open()
    return desk


def days(desk: Desk, monday: date = MONDAY) -> list[DayLoad]:
    with desk.database.read() as session:
        return week.read(session, desk.rules, desk.clock.now(), monday)


def test_every_day_has_its_windows_and_the_room_of_those_who_work(desk: Desk) -> None:
    desk.person("Ann De Smet", phone="+32470000001")
    desk.person("Bram Claes", phone="+32470000002")
    found = days(desk)
    assert [len(each.windows) for each in found] == [2, 2, 2, 2, 2, 0, 0]
    assert found[0].room is None, "yesterday's room is gone"
    # Seven hours without the last two minutes of both windows; thirteen whole half hours are left of them.
    assert found[2].room == Room(2 * timedelta(hours=6, minutes=56), 2 * (5 + 7))
    assert found[1].room is not None
    assert found[1].room.time == 2 * timedelta(hours=5, minutes=15, seconds=56), "what is left of today"
    assert found[5].room == Room(timedelta(0), 0)


def test_moments_chosen_and_promises_without_one_are_counted_on_their_day(desk: Desk) -> None:
    desk.person("Ann De Smet", phone="+32470000001")
    starts = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    half = timedelta(minutes=30)
    desk.promise(
        None, "+32470333333", 5,
        state=CallbackState.RESTING, not_before=starts, booked_from=starts, booked_to=starts + half,
        promise_from=starts, promise_to=starts + half,
    )  # fmt: skip
    desk.promise(None, "+32470444444", 5, promise_from=starts, promise_to=starts + half)
    desk.promise(None, "+32470555555", 5, state=CallbackState.DONE, closed_at=TUESDAY, promise_from=starts)
    found = days(desk)
    assert [each.booked for each in found] == [0, 0, 1, 0, 0, 0, 0]
    assert [each.promised for each in found] == [0, 0, 1, 0, 0, 0, 0]
    assert found[2].spoken_for == half + TWELVE_MINUTES
    assert [each.planned for each in found] == [0, 1, 1, 0, 0, 0, 0], "one now, one at his moment"


def test_what_was_done_is_counted_on_the_day_it_was(desk: Desk) -> None:
    ann = desk.person("Ann De Smet")
    row = desk.promise(None, "+32470333333", 1600)
    desk.attempt(row, ann, 1445, AttemptState.ENDED, customer_outcome=CustomerOutcome.BUSY)
    desk.attempt(row, ann, 1440, AttemptState.ENDED, n=2, customer_outcome=CustomerOutcome.BRIDGED, talk_seconds=9)
    desk.attempt(row, ann, 3, AttemptState.BRIDGED, n=3)
    assert [(each.tried, each.talked) for each in days(desk)] == [(2, 1), *[(0, 0)] * 6]


def test_a_closure_takes_the_room_of_its_day(desk: Desk) -> None:
    desk.person("Ann De Smet", phone="+32470000001")
    starts = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)
    with desk.database.write() as session:
        ends = starts + timedelta(days=1)
        add_override(session, desk.rules, OverrideKind.CLOSURE, starts, ends, "team day", "Els", TUESDAY)
    thursday = days(desk)[3]
    assert (thursday.windows, thursday.room) == ([], Room(timedelta(0), 0))
    assert [each.note for each in thursday.exceptions] == ["team day"]


def test_a_week_beyond_what_is_planned_has_hours_but_no_room_yet(desk: Desk) -> None:
    desk.person("Ann De Smet", phone="+32470000001")
    far = days(desk, MONDAY + timedelta(weeks=60))
    assert len(far[0].windows) == 2
    assert {each.room for each in far} == {None}
