"""What people of the desk did for tickets and have still to do: notes, time, follow-ups. Instants are aware UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from models.agent import Agent
from models.customer import Customer
from models.ticket import FollowUp, Ticket, TicketNote, TimeEntry
from models.vocabulary import WorkKind

MOST_ROWS = 200


@dataclass(frozen=True)
class Note:
    """One note, whole."""

    id: int
    author: str
    at: datetime
    body: str


@dataclass(frozen=True)
class Entry:
    """One time entry. `measured` is what the telephone said where a person corrected it; `why` his reason, or work."""

    id: int
    ticket: int
    company: str | None
    agent_id: int
    agent: str
    kind: WorkKind
    at: datetime
    seconds: int
    measured: int | None
    why: str | None


@dataclass(frozen=True)
class ToDo:
    """Something still to be done, or done at `done_at`."""

    id: int
    ticket: int
    company: str | None
    agent_id: int
    agent: str
    body: str
    due_at: datetime | None
    done_at: datetime | None


def notes(session: Session, ticket_id: int, limit: int = MOST_ROWS) -> Sequence[Note]:
    """Return the latest notes of a ticket, newest first."""
    rows = session.execute(
        select(TicketNote, Agent.name)
        .join(Agent, Agent.id == TicketNote.agent_id)
        .where(TicketNote.ticket_id == ticket_id)
        .order_by(TicketNote.id.desc())
        .limit(limit),
    )
    return [Note(row.TicketNote.id, row.name, row.TicketNote.written_at, row.TicketNote.body) for row in rows]


def entries_of_ticket(session: Session, ticket_id: int) -> Sequence[Entry]:
    """Return the time written on a ticket, oldest first."""
    return _entries(session, TimeEntry.ticket_id == ticket_id)


def entries_between(session: Session, agent_id: int, start: datetime, end: datetime) -> Sequence[Entry]:
    """Return the time of one person that began in [start, end), oldest first."""
    return _entries(session, TimeEntry.agent_id == agent_id, TimeEntry.started_at >= start, TimeEntry.started_at < end)


def follow_ups_of_ticket(session: Session, ticket_id: int) -> Sequence[ToDo]:
    """Return what is and was to be done for a ticket: what is open first, the most urgent on top."""
    return _to_do(session, _follow_ups().where(FollowUp.ticket_id == ticket_id))


def open_follow_ups(session: Session, agent_id: int) -> Sequence[ToDo]:
    """Return what one person has still to do, the most urgent on top, what has no day at the end."""
    return _to_do(session, _follow_ups().where(FollowUp.agent_id == agent_id, FollowUp.done_at.is_(None)))


def _entries(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Entry]:
    rows = session.execute(
        select(TimeEntry, Ticket.number, Customer.name.label("company"), Agent.name)
        .join(Ticket, Ticket.id == TimeEntry.ticket_id)
        .join(Agent, Agent.id == TimeEntry.agent_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(*conditions)
        .order_by(TimeEntry.started_at, TimeEntry.id)
        .limit(MOST_ROWS),
    )
    return [
        Entry(
            id=row.TimeEntry.id,
            ticket=row.number,
            company=row.company,
            agent_id=row.TimeEntry.agent_id,
            agent=row.name,
            kind=row.TimeEntry.kind,
            at=row.TimeEntry.started_at,
            seconds=row.TimeEntry.seconds,
            measured=row.TimeEntry.measured_seconds,
            why=row.TimeEntry.why,
        )
        for row in rows
    ]


def _follow_ups() -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(FollowUp, Ticket.number, Customer.name.label("company"), Agent.name)
        .join(Ticket, Ticket.id == FollowUp.ticket_id)
        .join(Agent, Agent.id == FollowUp.agent_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
    )
    return statement


def _to_do(session: Session, statement: Select[*tuple[Any, ...]]) -> Sequence[ToDo]:
    urgent_first = (FollowUp.done_at.is_not(None), FollowUp.due_at.is_(None), FollowUp.due_at, FollowUp.id)
    return [
        ToDo(
            id=row.FollowUp.id,
            ticket=row.number,
            company=row.company,
            agent_id=row.FollowUp.agent_id,
            agent=row.name,
            body=row.FollowUp.body,
            due_at=row.FollowUp.due_at,
            done_at=row.FollowUp.done_at,
        )
        for row in session.execute(statement.order_by(*urgent_first).limit(MOST_ROWS))
    ]
