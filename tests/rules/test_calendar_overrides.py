"""Closures, extra openings, the envelope, and hours that cross midnight or a change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.errors import RefusedInput
from callbacks.rules.calendar import (
    Calendar,
    Override,
    OverrideKind,
    Window,
    check_inside_envelope,
    check_override_inside_envelope,
    parse_hours,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
HOURS = "Mo-Fr 09:00-12:00,13:00-17:00; PH off"
ENVELOPE = "Mo-Fr 09:00-12:00,13:00-17:00"
PLAIN = Calendar(HOURS, ENVELOPE, BRUSSELS)
BARE_ENVELOPE = Calendar(ENVELOPE, ENVELOPE, BRUSSELS, country=None)
MICRO = timedelta(microseconds=1)
CHRISTMAS_WEEK = datetime(2026, 12, 21, tzinfo=UTC)
exactly = settings(deadline=None, derandomize=True, max_examples=150)

edges = st.integers(0, 14 * 24 * 2).map(lambda n: CHRISTMAS_WEEK + timedelta(minutes=30 * n))
overrides = st.builds(
    lambda kind, start, half_hours: Override(kind, start, start + timedelta(minutes=30 * half_hours)),
    st.sampled_from(list(OverrideKind)),
    edges,
    st.integers(1, 100),
)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


@exactly
@given(st.lists(overrides, max_size=5), st.lists(edges, min_size=1, max_size=20))
def test_hours_and_openings_less_closures_inside_the_envelope_is_what_is_open(
    entered: list[Override],
    asked: list[datetime],
) -> None:
    calendar = Calendar(HOURS, ENVELOPE, BRUSSELS, tuple(entered))
    spots = asked + [edge for each in entered for edge in (each.starts, each.ends)]

    def covered(kind: OverrideKind, at: datetime) -> bool:
        return any(each.kind is kind and each.starts <= at < each.ends for each in entered)

    for at in (spot + off for spot in spots for off in (-MICRO, timedelta(0), MICRO)):
        wanted = PLAIN.is_open(at) or covered(OverrideKind.OPENING, at)
        wanted = wanted and not covered(OverrideKind.CLOSURE, at) and BARE_ENVELOPE.is_open(at)
        assert calendar.is_open(at) is wanted


@exactly
@given(st.lists(overrides, max_size=5))
def test_windows_never_touch_overlap_or_stand_empty(entered: list[Override]) -> None:
    windows = Calendar(HOURS, "24/7", BRUSSELS, tuple(entered)).windows_between(
        CHRISTMAS_WEEK - timedelta(days=7),
        CHRISTMAS_WEEK + timedelta(days=30),
    )
    assert all(window.opens < window.closes for window in windows)
    assert all(one.closes < other.opens for one, other in pairwise(windows))


def test_an_opening_over_lunch_joins_both_windows_into_one() -> None:
    lunch = Override(OverrideKind.OPENING, wall("2026-11-24T12:00"), wall("2026-11-24T13:00"))
    day = Calendar(HOURS, "Mo-Fr 09:00-17:00", BRUSSELS, (lunch,)).windows_on(date(2026, 11, 24))
    assert day == [Window(wall("2026-11-24T09:00").astimezone(UTC), wall("2026-11-24T17:00").astimezone(UTC))]


def test_a_holiday_opens_for_an_opening_but_only_within_the_envelope() -> None:
    armistice = Override(OverrideKind.OPENING, wall("2026-11-11T08:00"), wall("2026-11-11T20:00"))
    calendar = Calendar(HOURS, ENVELOPE, BRUSSELS, (armistice,))
    spans = [(window.opens, window.closes) for window in calendar.windows_on(date(2026, 11, 11))]
    assert spans == [
        (wall("2026-11-11T09:00"), wall("2026-11-11T12:00")),
        (wall("2026-11-11T13:00"), wall("2026-11-11T17:00")),
    ]


def test_a_closure_beats_an_opening_over_the_same_time() -> None:
    both = tuple(Override(kind, wall("2026-11-24T09:00"), wall("2026-11-24T12:00")) for kind in OverrideKind)
    assert Calendar(HOURS, ENVELOPE, BRUSSELS, both).next_open(wall("2026-11-24T09:00")) == wall("2026-11-24T13:00")


def test_a_short_closure_inside_a_long_one_does_not_end_it() -> None:
    long = Override(OverrideKind.CLOSURE, wall("2026-11-23T09:00"), wall("2026-11-27T17:00"))
    short = Override(OverrideKind.CLOSURE, wall("2026-11-24T09:00"), wall("2026-11-24T12:00"))
    for entered in ((long, short), (short, long)):
        calendar = Calendar(HOURS, ENVELOPE, BRUSSELS, entered)
        assert calendar.next_open(wall("2026-11-23T09:00")) == wall("2026-11-30T09:00")


def test_a_closure_over_new_year_is_one_closure() -> None:
    holiday = Override(OverrideKind.CLOSURE, wall("2026-12-24T12:00"), wall("2027-01-11T00:00"))
    calendar = Calendar(HOURS, ENVELOPE, BRUSSELS, (holiday,))
    assert calendar.next_open(wall("2026-12-24T12:00")) == wall("2027-01-11T09:00")


def test_a_window_over_new_year_of_utc_is_one_window() -> None:
    calendar = Calendar("Mo-Su 22:00-06:00", "24/7", BRUSSELS)
    at = datetime(2027, 1, 1, tzinfo=UTC)
    for near in (at - MICRO, at):
        assert calendar.window_at(near) == Window(
            datetime(2026, 12, 31, 21, tzinfo=UTC),
            datetime(2027, 1, 1, 5, tzinfo=UTC),
        )
    assert len(calendar.windows_on(date(2027, 1, 1))) == 2


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 5), ("2026-10-25", 7), ("2027-03-28", 5), ("2027-10-31", 7), ("2028-03-26", 5), ("2028-10-29", 7)],
)
def test_midnight_to_six_lasts_an_hour_less_or_more_on_the_night_of_a_clock_change(day: str, hours: int) -> None:
    calendar = Calendar("Su 00:00-06:00", "24/7", BRUSSELS)
    (window,) = calendar.windows_on(date.fromisoformat(day))
    assert window.closes - window.opens == timedelta(hours=hours)


def test_a_quarter_past_two_comes_twice_in_autumn_and_never_in_spring() -> None:
    calendar = Calendar("Su 02:15-02:45", "24/7", BRUSSELS)
    assert [w.opens for w in calendar.windows_on(date(2026, 10, 25))] == [
        datetime(2026, 10, 25, 0, 15, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 15, tzinfo=UTC),
    ]
    assert calendar.windows_on(date(2026, 3, 29)) == []


def test_a_desk_that_never_closes_is_one_window_without_repeats() -> None:
    always = Calendar("24/7", "24/7", BRUSSELS)
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 6, 1, tzinfo=UTC)
    windows = always.windows_between(start, end)
    assert all(one.closes == other.opens for one, other in pairwise(windows))
    assert windows[-1].closes >= end
    assert always.open_time_between(start, end) == end - start
    assert always.add_open_time(start, 500 * 86400) == start + timedelta(days=500)


def test_an_override_must_end_after_it_starts_and_be_of_a_known_kind() -> None:
    at = wall("2026-11-24T09:00")
    with pytest.raises(RefusedInput, match="must end after"):
        Override(OverrideKind.CLOSURE, at, at)
    with pytest.raises(ValueError, match="holiday"):
        Override("holiday", at, at + MICRO)  # type: ignore[arg-type]


def test_the_two_readings_of_an_ambiguous_hour_make_an_hour() -> None:
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS)
    override = Override(OverrideKind.CLOSURE, twice, twice.replace(fold=1))
    assert override.ends - override.starts == timedelta(hours=1)


@pytest.mark.parametrize(
    ("spec", "column"),
    [("", 1), ("ma-vr 09:00-12:00", 1), ("Mo-Fr 9-17", 7), ("Mo-Fr 09:00-25:99", 16)],
)
def test_unreadable_hours_are_refused_with_the_column(spec: str, column: int) -> None:
    with pytest.raises(RefusedInput, match=f"column {column} "):
        parse_hours(spec)


def test_an_unknown_country_is_refused_by_name() -> None:
    with pytest.raises(RefusedInput, match="'XX'"):
        parse_hours(HOURS, "XX")


def test_the_usual_hours_and_shorter_ones_stay_inside_the_envelope() -> None:
    for hours in (HOURS, ENVELOPE, "Mo-Fr 09:00-12:00", "off", "Mo-Fr 09:00-12:00,13:00-17:00; easter -2 days off"):
        check_inside_envelope(hours, ENVELOPE)


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ("Mo-Fr 09:00-17:00", "from 12:00 to 13:00"),
        ("Mo-Fr 08:59-12:00", "from 08:59 to 09:00"),
        ("Mo-Fr 13:00-17:01", "from 17:00 to 17:01"),
        ("Mo-Sa 09:00-12:00", "2025-01-04 from 09:00 to 12:00"),
        ("Mo-Fr 09:00-12:00; Dec 24 09:00-12:00", "2028-12-24 from 09:00 to 12:00"),
        ("24/7", "2025-01-01 from 00:00 to 09:00"),
        ("nonsense", "column"),
    ],
)
def test_hours_outside_the_envelope_are_refused_with_the_first_day(hours: str, reason: str) -> None:
    with pytest.raises(RefusedInput, match=reason):
        check_inside_envelope(hours, ENVELOPE)


def test_an_opening_outside_the_envelope_is_refused_and_a_closure_never() -> None:
    late = (wall("2026-11-24T16:30"), wall("2026-11-24T18:00"))
    with pytest.raises(RefusedInput, match=r"from 2026-11-24 17:00 to 2026-11-24 18:00 \(Europe/Brussels\)"):
        check_override_inside_envelope(Override(OverrideKind.OPENING, *late), ENVELOPE, BRUSSELS)
    check_override_inside_envelope(Override(OverrideKind.CLOSURE, *late), ENVELOPE, BRUSSELS)
    check_override_inside_envelope(
        Override(OverrideKind.OPENING, wall("2026-11-11T13:00"), wall("2026-11-11T17:00")),
        ENVELOPE,
        BRUSSELS,
    )


def test_an_opening_over_new_year_is_measured_against_both_years() -> None:
    night = (wall("2026-12-31T18:00"), wall("2027-01-01T06:00"))
    check_override_inside_envelope(Override(OverrideKind.OPENING, *night), "24/7", BRUSSELS)
    with pytest.raises(RefusedInput, match="2027-01-01"):
        check_override_inside_envelope(Override(OverrideKind.OPENING, *night), "2026 Mo-Su 00:00-24:00", BRUSSELS)
