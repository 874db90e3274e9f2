"""Failures that many report at once, and the tickets that name them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select, update
from sqlalchemy.orm import Session

from callbacks.store.transitions import Cause, note, record_birth
from models.callback import Callback
from models.customer import Contact, Customer
from models.history import History
from models.incident import Incident
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import CallbackState, Language, MailKind, Option, Subject, TicketState

MOST_MARKED = 1000
MOST_CANDIDATES = 100
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


@dataclass(frozen=True)
class Reporter:
    """One ticket as the page of an incident shows it; `answers` is how many bulk answers went to its customer."""

    id: int
    number: int
    state: TicketState
    option: Option
    language: Language
    company: str | None
    contact: str | None
    telephone: str | None
    has_address: bool
    opened_at: datetime
    callback: CallbackState | None
    answers: int
    incident_id: int | None


def every(session: Session) -> list[Failure]:
    """Return the incidents, the open ones first, then the latest."""
    return _failures(session, None)


def still_open(session: Session) -> list[Failure]:
    """Return the incidents that are not closed, the latest first."""
    return _failures(session, Incident.closed_at.is_(None))


def one(session: Session, incident_id: int) -> Failure | None:
    """Return one incident."""
    return next(iter(_failures(session, Incident.id == incident_id)), None)


def reporters(session: Session, incident_id: int) -> list[Reporter]:
    """Return the tickets that report an incident, the open ones first."""
    statement = _tickets().where(Ticket.incident_id == incident_id)
    ordered = statement.order_by(Ticket.state == TicketState.CLOSED, Ticket.number)
    return _reporters(session, ordered.limit(MOST_MARKED))


def candidates(session: Session, incident_id: int, option: Option | None, wanted: str) -> list[Reporter]:
    """Return open tickets that do not report this incident, the latest first; `wanted` is a part of what is shown."""
    statement = _tickets().where(
        Ticket.state != TicketState.CLOSED,
        or_(Ticket.incident_id.is_(None), Ticket.incident_id != incident_id),
    )
    if option is not None:
        statement = statement.where(Ticket.option == option)
    if wanted:
        statement = statement.where(_mentions(wanted))
    return _reporters(session, statement.order_by(Ticket.id.desc()).limit(MOST_CANDIDATES))


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
    """Close an incident; False where it is closed."""
    closed = (
        update(Incident)
        .where(Incident.id == incident_id, Incident.closed_at.is_(None))
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


def _tickets() -> Select[*tuple[Any, ...]]:
    latest = (
        select(Callback.id).where(Callback.ticket_id == Ticket.id).order_by(Callback.id.desc()).limit(1)
    ).scalar_subquery()
    answers = (
        select(func.count())
        .select_from(OutboxMail)
        .where(OutboxMail.ticket_id == Ticket.id, OutboxMail.kind == MailKind.ANSWER)
    ).scalar_subquery()
    return (
        select(Ticket, Customer, Contact, Callback, answers.label("answers"))
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .outerjoin(Callback, Callback.id == latest)
    )


def _mentions(wanted: str) -> ColumnElement[bool]:
    low = wanted.lower()
    digits = "".join(each for each in wanted if each.isdigit()).lstrip("0")
    found: list[ColumnElement[bool]] = [
        func.lower(column).contains(low, autoescape=True) for column in (Customer.name, Contact.name, Ticket.subject)
    ]
    if digits:
        found += [cast(Ticket.number, String).startswith(digits), Callback.number.contains(digits)]
    return or_(*found)


def _reporters(session: Session, statement: Select[*tuple[Any, ...]]) -> list[Reporter]:
    return [
        Reporter(
            id=row.Ticket.id,
            number=row.Ticket.number,
            state=row.Ticket.state,
            option=row.Ticket.option,
            language=row.Ticket.language,
            company=row.Customer.name if row.Customer else None,
            contact=row.Contact.name if row.Contact else None,
            telephone=row.Callback.number if row.Callback else None,
            has_address=bool(row.Contact and row.Contact.email),
            opened_at=row.Ticket.opened_at,
            callback=row.Callback.state if row.Callback else None,
            answers=row.answers,
            incident_id=row.Ticket.incident_id,
        )
        for row in session.execute(statement)
    ]


def ids_of(session: Session, numbers: Collection[int]) -> dict[int, tuple[int, TicketState, int | None]]:
    """Return id, state and incident of tickets, by the number that people say."""
    rows: Sequence[Any] = session.execute(
        select(Ticket.number, Ticket.id, Ticket.state, Ticket.incident_id).where(Ticket.number.in_(numbers)),
    ).all()
    return {row.number: (row.id, row.state, row.incident_id) for row in rows}
