"""The one clock of the program; the only module that asks the machine what time it is."""

import time
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.upkeep import DemoClock

if TYPE_CHECKING:
    from callbacks.ports import Database

DEMO_CLOCK_ROW = 1


class SystemClock:
    """The machine's wall clock. It may jump by hours while everything runs; see docs/protocol.md, Time."""

    def now(self) -> datetime:
        """Return this instant, aware UTC."""
        return datetime.now(UTC)


class MovableClock:
    """The machine's clock plus what the demo's own database says; for the demo and for tests, never for real calls.

    One short query a question: the demo's clock is moved from another process and must be believed at once.
    """

    def __init__(self, database: "Database") -> None:
        """Read the offset from this database at every question."""
        self._database = database

    def now(self) -> datetime:
        """Return the moved instant, aware UTC."""
        with self._database.read() as session:
            ahead = session.scalar(select(DemoClock.ahead_seconds).where(DemoClock.id == DEMO_CLOCK_ROW))
        return datetime.now(UTC) + timedelta(seconds=ahead or 0)

    def move_to(self, instant: datetime) -> None:
        """Let it be this instant now, or up to a second later, for every process that shares the database."""
        ahead = ceil((instant - datetime.now(UTC)).total_seconds())
        with self._database.write() as session:
            session.merge(DemoClock(id=DEMO_CLOCK_ROW, ahead_seconds=ahead))


class JumpWatch:
    """Notices that the wall clock was set: it then ran differently from monotonic time."""

    def __init__(self, tolerance: float = 0.5) -> None:
        """Start watching; `tolerance` in seconds."""
        self._tolerance = tolerance
        self._apart = self._distance()

    def jumped(self) -> bool:
        """Say whether the wall clock was moved since the last time this was asked."""
        apart = self._distance()
        moved = abs(apart - self._apart) > self._tolerance
        self._apart = apart
        return moved

    @staticmethod
    def _distance() -> float:
        return datetime.now(UTC).timestamp() - time.monotonic()
