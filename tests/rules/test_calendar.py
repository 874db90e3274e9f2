"""The calendar against the wall clock of Brussels and the legal holidays of 2026-2028, written down anew."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callbacks.errors import RefusedInput
from callbacks.rules.calendar import EPOCH, Calendar, NeverOpen, OutOfReach, Override, OverrideKind, Window

BRUSSELS = ZoneInfo("Europe/Brussels")
HOURS = "Mo-Fr 09:00-12:00,13:00-17:00; PH off"
ENVELOPE = "Mo-Fr 09:00-12:00,13:00-17:00"
DESK = Calendar(HOURS, ENVELOPE, BRUSSELS)
MICRO = timedelta(microseconds=1)
NEARBY = [timedelta(0)] + [sign * step for sign in (1, -1) for step in (MICRO, 1000 * MICRO, timedelta(seconds=1))]
CLOCK_CHANGES = [(2026, 3, 29), (2026, 10, 25), (2027, 3, 28), (2027, 10, 31), (2028, 3, 26), (2028, 10, 29)]

# The ten legal holidays as the law and the almanac give them, written down by hand.
HOLIDAYS = {
    date(year, month, day)
    for year, days in {
        2026: "1-1 4-6 5-1 5-14 5-25 7-21 8-15 11-1 11-11 12-25",
        2027: "1-1 3-29 5-1 5-6 5-17 7-21 8-15 11-1 11-11 12-25",
        2028: "1-1 4-17 5-1 5-25 6-5 7-21 8-15 11-1 11-11 12-25",
    }.items()
    for month, day in (map(int, each.split("-")) for each in days.split())
}
exactly = settings(deadline=None, derandomize=True, max_examples=300)


def wall_says_open(at: datetime) -> bool:
    wall = at.astimezone(BRUSSELS)
    return wall.weekday() < 5 and wall.date() not in HOLIDAYS and (9 <= wall.hour < 12 or 13 <= wall.hour < 17)


def brussels(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=BRUSSELS).astimezone(UTC)


@lru_cache(maxsize=1)
def stretches() -> list[tuple[datetime, datetime]]:
    """Every window of 2026-2028 by almanac."""
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(1096))
    working = [day for day in days if day.weekday() < 5 and day not in HOLIDAYS]
    return [(brussels(day, opens), brussels(day, closes)) for day in working for opens, closes in ((9, 12), (13, 17))]


def edges() -> list[datetime]:
    return [edge for stretch in stretches() for edge in stretch]


def within(first: date, days: int) -> st.SearchStrategy[datetime]:
    start = datetime.combine(first, time(), tzinfo=UTC) - timedelta(hours=2)
    return st.integers(0, days * 86_400_000_000).map(lambda n: start + n * MICRO)


instants = st.one_of(
    st.builds(lambda edge, off: edge + off, st.sampled_from(edges()), st.sampled_from(NEARBY)),
    st.sampled_from(CLOCK_CHANGES).flatmap(lambda ymd: within(date(*ymd) - timedelta(days=3), 7)),
    st.sampled_from(sorted(HOLIDAYS)).flatmap(lambda day: within(day, 1)),
    st.sampled_from([2026, 2027]).flatmap(lambda year: within(date(year, 12, 31), 2)),
    within(date(2028, 2, 29), 1),
    within(date(2026, 1, 2), 1090),
).filter(lambda at: datetime(2026, 1, 1, tzinfo=UTC) <= at < datetime(2028, 12, 20, tzinfo=UTC))


def test_every_edge_of_three_years_is_open_from_its_first_microsecond_and_closed_from_its_last() -> None:
    wrong = [
        edge + off for edge in edges() for off in NEARBY if DESK.is_open(edge + off) is not wall_says_open(edge + off)
    ]
    assert wrong == []
    assert len(edges()) == (253 + 254 + 252) * 4


def test_every_quarter_of_an_hour_around_clock_changes_holidays_and_new_year_agrees_with_the_wall() -> None:
    special = {date(*ymd) for ymd in CLOCK_CHANGES} | HOLIDAYS | {date(2026, 12, 31), date(2028, 2, 29)}
    for day in special:
        start = datetime.combine(day, time(), tzinfo=UTC) - timedelta(days=3)
        for quarter in range(7 * 96):
            at = start + timedelta(minutes=15 * quarter)
            if 2026 <= at.astimezone(BRUSSELS).year <= 2028:
                assert DESK.is_open(at) is wall_says_open(at), at


@exactly
@given(instants)
def test_open_means_what_the_wall_clock_says(at: datetime) -> None:
    assert DESK.is_open(at) is wall_says_open(at)


@exactly
@given(instants)
def test_next_open_is_the_first_open_instant_and_leaves_open_ones_alone(at: datetime) -> None:
    answer = DESK.next_open(at)
    expected = at if wall_says_open(at) else next(opens for opens, _ in stretches() if opens > at)
    assert answer == expected
    assert answer >= at
    assert wall_says_open(answer)
    assert DESK.next_open(answer) == answer


@exactly
@given(instants)
def test_the_window_of_an_instant_holds_it_and_the_next_one_is_the_first_to_close_later(at: datetime) -> None:
    expected = next(Window(*stretch) for stretch in stretches() if stretch[1] > at)
    assert DESK.next_window(at) == expected
    holding = DESK.window_at(at)
    assert holding == (expected if expected.opens <= at else None)
    assert DESK.open_until(at) == (expected.closes if holding else None)


@exactly
@given(instants, st.integers(0, 600))
def test_an_agent_is_rung_only_while_more_than_the_margin_is_left(at: datetime, margin: int) -> None:
    left = next((closes - at for opens, closes in stretches() if opens <= at < closes), timedelta(0))
    assert DESK.may_ring_agent(at, margin) is (left > timedelta(seconds=margin) and left > timedelta(0))


@pytest.mark.parametrize(
    ("wall", "allowed"),
    [
        ("11:57:59.999999", True),
        ("11:58:00", False),
        ("11:59:59", False),
        ("12:00:00", False),
        ("12:59:59.999999", False),
        ("13:00:00", True),
        ("16:57:59", True),
        ("16:58:00", False),
        ("17:00:00", False),
        ("08:59:59.999999", False),
        ("09:00:00", True),
    ],
)
def test_with_two_minutes_of_margin_agents_ring_exactly_then(wall: str, allowed: bool) -> None:
    at = datetime.combine(date(2026, 11, 24), time.fromisoformat(wall), tzinfo=BRUSSELS)
    assert DESK.may_ring_agent(at, 120) is allowed


@exactly
@given(instants, instants)
def test_open_time_between_two_instants_is_the_sum_over_the_almanac(one: datetime, other: datetime) -> None:
    expected = sum(
        (min(closes, other) - max(opens, one) for opens, closes in stretches() if opens < other and closes > one),
        timedelta(0),
    )
    if one <= other:
        assert DESK.open_time_between(one, other) == expected
    assert DESK.open_time_between(other, one) == -DESK.open_time_between(one, other)


@exactly
@given(instants)
@example(EPOCH)
@example(EPOCH + MICRO)
def test_open_seconds_are_counted_from_new_year_2026_and_rounded_down(at: datetime) -> None:
    assert DESK.open_seconds_at(at) == DESK.open_time_between(EPOCH, at) // timedelta(seconds=1)
    assert DESK.open_seconds_at(at) >= 0


def test_open_seconds_before_the_epoch_are_negative() -> None:
    assert DESK.open_seconds_at(datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC)) == -1
    assert DESK.open_seconds_at(datetime(2025, 12, 31, 16, tzinfo=UTC)) == 0


@exactly
@given(instants.filter(lambda at: at.year < 2028), st.one_of(st.integers(0, 60), st.integers(0, 400_000)))
def test_adding_open_time_ends_at_the_first_open_instant_by_which_it_has_passed(at: datetime, seconds: int) -> None:
    answer = DESK.add_open_time(at, seconds)
    assert wall_says_open(answer)
    assert DESK.open_time_between(at, answer) == timedelta(seconds=seconds)
    if answer > at and wall_says_open(answer - MICRO):
        assert DESK.open_time_between(at, answer - MICRO) < timedelta(seconds=seconds)
    assert DESK.add_open_time(answer, 0) == answer


def test_eight_open_hours_after_christmas_eve_pass_over_christmas_and_the_weekend() -> None:
    start = datetime(2026, 12, 24, 16, 10, tzinfo=BRUSSELS)
    assert DESK.add_open_time(start, 8 * 3600) == datetime(2026, 12, 29, 9, 10, tzinfo=BRUSSELS)


def test_three_hours_from_nine_end_when_the_desk_opens_again_at_one() -> None:
    start = datetime(2026, 11, 24, 9, tzinfo=BRUSSELS)
    assert DESK.add_open_time(start, 3 * 3600) == datetime(2026, 11, 24, 13, tzinfo=BRUSSELS)
    with pytest.raises(ValueError, match="forward"):
        DESK.add_open_time(start, -1)


@pytest.mark.parametrize(("year", "days"), [(2026, 253), (2027, 254), (2028, 252)])
def test_each_year_has_its_working_days_of_seven_hours(year: int, days: int) -> None:
    per_day = [
        sum((window.closes - window.opens for window in DESK.windows_on(day)), timedelta(0))
        for day in (date(year, 1, 1) + timedelta(days=n) for n in range(366))
        if day.year == year
    ]
    assert per_day.count(timedelta(hours=7)) == days
    assert per_day.count(timedelta(0)) == len(per_day) - days


@pytest.mark.parametrize(
    ("closed", "opens"),
    [("2027-10-29", "2027-11-02"), ("2027-03-26", "2027-03-30"), ("2026-12-31", "2027-01-04")],
)
def test_long_weekends_end_on_the_right_morning(closed: str, opens: str) -> None:
    evening = datetime.combine(date.fromisoformat(closed), time(17), tzinfo=BRUSSELS)
    assert DESK.next_open(evening) == datetime.combine(date.fromisoformat(opens), time(9), tzinfo=BRUSSELS)


def test_windows_between_are_whole_and_half_open_on_both_sides() -> None:
    at = [brussels(date(2026, 11, 24), hour) for hour in (9, 10, 12, 13)]
    morning, afternoon = DESK.windows_on(date(2026, 11, 24))
    assert DESK.windows_between(at[1], at[3]) == [morning]
    assert DESK.windows_between(at[1], at[3] + MICRO) == [morning, afternoon]
    assert DESK.windows_between(at[2], at[3]) == []
    assert DESK.windows_between(at[3], at[1]) == []
    assert DESK.windows_on(date(2026, 11, 22)) == []


def test_naive_datetimes_are_refused_by_every_question() -> None:
    naive = datetime(2026, 11, 24, 10)  # noqa: DTZ001
    aware = naive.replace(tzinfo=UTC)
    for ask in (
        lambda: DESK.is_open(naive),
        lambda: DESK.window_at(naive),
        lambda: DESK.next_open(naive),
        lambda: DESK.next_window(naive),
        lambda: DESK.open_until(naive),
        lambda: DESK.may_ring_agent(naive, 0),
        lambda: DESK.open_seconds_at(naive),
        lambda: DESK.open_time_between(aware, naive),
        lambda: DESK.add_open_time(naive, 1),
        lambda: DESK.windows_between(naive, aware),
        lambda: Override(OverrideKind.CLOSURE, naive, aware),
    ):
        with pytest.raises(TypeError, match="naive"):
            ask()


def test_an_instant_may_be_given_in_any_zone() -> None:
    tokyo = datetime(2026, 11, 24, 17, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert DESK.is_open(tokyo)
    assert DESK.next_open(tokyo) == tokyo


def test_hours_that_never_come_are_an_error_and_not_an_endless_search() -> None:
    shut = Calendar("off", ENVELOPE, BRUSSELS)
    assert not shut.is_open(EPOCH)
    assert shut.windows_between(EPOCH, EPOCH + timedelta(days=400)) == []
    with pytest.raises(NeverOpen, match="two years"):
        shut.next_open(EPOCH)
    once = Calendar("2028 Jan 10 09:00-12:00", ENVELOPE, BRUSSELS)
    assert once.next_open(datetime(2026, 1, 10, 9, tzinfo=UTC)) == datetime(2028, 1, 10, 8, tzinfo=UTC)
    with pytest.raises(NeverOpen):
        once.next_open(datetime(2026, 1, 8, tzinfo=UTC))
    with pytest.raises(NeverOpen):
        once.add_open_time(EPOCH + timedelta(days=30), 3 * 3600)


def test_a_lost_clock_is_noticed() -> None:
    for year in (1970, 2024, 2100):
        with pytest.raises(OutOfReach, match="clock"):
            DESK.is_open(datetime(year, 1, 5, 10, tzinfo=UTC))


def test_hours_that_cannot_be_read_are_refused_at_the_first_question() -> None:
    with pytest.raises(RefusedInput, match="column 1"):
        Calendar("ma-vr 09:00-12:00", ENVELOPE, BRUSSELS).is_open(EPOCH)


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    for hours in (HOURS, "24/7"):
        fresh, used = (Calendar(hours, "24/7", BRUSSELS) for _ in range(2))
        used.next_open(datetime(2030, 5, 5, tzinfo=UTC))
        at = datetime(2026, 12, 31, 15, tzinfo=UTC)
        assert fresh.window_at(at) == used.window_at(at)
        assert fresh.open_seconds_at(at) == used.open_seconds_at(at)
