"""Everything an outsider may read of the work: call-backs, tickets, agents and history as plain facts.

No database object leaves this module. Instants are aware UTC, durations seconds unless the name says otherwise.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from callbacks.rules.queue_order import Standing
from callbacks.store.hours import standing
from models.agent import Agent
from models.callback import Attempt, Callback
from models.customer import Contact, Customer
from models.history import History
from models.ticket import Ticket, TimeEntry
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    AttemptState,
    CallbackState,
    Channel,
    CustomerOutcome,
    Option,
    Role,
    Subject,
    TicketState,
)

MOST_HISTORY = 500


@dataclass(frozen=True)
class AttemptRow:
    """One try. `started_at` is when its request was about to be sent, or else when its agent was claimed."""

    started_at: datetime
    agent: str
    state: AttemptState
    agent_outcome: AgentOutcome | None
    customer_outcome: CustomerOutcome | None
    talk_seconds: int


@dataclass(frozen=True)
class CallbackRow:
    """One call-back with every try at keeping it, the first one first. Company and contact are None for a stranger."""

    id: int
    ticket: int
    state: CallbackState
    option: Option
    company: str | None
    contact: str | None
    number: str | None
    extension: str | None
    standing: Standing
    rank: int
    promise_from: datetime | None
    promise_to: datetime | None
    not_before: datetime | None
    why: str | None
    created_at: datetime
    attempts: Sequence[AttemptRow]


@dataclass(frozen=True)
class TicketRow:
    """One ticket; `minutes_worked` counts every minute begun."""

    number: int
    state: TicketState
    channel: Channel
    option: Option
    company: str | None
    contact: str | None
    subject: str
    opened_at: datetime
    closed_at: datetime | None
    minutes_worked: int


@dataclass(frozen=True)
class AgentRow:
    """One person of the desk; `until` ends his state by itself."""

    id: int
    name: str
    role: Role
    state: AgentState
    since: datetime
    until: datetime | None
    phone: str | None
    languages: Sequence[str]
    wants_off_duty: bool
    missed_in_a_row: int


@dataclass(frozen=True)
class HistoryRow:
    """One change of state, or something worth knowing that changed none (`old_state` is then the new one)."""

    id: int
    at: datetime
    subject: Subject
    subject_id: int
    old_state: str | None
    new_state: str
    who: str
    why: str


def callbacks(session: Session, *, open_only: bool = False) -> list[CallbackRow]:
    """Return call-backs in the order they came."""
    statement = _with_caller(select(Callback, Ticket.number, Customer, Contact.name)).order_by(Callback.id)
    if open_only:
        statement = statement.where(Callback.closed_at.is_(None))
    return _callback_rows(session, statement)


def tickets(session: Session) -> list[TicketRow]:
    """Return every ticket in the order of their numbers."""
    worked = (
        select(TimeEntry.ticket_id, func.sum(TimeEntry.seconds).label("seconds"))
        .group_by(TimeEntry.ticket_id)
        .subquery()
    )
    statement = (
        select(Ticket, Customer.name.label("company"), Contact.name.label("contact"), worked.c.seconds)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .outerjoin(worked, worked.c.ticket_id == Ticket.id)
        .order_by(Ticket.number)
    )
    return [
        TicketRow(
            number=row.Ticket.number,
            state=row.Ticket.state,
            channel=row.Ticket.channel,
            option=row.Ticket.option,
            company=row.company,
            contact=row.contact,
            subject=row.Ticket.subject,
            opened_at=row.Ticket.opened_at,
            closed_at=row.Ticket.closed_at,
            minutes_worked=-(-int(row.seconds or 0) // 60),
        )
        for row in session.execute(statement)
    ]


def agents(session: Session) -> list[AgentRow]:
    """Return everybody of the desk by name."""
    return [
        AgentRow(
            id=agent.id,
            name=agent.name,
            role=agent.role,
            state=agent.state,
            since=agent.state_since,
            until=agent.state_until,
            phone=agent.phone,
            languages=tuple(agent.languages.split(",")),
            wants_off_duty=agent.wants_off_duty,
            missed_in_a_row=agent.missed_in_a_row,
        )
        for agent in session.scalars(select(Agent).order_by(Agent.name))
    ]


def history_since(session: Session, seen: int) -> list[HistoryRow]:
    """Return what happened after the history row `seen`, oldest first, at most 500 rows."""
    rows = session.scalars(select(History).where(History.id > seen).order_by(History.id).limit(MOST_HISTORY))
    return [
        HistoryRow(row.id, row.at, row.subject, row.subject_id, row.old_state, row.new_state, row.who, row.why)
        for row in rows
    ]


def _with_caller(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
    )


def _callback_rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[CallbackRow]:
    rows = session.execute(statement).all()
    attempts = _attempts(session, statement)
    return [_callback_row(row.Callback, row.number, row.Customer, row.name, attempts[row.Callback.id]) for row in rows]


def _callback_row(
    callback: Callback,
    ticket: int,
    customer: Customer | None,
    contact: str | None,
    attempts: Sequence[AttemptRow],
) -> CallbackRow:
    return CallbackRow(
        id=callback.id,
        ticket=ticket,
        state=callback.state,
        option=callback.option,
        company=customer.name if customer else None,
        contact=contact,
        number=callback.number,
        extension=callback.extension,
        standing=standing(callback, customer),
        rank=callback.rank,
        promise_from=callback.promise_from,
        promise_to=callback.promise_to,
        not_before=callback.not_before,
        why=callback.why,
        created_at=callback.arrived_at,
        attempts=attempts,
    )


def _attempts(session: Session, statement: Select[*tuple[Any, ...]]) -> dict[int, list[AttemptRow]]:
    """Return the attempts of the call-backs a statement selects, in one question whatever their number."""
    wanted = statement.with_only_columns(Callback.id).subquery()
    found: dict[int, list[AttemptRow]] = defaultdict(list)
    rows = session.execute(
        select(Attempt, Agent.name)
        .join(Agent, Agent.id == Attempt.agent_id)
        .join(wanted, wanted.c.id == Attempt.callback_id)
        .order_by(Attempt.callback_id, Attempt.n),
    )
    for row in rows:
        attempt: Attempt = row.Attempt
        found[attempt.callback_id].append(
            AttemptRow(
                started_at=attempt.sending_at or attempt.reserved_at,
                agent=row.name,
                state=attempt.state,
                agent_outcome=attempt.agent_outcome,
                customer_outcome=attempt.customer_outcome,
                talk_seconds=attempt.talk_seconds,
            ),
        )
    return found
