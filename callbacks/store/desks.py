"""An agent's own desk as its page shows it: where he stands, the call-back that is his, and who comes next.

No database object leaves this module; lists are bounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from callbacks.rules.calendar import Calendar
from callbacks.rules.queue_order import Standing
from callbacks.store import agents, hours, queue
from models.agent import Agent
from models.callback import Attempt, Callback
from models.customer import Contact, Customer
from models.ticket import Ticket
from models.vocabulary import (
    LIVE_ATTEMPTS,
    AgentOutcome,
    AgentState,
    AttemptState,
    CustomerOutcome,
    Language,
    Option,
)

COMING = 5
MOST_MISSED = 5
MISSES = (AgentOutcome.NO_ANSWER, AgentOutcome.BUSY, AgentOutcome.FAILED)
TAKEN = frozenset({AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP})


@dataclass(frozen=True)
class Presence:
    """Where an agent stands. `until` ends the state by itself; `why` is the reason of his break."""

    state: AgentState
    since: datetime
    until: datetime | None
    leaves: bool
    missed: int
    why: str | None
    phone: str | None
    languages: Sequence[Language]


@dataclass(frozen=True)
class Offer:
    """One try of his: `ring_at` is when his phone rings, `sent_times` how often that was tried already."""

    attempt_id: int
    ticket: int
    company: str | None
    state: AttemptState
    since: datetime
    reserved_at: datetime
    ring_at: datetime
    sent_times: int
    agent_outcome: AgentOutcome | None
    customer_outcome: CustomerOutcome | None
    talk_seconds: int


@dataclass(frozen=True)
class Coming:
    """Somebody who waits: for whom he is to be called, and what his place depends on."""

    ticket: int
    company: str | None
    contact: str | None
    option: Option
    language: Language
    standing: Standing
    arrived_at: datetime
    promise_to: datetime | None


@dataclass(frozen=True)
class Desk:
    """One moment of one agent's desk. `current` is the try that has him now, `last` the latest that has not."""

    now: datetime
    calendar: Calendar
    presence: Presence
    current: Offer | None
    last: Offer | None
    missed: Sequence[Offer]
    waiting: int
    coming: Sequence[Coming]


def read(session: Session, rules: HouseRules, agent_id: int, now: datetime) -> Desk:
    """Return the desk of an agent as it stands at `now`."""
    agent = session.get_one(Agent, agent_id)
    latest = _offers(session, agent_id, 1)
    his = bool(latest) and (latest[0].state in LIVE_ATTEMPTS or agent.state in TAKEN)
    return Desk(
        now=now,
        calendar=hours.calendar(session, rules),
        presence=Presence(
            agent.state,
            agent.state_since,
            agent.state_until,
            agent.wants_off_duty,
            agent.missed_in_a_row,
            agent.away_why,
            agent.phone,
            agents.languages(agent),
        ),
        current=latest[0] if his else None,
        last=latest[0] if latest and not his else None,
        missed=_missed(session, agent),
        waiting=session.scalar(select(func.count()).select_from(Callback).where(queue.is_waiting())) or 0,
        coming=_coming(session),
    )


def ended_by_itself(session: Session, agent_id: int, now: datetime) -> tuple[bool, bool]:
    """Say whether the end of his state, and his time to prepare, have come: neither leaves a row of history."""
    until = session.scalar(select(Agent.state_until).where(Agent.id == agent_id))
    rings = select(Attempt.ring_at).where(Attempt.agent_id == agent_id).order_by(Attempt.id.desc()).limit(1)
    ring_at = session.scalar(rings)
    return until is not None and until <= now, ring_at is not None and ring_at <= now


def _offers(session: Session, agent_id: int, limit: int) -> list[Offer]:
    rows = session.execute(
        select(Attempt, Ticket.number, Customer.name)
        .join(Callback, Callback.id == Attempt.callback_id)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(Attempt.agent_id == agent_id)
        .order_by(Attempt.id.desc())
        .limit(limit),
    )
    return [
        Offer(
            attempt_id=attempt.id,
            ticket=ticket,
            company=company,
            state=attempt.state,
            since=attempt.state_since,
            reserved_at=attempt.reserved_at,
            ring_at=attempt.ring_at,
            sent_times=attempt.sent_times,
            agent_outcome=attempt.agent_outcome,
            customer_outcome=attempt.customer_outcome,
            talk_seconds=attempt.talk_seconds,
        )
        for attempt, ticket, company in rows
    ]


def _missed(session: Session, agent: Agent) -> list[Offer]:
    """Return the offers he missed in a row, the latest first; none unless they paused him."""
    if agent.state is not AgentState.PAUSED or not agent.missed_in_a_row:
        return []
    recent = _offers(session, agent.id, agent.missed_in_a_row + MOST_MISSED)
    return [each for each in recent if each.agent_outcome in MISSES][: min(agent.missed_in_a_row, MOST_MISSED)]


def _coming(session: Session) -> list[Coming]:
    rows = session.execute(
        select(Callback, Ticket.number, Customer, Contact.name.label("contact"))
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .where(queue.is_waiting())
        .order_by(Callback.rank, Callback.id)
        .limit(COMING),
    )
    return [
        Coming(
            ticket=row.number,
            company=row.Customer.name if row.Customer else None,
            contact=row.contact,
            option=row.Callback.option,
            language=row.Callback.language,
            standing=hours.standing(row.Callback, row.Customer),
            arrived_at=row.Callback.arrived_at,
            promise_to=row.Callback.promise_to,
        )
        for row in rows
    ]
