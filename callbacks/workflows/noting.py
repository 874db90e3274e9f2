"""What a person of the desk writes down about a ticket, also while he talks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store.signin import Person
from callbacks.store.transitions import Cause, note
from models.ticket import Ticket, TicketNote
from models.vocabulary import Subject

LONGEST_NOTE = 4000


def write(services: Services, ticket_number: int, body: str, who: Person) -> bool:
    """Keep a note; False where his last one on this ticket says the same: it was sent twice.

    Raises RuleRefused for an empty or too long one, and where there is no such ticket.
    """
    text = written(body, LONGEST_NOTE, "note")
    now = services.clock.now()
    with services.database.write() as session:
        ticket = locked(session, ticket_number)
        last = session.scalar(
            select(TicketNote)
            .where(TicketNote.ticket_id == ticket.id, TicketNote.agent_id == who.id)
            .order_by(TicketNote.id.desc())
            .limit(1),
        )
        if last is not None and last.body == text:
            return False
        session.add(TicketNote(ticket_id=ticket.id, agent_id=who.id, written_at=now, body=text))
        note(session, Subject.TICKET, ticket.id, ticket.state, Cause(now, who.name, "wrote a note"))
    return True


def written(text: str, limit: int, field: str) -> str:
    """Return what was written, with plain line ends. Raises RuleRefused where it is nothing, or too much."""
    plain = "\n".join(text.strip().splitlines())
    if not plain:
        raise RuleRefused(Rule.NOTHING_WRITTEN, "nothing was written", field)
    if len(plain) > limit:
        raise RuleRefused(Rule.TEXT_TOO_LONG, f"longer than {limit} characters", field, limit=limit)
    return plain


def locked(session: Session, ticket_number: int) -> Ticket:
    """Return a ticket that nobody else changes before this transaction ends. Raises RuleRefused for none.

    A form sent twice at once is then taken in once: the second sees what the first has written.
    """
    ticket = session.scalar(select(Ticket).where(Ticket.number == ticket_number).with_for_update())
    if ticket is None:
        message = f"there is no ticket {ticket_number}"
        raise RuleRefused(Rule.NO_SUCH_TICKET, message, ticket=ticket_number)
    return ticket
