from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.rules.calendar import Calendar
from callbacks.rules.day_plan import Post, Turn
from callbacks.rules.promise import QUARTER, Range, handling_seconds, is_broken, range_for
from models.vocabulary import Option, PromiseResult

BRUSSELS = ZoneInfo("Europe/Brussels")
CALENDAR = Calendar("Mo-Fr 09:00-12:00,13:00-17:00; PH off", "Mo-Fr 09:00-12:00,13:00-17:00", BRUSSELS)
TUESDAY = "2026-11-24"
MARGIN = timedelta(seconds=120)


def wall(text: str) -> datetime:
    text = text if len(text) > 8 else f"{TUESDAY} {text}"
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS).astimezone(UTC)


def always(agents: int, now: datetime) -> list[Post]:
    """Return agents who work in every window of the coming weeks, but for its last two minutes."""
    windows = CALENDAR.windows_between(now, now + timedelta(days=60))
    spells = [(window.opens.timestamp(), (window.closes - MARGIN).timestamp()) for window in windows]
    return [Post(n, now.timestamp(), spells) for n in range(agents)]


def working(*hours: tuple[str, str]) -> Post:
    return Post(1, 0, [(wall(start).timestamp(), wall(end).timestamp()) for start, end in hours])


def shown(given_range: Range) -> tuple[str, str]:
    first, last = (f"{at.astimezone(BRUSSELS):%a %H:%M}" for at in (given_range.starts, given_range.ends))
    return first, last


def promised(
    begins: str, now: str, *, ahead: int = 0, agents: int = 1, posts: list[Post] | None = None, renewals: int = 0
) -> tuple[str, str]:
    turn = Turn(1, 1, 2, wall(begins).timestamp(), ahead, 0)
    there = always(agents, wall(now)) if posts is None else posts
    return shown(range_for(turn, there, 720, CALENDAR, wall(now), MARGIN, renewals))


@pytest.mark.parametrize(
    ("begins", "now", "ahead", "agents", "expected"),
    [
        # An agent is free now: until the quarter after the next.
        ("14:07", "14:07", 0, 2, ("Tue 14:00", "Tue 14:30")),
        ("14:00", "14:00", 0, 2, ("Tue 14:00", "Tue 14:15")),
        # Two calls ahead of it for three agents.
        ("14:30", "14:07", 2, 3, ("Tue 14:15", "Tue 14:45")),
        # The longer the queue, the less sure the moment.
        ("15:40", "14:00", 16, 2, ("Tue 15:00", "Tue 16:15")),
        # Never past closing.
        ("11:50", "11:48", 0, 1, ("Tue 11:45", "Tue 12:00")),
        ("16:57", "16:57", 0, 1, ("Tue 16:45", "Tue 17:00")),
        # What would most likely not be reached before closing begins at the next opening: after lunch, next morning.
        ("11:45", "10:00", 16, 2, ("Tue 13:00", "Tue 13:45")),
        ("16:45", "15:00", 16, 2, ("Wed 09:00", "Wed 09:45")),
        ("2026-11-27 16:50", "2026-11-27 15:00", 16, 2, ("Mon 09:00", "Mon 09:45")),
        # Called in at night, first in the morning.
        ("2026-11-25 09:00", "22:00", 0, 1, ("Wed 09:00", "Wed 09:30")),
    ],
)
def test_a_range_is_made_of_quarters_inside_one_window(
    begins: str, now: str, ahead: int, agents: int, expected: tuple[str, str]
) -> None:
    assert promised(begins, now, ahead=ahead, agents=agents) == expected


@given(
    minutes=st.integers(0, 60 * 24 * 40),
    wait=st.integers(0, 60 * 24 * 5),
    ahead=st.integers(0, 10_000),
    agents=st.integers(1, 50),
    handling=st.floats(30, 7200),
)
def test_every_range_lies_inside_one_window_and_runs_forward(
    minutes: int, wait: int, ahead: int, agents: int, handling: float
) -> None:
    now = wall("2026-11-20 08:00") + timedelta(minutes=minutes)
    begins = CALENDAR.next_open(now + timedelta(minutes=wait))
    turn = Turn(1, 1, 2, begins.timestamp(), ahead, 0)
    made = range_for(turn, always(agents, now), handling, CALENDAR, now, MARGIN)
    window = CALENDAR.window_at(made.starts)
    assert window is not None
    assert window.opens <= made.starts < made.ends <= window.closes
    assert all((at - datetime.min.replace(tzinfo=UTC)) % QUARTER == timedelta() for at in (made.starts, made.ends))
    assert made.ends > now
    assert made.starts > now - QUARTER
    if window.opens <= begins:
        assert made.starts <= begins <= made.ends


def test_no_range_begins_before_anybody_is_there_or_the_rest_is_over() -> None:
    begins, now = wall("14:00"), wall("10:00")
    turn = Turn(1, 1, 2, begins.timestamp(), 5, wall("13:50").timestamp())
    assert range_for(turn, always(1, now), 720, CALENDAR, now, MARGIN).starts == wall("13:45")


def test_no_range_runs_past_the_going_of_the_last_agent() -> None:
    leaves_at_two = [working(("13:00", "14:00"))]
    assert promised("13:52", "13:52", posts=leaves_at_two) == ("Tue 13:45", "Tue 14:00")
    stays = [*leaves_at_two, working(("13:30", "16:58"))]
    assert promised("13:52", "13:52", posts=stays) == ("Tue 13:45", "Tue 14:15")


def test_what_the_last_agent_cannot_reach_begins_when_somebody_is_there_again() -> None:
    posts = [working(("10:00", "11:00"), ("2026-11-26 14:00", "2026-11-26 16:58"))]
    assert promised("10:55", "09:30", ahead=9, posts=posts) == ("Thu 14:00", "Thu 15:00")


def test_who_comes_in_three_weeks_makes_no_range_surer_today() -> None:
    today = always(1, wall("10:00"))
    later = [working(("2026-12-14 09:00", "2026-12-14 11:58"))] * 9
    alone = promised("11:00", "10:00", ahead=6, posts=today)
    assert promised("11:00", "10:00", ahead=6, posts=[*today, *later]) == alone


def test_each_renewal_is_wider_than_the_one_before() -> None:
    ends = [promised("14:00", "14:00", renewals=n)[1] for n in range(5)]
    assert ends == ["Tue 14:15", "Tue 14:30", "Tue 15:00", "Tue 16:00", "Tue 16:00"]


def test_a_window_over_midnight_is_promised_up_to_the_end_of_its_day() -> None:
    always_open = Calendar("24/7", "24/7", BRUSSELS)
    now = wall("23:50")
    post = Post(1, 0, [(0, wall("2026-11-25 23:00").timestamp())])
    turn = Turn(1, 1, 2, now.timestamp(), 0, 0)
    assert shown(range_for(turn, [post], 720, always_open, now, MARGIN)) == ("Tue 23:45", "Wed 00:00")


def test_what_became_of_it_is_judged_by_the_edges_themselves() -> None:
    given_range = Range(wall("14:15"), wall("14:45"))
    second = timedelta(seconds=1)
    assert given_range.result_at(wall("14:15") - second) is PromiseResult.EARLY
    assert given_range.result_at(wall("14:15")) is PromiseResult.KEPT
    assert given_range.result_at(wall("14:45")) is PromiseResult.KEPT
    assert given_range.result_at(wall("14:45") + second) is PromiseResult.LATE


def test_the_prior_holds_until_twenty_talks_of_an_option_are_measured() -> None:
    assert handling_seconds({}) == {Option.OUTAGE: 720, Option.QUESTION: 720}
    assert handling_seconds({Option.OUTAGE: [60] * 19})[Option.OUTAGE] == 720
    measured = handling_seconds({Option.OUTAGE: [60, 180] * 10})
    assert measured == {Option.OUTAGE: 120, Option.QUESTION: 720}


PROMISED = Range(wall("14:15"), wall("14:45"))


@pytest.mark.parametrize(
    ("begins", "now", "broken"),
    [
        ("14:20", "14:00", False),
        ("14:46", "14:00", False),
        ("15:00", "14:00", False),
        ("15:01", "14:00", True),
        # Past is past, by whatever little.
        ("14:45", "14:45", False),
        ("14:46", "14:46", True),
    ],
)
def test_a_promise_is_given_anew_when_it_is_past_or_slips_by_more_than_a_quarter(
    begins: str, now: str, broken: bool
) -> None:
    assert is_broken(PROMISED, wall(begins), wall(now), None) is broken


@pytest.mark.parametrize(
    ("written", "now", "broken"),
    [
        ("14:00", "14:14", False),
        ("14:00", "14:15", True),
        # The end of the promise itself counts at once.
        ("14:40", "14:46", True),
        # The clock was set back since: a letter of the future protects nothing.
        ("14:10", "14:00", True),
    ],
)
def test_nobody_is_written_to_twice_within_a_quarter_unless_what_he_read_is_past(
    written: str, now: str, broken: bool
) -> None:
    assert is_broken(PROMISED, wall("16:00"), wall(now), wall(written)) is broken


@given(past=st.integers(1, 36_000), late=st.integers(-60, 600), written=st.none() | st.integers(-60, 600))
def test_a_promise_that_is_past_is_always_given_anew(past: int, late: int, written: int | None) -> None:
    now = PROMISED.ends + timedelta(seconds=past)
    mailed = None if written is None else PROMISED.ends + timedelta(minutes=written)
    assert is_broken(PROMISED, now + timedelta(minutes=late), now, mailed)
