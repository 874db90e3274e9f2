"""What happened, who did it and why; and which of the provider's requests were taken in already."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, UtcDateTime, Word
from models.vocabulary import Subject


class History(Base):
    """One change of state, written in the transaction that makes it. Its highest id is the revision of the pages."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    subject: Mapped[Subject] = mapped_column(Word(Subject))
    subject_id: Mapped[int]
    callback_id: Mapped[int | None] = mapped_column(ForeignKey("callback.id"), index=True)
    old_state: Mapped[str | None] = mapped_column(String(32))
    new_state: Mapped[str] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(String(200))


class WebhookEvent(Base):
    """A signed request that changed something; the same one arriving again finds its key taken."""

    __tablename__ = "webhook_event"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
