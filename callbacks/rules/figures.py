"""What the figures of a desk are reckoned by: medians, shares, and how a number that goes up and down stood. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median as middle

from models.vocabulary import PromiseResult

ON_TIME = frozenset({PromiseResult.EARLY, PromiseResult.KEPT})
RUNG = ON_TIME | {PromiseResult.LATE}
"""Results of promises for which the customer's phone rang; the others never came to be judged."""


@dataclass(frozen=True)
class Wait:
    """How long one customer waited from first contact to a human: in open time, and by the clock on the wall."""

    open: timedelta
    wall: timedelta


@dataclass(frozen=True)
class Waits:
    """The waits of a stretch together; None where nobody waited."""

    talks: int
    median_open: timedelta | None
    median_wall: timedelta | None
    longest_open: timedelta | None


@dataclass(frozen=True)
class Settled:
    """What became of one promise that the customer was told; `late_by` is open time past its end, none unless late."""

    result: PromiseResult
    late_by: timedelta = timedelta(0)


@dataclass(frozen=True)
class Punctuality:
    """Promises of a stretch by result; `share` is the percentage on time of those for which a phone rang."""

    early: int
    kept: int
    late: int
    renewed: int
    lapsed: int
    share: int | None
    median_late: timedelta | None
    most_late: timedelta | None


@dataclass(frozen=True)
class FirstTries:
    """How many customers were rung for the first time in a stretch, and how many of them were spoken to at once."""

    rung: int
    reached: int

    @property
    def share(self) -> int | None:
        """Return the percentage reached; None where nobody was rung."""
        return percent(self.reached, self.rung)


@dataclass(frozen=True)
class Level:
    """How a number stood over a stretch: its mean by time, the most it was, and what it was at the end."""

    mean: float
    most: int
    last: int


def median(spans: Iterable[timedelta]) -> timedelta | None:
    """Return the span that half of them do not exceed (the mean of the two in the middle); None of none."""
    seconds = [each.total_seconds() for each in spans]
    return timedelta(seconds=middle(seconds)) if seconds else None


def percent(part: int, whole: int) -> int | None:
    """Return the percentage, a half rounded up; None of nothing. Only all of them is 100, and only none of them 0."""
    if not whole:
        return None
    rounded = (200 * part + whole) // (2 * whole)
    if 0 < part < whole:
        return min(max(rounded, 1), 99)
    return rounded


def waits(of: Sequence[Wait]) -> Waits:
    """Put waits together."""
    return Waits(
        len(of),
        median(each.open for each in of),
        median(each.wall for each in of),
        max((each.open for each in of), default=None),
    )


def punctuality(of: Sequence[Settled]) -> Punctuality:
    """Put promises together."""
    count = {result: sum(1 for each in of if each.result is result) for result in PromiseResult}
    late = [each.late_by for each in of if each.result is PromiseResult.LATE]
    return Punctuality(
        early=count[PromiseResult.EARLY],
        kept=count[PromiseResult.KEPT],
        late=count[PromiseResult.LATE],
        renewed=count[PromiseResult.RENEWED],
        lapsed=count[PromiseResult.LAPSED],
        share=percent(sum(count[each] for each in ON_TIME), sum(count[each] for each in RUNG)),
        median_late=median(late),
        most_late=max(late, default=None),
    )


def levels(at_the_end: int, changes: Sequence[tuple[datetime, int]], edges: Sequence[datetime]) -> list[Level]:
    """Return how a number stood between each edge and the next, reckoned back from what it is at the last edge.

    `changes` are steps (+1, -1) with their instants, oldest first, none after the last edge. A number that would have
    been below zero, because the wall clock was set back, counts as none.
    """
    inside = [(at, step) for at, step in changes if at >= edges[0]]
    level = at_the_end - sum(step for _, step in inside)
    found, i = [], 0
    for start, end in pairwise(edges):
        area, since, most = 0.0, start, max(level, 0)
        while i < len(inside) and inside[i][0] < end:
            at, step = inside[i]
            area += max(level, 0) * (at - since).total_seconds()
            level, since, i = level + step, at, i + 1
            most = max(most, level)
        area += max(level, 0) * (end - since).total_seconds()
        length = (end - start).total_seconds()
        found.append(Level(area / length if length else 0.0, most, max(level, 0)))
    return found
