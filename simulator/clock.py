"""The simulator's clock: the system clock and an offset that the console moves."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Deadline:
    """A moment that has come when the simulator's clock has reached `at` or the monotonic clock has reached `real`.

    Both, because a clock set back would otherwise let a telephone ring for ever.
    """

    at: datetime
    real: float


class Clock:
    """Aware UTC. Moving it wakes nobody by itself: `Exchange.move_clock` does both."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """The simulator's time, aware UTC."""
        return datetime.now(UTC) + self._offset

    @property
    def ahead(self) -> float:
        """Seconds it is ahead of the machine's clock; below zero when it is behind."""
        return self._offset.total_seconds()

    def advance(self, seconds: float) -> None:
        """Move the clock by that many seconds; negative goes back."""
        self._offset += timedelta(seconds=seconds)

    def set_now(self, instant: datetime) -> None:
        """Make it `instant` now. Raises ValueError for a naive datetime."""
        if instant.tzinfo is None:
            message = "the clock takes an instant with an offset, such as 2026-03-02T09:00:00+01:00"
            raise ValueError(message)
        self._offset = instant.astimezone(UTC) - datetime.now(UTC)

    def deadline(self, seconds: float) -> Deadline:
        """The moment `seconds` from now, in both clocks."""
        return Deadline(self.now() + timedelta(seconds=seconds), time.monotonic() + seconds)

    def left(self, deadline: Deadline) -> float:
        """Real seconds until the deadline if nobody moves the clock; 0 when it has come."""
        return max(0.0, min((deadline.at - self.now()).total_seconds(), deadline.real - time.monotonic()))
