"""The from-to range that a customer is told, made of when his call is foreseen. Pure.

Rounded to quarters of an hour, inside one window, never past closing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import inf, sqrt

from callbacks.rules.calendar import Calendar
from callbacks.rules.day_plan import Post, Turn
from models.vocabulary import Option, PromiseResult

QUARTER = timedelta(minutes=15)
PRIOR_SECONDS = 12 * 60
"""How long a call takes its agent, as long as too few have been measured."""
ENOUGH_MEASURED = 20
NINE_IN_TEN = 1.28
"""Standard deviations below which nine in ten of a bell curve lie."""
MOST_DOUBLINGS = 3
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Range:
    """From when until when the customer's phone rings for the first time; both belong to it. Aware UTC."""

    starts: datetime
    ends: datetime

    def result_at(self, rung: datetime) -> PromiseResult:
        """Say what became of the promise when the customer's phone rang at this moment."""
        if rung < self.starts:
            return PromiseResult.EARLY
        return PromiseResult.KEPT if rung <= self.ends else PromiseResult.LATE


def is_broken(given: Range, begins: datetime, now: datetime, written_at: datetime | None) -> bool:
    """Say whether a promise must be given anew: it is past, or its call is foreseen more than a quarter after its end.

    `written_at` is when its customer was last written to about a new moment, if ever. Within a quarter of that nothing
    but the end of the promise itself counts: who reads of three moments in ten minutes believes none of them.
    """
    if now > given.ends:
        return True
    # A clock that was set back since makes it a letter of the future, which protects nothing.
    just_written = written_at is not None and written_at <= now < written_at + QUARTER
    return not just_written and begins > given.ends + QUARTER


def handling_seconds(measured: Mapping[Option, Sequence[int]]) -> dict[Option, float]:
    """Return how long a call takes its agent, by option: the mean of what was measured, or else the prior."""
    return {
        option: sum(seconds) / len(seconds) if len(seconds) >= ENOUGH_MEASURED else float(PRIOR_SECONDS)
        for option in Option
        for seconds in [measured.get(option, ())]
    }


def range_for(
    turn: Turn,
    posts: Sequence[Post],
    handling: float,
    calendar: Calendar,
    now: datetime,
    margin: timedelta,
    renewals: int = 0,
) -> Range:
    """Return the range for a call foreseen at `turn` by these agents, with `handling` seconds a call.

    `margin` is the last stretch of a window, in which no agent is rung any more but customers still are.

    As wide as nine in ten such queues scatter: the calls under way and ahead of it take as long as they take, each
    about as uncertain as it is long, and the agents share them. Twice as wide for every time it was renewed before: who
    was wrong knows less than he thought. What would lie a quarter or more past closing, or past the last agent's going,
    begins when somebody is there again. Raises NeverOpen where no window follows.
    """
    begins = turn.begins()
    here = sum(
        1 for post in posts if any(opens <= turn.starts and closes > now.timestamp() for opens, closes in post.spells)
    )
    before_it = turn.ahead + (begins > now)
    scatter = timedelta(seconds=NINE_IN_TEN * handling * sqrt(before_it) / max(here, 1))
    slack = max(QUARTER, scatter) * 2 ** min(renewals, MOST_DOUBLINGS)
    window = calendar.next_window(begins)
    ends = _staffed_until(turn.starts, posts, window.closes, margin)
    if begins + slack >= ends + QUARTER:
        opens = _next_staffed(ends, posts)
        window = calendar.next_window(opens or window.closes)
        starts = max(window.opens, opens or window.opens)
        ends = _staffed_until(starts.timestamp(), posts, window.closes, margin)
        return _inside(starts, starts + max(2 * QUARTER, slack), starts, ends, calendar)
    earliest = max(begins - scatter, now, datetime.fromtimestamp(turn.earliest, UTC))
    return _inside(earliest, begins + slack, window.opens, ends, calendar)


def _inside(earliest: datetime, latest: datetime, opens: datetime, closes: datetime, calendar: Calendar) -> Range:
    """Round outwards to quarters, and stay inside; a window over midnight ends with its day, which has a name."""
    starts = max(_rounded_down(earliest), opens)
    day = starts.astimezone(calendar.zone).date() + timedelta(days=1)
    midnight = datetime.combine(day, time(), tzinfo=calendar.zone).astimezone(UTC)
    return Range(starts, min(_rounded_up(latest), closes, midnight))


def _staffed_until(at: float, posts: Sequence[Post], closing: datetime, margin: timedelta) -> datetime:
    """Return until when somebody is there without a gap from `at` on; closing time where that is the only end."""
    until, reached = at, -inf
    while reached < until:
        reached = until
        spells = (spell for post in posts for spell in post.spells)
        until = max((closes for opens, closes in spells if opens <= reached < closes), default=reached)
    ends = datetime.fromtimestamp(until, UTC)
    return closing if ends >= closing - margin else ends


def _next_staffed(at: datetime, posts: Sequence[Post]) -> datetime | None:
    opens = min((opens for post in posts for opens, _ in post.spells if opens >= at.timestamp()), default=None)
    return datetime.fromtimestamp(opens, UTC) if opens is not None else None


def _rounded_down(at: datetime) -> datetime:
    # Every zone in use lies a whole number of quarters from UTC, so a quarter there is one here.
    return at - (at - _BEGINNING) % QUARTER


def _rounded_up(at: datetime) -> datetime:
    return at + -(at - _BEGINNING) % QUARTER
