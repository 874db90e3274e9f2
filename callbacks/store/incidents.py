"""Failures that many report at once, and the tickets that name them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from callbacks.store.transitions import Cause, note, record_birth
from models.history import History
from models.incident import Incident
from models.ticket import Ticket
from models.vocabulary import Subject, TicketState

MOST_LISTED = 50


class Standing(StrEnum):
    """Where an incident stands, for the history."""

    OPEN = "open"
    CLOSED = "closed"
    ANSWERED = "answered"


class Mark(StrEnum):
    """What a ticket's history says of its incident."""

    JOINED = "joined_incident"
    LEFT = "left_incident"


@dataclass(frozen=True)
class Failure:
    """One incident with how many tickets report it, and how many of these are not closed."""

    id: int
    title: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    tickets: int
    open_tickets: int


def every(session: Session) -> list[Failure]:
    """Return the incidents, the open ones first, then the latest."""
    return _failures(session, None)


def still_open(session: Session) -> list[Failure]:
    """Return the incidents that are not closed, the latest first."""
    return _failures(session, Incident.closed_at.is_(None))


def one(session: Session, incident_id: int) -> Failure | None:
    """Return one incident."""
    return next(iter(_failures(session, Incident.id == incident_id)), None)


def times_answered(session: Session, incident_id: int) -> int:
    """Return how many bulk answers were given."""
    statement = (
        select(func.count())
        .select_from(History)
        .where(
            History.subject == Subject.INCIDENT,
            History.subject_id == incident_id,
            History.new_state == Standing.ANSWERED,
        )
    )
    return session.scalar(statement) or 0


def is_open(session: Session, title: str) -> bool:
    """Say whether an incident with this title is open."""
    same = select(Incident.id).where(Incident.title == title, Incident.closed_at.is_(None))
    return session.scalars(same.limit(1)).first() is not None


def open_one(session: Session, title: str, cause: Cause) -> int:
    """Write down a new incident and return its number."""
    row = Incident(title=title, opened_at=cause.at, opened_by=cause.who)
    session.add(row)
    session.flush()
    record_birth(session, Subject.INCIDENT, row.id, Standing.OPEN, cause)
    return row.id


def lock_open(session: Session, incident_id: int) -> Incident | None:
    """Return an incident that is open, for this transaction alone; None for a closed one, or none at all."""
    statement = select(Incident).where(Incident.id == incident_id, Incident.closed_at.is_(None))
    return session.scalar(statement.with_for_update())


def note_answer(session: Session, incident_id: int, cause: Cause) -> None:
    """Write down that a bulk answer is given."""
    note(session, Subject.INCIDENT, incident_id, Standing.ANSWERED, cause)


def join(session: Session, ticket_id: int, incident_id: int, origin: int | None, cause: Cause) -> bool:
    """Let a ticket report this incident, instead of `origin`; False where somebody else marked it meanwhile."""
    return _mark(session, ticket_id, origin, incident_id, Mark.JOINED, cause)


def leave(session: Session, ticket_id: int, incident_id: int, cause: Cause) -> bool:
    """Let a ticket report this incident no more; False where it does not."""
    return _mark(session, ticket_id, incident_id, None, Mark.LEFT, cause)


def close_one(session: Session, incident_id: int, cause: Cause) -> bool:
    """Close an incident that no open ticket reports any more; False where one does, or where it is closed."""
    reported = exists().where(Ticket.incident_id == incident_id, Ticket.state != TicketState.CLOSED)
    closed = (
        update(Incident)
        .where(Incident.id == incident_id, Incident.closed_at.is_(None), ~reported)
        .values(closed_at=cause.at, closed_by=cause.who)
        .returning(Incident.id)
        .execution_options(synchronize_session=False)
    )
    if not session.execute(closed).all():
        return False
    note(session, Subject.INCIDENT, incident_id, Standing.CLOSED, cause)
    return True


def _mark(session: Session, ticket_id: int, origin: int | None, target: int | None, mark: Mark, cause: Cause) -> bool:
    stands = Ticket.incident_id.is_(None) if origin is None else Ticket.incident_id == origin
    marked = (
        update(Ticket)
        .where(Ticket.id == ticket_id, stands)
        .values(incident_id=target)
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    )
    if not session.execute(marked).all():
        return False
    note(session, Subject.TICKET, ticket_id, mark, cause)
    return True


def _failures(session: Session, condition: ColumnElement[bool] | None) -> list[Failure]:
    tickets = select(func.count()).select_from(Ticket).where(Ticket.incident_id == Incident.id)
    left = tickets.where(Ticket.state != TicketState.CLOSED)
    statement = select(
        Incident, tickets.scalar_subquery().label("tickets"), left.scalar_subquery().label("left")
    ).order_by(Incident.closed_at.is_not(None), Incident.id.desc())
    if condition is not None:
        statement = statement.where(condition)
    return [
        Failure(
            row.Incident.id,
            row.Incident.title,
            row.Incident.opened_at,
            row.Incident.opened_by,
            row.Incident.closed_at,
            row.Incident.closed_by,
            row.tickets,
            row.left,
        )
        for row in session.execute(statement.limit(MOST_LISTED))
    ]


def ids_of(session: Session, numbers: Collection[int]) -> dict[int, tuple[int, TicketState, int | None]]:
    """Return id, state and incident of tickets, by the number that people say."""
    rows: Sequence[Any] = session.execute(
        select(Ticket.number, Ticket.id, Ticket.state, Ticket.incident_id).where(Ticket.number.in_(numbers)),
    ).all()
    return {row.number: (row.id, row.state, row.incident_id) for row in rows}
