"""Which of those who wait are asked for, as conditions for the database: of thousands only those found are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from callbacks.rules.search_words import ESCAPE, Term, pattern, terms
from callbacks.store.queue import is_waiting
from models.agent import Agent
from models.callback import Callback
from models.customer import Contact, Customer
from models.ticket import Ticket
from models.vocabulary import Agreement, Language, Option, Role


@dataclass(frozen=True)
class Wanted:
    """What a call-back must have to be shown; nothing given shows everybody.

    `text` is as somebody typed it; `agent_id` the agent it is pinned to; `late` wants only promises that are past.
    """

    text: str = ""
    option: Option | None = None
    agreement: Agreement | None = None
    language: Language | None = None
    agent_id: int | None = None
    late: bool = False

    @property
    def is_everybody(self) -> bool:
        """Say whether nobody is left out."""
        return self == EVERYBODY


EVERYBODY = Wanted()


def conditions(wanted: Wanted, now: datetime) -> Sequence[ColumnElement[bool]]:
    """Return what must be true of a call-back, of its ticket, of the customer and of the contact, outer joined."""
    found: list[ColumnElement[bool]] = [is_waiting(), *(_has(term) for term in terms(wanted.text))]
    if wanted.option is not None:
        found.append(Callback.option == wanted.option)
    if wanted.agreement is not None:
        found.append(Customer.agreement == wanted.agreement)
    if wanted.language is not None:
        found.append(Callback.language == wanted.language)
    if wanted.agent_id is not None:
        found.append(Callback.pinned_agent_id == wanted.agent_id)
    if wanted.late:
        found.append(Callback.promise_to < now)
    return found


def places(session: Session, callback_ids: Sequence[int], skip: int, wanted: Wanted) -> dict[int, int]:
    """Return the places in the whole queue of a page of those wanted, whose first is number `skip` + 1 of them."""
    if wanted.is_everybody or not callback_ids:
        return {callback_id: place for place, callback_id in enumerate(callback_ids, start=skip + 1)}
    in_order = func.row_number().over(order_by=(Callback.rank, Callback.id))
    everybody = select(Callback.id, in_order.label("place")).where(is_waiting()).subquery()
    rows = select(everybody.c.id, everybody.c.place).where(everybody.c.id.in_(callback_ids))
    return {row.id: row.place for row in session.execute(rows)}


def count(session: Session, wanted: Wanted, now: datetime) -> int:
    """Return how many are found."""
    rows = (
        select(func.count())
        .select_from(Callback)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
    )
    return session.scalar(rows.where(*conditions(wanted, now))) or 0


def agents(session: Session) -> list[tuple[int, str]]:
    """Return everybody a call-back may be pinned to, by name."""
    rows = session.execute(select(Agent.id, Agent.name).where(Agent.role == Role.AGENT).order_by(Agent.name))
    return [(row.id, row.name) for row in rows]


def named(column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], text: str) -> ColumnElement[bool]:
    """Return the condition that a text stands somewhere in a name, in whatever case of its letters."""
    return func.lower(column).like(pattern(text), escape=ESCAPE)


def _has(term: Term) -> ColumnElement[bool]:
    ways = [named(Customer.name, term.text), named(Contact.name, term.text)]
    if term.begins:
        ways.append(Callback.number.startswith(term.begins, autoescape=True))
    if term.digits:
        ticket = cast(Ticket.number, String).startswith(term.digits, autoescape=True)
        ways.append(or_(ticket, and_(Callback.number.is_not(None), Callback.number.contains(term.digits))))
    return or_(*ways)
