"""What is known of the customer whose call-back an agent was offered: what he would read before the call."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.workflows import briefing, proving
from callbacks.workflows.briefing import Briefing
from models.callback import Attempt, Callback
from models.ticket import Ticket, VoiceMessage
from models.vocabulary import LIVE_ATTEMPTS, TalkOutcome, TicketState


@dataclass(frozen=True)
class Earlier:
    """The customer's latest ticket before this one."""

    subject: str
    opened_at: datetime
    outcome: TalkOutcome | None


@dataclass(frozen=True)
class Dossier:
    """Who waits and why, what he has open besides, and what was before. `now` is when it was looked up."""

    briefing: Briefing
    others_open: int
    earlier: Earlier | None
    promise: Range | None
    has_message: bool
    now: datetime


def offered(session: Session, agent_id: int, now: datetime, zone: ZoneInfo) -> Attempt | None:
    """Return the call-back the agent is taken by or, else, the last one offered to him on this very day."""
    statement = select(Attempt).where(Attempt.agent_id == agent_id).order_by(Attempt.id.desc()).limit(1)
    latest = session.scalar(statement)
    if latest is None or latest.state in LIVE_ATTEMPTS:
        return latest
    return latest if latest.reserved_at.astimezone(zone).date() == now.astimezone(zone).date() else None


def of(services: Services, call_sid: str) -> Dossier | None:
    """Return the dossier for the agent who has proven himself on this call; None where there is none for him."""
    now = services.clock.now()
    with services.database.read() as session:
        agent = proving.proven(session, call_sid)
        attempt = offered(session, agent.id, now, services.rules.zone) if agent else None
        if attempt is None:
            return None
        callback = session.get_one(Callback, attempt.callback_id)
        ticket = session.get_one(Ticket, callback.ticket_id)
        starts, ends = callback.promise_from, callback.promise_to
        return Dossier(
            briefing=briefing.of(session, attempt),
            others_open=_others_open(session, ticket),
            earlier=_earlier(session, ticket),
            promise=Range(starts, ends) if starts and ends else None,
            has_message=_has_message(session, ticket),
            now=now,
        )


def _others_open(session: Session, ticket: Ticket) -> int:
    if ticket.customer_id is None:
        return 0
    statement = select(func.count(Ticket.id)).where(
        Ticket.customer_id == ticket.customer_id, Ticket.id != ticket.id, Ticket.state != TicketState.CLOSED
    )
    return session.scalar(statement) or 0


def _earlier(session: Session, ticket: Ticket) -> Earlier | None:
    if ticket.customer_id is None:
        return None
    before = select(Ticket).where(Ticket.customer_id == ticket.customer_id, Ticket.id < ticket.id)
    found = session.scalar(before.order_by(Ticket.id.desc()).limit(1))
    return Earlier(found.subject, found.opened_at, found.outcome) if found else None


def _has_message(session: Session, ticket: Ticket) -> bool:
    """Say whether the caller left a message that was not deleted."""
    left = select(VoiceMessage.recording_sid).where(VoiceMessage.ticket_id == ticket.id, VoiceMessage.gone_at.is_(None))
    return session.scalar(left.limit(1)) is not None
