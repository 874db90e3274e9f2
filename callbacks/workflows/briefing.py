"""What an agent is told before he takes a call."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from callbacks.store import agents, messages
from models.agent import Agent
from models.callback import Attempt, Callback
from models.customer import Contact, Customer
from models.ticket import Ticket
from models.vocabulary import Agreement, Language, Option


@dataclass(frozen=True)
class Briefing:
    """What the agent is told before he takes the call, and in which language; `messages` are SIDs, oldest first."""

    language: Language
    ticket: int
    option: Option
    company: str | None
    contact: str | None
    agreement: Agreement | None
    customer_language: Language
    speaks_it: bool
    messages: Sequence[str] = ()


def of(session: Session, attempt: Attempt) -> Briefing:
    """Return who waits and why; the language is the agent's own first one."""
    callback = session.get_one(Callback, attempt.callback_id)
    ticket = session.get_one(Ticket, callback.ticket_id)
    agent = session.get_one(Agent, attempt.agent_id)
    customer = session.get(Customer, ticket.customer_id) if ticket.customer_id else None
    contact = session.get(Contact, ticket.contact_id) if ticket.contact_id else None
    spoken = agents.languages(agent)
    return Briefing(
        language=spoken[0],
        ticket=ticket.number,
        option=callback.option,
        company=customer.name if customer else None,
        contact=contact.name if contact else None,
        agreement=customer.agreement if customer else None,
        customer_language=callback.language,
        speaks_it=callback.language in spoken,
        messages=messages.playable(session, ticket.id),
    )
