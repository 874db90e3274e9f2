"""A person of the desk closes a ticket, or opens it again."""

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store.signin import Person
from callbacks.store.transitions import Cause, move_ticket
from callbacks.workflows import customer_side, emails
from callbacks.workflows.noting import locked
from models.vocabulary import TicketState


def close(services: Services, ticket_number: int, who: Person) -> bool:
    """Close a ticket and write to its customer; say whether a mail goes.

    Raises RuleRefused where it is closed already, or while we still owe its customer a call.
    """
    now = services.clock.now()
    with services.database.write() as session:
        ticket = locked(session, ticket_number)
        if ticket.state is TicketState.CLOSED:
            raise RuleRefused(Rule.TICKET_CLOSED, f"ticket {ticket_number} is closed", ticket=ticket_number)
        if customer_side.has_open_callback(session, ticket.id):
            message = f"ticket {ticket_number} still has an open call-back"
            raise RuleRefused(Rule.STILL_PROMISED, message, ticket=ticket_number)
        cause = Cause(now, who.name, "closed on the desk")
        move_ticket(session, ticket.id, {ticket.state}, TicketState.CLOSED, cause)
        mailed = emails.queue_closing(session, services, ticket.id, now)
    services.bell.ring("mail")
    return mailed


def reopen(services: Services, ticket_number: int, who: Person) -> None:
    """Open a closed ticket again. Raises RuleRefused where it is open."""
    now = services.clock.now()
    with services.database.write() as session:
        ticket = locked(session, ticket_number)
        cause = Cause(now, who.name, "opened again on the desk")
        if ticket.state is not TicketState.CLOSED:
            raise RuleRefused(Rule.TICKET_OPEN, f"ticket {ticket_number} is open", ticket=ticket_number)
        move_ticket(session, ticket.id, {TicketState.CLOSED}, TicketState.OPEN, cause)
