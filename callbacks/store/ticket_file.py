"""Everything an agent works with on one ticket, read in one piece. Instants are aware UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.store import messages, talks, work
from callbacks.store.messages import Left
from callbacks.store.talks import Talk
from callbacks.store.work import Entry, Note, ToDo
from models.agent import Agent
from models.callback import Callback
from models.customer import Contact, ContactNumber, Customer
from models.ticket import Ticket
from models.vocabulary import (
    OPEN_CALLBACKS,
    Agreement,
    CallbackState,
    Channel,
    Language,
    Option,
    TalkOutcome,
    TicketState,
)

MOST_NUMBERS = 10


@dataclass(frozen=True)
class Promised:
    """The open call-back of a ticket; `not_before` and the range are None where nothing is foreseen."""

    state: CallbackState
    number: str | None
    not_before: datetime | None
    promise: tuple[datetime, datetime] | None
    pinned: str | None


@dataclass(frozen=True)
class TicketFile:
    """One ticket. Company, contact and agreement are None for somebody we do not know."""

    number: int
    state: TicketState
    channel: Channel
    option: Option
    language: Language
    subject: str
    outcome: TalkOutcome | None
    opened_at: datetime
    closed_at: datetime | None
    owner: str | None
    company: str | None
    agreement: Agreement | None
    contact: str | None
    email: str | None
    numbers: Sequence[str]
    promised: Promised | None
    messages: Sequence[Left]
    notes: Sequence[Note]
    talks: Sequence[Talk]
    entries: Sequence[Entry]
    to_do: Sequence[ToDo]


def of_number(session: Session, number: int) -> TicketFile | None:
    """Return the ticket with this number, with all that belongs to it."""
    row = session.execute(
        select(Ticket, Customer, Contact, Agent.name.label("owner"))
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .outerjoin(Agent, Agent.id == Ticket.owner_id)
        .where(Ticket.number == number),
    ).first()
    if row is None:
        return None
    ticket: Ticket = row.Ticket
    return TicketFile(
        number=ticket.number,
        state=ticket.state,
        channel=ticket.channel,
        option=ticket.option,
        language=ticket.language,
        subject=ticket.subject,
        outcome=ticket.outcome,
        opened_at=ticket.opened_at,
        closed_at=ticket.closed_at,
        owner=row.owner,
        company=row.Customer.name if row.Customer else None,
        agreement=row.Customer.agreement if row.Customer else None,
        contact=row.Contact.name if row.Contact else None,
        email=row.Contact.email if row.Contact else None,
        numbers=_numbers(session, ticket),
        promised=_promised(session, ticket.id),
        messages=messages.with_merged(session, ticket.id),
        notes=work.notes(session, ticket.id),
        talks=talks.of_ticket(session, ticket.id),
        entries=work.entries_of_ticket(session, ticket.id),
        to_do=work.follow_ups_of_ticket(session, ticket.id),
    )


def _numbers(session: Session, ticket: Ticket) -> Sequence[str]:
    if ticket.contact_id is None:
        return ()
    numbers = select(ContactNumber.number).where(ContactNumber.contact_id == ticket.contact_id)
    return session.scalars(numbers.order_by(ContactNumber.number).limit(MOST_NUMBERS)).all()


def _promised(session: Session, ticket_id: int) -> Promised | None:
    row = session.execute(
        select(Callback, Agent.name)
        .outerjoin(Agent, Agent.id == Callback.pinned_agent_id)
        .where(Callback.ticket_id == ticket_id, Callback.state.in_(OPEN_CALLBACKS))
        .order_by(Callback.id)
        .limit(1),
    ).first()
    if row is None:
        return None
    callback: Callback = row.Callback
    starts, ends = callback.promise_from, callback.promise_to
    promise = (starts, ends) if starts and ends else None
    return Promised(callback.state, callback.number, callback.not_before, promise, row.name)
