"""The talk of an agent that still waits for his word on how it ended, also when his minutes after it are over."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.errors import RuleRefused
from callbacks.ports import Services
from callbacks.store import callers, legs
from callbacks.store.transitions import Cause
from callbacks.workflows import proving, wrapping_up
from models.callback import Attempt, Callback
from models.ticket import Ticket
from models.vocabulary import CallbackState, CustomerOutcome, TalkOutcome, TicketState


@dataclass(frozen=True)
class Owed:
    """A talk whose outcome is not known, and the number of its ticket."""

    attempt_id: int
    ticket: int


def talk(session: Session, agent_id: int, now: datetime, zone: ZoneInfo) -> Owed | None:
    """Return the agent's last talk, if it waits for its outcome or ended without one on this very day."""
    row = session.execute(
        select(Attempt, Callback, Ticket)
        .join(Callback, Callback.id == Attempt.callback_id)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .where(Attempt.agent_id == agent_id, Attempt.customer_outcome == CustomerOutcome.BRIDGED)
        .order_by(Attempt.id.desc())
        .limit(1),
    ).first()
    if row is None or row.Callback.fence != row.Attempt.fence:
        return None
    ended = row.Attempt.ended_at or row.Attempt.reserved_at
    late = (
        row.Callback.state is CallbackState.DONE
        and row.Callback.outcome is TalkOutcome.UNSTATED
        and row.Ticket.state is not TicketState.CLOSED
        and ended.astimezone(zone).date() == now.astimezone(zone).date()
    )
    return Owed(row.Attempt.id, row.Ticket.number) if late or row.Callback.state is CallbackState.WRAP_UP else None


def pays(services: Services, call_sid: str, outcome: TalkOutcome, event: str) -> bool:
    """Take in the outcome that the agent on this call keys for his last talk. False where none waits for one."""
    now = services.clock.now()
    try:
        done = _pays(services, call_sid, outcome, event, now)
    except RuleRefused:
        # Somebody closed the ticket at this very moment: nothing is owed any more, and that is what he hears.
        return False
    if done:
        services.bell.ring("mail")
        services.bell.wake_clock()
    return done


def _pays(services: Services, call_sid: str, outcome: TalkOutcome, event: str, now: datetime) -> bool:
    with services.database.write() as session:
        # Locked, or the same key twice at once would be a fault of the second on PostgreSQL.
        callers.line(session, call_sid, lock=True)
        agent = proving.proven(session, call_sid)
        if agent is None or not legs.first_time(session, event, now):
            return False
        owed = talk(session, agent.id, now, services.rules.zone)
        if owed is None:
            return False
        # In the order of everybody who ends a talk: the attempt, its call-back, the agent.
        attempt = session.get_one(Attempt, owed.attempt_id, with_for_update=True)
        cause = Cause(now, agent.name, f"outcome: {outcome}, by telephone")
        return wrapping_up.state_outcome(session, services, attempt, outcome, cause) or wrapping_up.state_late(
            session, services, attempt, outcome, cause
        )
