"""What a caller keyed as an outage was a question, or the other way round: said by key or on the desk."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import agents, hours, legs
from callbacks.store.signin import Person
from callbacks.store.transitions import Cause, note
from models.agent import Agent
from models.callback import Callback
from models.ticket import Ticket
from models.vocabulary import OPEN_CALLBACKS, Language, Option, Subject


def reclassify_by_key(services: Services, token: str, call_sid: str, event_key: str) -> tuple[Language, Option] | None:
    """Turn an outage into a question or the other way round. Returns the agent's language and what it is now."""
    now = services.clock.now()
    with services.database.write() as session:
        attempt = legs.attempt_by_token(session, token)
        if attempt is None or attempt.call_sid != call_sid:
            return None
        agent = session.get_one(Agent, attempt.agent_id)
        callback = session.get_one(Callback, attempt.callback_id)
        if legs.first_time(session, event_key, now):
            other = Option.QUESTION if callback.option is Option.OUTAGE else Option.OUTAGE
            _reclassify(session, services, callback, other, _cause(now, agent.name, other))
        return agents.languages(agent)[0], session.get_one(Callback, attempt.callback_id).option


def reclassify(services: Services, ticket_number: int, option: Option, who: Person) -> bool:
    """Say what a ticket is, and its open call-back with it. False where that stood there already: nothing changes.

    Raises RuleRefused where there is no such ticket.
    """
    cause = _cause(services.clock.now(), who.name, option)
    with services.database.write() as session:
        ticket_id = session.scalar(select(Ticket.id).where(Ticket.number == ticket_number))
        if ticket_id is None:
            message = f"there is no ticket {ticket_number}"
            raise RuleRefused(Rule.NO_SUCH_TICKET, message, ticket=ticket_number)
        # The call-back is locked before its ticket, as by everybody: the other order could stand in the way for ever.
        callback = session.scalar(
            select(Callback)
            .where(Callback.ticket_id == ticket_id, Callback.state.in_(OPEN_CALLBACKS))
            .order_by(Callback.id)
            .limit(1)
            .with_for_update(),
        )
        ticket = session.get_one(Ticket, ticket_id, with_for_update=True)
        if ticket.option is option and (callback is None or callback.option is option):
            return False
        if callback is not None:
            _reclassify(session, services, callback, option, cause)
        else:
            ticket.option = option
            note(session, Subject.TICKET, ticket.id, ticket.state, cause)
    services.bell.ring("dispatch")
    return True


def _cause(now: datetime, who: str, option: Option) -> Cause:
    return Cause(now, who, f"reclassified: {option.name.lower()}")


def _reclassify(session: Session, services: Services, callback: Callback, option: Option, cause: Cause) -> None:
    ticket = session.get_one(Ticket, callback.ticket_id)
    callback.option = option
    callback.rank = hours.reckon(session, services.rules, callback)
    # The call-back's row is written before its ticket's.
    session.flush()
    ticket.option = option
    session.flush()
    note(session, Subject.CALLBACK, callback.id, callback.state, cause, callback.id)
