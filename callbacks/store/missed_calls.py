"""Calls to the hotline that became no ticket, until a person has dealt with each."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from callbacks.store.day_rows import Missed
from callbacks.store.transitions import Cause, note
from models.callback import Callback, CallLeg
from models.customer import Contact, ContactNumber, Customer
from models.ticket import MissedCall, Ticket
from models.vocabulary import Subject

MOST_ROWS = 100
WITHOUT_NUMBER = 0
"""A missed call has none of its own in the history: it is known by its SID."""


class Told(StrEnum):
    """What became of a missed call, for the history."""

    MISSED = "missed"
    NOT_MISSED = "not_missed"
    DEALT_WITH = "dealt_with"


def waiting(session: Session) -> list[Missed]:
    """Return the calls that nobody has dealt with, newest first."""
    company = (
        select(func.min(Customer.name))
        .join(Contact, Contact.customer_id == Customer.id)
        .join(ContactNumber, ContactNumber.contact_id == Contact.id)
        .where(ContactNumber.number == MissedCall.number)
        .correlate(MissedCall)
        .scalar_subquery()
    )
    # Each by an index of its own: one condition with both would read every call-back there ever was.
    to_him = select(func.max(Callback.id)).where(
        Callback.number == MissedCall.number, Callback.arrived_at > MissedCall.at
    )
    by_him = (
        select(func.max(Callback.id))
        .join(CallLeg, CallLeg.call_sid == Callback.inbound_sid)
        .where(CallLeg.number == MissedCall.number, CallLeg.started_at > MissedCall.at)
    )
    rows = session.execute(
        select(
            MissedCall,
            company.label("company"),
            func.coalesce(
                to_him.correlate(MissedCall).scalar_subquery(), by_him.correlate(MissedCall).scalar_subquery()
            ).label("since"),
        )
        .where(MissedCall.handled_at.is_(None))
        .order_by(MissedCall.at.desc(), MissedCall.call_sid)
        .limit(MOST_ROWS),
    ).all()
    tickets = _tickets(session, {row.since for row in rows} - {None})
    return [
        Missed(row.MissedCall.call_sid, row.MissedCall.at, row.MissedCall.number, row.company, tickets.get(row.since))
        for row in rows
    ]


def count(session: Session) -> int:
    """Return how many calls nobody has dealt with."""
    return session.scalar(select(func.count()).select_from(MissedCall).where(MissedCall.handled_at.is_(None))) or 0


def one(session: Session, call_sid: str) -> MissedCall | None:
    """Return a missed call, dealt with or not; None where its caller has chosen something after all."""
    return session.get(MissedCall, call_sid)


def deal_with(session: Session, call_sid: str, who: str, now: datetime, ticket_id: int | None = None) -> bool:
    """Write down who has dealt with a call, and what ticket he made of it; False where somebody did so before."""
    statement = update(MissedCall).where(MissedCall.call_sid == call_sid, MissedCall.handled_at.is_(None))
    values = {"handled_at": now, "handled_by": who, "ticket_id": ticket_id}
    done = statement.values(values).returning(MissedCall.call_sid)
    if not session.execute(done.execution_options(synchronize_session=False)).all():
        return False
    tell(session, Told.DEALT_WITH, Cause(now, who, call_sid))
    return True


def tell(session: Session, told: Told, cause: Cause) -> None:
    """Let the history, and with it every page that is open, know of a missed call; `cause.why` is its SID."""
    note(session, Subject.MISSED_CALL, WITHOUT_NUMBER, told, cause)


def _tickets(session: Session, callback_ids: set[int]) -> dict[int | None, int]:
    rows = select(Callback.id, Ticket.number).join(Ticket, Ticket.id == Callback.ticket_id)
    return {row.id: row.number for row in session.execute(rows.where(Callback.id.in_(callback_ids)))}
