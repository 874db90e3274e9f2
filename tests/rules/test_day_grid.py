"""Where everything stands on a day that is drawn."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.errors import RuleRefused
from callbacks.rules.calendar import Window
from callbacks.rules.day_grid import Grid, Piece, Shade, bounds, grid, written_day

BRUSSELS = ZoneInfo("Europe/Brussels")
TUESDAY = date(2026, 11, 24)
SUMMER_ENDS, SUMMER_BEGINS = date(2026, 10, 25), date(2026, 3, 29)


def wall(time: str, day: date = TUESDAY) -> datetime:
    return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=BRUSSELS).astimezone(UTC)


WINDOWS = [Window(wall("09:00"), wall("12:00")), Window(wall("13:00"), wall("17:00"))]


def drawn(
    *pieces: Piece,
    day: date = TUESDAY,
    windows: list[Window] = WINDOWS,
    away: tuple[tuple[int, tuple[datetime, datetime]], ...] = (),
    now: str = "10:40",
) -> Grid:
    return grid(day, BRUSSELS, pieces, windows, away, wall(now, day))


def piece(starts: str, ends: str, column: int = 0, least: int = 1) -> Piece:
    return Piece(column, wall(starts), wall(ends), least)


def reach(laid: Grid) -> str:
    return f"{laid.starts.astimezone(BRUSSELS):%a %H:%M}-{laid.ends.astimezone(BRUSSELS):%a %H:%M}"


def test_a_quiet_day_is_drawn_from_half_past_eight_to_half_past_five() -> None:
    laid = drawn()
    assert (reach(laid), laid.minutes) == ("Tue 08:30-Tue 17:30", 540)
    assert [f"{at.astimezone(BRUSSELS):%H:%M} {top}" for at, top in laid.hours][:2] == ["09:00 30", "10:00 90"]


def test_closed_hours_and_the_break_between_two_windows_are_shaded_each_as_what_it_is() -> None:
    shades = [(each.top, each.height, each.shade) for each in drawn().shades]
    assert shades == [(0, 30, Shade.CLOSED), (210, 60, Shade.BREAK), (510, 30, Shade.CLOSED)]


def test_a_day_without_windows_is_closed_from_top_to_bottom() -> None:
    assert [(each.top, each.height, each.shade) for each in drawn(windows=[]).shades] == [(0, 540, Shade.CLOSED)]


def test_who_is_away_is_shaded_in_his_column_and_only_while_the_others_work() -> None:
    laid = drawn(away=((2, (wall("11:00"), wall("14:00"))),))
    away = [(each.column, each.top, each.height) for each in laid.shades if each.shade is Shade.AWAY]
    assert away == [(2, 150, 60), (2, 270, 60)]


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ("08:10", "08:40", "Tue 08:00-Tue 17:30"),
        ("17:20", "17:31", "Tue 08:30-Tue 18:00"),
        ("17:20", "17:30", "Tue 08:30-Tue 17:30"),
        ("00:00", "00:05", "Tue 00:00-Tue 17:30"),
    ],
)
def test_the_drawing_reaches_to_what_lies_outside_the_usual_hours(starts: str, ends: str, words: str) -> None:
    assert reach(drawn(piece(starts, ends))) == words


def test_an_extra_opening_in_the_evening_widens_the_day() -> None:
    assert reach(drawn(windows=[*WINDOWS, Window(wall("19:00"), wall("20:15"))])) == "Tue 08:30-Tue 20:30"


def test_what_began_yesterday_is_drawn_from_midnight_and_nothing_reaches_into_tomorrow() -> None:
    night = Piece(0, wall("09:00") - timedelta(days=1), wall("12:00") + timedelta(days=1))
    laid = drawn(night)
    assert reach(laid) == "Tue 00:00-Wed 00:00"
    assert (laid.places[0].top, laid.places[0].height) == (0, 1440)


def test_two_calls_of_one_agent_at_once_share_his_column_and_the_next_has_it_to_itself() -> None:
    laid = drawn(piece("09:00", "09:30"), piece("09:10", "09:20"), piece("09:30", "09:40"), piece("09:10", "09:20", 1))
    assert [(each.lane, each.lanes) for each in laid.places] == [(0, 2), (1, 2), (0, 1), (0, 1)]


def test_calls_foreseen_one_after_the_other_do_not_overlap_by_their_seconds() -> None:
    begins = [wall("10:46:04") + timedelta(minutes=12 * n) for n in range(3)]
    laid = drawn(*(Piece(0, at, at + timedelta(minutes=12)) for at in begins))
    assert {each.lanes for each in laid.places} == {1}


def test_a_call_of_a_moment_is_as_high_as_it_must_be_to_be_seen() -> None:
    assert drawn(piece("09:00", "09:00", least=12)).places[0].height == 12


@pytest.mark.parametrize(("now", "line"), [("10:40", 130), ("08:30", 0), ("08:29", None), ("17:30", None)])
def test_the_line_of_this_moment_is_drawn_only_inside(now: str, line: int | None) -> None:
    assert drawn(now=now).now == line


def test_another_day_has_no_line_of_this_moment() -> None:
    assert grid(TUESDAY, BRUSSELS, [], WINDOWS, [], wall("10:40") + timedelta(days=1)).now is None


@pytest.mark.parametrize(("day", "hours", "twice"), [(SUMMER_ENDS, 25, 2), (SUMMER_BEGINS, 23, 0)])
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_lasts(day: date, hours: int, twice: int) -> None:
    starts, ends = bounds(day, BRUSSELS)
    laid = grid(day, BRUSSELS, [Piece(0, starts, ends)], [], [], starts)
    assert laid.minutes == hours * 60
    assert len(laid.hours) == hours
    assert [at.astimezone(BRUSSELS).hour for at, _ in laid.hours].count(2) == twice


MOMENTS = st.integers(min_value=-300, max_value=1700).map(lambda n: wall("00:00") + timedelta(minutes=n))
PIECES = st.lists(
    st.builds(
        lambda column, starts, length, least: Piece(column, starts, starts + timedelta(minutes=length), least),
        st.integers(0, 2), MOMENTS.filter(lambda at: at < wall("23:59")), st.integers(0, 400), st.integers(1, 20),
    ),
    max_size=25,
)  # fmt: skip


@given(PIECES)
def test_whatever_the_day_holds_nothing_covers_anything_else_or_leaves_the_drawing(pieces: list[Piece]) -> None:
    today = [each for each in pieces if each.over > wall("00:00")]
    laid = drawn(*today)
    assert len(laid.places) == len(today)
    for each, place in zip(today, laid.places, strict=True):
        assert place.column == each.column
        assert place.height >= each.least
        assert 0 <= place.top <= place.top + place.height <= laid.minutes
        assert 0 <= place.lane < place.lanes
    for one, other in combinations(laid.places, 2):
        apart = one.top + one.height <= other.top or other.top + other.height <= one.top
        same = one.column == other.column
        assert apart or not same or (one.lane != other.lane and one.lanes == other.lanes)


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "tomorrow", "24/11/2026", "2024-12-31", "2100-01-01", "2026-11-24x"]
)
def test_what_is_no_day_of_the_calendar_is_refused_beside_its_field(text: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        written_day(text)
    assert refused.value.field == "date"


def test_a_day_is_read_as_it_is_written() -> None:
    assert written_day(" 2026-11-24 ") == TUESDAY
