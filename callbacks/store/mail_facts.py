"""What a mail about a ticket tells, read in the transaction that promises it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.callback import Callback
from models.customer import Contact
from models.history import History
from models.outbox import OutboxMail
from models.ticket import Ticket, TimeEntry
from models.vocabulary import Language, MailKind, Option, Subject, TalkOutcome, TicketState

NAMING_A_MOMENT = (MailKind.RENEWAL, MailKind.NOT_REACHED, MailKind.BOOKING)
"""The confirmation is none of them: it repeats what its reader heard on the telephone."""


@dataclass(frozen=True)
class TicketFacts:
    """A ticket and whom to write to; `email` is None where we know no address."""

    id: int
    number: int
    option: Option
    language: Language
    subject: str
    outcome: TalkOutcome | None
    opened_at: datetime
    is_closed: bool
    name: str
    email: str | None


@dataclass(frozen=True)
class Promise:
    """What we promised of the latest call-back of a ticket; None until it was reckoned."""

    starts: datetime | None
    ends: datetime | None
    not_before: datetime | None


def of_ticket(session: Session, ticket_id: int) -> TicketFacts:
    """Return the ticket with its contact. Raises sqlalchemy.exc.NoResultFound where there is none."""
    row = session.execute(
        select(Ticket, Contact).outerjoin(Contact, Contact.id == Ticket.contact_id).where(Ticket.id == ticket_id),
    ).one()
    ticket: Ticket = row.Ticket
    contact: Contact | None = row.Contact
    return TicketFacts(
        id=ticket.id,
        number=ticket.number,
        option=ticket.option,
        language=ticket.language,
        subject=ticket.subject,
        outcome=ticket.outcome,
        opened_at=ticket.opened_at,
        is_closed=ticket.state is TicketState.CLOSED,
        name=contact.name if contact else "",
        email=(contact.email or None) if contact else None,
    )


def latest_promise(session: Session, ticket_id: int) -> Promise:
    """Return the promise of the ticket's latest call-back; an empty one where there is no call-back."""
    row = session.execute(
        select(Callback.promise_from, Callback.promise_to, Callback.not_before)
        .where(Callback.ticket_id == ticket_id)
        .order_by(Callback.id.desc())
        .limit(1),
    ).first()
    return Promise(row.promise_from, row.promise_to, row.not_before) if row else Promise(None, None, None)


def last_named_a_moment(session: Session) -> dict[int, datetime]:
    """Return when the customers of open call-backs were last written to about a new moment, by call-back."""
    rows = session.execute(
        select(Callback.id, func.max(OutboxMail.written_at))
        .join(OutboxMail, OutboxMail.ticket_id == Callback.ticket_id)
        .where(Callback.closed_at.is_(None), OutboxMail.kind.in_(NAMING_A_MOMENT))
        .group_by(Callback.id),
    )
    return {row[0]: row[1] for row in rows}


def seconds_worked(session: Session, ticket_id: int) -> int:
    """Return the seconds of all time entries of a ticket."""
    return (
        session.scalar(select(func.coalesce(func.sum(TimeEntry.seconds), 0)).where(TimeEntry.ticket_id == ticket_id))
        or 0
    )


def times_closed(session: Session, ticket_id: int) -> int:
    """Return how often a ticket was closed: a talk may reopen it."""
    return (
        session.scalar(
            select(func.count())
            .select_from(History)
            .where(
                History.subject == Subject.TICKET,
                History.subject_id == ticket_id,
                History.new_state == TicketState.CLOSED,
                History.old_state != TicketState.CLOSED,
            ),
        )
        or 0
    )
