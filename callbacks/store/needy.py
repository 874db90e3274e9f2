"""What waits for a person: calls in doubt, decisions, customers not reached, promises past, mails that went nowhere.

Every list is bounded; no database object leaves this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select, text
from sqlalchemy.orm import Session, aliased

from callbacks.store.day_rows import Caller
from callbacks.store.in_hand import mark
from callbacks.store.queue import is_waiting
from models.agent import Agent
from models.base import Word
from models.callback import LIVE, Attempt, Callback
from models.customer import Contact, Customer
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import (
    OPEN_CALLBACKS,
    OPEN_TICKETS,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    MailKind,
    MailState,
)

MOST_ROWS = 100
Selection = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Doubt:
    """An attempt of which nobody knows whether it rang its agent."""

    attempt_id: int
    caller: Caller
    agent: str
    since: datetime


@dataclass(frozen=True)
class Needing:
    """A call-back that a person has to look at. `seen` is how it stands (store.in_hand.mark), `at` since when.

    `last_outcome` is what became of the last try at the customer.
    """

    callback_id: int
    seen: str
    caller: Caller
    at: datetime
    why: str | None
    last_outcome: CustomerOutcome | None
    promised: tuple[datetime, datetime] | None


@dataclass(frozen=True)
class DeadMail:
    """A mail that could not be delivered, and that nobody has dealt with. Without a ticket it was for the desk."""

    mail_id: int
    ticket: int | None
    company: str | None
    kind: MailKind
    recipient: str
    why: str | None
    at: datetime


@dataclass(frozen=True)
class Needy:
    """Everything that waits for a person at one moment."""

    doubts: Sequence[Doubt]
    decisions: Sequence[Needing]
    unreached: Sequence[Needing]
    expired: Sequence[Needing]
    mails: Sequence[DeadMail]

    @property
    def count(self) -> int:
        """Return how many things wait, each list counted as far as it is read."""
        return sum(map(len, (self.doubts, self.decisions, self.unreached, self.expired, self.mails)))

    @property
    def tickets(self) -> frozenset[int]:
        """Return the tickets that call-backs here are about."""
        callers = [each.caller for each in self.doubts]
        callers += [each.caller for each in (*self.decisions, *self.unreached, *self.expired)]
        return frozenset(caller.ticket for caller in callers)


def read(session: Session, now: datetime) -> Needy:
    """Return what waits for a person at `now`, what waits longest first."""
    needs_somebody = Callback.state == CallbackState.NEEDS_HUMAN
    return Needy(
        doubts=_doubts(session),
        decisions=_needing(session, _callbacks().where(Callback.closed_at.is_(None), needs_somebody)),
        unreached=_unreached(session),
        expired=_needing(session, _callbacks().where(is_waiting(), Callback.promise_to < now)),
        mails=_mails(session),
    )


def _doubts(session: Session) -> list[Doubt]:
    live = aliased(Attempt)
    rows = session.execute(
        _callbacks()
        .add_columns(Attempt, Agent.name)
        .join(Attempt, Attempt.callback_id == Callback.id)
        .join(Agent, Agent.id == Attempt.agent_id)
        # With the words of its index, or every attempt there ever was would be read.
        .where(Attempt.id.in_(select(live.id).where(text(LIVE), live.state == AttemptState.UNKNOWN)))
        .order_by(Attempt.id)
        .limit(MOST_ROWS),
    )
    return [Doubt(row.Attempt.id, _caller(row), row.name, row.Attempt.state_since) for row in rows]


def _unreached(session: Session) -> list[Needing]:
    """Return the customers given up on about whose ticket nothing is promised any more; each ticket's latest."""
    other = aliased(Callback)
    promised = exists().where(other.ticket_id == Ticket.id, other.state.in_(OPEN_CALLBACKS))
    later = exists().where(other.ticket_id == Ticket.id, other.id > Callback.id)
    # The word stands in the statement itself: SQLite takes a partial index for no parameter.
    word = bindparam(None, CallbackState.UNREACHED, Word(CallbackState), literal_execute=True)
    given_up = Callback.state == word
    return _needing(session, _callbacks().where(Ticket.state.in_(OPEN_TICKETS), given_up, ~promised, ~later))


def _needing(session: Session, statement: Selection) -> list[Needing]:
    last = (
        select(Attempt.customer_outcome)
        .where(Attempt.callback_id == Callback.id, Attempt.customer_outcome.is_not(None))
        .order_by(Attempt.n.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        statement.add_columns(last.label("last")).order_by(Callback.arrived_at, Callback.id).limit(MOST_ROWS),
    )
    return [
        Needing(
            callback_id=row.Callback.id,
            seen=mark(row.Callback),
            caller=_caller(row),
            at=row.Callback.closed_at or row.Callback.arrived_at,
            why=row.Callback.why,
            last_outcome=row.last,
            promised=(row.Callback.promise_from, row.Callback.promise_to) if row.Callback.promise_to else None,
        )
        for row in rows
    ]


def _mails(session: Session) -> list[DeadMail]:
    rows = session.execute(
        select(OutboxMail, Ticket.number, Customer.name)
        .outerjoin(Ticket, Ticket.id == OutboxMail.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(OutboxMail.state == MailState.DEAD, OutboxMail.settled_at.is_(None))
        .order_by(OutboxMail.id)
        .limit(MOST_ROWS),
    )
    return [
        DeadMail(
            row.OutboxMail.id,
            row.number,
            row.name,
            row.OutboxMail.kind,
            row.OutboxMail.recipient,
            row.OutboxMail.last_error,
            row.OutboxMail.written_at,
        )
        for row in rows
    ]


def _callbacks() -> Selection:
    statement: Selection = select(Callback, Ticket, Customer, Contact).select_from(Callback)
    return (
        statement.join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
    )


def _caller(row: Row[Any]) -> Caller:
    return Caller(
        ticket=row.Ticket.number,
        company=row.Customer.name if row.Customer else None,
        contact=row.Contact.name if row.Contact else None,
        number=row.Callback.number,
        option=row.Callback.option,
        agreement=row.Customer.agreement if row.Customer else None,
        language=row.Callback.language,
    )
