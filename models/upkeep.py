"""Small rows that keep the processes in step: leases, heartbeats, the pace of dialling, switches, the demo clock."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Lease(Base):
    """Who does a job that only one process at a time should do. Held while `taken_at <= now < until`."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(100))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Heartbeat(Base):
    """Last sign of life of a process."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    host: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DialPace(Base):
    """One row: the earliest moment of the next create request, so that all dial workers share one calls-per-second.

    In milliseconds since 1970, because one statement must advance it and the two databases add to instants differently.
    """

    __tablename__ = "dial_pace"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_ms: Mapped[int] = mapped_column(BigInteger)


class Switch(Base):
    """Something a person can turn off for the whole desk, and who did; a missing row means on."""

    __tablename__ = "switch"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    is_on: Mapped[bool]
    why: Mapped[str] = mapped_column(String(200))
    who: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DemoClock(Base):
    """One row, in a demo's own database only: how many seconds the demo's clock runs ahead of the machine's."""

    __tablename__ = "demo_clock"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ahead_seconds: Mapped[int]
