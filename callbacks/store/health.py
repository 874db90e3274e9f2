"""What the readiness page asks of the database: does it answer, and which processes lived a moment ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from callbacks.queues import QUEUES
from models.upkeep import Heartbeat

FRESH_SECONDS = 30
KINDS = (*QUEUES, "clock")
"""Whose signs of life there must be: one worker a queue, and the clock. On several machines one of a kind will do."""


@dataclass(frozen=True)
class Pulse:
    """One process's last sign of life, in seconds before now; negative when it lies in the future."""

    name: str
    kind: str
    age: float

    @property
    def fresh(self) -> bool:
        """Say whether it counts. One from the future does not: the wall clock was set back, its age is unknown."""
        return 0 <= self.age <= FRESH_SECONDS


def answers(session: Session) -> bool:
    """Make the database do the least it can; raises whatever it raises."""
    return bool(session.scalar(text("SELECT 1")))


def pulses(session: Session, now: datetime) -> list[Pulse]:
    """Return the last sign of life of every process we know, by name."""
    rows = session.execute(select(Heartbeat.name, Heartbeat.kind, Heartbeat.at).order_by(Heartbeat.name))
    return [Pulse(row.name, row.kind, (now - row.at) / timedelta(seconds=1)) for row in rows]
