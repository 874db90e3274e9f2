"""The record of one question or report, the time spent on it, and calls that never became one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, Number, UtcDateTime, Word, only_where
from models.vocabulary import Channel, Language, Option, TalkOutcome, TicketState, WorkKind


class Ticket(Base):
    """One question or report, however it arrived. `number` has five digits and is what people say aloud.

    `incident_id` is the one failure that it reports together with others; `merged_into_id` the ticket that goes on
    for it.
    """

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[TicketState] = mapped_column(Word(TicketState), index=True)
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    option: Mapped[Option] = mapped_column(Number(Option))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    language: Mapped[Language] = mapped_column(Word(Language))
    subject: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[TalkOutcome | None] = mapped_column(Word(TalkOutcome))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TimeEntry(Base):
    """Seconds of work on a ticket. An attempt gives at most one entry of a kind, however often its end is told.

    `measured_seconds` is what was measured where a person has corrected it; `why` is his reason, or what he did.
    """

    __tablename__ = "time_entry"
    __table_args__ = (
        UniqueConstraint("attempt_id", "kind"),
        # One person's day is found without reading everybody's years.
        Index("ix_time_entry_agent_id_started_at", "agent_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    kind: Mapped[WorkKind] = mapped_column(Word(WorkKind))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seconds: Mapped[int]
    measured_seconds: Mapped[int | None]
    why: Mapped[str | None] = mapped_column(String(200))


class TicketNote(Base):
    """What a person of the desk wrote down about a ticket; never changed, only followed by another."""

    __tablename__ = "ticket_note"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Text)


class FollowUp(Base):
    """Something a person of the desk has still to do for a ticket, by `due_at` where that matters."""

    __tablename__ = "follow_up"
    __table_args__ = (only_where("ix_follow_up_open", "agent_id", "due_at", condition="done_at IS NULL"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    body: Mapped[str] = mapped_column(String(500))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MissedCall(Base):
    """Somebody rang the hotline and chose nothing; shown so that a person can ring back, until `handled_at`.

    `ticket_id` is what a person made of it, if anything.
    """

    __tablename__ = "missed_call"

    call_sid: Mapped[str] = mapped_column(String(34), primary_key=True)
    number: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[Language] = mapped_column(Word(Language))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    handled_by: Mapped[str | None] = mapped_column(String(200))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))


class VoiceMessage(Base):
    """What a caller said after the tone. The sound is fetched by its SID alone; `gone_at` is when it was deleted.

    `stored_at` is when it lay in the recordings folder, for the desk and for the agent's whisper.
    """

    __tablename__ = "voice_message"

    recording_sid: Mapped[str] = mapped_column(String(34), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    call_sid: Mapped[str] = mapped_column(String(34), index=True)
    seconds: Mapped[int]
    left_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    stored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
