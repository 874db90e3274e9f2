"""The moments that a demo's clock can be moved to, against the wall clock of Brussels."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.rules.calendar import Calendar, Override, OverrideKind
from callbacks.rules.demo_moments import moments_after

BRUSSELS = ZoneInfo("Europe/Brussels")
ENVELOPE = "Mo-Fr 09:00-12:00,13:00-17:00"
DESK = Calendar(f"{ENVELOPE}; PH off", ENVELOPE, BRUSSELS)
ALWAYS = Calendar("24/7", "24/7", BRUSSELS, country=None)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS).astimezone(UTC)


def told(calendar: Calendar, now: datetime) -> dict[str, str]:
    """Return the moments after `now` as the wall clock of Brussels shows them."""
    found = moments_after(calendar, now)
    return {each.name: f"{each.at.astimezone(calendar.zone):%Y-%m-%d %H:%M}" for each in found}


def closed(first: str, last: str) -> Calendar:
    override = Override(OverrideKind.CLOSURE, wall(first), wall(last))
    return Calendar(DESK.opening_hours, DESK.envelope, BRUSSELS, overrides=(override,))


def four(opening: str, day: str, lunch: str, week: str) -> dict[str, str]:
    return {"next_opening": opening, "next_working_day": day, "lunch_break": lunch, "end_of_week": week}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # An ordinary Tuesday: in the morning, in its break, in the evening.
        ("2026-11-24 10:40", four("2026-11-24 13:00", "2026-11-25 09:00", "2026-11-24 12:10", "2026-11-27 16:50")),
        ("2026-11-24 12:05", four("2026-11-24 13:00", "2026-11-25 09:00", "2026-11-25 12:10", "2026-11-27 16:50")),
        ("2026-11-24 20:00", four("2026-11-25 09:00", "2026-11-25 09:00", "2026-11-25 12:10", "2026-11-27 16:50")),
        # Before dawn the next opening is today's, the next working day tomorrow's.
        ("2026-11-24 03:00", four("2026-11-24 09:00", "2026-11-25 09:00", "2026-11-24 12:10", "2026-11-27 16:50")),
        # The very instant of an opening, of a closing and of the end of a week have come already.
        ("2026-11-24 09:00", four("2026-11-24 13:00", "2026-11-25 09:00", "2026-11-24 12:10", "2026-11-27 16:50")),
        ("2026-11-24 12:00", four("2026-11-24 13:00", "2026-11-25 09:00", "2026-11-25 12:10", "2026-11-27 16:50")),
        ("2026-11-27 16:50", four("2026-11-30 09:00", "2026-11-30 09:00", "2026-11-30 12:10", "2026-12-04 16:50")),
        # The evening before a holiday that makes a long weekend (Good Friday is none, Easter Monday is).
        ("2026-04-02 18:00", four("2026-04-03 09:00", "2026-04-03 09:00", "2026-04-03 12:10", "2026-04-03 16:50")),
        ("2026-04-03 16:55", four("2026-04-07 09:00", "2026-04-07 09:00", "2026-04-07 12:10", "2026-04-10 16:50")),
        # Christmas on a Friday: the week ends on Thursday.
        ("2026-12-21 10:00", four("2026-12-21 13:00", "2026-12-22 09:00", "2026-12-21 12:10", "2026-12-24 16:50")),
        # Over the two nights in which the clocks change.
        ("2026-03-27 18:00", four("2026-03-30 09:00", "2026-03-30 09:00", "2026-03-30 12:10", "2026-04-03 16:50")),
        ("2026-10-23 18:00", four("2026-10-26 09:00", "2026-10-26 09:00", "2026-10-26 12:10", "2026-10-30 16:50")),
    ],
)
def test_the_four_moments_are_those_of_the_wall_clock(now: str, expected: dict[str, str]) -> None:
    assert told(DESK, wall(now)) == expected


def test_a_closed_wednesday_is_no_weekend_and_a_closed_thursday_and_friday_are() -> None:
    assert told(closed("2026-11-25 00:00", "2026-11-26 00:00"), wall("2026-11-24 20:00")) == four(
        "2026-11-26 09:00", "2026-11-26 09:00", "2026-11-26 12:10", "2026-11-27 16:50"
    )
    assert told(closed("2026-11-26 00:00", "2026-11-28 00:00"), wall("2026-11-24 20:00"))["end_of_week"] == (
        "2026-11-25 16:50"
    )


def test_an_afternoon_off_leaves_no_lunch_break_on_its_day() -> None:
    afternoon_off = closed("2026-11-24 12:00", "2026-11-24 17:00")
    assert told(afternoon_off, wall("2026-11-24 10:00"))["lunch_break"] == "2026-11-25 12:10"


def test_what_is_shorter_than_ten_minutes_is_met_in_its_middle() -> None:
    hours = "Mo-Th 09:00-12:00,12:04-17:00; Fr 09:00-12:00,16:56-17:00"
    calendar = Calendar(hours, "Mo-Fr 09:00-17:00", BRUSSELS)
    found = told(calendar, wall("2026-11-24 10:00"))
    assert (found["lunch_break"], found["end_of_week"]) == ("2026-11-24 12:02", "2026-11-27 16:58")


def test_a_desk_that_never_opens_again_has_no_moments() -> None:
    never = closed("2026-11-24 00:00", "2099-01-01 00:00")
    assert told(never, wall("2026-11-24 10:00")) == {}


def test_a_desk_that_never_closes_has_no_moments() -> None:
    assert told(ALWAYS, wall("2026-11-24 10:00")) == {}


def test_a_desk_without_a_break_or_a_weekend_has_the_other_moments() -> None:
    daily = Calendar("Mo-Su 09:00-17:00", "Mo-Su 09:00-17:00", BRUSSELS, country=None)
    assert set(told(daily, wall("2026-11-24 10:00"))) == {"next_opening", "next_working_day"}


def test_a_clock_that_is_lost_has_no_moments_and_no_error() -> None:
    assert told(DESK, datetime(1970, 1, 1, tzinfo=UTC)) == {}


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(TypeError, match="naive"):
        moments_after(DESK, datetime(2026, 11, 24, 10))  # noqa: DTZ001 - this is what is refused


MINUTES = st.integers(0, 3 * 365 * 1440)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(MINUTES)
def test_each_moment_lies_ahead_and_is_what_its_name_says(minutes: int) -> None:
    now = datetime.combine(date(2026, 1, 1), time(), tzinfo=UTC) + timedelta(minutes=minutes)
    at = {each.name: each.at for each in moments_after(DESK, now)}
    little, moment = timedelta(minutes=10), timedelta(microseconds=1)
    assert len(at) == 4
    assert all(each > now for each in at.values())
    opening, day, lunch, week = at["next_opening"], at["next_working_day"], at["lunch_break"], at["end_of_week"]
    assert DESK.is_open(opening)
    assert not DESK.is_open(opening - moment)
    assert day.astimezone(BRUSSELS).date() > now.astimezone(BRUSSELS).date()
    assert f"{day.astimezone(BRUSSELS):%H:%M}" == "09:00"
    assert f"{lunch.astimezone(BRUSSELS):%H:%M}" == "12:10"
    assert not DESK.is_open(lunch)
    assert DESK.is_open(lunch - little - moment)
    assert DESK.open_until(week) == week + little
    assert DESK.next_open(week + little) - (week + little) >= timedelta(hours=48)
