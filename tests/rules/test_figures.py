from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.rules.figures import FirstTries, Settled, Wait, levels, median, percent, punctuality, waits
from models.vocabulary import PromiseResult

R = PromiseResult
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def at(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


def test_a_median_lies_in_the_middle_whatever_the_order_and_there_is_none_of_nothing() -> None:
    assert median([minutes(90), minutes(5), minutes(10)]) == minutes(10)
    assert median([minutes(20), minutes(10)]) == minutes(15)
    assert median([]) is None


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (0, 7, 0), (7, 7, 100), (1, 2, 50), (1, 3, 33), (2, 3, 67), (1, 1000, 1), (999, 1000, 99)],
)
def test_a_percentage_is_whole_and_100_only_where_nothing_is_missing(
    part: int, whole: int, expected: int | None
) -> None:
    assert percent(part, whole) == expected


def test_waits_are_told_in_open_time_and_by_the_clock() -> None:
    found = waits([Wait(minutes(10), minutes(10)), Wait(minutes(30), minutes(900)), Wait(minutes(20), minutes(80))])
    assert (found.talks, found.median_open, found.median_wall) == (3, minutes(20), minutes(80))
    assert found.longest_open == minutes(30)
    assert waits([]).median_open is None


def test_renewed_and_lapsed_promises_do_not_count_as_kept_or_broken() -> None:
    told = [*[R.KEPT] * 5, R.EARLY, R.RENEWED, R.RENEWED, R.LAPSED]
    found = punctuality([*(Settled(each) for each in told), Settled(R.LATE, minutes(4)), Settled(R.LATE, minutes(12))])
    assert (found.early, found.kept, found.late, found.renewed, found.lapsed) == (1, 5, 2, 2, 1)
    assert found.share == 75
    assert (found.median_late, found.most_late) == (minutes(8), minutes(12))


def test_where_no_phone_rang_no_promise_is_judged() -> None:
    found = punctuality([Settled(R.RENEWED), Settled(R.LAPSED)])
    assert (found.share, found.median_late, found.most_late) == (None, None, None)


def test_nobody_rung_is_no_percentage() -> None:
    assert FirstTries(0, 0).share is None
    assert FirstTries(4, 3).share == 75


def test_a_number_is_reckoned_back_from_what_it_is_now() -> None:
    # Three now; one came at half past nine, two at a quarter to eleven, one left at eleven.
    steps = [(at(0.5), 1), (at(1.75), 2), (at(2), -1)]
    nine, ten, eleven = levels(3, steps, [at(0), at(1), at(2), at(3)])
    assert (nine.mean, nine.most, nine.last) == (1.5, 2, 2)
    assert (ten.mean, ten.most, ten.last) == (2.5, 4, 4)
    assert (eleven.mean, eleven.most, eleven.last) == (3.0, 4, 3)


def test_a_number_never_stood_below_zero_and_an_empty_stretch_divides_by_nothing() -> None:
    [before, at_once] = levels(0, [(at(0.5), 1)], [at(0), at(1), at(1)])
    assert (before.mean, before.most) == (0.0, 0)
    assert at_once.mean == 0.0


@given(st.lists(st.tuples(st.floats(0, 3), st.sampled_from([1, -1]))), st.integers(0, 9))
def test_a_mean_lies_between_nothing_and_the_most(moves: list[tuple[float, int]], now: int) -> None:
    steps = sorted((at(hours), step) for hours, step in moves)
    for level in levels(now, steps, [at(0), at(1), at(2), at(3)]):
        assert 0 <= level.mean <= level.most + 1e-9
