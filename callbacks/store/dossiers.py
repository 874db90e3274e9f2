"""All that is known of the customer of one try, for the agent who is to talk to him.

No database object leaves this module; lists are bounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, false, or_, select
from sqlalchemy.orm import Session

from callbacks.rules.queue_order import Standing
from callbacks.store import agents, hours, messages
from callbacks.store.messages import Left
from models.agent import Agent
from models.callback import Attempt, Callback
from models.customer import Contact, ContactNumber, Customer
from models.ticket import FollowUp, Ticket, TicketNote
from models.vocabulary import (
    AgentOutcome,
    Agreement,
    AttemptState,
    CustomerOutcome,
    Language,
    Option,
    TalkOutcome,
    TicketState,
)

MOST_CONTACTS = 12
MOST_TICKETS = 8
MOST_NOTES = 10
MOST_TASKS = 10
MOST_TRIES = 8


@dataclass(frozen=True)
class Someone:
    """A contact of the customer; `is_caller` is the one who called."""

    name: str
    email: str | None
    language: Language
    numbers: Sequence[str]
    is_caller: bool


@dataclass(frozen=True)
class Before:
    """Another ticket of the same customer, or of the same number where we do not know him."""

    number: int
    subject: str
    option: Option
    state: TicketState
    opened_at: datetime
    outcome: TalkOutcome | None


@dataclass(frozen=True)
class Tried:
    """An earlier try at this call-back."""

    at: datetime
    agent: str
    state: AttemptState
    agent_outcome: AgentOutcome | None
    customer_outcome: CustomerOutcome | None
    talk_seconds: int


@dataclass(frozen=True)
class Written:
    """A note or a task of a ticket: who, when, what; `due_at` only of a task that has a moment."""

    ticket: int
    who: str
    at: datetime
    body: str
    due_at: datetime | None = None


@dataclass(frozen=True)
class Dossier:
    """Who is to be called and why, what he has besides, and what was before. Newest first, messages oldest first.

    `given_why` is a supervisor's reason for its place. `speaks_it`: the agent speaks the caller's language.
    """

    ticket: int
    subject: str
    option: Option
    company: str | None
    agreement: Agreement | None
    contact: str | None
    number: str | None
    extension: str | None
    language: Language
    speaks_it: bool
    arrived_at: datetime
    standing: Standing
    given_why: str | None
    promise: tuple[datetime, datetime] | None
    booked: tuple[datetime, datetime] | None
    contacts: Sequence[Someone]
    tries: Sequence[Tried]
    tickets: Sequence[Before]
    notes: Sequence[Written]
    tasks: Sequence[Written]
    messages: Sequence[Left]


def of(session: Session, attempt_id: int) -> Dossier:
    """Return the dossier of a try that exists."""
    attempt = session.get_one(Attempt, attempt_id)
    callback = session.get_one(Callback, attempt.callback_id)
    ticket = session.get_one(Ticket, callback.ticket_id)
    customer = session.get(Customer, ticket.customer_id) if ticket.customer_id else None
    contact = session.get(Contact, ticket.contact_id) if ticket.contact_id else None
    starts, ends = callback.promise_from, callback.promise_to
    from_, to = callback.booked_from, callback.booked_to
    return Dossier(
        ticket=ticket.number,
        subject=ticket.subject,
        option=callback.option,
        company=customer.name if customer else None,
        agreement=customer.agreement if customer else None,
        contact=contact.name if contact else None,
        number=callback.number,
        extension=callback.extension,
        language=callback.language,
        speaks_it=callback.language in agents.languages(session.get_one(Agent, attempt.agent_id)),
        arrived_at=callback.arrived_at,
        standing=hours.standing(callback, customer),
        given_why=hours.standing(callback, customer).word,
        promise=(starts, ends) if starts and ends else None,
        booked=(from_, to) if from_ and to else None,
        contacts=_contacts(session, ticket),
        tries=_tries(session, attempt),
        tickets=_tickets(session, ticket, callback),
        notes=_notes(session, ticket),
        tasks=_tasks(session, ticket),
        messages=messages.with_merged(session, ticket.id),
    )


def _contacts(session: Session, ticket: Ticket) -> list[Someone]:
    """Return the people of the customer, the caller first."""
    if ticket.customer_id is None:
        return []
    caller_first = case((Contact.id == ticket.contact_id, 0), else_=1)
    people = session.scalars(
        select(Contact)
        .where(Contact.customer_id == ticket.customer_id)
        .order_by(caller_first, Contact.name)
        .limit(MOST_CONTACTS),
    ).all()
    numbers: dict[int, list[str]] = {}
    theirs = select(ContactNumber).where(ContactNumber.contact_id.in_([each.id for each in people]))
    for row in session.scalars(theirs.order_by(ContactNumber.id)):
        numbers.setdefault(row.contact_id, []).append(row.number)
    return [
        Someone(each.name, each.email, each.language, numbers.get(each.id, ()), each.id == ticket.contact_id)
        for each in people
    ]


def _tries(session: Session, attempt: Attempt) -> list[Tried]:
    rows = session.execute(
        select(Attempt, Agent.name)
        .join(Agent, Agent.id == Attempt.agent_id)
        .where(Attempt.callback_id == attempt.callback_id, Attempt.n < attempt.n)
        .order_by(Attempt.n.desc())
        .limit(MOST_TRIES),
    )
    return [
        Tried(each.reserved_at, name, each.state, each.agent_outcome, each.customer_outcome, each.talk_seconds)
        for each, name in rows
    ]


def _tickets(session: Session, ticket: Ticket, callback: Callback) -> list[Before]:
    """Return his other tickets, open ones first."""
    closed_last = case((Ticket.state == TicketState.CLOSED, 1), else_=0)
    statement = select(Ticket).where(_same_customer(ticket, callback), Ticket.id != ticket.id)
    rows = session.scalars(statement.order_by(closed_last, Ticket.id.desc()).limit(MOST_TICKETS))
    return [Before(each.number, each.subject, each.option, each.state, each.opened_at, each.outcome) for each in rows]


def _same_customer(ticket: Ticket, callback: Callback) -> ColumnElement[bool]:
    if ticket.customer_id is not None:
        return Ticket.customer_id == ticket.customer_id
    if callback.number is None:
        return false()
    return Ticket.id.in_(select(Callback.ticket_id).where(Callback.number == callback.number))


def _notes(session: Session, ticket: Ticket) -> list[Written]:
    """Return the notes of his tickets, those of this one and of what was merged into it first."""
    this_first = case((_this_or_merged(ticket), 0), else_=1)
    rows = session.execute(
        select(TicketNote, Ticket.number, Agent.name)
        .join(Ticket, Ticket.id == TicketNote.ticket_id)
        .join(Agent, Agent.id == TicketNote.agent_id)
        .where(_this_or_the_customers(ticket))
        .order_by(this_first, TicketNote.id.desc())
        .limit(MOST_NOTES),
    )
    return [Written(number, who, each.written_at, each.body) for each, number, who in rows]


def _tasks(session: Session, ticket: Ticket) -> list[Written]:
    """Return what has still to be done for his tickets, what is due first on top."""
    undated_last = case((FollowUp.due_at.is_(None), 1), else_=0)
    rows = session.execute(
        select(FollowUp, Ticket.number, Agent.name)
        .join(Ticket, Ticket.id == FollowUp.ticket_id)
        .join(Agent, Agent.id == FollowUp.agent_id)
        .where(_this_or_the_customers(ticket), FollowUp.done_at.is_(None))
        .order_by(undated_last, FollowUp.due_at, FollowUp.id)
        .limit(MOST_TASKS),
    )
    return [Written(number, who, each.entered_at, each.body, each.due_at) for each, number, who in rows]


def _this_or_the_customers(ticket: Ticket) -> ColumnElement[bool]:
    if ticket.customer_id is not None:
        return or_(Ticket.customer_id == ticket.customer_id, _this_or_merged(ticket))
    return _this_or_merged(ticket)


def _this_or_merged(ticket: Ticket) -> ColumnElement[bool]:
    return or_(Ticket.id == ticket.id, Ticket.merged_into_id == ticket.id)
