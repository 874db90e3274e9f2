"""Tickets as the page of an incident shows them: those that report it, and those that may."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.callback import Callback
from models.customer import Contact, Customer
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import CallbackState, Language, MailKind, Option, TicketState

MOST_MARKED = 1000
MOST_CANDIDATES = 100
MARK_LENGTH = 16


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


@dataclass(frozen=True)
class StillOpen:
    """One ticket that is not closed, as far as its customer is to be written to."""

    id: int
    number: int
    language: Language
    has_address: bool


def still_open(session: Session, incident_id: int) -> list[StillOpen]:
    """Return all tickets of an incident that are not closed, however many: what is done to them is done to each."""
    rows = session.execute(
        select(Ticket.id, Ticket.number, Ticket.language, Contact.email)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .where(Ticket.incident_id == incident_id, Ticket.state != TicketState.CLOSED)
        .order_by(Ticket.number),
    )
    return [StillOpen(row.id, row.number, row.language, bool(row.email)) for row in rows]


def reporters(session: Session, incident_id: int) -> list[Reporter]:
    """Return the tickets that report an incident as its page shows them, the open ones first."""
    statement = _tickets().where(Ticket.incident_id == incident_id)
    ordered = statement.order_by(Ticket.state == TicketState.CLOSED, Ticket.number)
    return _reporters(session, ordered.limit(MOST_MARKED))


def mark(rows: Iterable[Reporter]) -> str:
    """Return a word that is another one once another set of tickets is still open."""
    still = ",".join(str(row.id) for row in rows if row.state is not TicketState.CLOSED)
    return sha256(still.encode()).hexdigest()[:MARK_LENGTH]


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


def _tickets() -> Select[*tuple[Any, ...]]:
    each = aliased(Callback)
    latest = select(func.max(each.id)).where(each.ticket_id == Ticket.id).correlate(Ticket).scalar_subquery()
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
