"""An unknown number gets a name: it is put with a contact, and what it has asked for goes along."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.phone_numbers import check_dialable, masked, parse_typed
from callbacks.store import agents, contacts, hours
from callbacks.store.contacts import Known
from callbacks.store.transitions import Cause, note
from models.callback import Callback
from models.customer import Contact, ContactNumber
from models.ticket import Ticket
from models.vocabulary import Subject


@dataclass(frozen=True)
class Stranger:
    """A number, E.164, whose it is already, and the numbers of the open tickets that will go along."""

    number: str
    owners: Sequence[Known]
    tickets: Sequence[int]


def look(services: Services, typed: str) -> Stranger:
    """Return what is known of a number as somebody typed it. Raises NumberRefused where it can be no customer's."""
    number = parse_typed(typed)
    with services.database.read() as session:
        _check(session, services, number)
        owners = contacts.with_number(session, number)
        tickets = [ticket.number for ticket in contacts.tickets_without_customer(session, number)]
    return Stranger(number, owners, tickets)


def name(services: Services, typed: str, contact_id: int, who: str) -> tuple[Known, int]:
    """Put a number with a contact; return him, and how many open tickets now are his.

    Raises NumberRefused for a number that can be no customer's, RuleRefused for one that is his already. Where the
    agreement gives priority, their call-backs move in the queue.
    """
    number = parse_typed(typed)
    now = services.clock.now()
    with services.database.write() as session:
        # Locked, or the same number could be put with him twice at once.
        locked = select(Contact.id).where(Contact.id == contact_id).with_for_update()
        known = contacts.contact(session, contact_id) if session.scalar(locked) is not None else None
        if known is None:
            message = "there is no such contact"
            raise RuleRefused(Rule.NO_SUCH_CONTACT, message)
        _check(session, services, number)
        if number in known.numbers:
            message = "this is his number already"
            raise RuleRefused(Rule.NUMBER_LINKED, message, name=known.name)
        session.add(ContactNumber(contact_id=contact_id, number=number))
        session.flush()
        cause = Cause(now, who, f"{masked(number)} is {known.name}, {known.company}")
        found = contacts.tickets_without_customer(session, number)
        _lock_callbacks(session, [ticket.id for ticket in found])
        moved = sum(_take_along(session, services, ticket, known, cause) for ticket in found)
    if moved:
        services.bell.ring("dispatch")
    return known, moved


def _check(session: Session, services: Services, number: str) -> None:
    check_dialable(number, services.rules.allowed_countries, services.rules.own_numbers, agents.phones(session))


def _lock_callbacks(session: Session, ticket_ids: Sequence[int]) -> None:
    """Lock what is open about these tickets before the tickets themselves, as everybody does, or two could block."""
    open_ones = select(Callback.id).where(Callback.ticket_id.in_(ticket_ids), Callback.closed_at.is_(None))
    session.execute(open_ones.order_by(Callback.id).with_for_update())


def _take_along(session: Session, services: Services, ticket: Ticket, known: Known, cause: Cause) -> bool:
    """Give a ticket its customer; False where somebody else has just done so."""
    ticket_id, state = ticket.id, ticket.state
    named = (
        update(Ticket)
        .where(Ticket.id == ticket_id, Ticket.customer_id.is_(None))
        .values(customer_id=known.customer_id, contact_id=known.contact_id)
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    )
    if not session.execute(named).all():
        return False
    session.expire(ticket)
    note(session, Subject.TICKET, ticket_id, state, cause)
    open_ones = select(Callback).where(Callback.ticket_id == ticket_id, Callback.closed_at.is_(None))
    # Read again under their lock: what is reckoned here must not overwrite a place that was given meanwhile.
    for callback in session.scalars(open_ones.order_by(Callback.id).execution_options(populate_existing=True)):
        with suppress(RingbackError):
            # Of a calendar that cannot answer, he keeps the place he has.
            callback.rank = hours.reckon(session, services.rules, callback)
        note(session, Subject.CALLBACK, callback.id, callback.state, cause, callback.id)
    session.flush()
    return True
