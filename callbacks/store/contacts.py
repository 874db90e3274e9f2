"""Customers and their people, looked up by whoever needs to name one; and what an unknown number has asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from callbacks.rules.search_words import Term, terms
from callbacks.store.queue_search import named
from models.callback import Callback, CallLeg
from models.customer import Contact, ContactNumber, Customer
from models.ticket import Ticket
from models.vocabulary import Agreement, Language, TicketState

MOST_FOUND = 25
MOST_TICKETS = 200


@dataclass(frozen=True)
class Known:
    """One person at a customer, or the customer alone: then `contact_id` and `name` are None.

    `numbers` are E.164, in the order they were entered.
    """

    customer_id: int
    company: str
    agreement: Agreement
    contact_id: int | None = None
    name: str | None = None
    email: str | None = None
    language: Language | None = None
    numbers: Sequence[str] = ()


def search(session: Session, typed: str) -> list[Known]:
    """Return the people in whose name, company, address or number everything typed is found, by company and name."""
    wanted = terms(typed)
    return _people(session, *(_has(term) for term in wanted)) if wanted else []


def with_number(session: Session, number: str) -> list[Known]:
    """Return everybody a number belongs to."""
    return _people(session, exists().where(ContactNumber.contact_id == Contact.id, ContactNumber.number == number))


def contact(session: Session, contact_id: int) -> Known | None:
    """Return one person."""
    return next(iter(_people(session, Contact.id == contact_id)), None)


def company(session: Session, customer_id: int) -> Known | None:
    """Return a customer without anybody in particular."""
    row = session.get(Customer, customer_id)
    return None if row is None else Known(row.id, row.name, row.agreement)


def tickets_without_customer(session: Session, number: str) -> list[Ticket]:
    """Return the tickets that are not closed, that nobody could name, and that this number asked for or is called for.

    Both ways begin at the number: of the tickets without a customer there may be thousands.
    """
    asked = select(Callback.ticket_id).where(Callback.number == number)
    rang = (
        select(Callback.ticket_id)
        .join(CallLeg, CallLeg.call_sid == Callback.inbound_sid)
        .where(CallLeg.number == number)
    )
    rows = select(Ticket).where(
        or_(Ticket.id.in_(asked), Ticket.id.in_(rang)),
        Ticket.customer_id.is_(None),
        Ticket.state != TicketState.CLOSED,
    )
    return list(session.scalars(rows.order_by(Ticket.number).limit(MOST_TICKETS)))


def _people(session: Session, *conditions: ColumnElement[bool]) -> list[Known]:
    rows = session.execute(
        select(Contact, Customer)
        .join(Customer, Customer.id == Contact.customer_id)
        .where(*conditions)
        .order_by(Customer.name, Contact.name)
        .limit(MOST_FOUND),
    ).all()
    numbers: dict[int, list[str]] = {}
    every = select(ContactNumber).where(ContactNumber.contact_id.in_([row.Contact.id for row in rows]))
    for each in session.scalars(every.order_by(ContactNumber.id)):
        numbers.setdefault(each.contact_id, []).append(each.number)
    return [
        Known(
            row.Customer.id,
            row.Customer.name,
            row.Customer.agreement,
            row.Contact.id,
            row.Contact.name,
            row.Contact.email,
            row.Contact.language,
            numbers.get(row.Contact.id, ()),
        )
        for row in rows
    ]


def _has(term: Term) -> ColumnElement[bool]:
    ways = [
        named(Customer.name, term.text),
        named(Contact.name, term.text),
        named(Contact.email, term.text),
    ]
    if term.begins or term.digits:
        found = (
            ContactNumber.number.startswith(term.begins, autoescape=True)
            if term.begins
            else ContactNumber.number.contains(term.digits)
        )
        ways.append(exists().where(ContactNumber.contact_id == Contact.id, found))
    return or_(*ways)
