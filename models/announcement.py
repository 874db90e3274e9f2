"""What a supervisor has every caller hear before the menu, such as a known outage."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, Word
from models.vocabulary import Language


class Announcement(Base):
    """One text a language; heard while `entered_at <= now < until`, or until taken away where `until` is not set."""

    __tablename__ = "announcement"

    language: Mapped[Language] = mapped_column(Word(Language), primary_key=True)
    text: Mapped[str] = mapped_column(String(500))
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
