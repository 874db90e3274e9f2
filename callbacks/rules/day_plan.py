"""Who is called when, as far as can be foreseen: the queue played forward over the agents on duty. Pure.

Every agent takes the first call in rank that may be tried, as soon as he is free inside a window, and is busy with it
for the time such calls take. A talk may run past closing time; none begins after it. Languages, cool-offs and numbers
with several call-backs are left out: they change who calls, hardly when.
"""

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import heapify, heappop, heapreplace
from math import inf
from typing import NamedTuple

from models.vocabulary import Option

NEVER = inf
Spell = tuple[float, float]
"""A stretch in which an agent may be rung, half-open, in seconds since 1970: numbers, because there are thousands."""


@dataclass(frozen=True)
class Post:
    """An agent: when he is free at the earliest, and the spells in which he may be rung, in order."""

    agent_id: int
    free_at: float
    spells: Sequence[Spell]


class Expected(NamedTuple):
    """A call-back to plan; two of them compare as they stand in the queue.

    `not_before` (seconds since 1970) and `pinned_id` are None where it may be tried now, and by anybody.
    """

    rank: int
    id: int
    option: int
    not_before: float | None = None
    pinned_id: int | None = None


class Turn(NamedTuple):
    """One call as foreseen: `starts` in seconds since 1970, `ahead` is how many calls begin before it.

    `earliest` is when anybody could begin it, were nobody before it.
    """

    callback_id: int
    agent_id: int
    option: int
    starts: float
    ahead: int
    earliest: float

    def begins(self) -> datetime:
        """Return when it starts, aware UTC."""
        return datetime.fromtimestamp(self.starts, UTC)


def turns(posts: Iterable[Post], calls: Sequence[Expected], handling: Mapping[Option, float]) -> Iterator[Turn]:
    """Yield the calls in the order in which they begin; `calls` stand in rank order, `handling` is in seconds.

    Those that fit into nobody's spells are not yielded. The caller on the line waits for the answer: one or two
    microseconds a call.
    """
    lengths = {int(option): seconds for option, seconds in handling.items()}
    everybodys = _Line(call for call in calls if call.pinned_id is None)
    own = {
        agent_id: _Line(call for call in calls if call.pinned_id == agent_id)
        for agent_id in {call.pinned_id for call in calls if call.pinned_id is not None}
    }
    desks = [_Desk(post) for post in posts]
    free = [(ring, n) for n, desk in enumerate(desks) if (ring := desk.ring_from(desk.post.free_at)) is not None]
    heapify(free)
    first = free[0][0] if free else NEVER
    ahead = 0
    while free:
        at, n = free[0]
        desk = desks[n]
        agent_id = desk.post.agent_id
        line = _first(everybodys, own[agent_id], at) if agent_id in own else everybodys
        call = line.take(at)
        if call is not None:
            earliest = first if call.not_before is None else max(first, call.not_before)
            yield Turn(call.id, agent_id, call.option, at, ahead, earliest)
            ahead += 1
            ring = desk.ring_from(at + lengths[call.option])
        else:
            wakes = min(everybodys.wakes, own[agent_id].wakes) if agent_id in own else everybodys.wakes
            ring = desk.ring_from(wakes)
        if ring is None:
            heappop(free)
        else:
            heapreplace(free, (ring, n))


class _Desk:
    """One agent's way through his spells; it only goes forward."""

    __slots__ = ("_spell", "post")

    def __init__(self, post: Post) -> None:
        self.post = post
        self._spell = 0

    def ring_from(self, at: float) -> float | None:
        """Return when he may be rung, at this moment or later; None where his spells are over."""
        spells = self.post.spells
        while self._spell < len(spells):
            opens, closes = spells[self._spell]
            if at < closes:
                return max(opens, at)
            self._spell += 1
        return None


class _Line:
    """Calls in rank order; beside them those that rest, until they wake. `wakes` is when the next one does."""

    __slots__ = ("_next", "_ready", "_resting", "wakes")

    def __init__(self, calls: Iterable[Expected]) -> None:
        self._ready: list[Expected] = []
        self._resting: list[tuple[float, Expected]] = []
        for call in calls:
            if call.not_before is None:
                self._ready.append(call)
            else:
                self._resting.append((call.not_before, call))
        heapify(self._resting)
        self._next = 0
        self.wakes = self._resting[0][0] if self._resting else NEVER

    def take(self, at: float) -> Expected | None:
        """Take the first that may be tried at this moment."""
        if self.wakes <= at:
            self._wake(at)
        place = self._next
        if place == len(self._ready):
            return None
        self._next = place + 1
        return self._ready[place]

    def head(self, at: float) -> Expected | None:
        """Return the first that may be tried at this moment."""
        self._wake(at)
        return self._ready[self._next] if self._next < len(self._ready) else None

    def _wake(self, at: float) -> None:
        while self.wakes <= at:
            insort(self._ready, heappop(self._resting)[1], lo=self._next)
            self.wakes = self._resting[0][0] if self._resting else NEVER


def _first(everybodys: _Line, own: _Line, at: float) -> _Line:
    """Return the line whose head is first in rank."""
    common, his = everybodys.head(at), own.head(at)
    return own if his is not None and (common is None or his < common) else everybodys
