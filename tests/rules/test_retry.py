from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.rules.calendar import Calendar
from callbacks.rules.retry import RetryRules, after_failed_try
from models.vocabulary import CallbackState, CustomerOutcome

HOURS = "Mo-Fr 09:00-12:00,13:00-17:00"
CALENDAR = Calendar(f"{HOURS}; PH off", HOURS, ZoneInfo("Europe/Brussels"))
RULES = RetryRules(
    {
        CustomerOutcome.BUSY: 300,
        CustomerOutcome.NO_ANSWER: 1800,
        CustomerOutcome.MACHINE: 3600,
        CustomerOutcome.FAILED: 300,
    },
    max_tries=3,
    windows=2,
    failed_limit=2,
)
BUSY, NO_ANSWER, MACHINE, FAILED = (
    CustomerOutcome.BUSY,
    CustomerOutcome.NO_ANSWER,
    CustomerOutcome.MACHINE,
    CustomerOutcome.FAILED,
)


def at(time: str, day: str = "2026-11-24") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}+01:00").astimezone(UTC)


@pytest.mark.parametrize(("outcome", "minutes"), [(BUSY, 5), (NO_ANSWER, 30), (MACHINE, 60), (FAILED, 5)])
def test_each_outcome_has_its_own_rest(outcome: CustomerOutcome, minutes: int) -> None:
    verdict = after_failed_try([(outcome, at("09:30"))], at("09:30"), CALENDAR, RULES)
    assert verdict.state is CallbackState.RESTING
    assert verdict.not_before == at("09:30") + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("outcome", "now", "again"),
    [
        (BUSY, at("11:56"), at("13:00")),
        (BUSY, at("11:55"), at("13:00")),
        (BUSY, at("11:54:59"), at("11:59:59")),
        (NO_ANSWER, at("16:45"), at("09:00", "2026-11-25")),
        (NO_ANSWER, at("16:45", "2026-11-27"), at("09:00", "2026-11-30")),
        (NO_ANSWER, at("16:45", "2026-11-10"), at("09:00", "2026-11-12")),
    ],
    ids=[
        "into lunch",
        "exactly at closing",
        "a second before closing",
        "over night",
        "over the weekend",
        "over a holiday",
    ],
)
def test_a_rest_that_ends_while_we_are_closed_ends_when_we_open(
    outcome: CustomerOutcome,
    now: datetime,
    again: datetime,
) -> None:
    assert after_failed_try([(outcome, now)], now, CALENDAR, RULES).not_before == again


def test_after_two_tries_in_one_morning_the_third_is_made_in_the_afternoon() -> None:
    outcomes = [(BUSY, at("09:10")), (BUSY, at("09:20"))]
    assert after_failed_try(outcomes, at("09:20"), CALENDAR, RULES).not_before == at("13:00")


def test_after_tries_in_two_windows_the_third_needs_no_other_window() -> None:
    outcomes = [(NO_ANSWER, at("11:50")), (BUSY, at("13:10"))]
    assert after_failed_try(outcomes, at("13:10"), CALENDAR, RULES).not_before == at("13:15")


def test_after_the_third_try_the_customer_counts_as_not_reached() -> None:
    outcomes = [(BUSY, at("09:10")), (BUSY, at("09:20")), (NO_ANSWER, at("13:00"))]
    verdict = after_failed_try(outcomes, at("13:01"), CALENDAR, RULES)
    assert (verdict.state, verdict.not_before) == (CallbackState.UNREACHED, None)


@pytest.mark.parametrize(
    ("limit", "outcomes", "why"),
    [
        (1, [FAILED], "it failed"),
        (1, [BUSY, FAILED], "it failed"),
        (2, [FAILED, FAILED], "it failed 2 times"),
        (2, [FAILED, BUSY, FAILED], "it failed 2 times"),
    ],
)
def test_a_number_that_failed_as_often_as_the_house_allows_is_for_a_person_to_look_at(
    limit: int, outcomes: list[CustomerOutcome], why: str
) -> None:
    tries = [(outcome, at("09:10") + timedelta(minutes=10 * n)) for n, outcome in enumerate(outcomes)]
    verdict = after_failed_try(tries, at("10:00"), CALENDAR, replace(RULES, failed_limit=limit))
    assert (verdict.state, verdict.not_before) == (CallbackState.NEEDS_HUMAN, None)
    assert verdict.why == f"the number cannot be reached: {why}"


@pytest.mark.parametrize("outcomes", [[FAILED], [FAILED, BUSY]])
def test_a_house_may_let_a_number_fail_once_before_a_person_looks(outcomes: list[CustomerOutcome]) -> None:
    tries = [(outcome, at("09:10") + timedelta(minutes=10 * n)) for n, outcome in enumerate(outcomes)]
    assert after_failed_try(tries, at("10:00"), CALENDAR, RULES).state is CallbackState.RESTING


def test_one_window_lets_every_try_be_made_in_one_morning() -> None:
    outcomes = [(BUSY, at("09:10")), (BUSY, at("09:20"))]
    verdict = after_failed_try(outcomes, at("09:20"), CALENDAR, replace(RULES, windows=1))
    assert verdict.not_before == at("09:25")


def test_three_tries_over_three_windows_leave_the_window_each_time() -> None:
    three = replace(RULES, windows=3)
    first = after_failed_try([(BUSY, at("09:10"))], at("09:10"), CALENDAR, three)
    assert first.not_before == at("13:00")
    second = after_failed_try([(BUSY, at("09:10")), (BUSY, at("13:00"))], at("13:00"), CALENDAR, three)
    assert second.not_before == at("09:00", "2026-11-25")


def test_a_desk_that_never_closes_makes_its_last_try_a_day_later() -> None:
    always = Calendar("24/7", "24/7", ZoneInfo("Europe/Brussels"))
    outcomes = [(BUSY, at("20:10")), (BUSY, at("20:20"))]
    again = after_failed_try(outcomes, at("20:20"), always, RULES).not_before
    assert again is not None
    assert again <= at("20:25") + timedelta(days=1)
    assert again >= at("20:25") + timedelta(minutes=5)


@given(
    st.lists(st.sampled_from([BUSY, NO_ANSWER, MACHINE]), min_size=8, max_size=8),
    st.lists(st.integers(0, 3 * 3600), min_size=8, max_size=8),
    st.integers(0, 365 * 24 * 3600),
    st.integers(1, 8),
    st.integers(1, 8),
)
def test_the_tries_that_are_made_lie_in_as_many_windows_as_the_house_wants(
    outcomes: list[CustomerOutcome], waits: list[int], seconds: int, max_tries: int, windows: int
) -> None:
    rules = replace(RULES, max_tries=max_tries, windows=windows)
    when = CALENDAR.next_open(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
    tries: list[tuple[CustomerOutcome, datetime]] = []
    for outcome, wait in zip(outcomes, waits, strict=True):
        # Nobody is free at once: he is tried some time later, in whatever window that falls.
        when = CALENDAR.next_open(when + timedelta(seconds=wait))
        tries.append((outcome, when))
        verdict = after_failed_try(tries, when, CALENDAR, rules)
        if verdict.not_before is None:
            break
        when = verdict.not_before
    assert verdict.state is CallbackState.UNREACHED
    assert len(tries) == max_tries
    assert len({CALENDAR.window_at(at) for _, at in tries}) >= min(max_tries, windows)


@given(
    st.lists(st.sampled_from([BUSY, NO_ANSWER, MACHINE, FAILED]), min_size=1, max_size=3),
    st.integers(0, 3 * 365 * 24 * 3600),
    st.integers(0, 7200),
)
def test_nobody_is_ever_called_again_outside_a_window_nor_before_his_rest_is_over(
    outcomes: list[CustomerOutcome],
    seconds: int,
    apart: int,
) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    tries = [(outcome, first + timedelta(seconds=apart * n)) for n, outcome in enumerate(outcomes)]
    now = tries[-1][1]
    verdict = after_failed_try(tries, now, CALENDAR, RULES)
    if verdict.state is not CallbackState.RESTING:
        assert verdict.not_before is None
        return
    assert verdict.not_before is not None
    assert CALENDAR.is_open(verdict.not_before)
    assert verdict.not_before >= now + timedelta(seconds=RULES.rest[outcomes[-1]])
    if len(tries) == RULES.max_tries - 1:
        window = CALENDAR.window_at(verdict.not_before)
        assert window is not None
        assert not all(window.opens <= when < window.closes for _, when in tries)
