"""Making tickets and giving them their numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.store.transitions import Cause, record_birth
from models.ticket import Ticket
from models.vocabulary import Channel, Language, Option, Subject, TicketState

FIRST_NUMBER = 10001
"""Five digits from the first ticket on: people say them aloud one by one."""

MOST_RACES = 50
"""How often a number may be lost to somebody else before it is no longer a race."""

SUBJECT_LIMIT = 200


class NoNumber(RingbackError):
    """Every ticket number tried was taken by somebody else meanwhile."""

    permanent = False


@dataclass(frozen=True)
class Report:
    """What a ticket is made of. Customer and contact are None for somebody we do not know."""

    channel: Channel
    option: Option
    language: Language
    subject: str
    customer_id: int | None = None
    contact_id: int | None = None


def open_ticket(session: Session, report: Report, cause: Cause) -> Ticket:
    """Make a ticket under the next free number, with its history. Raises NoNumber after MOST_RACES lost races.

    SQLite's writers are alone anyway. On PostgreSQL two of them may reckon the same number: the unique index holds
    the second back until the first has committed, and it then takes the next. Only the savepoint is lost.
    """
    for _ in range(MOST_RACES):
        ticket = _numbered(session, report, cause.at)
        try:
            with session.begin_nested():
                session.add(ticket)
                session.flush()
        except IntegrityError:
            if not _is_taken(session, ticket.number):
                raise
            continue
        record_birth(session, Subject.TICKET, ticket.id, TicketState.OPEN, cause)
        return ticket
    message = f"{MOST_RACES} ticket numbers in a row were taken by others"
    raise NoNumber(message)


def _numbered(session: Session, report: Report, now: datetime) -> Ticket:
    highest = session.scalar(select(func.max(Ticket.number)))
    return Ticket(
        number=FIRST_NUMBER if highest is None else highest + 1,
        state=TicketState.OPEN,
        channel=report.channel,
        option=report.option,
        customer_id=report.customer_id,
        contact_id=report.contact_id,
        language=report.language,
        subject=report.subject[:SUBJECT_LIMIT],
        opened_at=now,
    )


def _is_taken(session: Session, number: int) -> bool:
    return session.scalar(select(Ticket.id).where(Ticket.number == number)) is not None
