"""The moments a customer may choose: a grid inside the windows, and which of them an agent still has time for. Pure.

A slot lies wholly inside one window and, so that it can be named, inside one day of the calendar's zone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from math import inf

from callbacks.rules.calendar import Calendar
from callbacks.rules.day_plan import Post, Spell
from callbacks.rules.windows import MICROSECOND, Span, Window

LEAD = timedelta(minutes=15)
"""No moment is offered that begins sooner: whoever has just hung up is called by his place in the queue."""


@dataclass(frozen=True, order=True)
class Slot:
    """From when until when the customer's phone will ring; half-open, aware UTC."""

    starts: datetime
    ends: datetime

    def overlaps(self, starts: datetime, ends: datetime) -> bool:
        """Say whether it shares any instant with [starts, ends)."""
        return self.starts < ends and starts < self.ends


@dataclass(frozen=True)
class Diary:
    """What is known of the coming days at one moment: hours, agents, and the moments chosen already.

    `slot` is how long a slot is, `days` how many days ahead one may be chosen (0: none), `margin` the last stretch of
    a window, in which no agent is rung any more. `taken` are the booked moments of others, each for one agent.
    """

    calendar: Calendar
    posts: Sequence[Post]
    taken: Sequence[Span]
    slot: timedelta
    days: int
    margin: timedelta

    def free(self, now: datetime, after: datetime) -> Iterator[Slot]:
        """Yield the slots with room that begin after both instants, in order. Raises what the calendar raises."""
        if not self.days:
            return
        for window in self.calendar.windows_between(max(now, after), self._last(now)):
            for slot in self._slots_of(window, max(now, after)):
                if slot.starts < self._last(now) and self._has_room(slot, window):
                    yield slot

    def has(self, slot: Slot, now: datetime) -> bool:
        """Say whether this very slot lies ahead on the grid and has room. Raises what the calendar raises."""
        if not self.days or not now < slot.starts < self._last(now):
            return False
        window = self.calendar.window_at(slot.starts)
        if window is None:
            return False
        on_the_grid = next(self._slots_of(window, slot.starts - MICROSECOND), None)
        return on_the_grid == slot and self._has_room(slot, window)

    def fits(self, slot: Slot, now: datetime) -> bool:
        """Say whether a stretch that need not lie on the grid lies ahead in one window and has room.

        Raises what the calendar raises.
        """
        window = self.calendar.window_at(slot.starts) if now < slot.starts < self._last(now) else None
        return window is not None and slot.ends <= window.closes and self._has_room(slot, window)

    def _last(self, now: datetime) -> datetime:
        """Return the midnight that ends the last day of which a moment may be chosen; today is day 0."""
        day = now.astimezone(self.calendar.zone).date() + timedelta(days=self.days + 1)
        return datetime.combine(day, time(), tzinfo=self.calendar.zone).astimezone(UTC)

    def _slots_of(self, window: Window, after: datetime) -> Iterator[Slot]:
        """Yield the slots of a window that begin after an instant, counted from its opening."""
        zone = self.calendar.zone
        n = (after - window.opens) // self.slot + 1 if after >= window.opens else 0
        starts = window.opens + n * self.slot
        while (ends := starts + self.slot) <= window.closes:
            if starts.astimezone(zone).date() == (ends - MICROSECOND).astimezone(zone).date():
                yield Slot(starts, ends)
            starts = ends

    def _has_room(self, slot: Slot, window: Window) -> bool:
        """Say whether more agents are there for the whole of it than are promised to somebody within it."""
        starts, ends = slot.starts.timestamp(), min(slot.ends, window.closes - self.margin).timestamp()
        if ends <= starts:
            # Nobody is rung any more when it begins.
            return False
        there = sum(1 for post in self.posts if post.free_at <= starts and _covers(post.spells, starts, ends))
        return there > bisect_left(self._begun, slot.ends) - bisect_right(self._over, slot.starts)

    @cached_property
    def _begun(self) -> list[datetime]:
        return sorted(starts for starts, _ in self.taken)

    @cached_property
    def _over(self) -> list[datetime]:
        return sorted(ends for _, ends in self.taken)


def _covers(spells: Sequence[Spell], starts: float, ends: float) -> bool:
    """Say whether one spell reaches from one end to the other; there are hundreds of slots to ask this of."""
    i = bisect_right(spells, (starts, inf)) - 1
    return i >= 0 and ends <= spells[i][1]
