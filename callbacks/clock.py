"""The one clock of the program; the only module that asks the machine what time it is."""

import socket
import time
import uuid
from datetime import UTC, datetime, timedelta
from functools import cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from callbacks.ports import Uptime
from models.upkeep import DemoClock

if TYPE_CHECKING:
    from callbacks.ports import Database

DEMO_CLOCK_ROW = 1


BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def uptime() -> Uptime:
    """Return monotonic time, with the name of the boot that it counts from."""
    return Uptime(_boot(), round(time.monotonic() * 1000))


@cache
def _boot() -> str:
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        # No Linux: readings of this process and its forks can be compared, those of others count as unknown.
        return f"{socket.gethostname()}/{uuid.uuid4()}"[:64]


class SystemClock:
    """The machine's wall clock. It may jump by hours while everything runs; see docs/protocol.md, Time."""

    def now(self) -> datetime:
        """Return this instant, aware UTC."""
        return datetime.now(UTC)

    def uptime(self) -> Uptime:
        """Return the machine's monotonic time."""
        return uptime()


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

    def uptime(self) -> Uptime:
        """Return the machine's monotonic time: a demo's clock moves the wall clock alone."""
        return uptime()

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
