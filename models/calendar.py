"""A supervisor's exceptions to the opening hours."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, UtcDateTime, Word
from models.vocabulary import OverrideKind


class CalendarOverride(Base):
    """A closure or an extra opening, half-open: from `starts` up to `ends`."""

    __tablename__ = "calendar_override"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[OverrideKind] = mapped_column(Word(OverrideKind))
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(200))
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarState(Base):
    """One row: the revision every reckoning with the calendar is checked against, and the hours it stands for."""

    __tablename__ = "calendar_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    hours: Mapped[str] = mapped_column(String(500))
