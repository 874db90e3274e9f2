"""Stretches of time in which calls may be placed, and the arithmetic on them.

Every stretch is half-open, [opens, closes): the closing instant itself is closed. All instants are aware UTC.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain

from callbacks.errors import RefusedInput
from models.vocabulary import OverrideKind

MICROSECOND = timedelta(microseconds=1)

Span = tuple[datetime, datetime]


def aware_utc(at: datetime) -> datetime:
    """Return the same instant in UTC; raises TypeError for a naive datetime, which is no instant at all."""
    zone = at.tzinfo
    if zone is UTC:
        return at
    if zone is None or at.utcoffset() is None:
        message = f"a naive datetime is no instant: {at!r}"
        raise TypeError(message)
    return at.astimezone(UTC)


@dataclass(frozen=True)
class Window:
    """A stretch in which calls may be placed: `opens` belongs to it, `closes` does not. Aware UTC."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class Override:
    """A supervisor's exception: a closure takes [starts, ends) out of the hours, an opening adds it.

    Raises TypeError for naive datetimes and RefusedInput where it would end before it starts.
    """

    kind: OverrideKind
    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        """Keep both ends in UTC: within one zone an ambiguous local time compares equal to another instant."""
        # A closure under an unknown word would be overlooked, and phones would ring on a closed day.
        object.__setattr__(self, "kind", OverrideKind(self.kind))
        object.__setattr__(self, "starts", aware_utc(self.starts))
        object.__setattr__(self, "ends", aware_utc(self.ends))
        if self.ends <= self.starts:
            message = f"A {self.kind} must end after it starts ({self.starts:%Y-%m-%d %H:%M} UTC)."
            raise RefusedInput(message)


def united(spans: Iterable[Span]) -> list[Span]:
    """Return what any of the spans covers, in order; spans that overlap or touch become one."""
    result: list[Span] = []
    for opens, closes in sorted(spans):
        if closes <= opens:
            continue
        if result and opens <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], closes))
        else:
            result.append((opens, closes))
    return result


def shared(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """Return what both cover; each must be in order and without overlap, as `united` gives it."""
    result: list[Span] = []
    i = j = 0
    while i < len(first) and j < len(second):
        opens, closes = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if opens < closes:
            result.append((opens, closes))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return result


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """Return what `spans` covers and `taken` does not; both in order and without overlap."""
    if not spans or not taken:
        return list(spans)
    first = min(spans[0][0], taken[0][0])
    last = max(spans[-1][1], taken[-1][1])
    edges = [first, *chain.from_iterable(taken), last]
    gaps = [gap for gap in zip(edges[::2], edges[1::2], strict=True) if gap[0] < gap[1]]
    return shared(spans, gaps)


class Timeline:
    """All windows up to `end`, as sorted arrays with the open time before each, so that a question is one bisection."""

    __slots__ = ("before", "closes", "end", "opens")

    def __init__(self, spans: Sequence[Span], end: datetime) -> None:
        """Take spans in order that neither overlap nor touch; `end` is where the reckoning stops."""
        self.opens = [opens for opens, _ in spans]
        self.closes = [closes for _, closes in spans]
        lengths = ((closes - opens) // MICROSECOND for opens, closes in spans)
        self.before = list(accumulate(lengths, initial=0))
        self.end = end

    def index(self, at: datetime) -> int:
        """Return the number of the first window that closes after `at`: the one `at` is in, or else the next."""
        return bisect_right(self.closes, at)

    def elapsed(self, at: datetime) -> int:
        """Return the open microseconds from the start of the timeline up to `at`."""
        i = bisect_right(self.closes, at)
        open_so_far = self.before[i]
        if i < len(self.opens) and self.opens[i] < at:
            open_so_far += (at - self.opens[i]) // MICROSECOND
        return open_so_far
