"""Mail that is promised: written in the transaction that promises it, sent afterwards by a worker."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, UtcDateTime, Word, only_where
from models.vocabulary import Language, MailKind, MailState


class OutboxMail(Base):
    """One mail; `copy` 0 is the only one of its kind for a ticket unless a talk reopens it.

    A mail to the desk itself may have no ticket; then `language` says in what it is written. `settled_by` is the person
    who has seen that it could not be delivered, and needs no more telling.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        UniqueConstraint("ticket_id", "kind", "copy"),
        only_where("ix_outbox_mail_alarm", "written_at", condition="kind = 'alarm'"),
        only_where("ix_outbox_mail_dead", "id", condition="state = 'dead' AND settled_at IS NULL"),
        only_where("ix_outbox_mail_due", "due_at", condition="state IN ('pending', 'sending')"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    language: Mapped[Language | None] = mapped_column(Word(Language))
    kind: Mapped[MailKind] = mapped_column(Word(MailKind))
    copy: Mapped[int] = mapped_column(default=0)
    recipient: Mapped[str] = mapped_column(String(254))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    body_text: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    state: Mapped[MailState] = mapped_column(Word(MailState))
    tries: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(String(200))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str | None] = mapped_column(String(200))
