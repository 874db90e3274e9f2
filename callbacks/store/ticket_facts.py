"""Everything that stands about one ticket, for its page: its call-backs, its mails, and what may be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from callbacks.rules.queue_order import Standing
from callbacks.store.hours import standing
from callbacks.store.in_hand import mark
from models.agent import Agent
from models.callback import Callback
from models.customer import Contact, Customer
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import (
    OPEN_CALLBACKS,
    AgentState,
    Agreement,
    CallbackState,
    Channel,
    Language,
    MailKind,
    MailState,
    Option,
    Role,
    TalkOutcome,
    TicketState,
)

MOST_ROWS = 200


@dataclass(frozen=True)
class Promised:
    """One call-back as it stands. `seen` is that as a word (store.in_hand.mark); `pinned` the agent it waits for."""

    id: int
    seen: str
    state: CallbackState
    option: Option
    number: str | None
    extension: str | None
    arrived_at: datetime
    standing: Standing
    tries: int
    not_before: datetime | None
    promised: tuple[datetime, datetime] | None
    pinned_id: int | None
    pinned: str | None
    cancel_requested: bool
    outcome: TalkOutcome | None
    why: str | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether somebody still means to call."""
        return self.state in OPEN_CALLBACKS


@dataclass(frozen=True)
class Posted:
    """One mail about the ticket."""

    id: int
    kind: MailKind
    recipient: str
    subject: str
    state: MailState
    written_at: datetime
    sent_at: datetime | None
    last_error: str | None
    settled_by: str | None


@dataclass(frozen=True)
class Ringable:
    """Somebody who takes calls, and what he is doing."""

    id: int
    name: str
    state: AgentState


@dataclass(frozen=True)
class TicketFacts:
    """A ticket as it stands. Company, contact and agreement are None for a stranger.

    `merged` are the tickets that this one goes on for, `merged_into` the one that goes on for it; `same_number` those
    with an open call-back to a number of an open one of this.
    """

    id: int
    number: int
    state: TicketState
    channel: Channel
    option: Option
    language: Language
    subject: str
    company: str | None
    contact: str | None
    email: str | None
    agreement: Agreement | None
    owner: str | None
    outcome: TalkOutcome | None
    opened_at: datetime
    closed_at: datetime | None
    callbacks: Sequence[Promised]
    mails: Sequence[Posted]
    merged: Sequence[int]
    merged_into: int | None
    same_number: Sequence[int]

    @property
    def open(self) -> Promised | None:
        """Return the call-back by which its customer is going to be called."""
        return next((each for each in self.callbacks if each.is_open), None)

    @property
    def is_closed(self) -> bool:
        """Say whether nobody works on it any more."""
        return self.state is TicketState.CLOSED


def read(session: Session, number: int) -> TicketFacts | None:
    """Return the ticket with this number; None where there is none."""
    owner, goes_on = aliased(Agent), aliased(Ticket)
    row = session.execute(
        select(Ticket, Customer, Contact, owner.name.label("owner"), goes_on.number.label("goes_on"))
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .outerjoin(owner, owner.id == Ticket.owner_id)
        .outerjoin(goes_on, goes_on.id == Ticket.merged_into_id)
        .where(Ticket.number == number),
    ).first()
    if row is None:
        return None
    ticket, customer, contact = row.Ticket, row.Customer, row.Contact
    callbacks = _callbacks(session, ticket.id, customer)
    return TicketFacts(
        id=ticket.id,
        number=ticket.number,
        state=ticket.state,
        channel=ticket.channel,
        option=ticket.option,
        language=ticket.language,
        subject=ticket.subject,
        company=customer.name if customer else None,
        contact=contact.name if contact else None,
        email=contact.email if contact else None,
        agreement=customer.agreement if customer else None,
        owner=row.owner,
        outcome=ticket.outcome,
        opened_at=ticket.opened_at,
        closed_at=ticket.closed_at,
        callbacks=callbacks,
        mails=_mails(session, ticket.id),
        merged=session.scalars(
            select(Ticket.number).where(Ticket.merged_into_id == ticket.id).order_by(Ticket.number).limit(MOST_ROWS),
        ).all(),
        merged_into=row.goes_on,
        same_number=_same_number(session, callbacks),
    )


def ringable(session: Session) -> list[Ringable]:
    """Return everybody who takes calls, by name."""
    rows = select(Agent).where(Agent.role == Role.AGENT, Agent.phone.is_not(None)).order_by(Agent.name)
    return [Ringable(row.id, row.name, row.state) for row in session.scalars(rows.limit(MOST_ROWS))]


def number_of(session: Session, callback_id: int) -> int | None:
    """Return the number of the ticket that a call-back is about."""
    rows = select(Ticket.number).join(Callback, Callback.ticket_id == Ticket.id)
    return session.scalar(rows.where(Callback.id == callback_id))


def _callbacks(session: Session, ticket_id: int, customer: Customer | None) -> list[Promised]:
    rows = session.execute(
        select(Callback, Agent.name)
        .outerjoin(Agent, Agent.id == Callback.pinned_agent_id)
        .where(Callback.ticket_id == ticket_id)
        .order_by(Callback.id.desc())
        .limit(MOST_ROWS),
    )
    return [
        Promised(
            id=row.Callback.id,
            seen=mark(row.Callback),
            state=row.Callback.state,
            option=row.Callback.option,
            number=row.Callback.number,
            extension=row.Callback.extension,
            arrived_at=row.Callback.arrived_at,
            standing=standing(row.Callback, customer),
            tries=row.Callback.tries,
            not_before=row.Callback.not_before,
            promised=(row.Callback.promise_from, row.Callback.promise_to) if row.Callback.promise_to else None,
            pinned_id=row.Callback.pinned_agent_id,
            pinned=row.name,
            cancel_requested=row.Callback.cancel_requested,
            outcome=row.Callback.outcome,
            why=row.Callback.why,
            closed_at=row.Callback.closed_at,
        )
        for row in rows
    ]


def _mails(session: Session, ticket_id: int) -> list[Posted]:
    rows = select(OutboxMail).where(OutboxMail.ticket_id == ticket_id).order_by(OutboxMail.id.desc())
    return [
        Posted(
            row.id,
            row.kind,
            row.recipient,
            row.subject,
            row.state,
            row.written_at,
            row.sent_at,
            row.last_error,
            row.settled_by,
        )
        for row in session.scalars(rows.limit(MOST_ROWS))
    ]


def _same_number(session: Session, callbacks: Sequence[Promised]) -> Sequence[int]:
    numbers = {each.number for each in callbacks if each.is_open and each.number is not None}
    if not numbers:
        return ()
    rows = (
        select(Ticket.number)
        .join(Callback, Callback.ticket_id == Ticket.id)
        .where(
            Callback.number.in_(numbers),
            Callback.closed_at.is_(None),
            Callback.state.in_(OPEN_CALLBACKS),
            Callback.id.not_in([each.id for each in callbacks]),
        )
    )
    return session.scalars(rows.order_by(Ticket.number).distinct().limit(MOST_ROWS)).all()
