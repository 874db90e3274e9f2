"""A ticket is closed, or opened again."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store.signin import Person
from callbacks.store.transitions import Cause, move_ticket
from callbacks.workflows import customer_side, emails
from callbacks.workflows.noting import locked
from models.ticket import Ticket
from models.vocabulary import OPEN_TICKETS, TalkOutcome, TicketState


def close(services: Services, ticket_number: int, who: Person) -> bool:
    """Close a ticket and write to its customer; say whether a mail goes. Raises what `close_in` raises."""
    now = services.clock.now()
    with services.database.write() as session:
        ticket = locked(session, ticket_number)
        mailed = close_in(session, services, ticket, Cause(now, who.name, "closed on the desk"))
    services.bell.ring("mail")
    return mailed


def close_in(
    session: Session,
    services: Services,
    ticket: Ticket,
    cause: Cause,
    outcome: TalkOutcome | None = None,
    *,
    tell: bool = True,
) -> bool:
    """Close a ticket inside the caller's transaction; `tell`: with the mail that closes it. Say whether a mail goes.

    `outcome` is written on the ticket; without one what stands there stays. Raises RuleRefused where it is closed
    already, or while we still owe its customer a call. The caller rings the bell after its commit.
    """
    number = ticket.number
    if customer_side.has_open_callback(session, ticket.id):
        message = f"ticket {number} still has an open call-back"
        raise RuleRefused(Rule.STILL_PROMISED, message, ticket=number)
    columns = {} if outcome is None else {"outcome": outcome}
    if not move_ticket(session, ticket.id, OPEN_TICKETS, TicketState.CLOSED, cause, **columns):
        raise RuleRefused(Rule.TICKET_CLOSED, f"ticket {number} is closed", ticket=number)
    return tell and emails.queue_closing(session, services, ticket.id, cause.at)


def reopen(services: Services, ticket_number: int, who: Person) -> None:
    """Open a closed ticket again; one that was merged goes on by itself. Raises RuleRefused where it is open."""
    now = services.clock.now()
    with services.database.write() as session:
        ticket = locked(session, ticket_number)
        cause = Cause(now, who.name, "opened again on the desk")
        if ticket.state is not TicketState.CLOSED:
            raise RuleRefused(Rule.TICKET_OPEN, f"ticket {ticket_number} is open", ticket=ticket_number)
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(merged_into_id=None))
        move_ticket(session, ticket.id, {TicketState.CLOSED}, TicketState.OPEN, cause)
