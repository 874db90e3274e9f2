"""The exchange: all legs, one clock, one condition variable. Nothing else changes a leg."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING

from simulator.clock import Clock, Deadline
from simulator.faults import Faults
from simulator.journal import Journal
from simulator.legs import FINAL, Leg, Source, Subscription, new_sid
from simulator.phones import Phones
from simulator.sounds import Sounds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from simulator.settings import Settings

EVENT_OF_STATUS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
DEFAULT_SIP = {"completed": 200, "busy": 486, "no-answer": 487, "canceled": 487, "failed": 404}


class LegEndedError(Exception):
    """The leg this thread plays on is over."""


class RedirectedError(Exception):
    """A REST update replaced the document this thread was playing."""


class Exchange:
    """Holds the legs. Every method takes the condition itself; it is re-entrant."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.changed = threading.Condition()
        self.clock = Clock()
        self.journal = Journal(self.clock, self.changed)
        self.faults = Faults(self.clock, self.changed, self.journal)
        self.phones = Phones()
        self.sounds = Sounds()
        self.speech_rate = settings.speech_rate
        """Characters a second; the console changes it while people listen."""
        self.legs: dict[str, Leg] = {}
        self.on_progress: Callable[[Leg, str], None] = lambda _leg, _event: None
        self._next_departure: Deadline | None = None
        self._numbers = itertools.count(1)

    def new_leg(
        self,
        from_: str,
        to: str,
        direction: str,
        source: Source | None,
        *,
        parent_sid: str | None = None,
        subscription: Subscription | None = None,
        fallback: Source | None = None,
    ) -> Leg:
        """Add a leg in status `queued`, which is told to nobody yet."""
        with self.changed:
            now = self.clock.now()
            leg = Leg(new_sid("CA"), from_, to, direction, now, now, next(self._numbers), parent_sid=parent_sid)
            leg.source, leg.subscription, leg.fallback = source, subscription, fallback
            self.legs[leg.sid] = leg
            self._note(leg)
            return leg

    def move(self, leg: Leg, status: str, sip_code: int | None = None) -> bool:
        """Give a leg its next status and tell its subscriber; False, and no change, when it has already ended."""
        with self.changed:
            if not leg.live:
                return False
            now = self.clock.now()
            was_queued, leg.status, leg.updated = leg.status == "queued", status, now
            if status in {"initiated", "ringing"} and leg.dialled is None:
                leg.dialled = now
            if status == "in-progress" and leg.answered is None:
                leg.answered, leg.expires = now, self.clock.deadline(leg.time_limit)
            if status in FINAL:
                leg.ended = now
                leg.sip_code = sip_code or DEFAULT_SIP[status]
                if leg.taping and leg.taping.ended_by is None:
                    leg.taping.ended_by = "hangup"
            self._note(leg)
            # Call resource page: a call canceled while still queued produces no status callback at all.
            if not (status == "canceled" and was_queued):
                self.on_progress(leg, EVENT_OF_STATUS.get(status, "completed"))
            self.changed.notify_all()
            return True

    def bridge(self, first: Leg, second: Leg) -> bool:
        """Let two legs hear each other; False when one of them is gone."""
        with self.changed:
            if not (first.live and second.live):
                return False
            for leg, other in ((first, second), (second, first)):
                leg.bridged_to, leg.was_bridged, leg.pressed_star = other.sid, True, False
                self._note(leg, bridged_to=other.sid)
            self.changed.notify_all()
            return True

    def unbridge(self, leg: Leg) -> None:
        """Part a leg from the other; both stay."""
        with self.changed:
            other = self.legs.get(leg.bridged_to or "")
            for side in (leg, other):
                if side is not None:
                    side.bridged_to = None
            self.changed.notify_all()

    def hang_up(self, leg: Leg) -> bool:
        """End a leg from either side: `completed` when it was answered, `canceled` when it only rang."""
        # An inbound leg that nobody answered yet counts as completed too: its caller left during the first document.
        rang_only = leg.answered is None and leg.direction != "inbound"
        return self.move(leg, "canceled" if rang_only else "completed")

    def wait(self, leg: Leg, condition: Callable[[], bool], deadline: Deadline | None = None) -> bool:
        """Sleep until the condition holds (True) or the deadline has come (False).

        Raises LegEndedError when the leg ends first, RedirectedError when a REST update takes it elsewhere.
        """
        with self.changed:
            while True:
                self.checkpoint(leg)
                if condition():
                    return True
                limits = [self.clock.left(limit) for limit in (deadline, leg.expires) if limit is not None]
                if leg.expires is not None and not self.clock.left(leg.expires):
                    self.move(leg, "completed")
                    continue
                if deadline is not None and not self.clock.left(deadline):
                    return False
                self.changed.wait(min(limits) if limits else None)

    def checkpoint(self, leg: Leg) -> None:
        """Raise LegEndedError or RedirectedError when this leg's document is no longer to be played."""
        with self.changed:
            if not leg.live:
                raise LegEndedError
            if leg.redirect is not None:
                raise RedirectedError

    def changed_now(self) -> None:
        """Wake everyone who waits for a change, after one made while holding the condition."""
        with self.changed:
            self.changed.notify_all()

    def watch(self, condition: Callable[[], bool], seconds: float | None) -> bool:
        """Wait up to that many real seconds for a condition, or for ever, whatever becomes of any leg."""
        with self.changed:
            return self.changed.wait_for(condition, timeout=seconds)

    def engaged(self, number: str, besides: Leg | None = None) -> bool:
        """Whether a telephone rings or talks on a leg other than `besides`."""
        with self.changed:
            return any(
                leg.phone == number and leg is not besides and leg.status in {"ringing", "in-progress"}
                for leg in self.legs.values()
            )

    def departure(self) -> Deadline:
        """When the next call created over REST may leave the queue, at `cps` calls a second.

        Calls above the rate are queued, not refused (help article "How fast can I place or receive calls").
        """
        with self.changed:
            waits = self.clock.left(self._next_departure) if self._next_departure else 0.0
            cps = self.settings.cps
            self._next_departure = self.clock.deadline(waits + 1 / cps) if cps > 0 else None
            return self.clock.deadline(waits)

    def move_clock(self, *, seconds: float | None = None, instant: datetime | None = None) -> datetime:
        """Advance or set the clock and wake everyone; gives the new time. Raises ValueError for a naive instant."""
        with self.changed:
            if instant is not None:
                self.clock.set_now(instant)
            self.clock.advance(seconds or 0.0)
            self.changed.notify_all()
            return self.clock.now()

    def behave(self, number: str, behaviour: str) -> None:
        """Say how a telephone behaves; one that rings obeys at once. Raises ValueError for an unknown word."""
        with self.changed:
            self.phones.set(number, behaviour)
            # Writing the journal wakes the telephones that ring.
            self.journal.add("console", deed="behave", number=number, behaviour=behaviour)

    def end_all(self) -> int:
        """Hang up every live leg; gives how many there were."""
        with self.changed:
            return sum(self.hang_up(leg) for leg in list(self.legs.values()))

    def _note(self, leg: Leg, **facts: object) -> None:
        self.journal.add(
            "leg",
            sid=leg.sid,
            status=leg.status,
            direction=leg.direction,
            to=leg.to,
            parent_sid=leg.parent_sid,
            sip_code=leg.sip_code,
            duration=leg.duration(self.clock.now()),
            **{"from": leg.from_, **facts},
        )
