"""Tries of one agent, or of one ticket, and the word on each that is still owed. Instants are aware UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, select, union_all
from sqlalchemy.orm import Session, aliased

from models.agent import Agent
from models.base import Word
from models.callback import Attempt, Callback
from models.customer import Contact, Customer
from models.ticket import Ticket
from models.vocabulary import (
    OPEN_TICKETS,
    AgentOutcome,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Option,
    TalkOutcome,
    TicketState,
)

MOST_ROWS = 200
GOING_ON = frozenset({CallbackState.PREPARING, CallbackState.ACTIVE})
NOT_YET = GOING_ON | {CallbackState.WRAP_UP}


@dataclass(frozen=True)
class Talk:
    """One try at a customer. `waits`: its outcome may be said now; `outcome` is what was said, where it is known."""

    attempt_id: int
    agent_id: int
    agent: str
    ticket_id: int
    ticket: int
    option: Option
    company: str | None
    contact: str | None
    number: str
    at: datetime
    state: AttemptState
    agent_outcome: AgentOutcome | None
    customer_outcome: CustomerOutcome | None
    seconds: int
    goes_on: bool
    waits: bool
    outcome: TalkOutcome | None


def one(session: Session, attempt_id: int) -> Talk | None:
    """Return one try."""
    return next(iter(_talks(session, Attempt.id == attempt_id)), None)


def of_ticket(session: Session, ticket_id: int) -> Sequence[Talk]:
    """Return every try at the customer of a ticket, oldest first."""
    return _talks(session, Callback.ticket_id == ticket_id)[::-1]


def between(session: Session, agent_id: int, start: datetime, end: datetime) -> Sequence[Talk]:
    """Return the tries of one agent that began in [start, end), oldest first."""
    his = (Attempt.agent_id == agent_id, Attempt.reserved_at >= start, Attempt.reserved_at < end)
    return _talks(session, *his)[::-1]


def owed(session: Session, agent_id: int) -> Sequence[Talk]:
    """Return the talks of one agent of which he never said how they ended, oldest first, of whatever day.

    What was closed meanwhile is owed no more.
    """
    his = (
        Attempt.id.in_(latest_of(union_all(left_unsaid(CallbackState.DONE), in_wrap_up()))),
        Attempt.agent_id == agent_id,
        Attempt.customer_outcome == CustomerOutcome.BRIDGED,
        Ticket.state != TicketState.CLOSED,
    )
    return _talks(session, *his)[::-1]


def left_unsaid(*states: CallbackState) -> Select[int]:
    """Return the call-backs about open tickets whose talk nobody ever said the outcome of, in these states or any.

    Begun at the tickets that are open: of talks without an outcome there are more every year.
    """
    unsaid, ticket = aliased(Callback), aliased(Ticket)
    # The word stands in the statement itself: SQLite takes a partial index for no parameter.
    word = bindparam(None, TalkOutcome.UNSTATED, Word(TalkOutcome), literal_execute=True)
    still_open = select(ticket.id).where(ticket.state.in_(OPEN_TICKETS))
    found = select(unsaid.id).where(unsaid.outcome == word, unsaid.ticket_id.in_(still_open))
    return found.where(unsaid.state.in_(states)) if states else found


def in_wrap_up() -> Select[int]:
    """Return the call-backs whose talk has just ended."""
    wrapping = aliased(Callback)
    return select(wrapping.id).where(wrapping.state == CallbackState.WRAP_UP, wrapping.closed_at.is_(None))


def latest_of(callback_ids: Select[int] | CompoundSelect[int]) -> Select[int]:
    """Return the latest attempts of some call-backs."""
    latest, callback = aliased(Attempt), aliased(Callback)
    found = select(latest.id).join(callback, callback.id == latest.callback_id)
    return found.where(callback.id.in_(callback_ids), latest.fence == callback.fence)


def _talks(session: Session, *conditions: ColumnElement[bool]) -> list[Talk]:
    """Return the latest tries, newest first."""
    rows = session.execute(
        select(Attempt, Callback, Ticket, Agent.name.label("agent"), Customer.name.label("company"), Contact)
        .join(Callback, Callback.id == Attempt.callback_id)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .join(Agent, Agent.id == Attempt.agent_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .where(*conditions)
        .order_by(Attempt.reserved_at.desc(), Attempt.id.desc())
        .limit(MOST_ROWS),
    )
    return [
        _talk(row.Attempt, row.Callback, row.Ticket, row.agent, row.company, row.Contact and row.Contact.name)
        for row in rows
    ]


def _talk(
    attempt: Attempt, callback: Callback, ticket: Ticket, agent: str, company: str | None, contact: str | None
) -> Talk:
    latest = callback.fence == attempt.fence
    talked = attempt.customer_outcome is CustomerOutcome.BRIDGED
    unsaid = callback.state is CallbackState.DONE and callback.outcome is TalkOutcome.UNSTATED
    return Talk(
        attempt_id=attempt.id,
        agent_id=attempt.agent_id,
        agent=agent,
        ticket_id=ticket.id,
        ticket=ticket.number,
        option=ticket.option,
        company=company,
        contact=contact,
        number=attempt.customer_number,
        at=attempt.sending_at or attempt.reserved_at,
        state=attempt.state,
        agent_outcome=attempt.agent_outcome,
        customer_outcome=attempt.customer_outcome,
        seconds=attempt.talk_seconds,
        goes_on=latest and callback.state in GOING_ON,
        waits=latest and (callback.state is CallbackState.WRAP_UP or unsaid),
        # In a talk that goes on, or has just ended, what stands in the row was said of the one before it.
        outcome=callback.outcome if latest and talked and callback.state not in NOT_YET else None,
    )
