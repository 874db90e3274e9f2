"""Which moments cannot stay where they are under other hours, and which holidays another day is given for."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from callbacks.rules.calendar import Calendar, Override
from callbacks.rules.moved_moments import holidays_on_weekends, is_moved
from models.vocabulary import OverrideKind

HOURS = "Mo-Fr 09:00-12:00,13:00-17:00; PH off"
ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CLOSED = Override(
    OverrideKind.CLOSURE, datetime(2026, 11, 26, 10, 30, tzinfo=UTC), datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
)
BEFORE = Calendar(HOURS, "Mo-Fr 09:00-12:00,13:00-17:00", ZONE)
AFTER = Calendar(HOURS, "Mo-Fr 09:00-12:00,13:00-17:00", ZONE, overrides=(CLOSED,))


def at(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day}T{clock}:00+01:00")


@pytest.mark.parametrize(
    ("starts", "ends", "moved"),
    [
        (at(25, "14:00"), at(25, "14:30"), False),
        (at(26, "11:00"), at(26, "11:30"), False),
        (at(26, "11:15"), at(26, "11:45"), True),
        (at(26, "11:30"), at(26, "11:30"), True),
        (at(27, "09:00"), at(27, "09:30"), True),
        (at(27, "14:00"), at(27, "14:30"), False),
        (at(27, "13:45"), at(27, "14:15"), True),
        (at(26, "20:00"), at(26, "20:00"), True),
        (at(25, "20:00"), at(25, "20:00"), False),
    ],
)
def test_a_moment_moves_where_the_closure_takes_any_of_it(starts: datetime, ends: datetime, moved: bool) -> None:
    assert is_moved(BEFORE, AFTER, (starts, ends), NOW) is moved
    assert is_moved(AFTER, BEFORE, (starts, ends), NOW) is moved, "and so it does when the closure is taken back"


def test_what_is_past_of_a_moment_counts_for_nothing() -> None:
    moment = at(27, "13:30"), at(27, "14:30")
    assert is_moved(BEFORE, AFTER, moment, NOW)
    assert not is_moved(BEFORE, AFTER, moment, at(27, "14:00"))


def test_hours_that_never_open_again_move_every_moment() -> None:
    never = Calendar("Mo-Su off", "Mo-Fr 09:00-12:00", ZONE)
    assert is_moved(BEFORE, never, (at(25, "14:00"), at(25, "14:30")), NOW)


def test_the_holidays_on_a_weekend_are_those_of_the_law() -> None:
    # Easter Sunday, 28 March 2027, is no public holiday of the law of 4 January 1974.
    assert holidays_on_weekends(2027) == [date(2027, 5, 1), date(2027, 8, 15), date(2027, 12, 25)]
    assert all(day.weekday() >= 5 for year in range(2026, 2040) for day in holidays_on_weekends(year))
