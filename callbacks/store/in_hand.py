"""One call-back in the hand of a person: locked, with its ticket, and how it stands, as a word that a form carries."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.store import switches
from callbacks.store.queue import is_soon_free
from models.agent import Agent
from models.callback import Callback
from models.history import History
from models.ticket import Ticket
from models.upkeep import Switch
from models.vocabulary import OPEN_CALLBACKS, CallbackState, Role


@dataclass(frozen=True)
class InHand:
    """A call-back that nobody else changes before this transaction ends, and its ticket."""

    callback: Callback
    ticket: Ticket


def mark(callback: Callback) -> str:
    """Return how a call-back stands, as far as people decide it: other words, other decision meanwhile.

    What time or the planner changes (a promise, a place after other hours) is left out: it would refuse for nothing.
    """
    booked = int(callback.booked_from.timestamp()) if callback.booked_from else 0
    rest = callback.not_before if callback.state == CallbackState.RESTING else None
    rests = int(rest.timestamp()) if rest else 0
    given = (callback.given_head_start, int(callback.called_now_at is not None))
    parts = (callback.state, callback.fence, callback.pinned_agent_id or 0, *given, int(callback.option))
    return ".".join(map(str, (*parts, booked, rests, callback.number or "")))


def take(session: Session, callback_id: int) -> InHand | None:
    """Return an open call-back under a lock; None where it is over or never was."""
    callback = session.get(Callback, callback_id, with_for_update=True, populate_existing=True)
    if callback is None or callback.state not in OPEN_CALLBACKS:
        return None
    return InHand(callback, session.get_one(Ticket, callback.ticket_id))


def last_deed(session: Session, callback_id: int) -> tuple[str, str]:
    """Return who last did what to a call-back, in the words of the history."""
    rows = select(History.who, History.why).where(History.callback_id == callback_id)
    row = session.execute(rows.order_by(History.id.desc()).limit(1)).first()
    return (row.who, row.why) if row else ("", "")


def open_of_ticket(session: Session, ticket_number: int) -> int | None:
    """Return the open call-back of a ticket; the first, where it has several."""
    rows = select(Callback.id).join(Ticket, Ticket.id == Callback.ticket_id)
    return session.scalar(
        rows.where(Ticket.number == ticket_number, Callback.state.in_(OPEN_CALLBACKS)).order_by(Callback.id).limit(1),
    )


def who_takes_calls(session: Session, agent_id: int) -> Agent | None:
    """Return the agent, where he is one who takes calls."""
    agent = session.get(Agent, agent_id)
    return agent if agent is not None and agent.role is Role.AGENT and agent.phone is not None else None


def somebody_is_soon_free(session: Session) -> bool:
    """Say whether anybody can be rung now, or once his minutes after a talk are over."""
    return session.scalar(select(Agent.id).where(is_soon_free()).limit(1)) is not None


def why_not_dialling(session: Session) -> str:
    """Return why no calls are placed; "" where nothing keeps them back."""
    names = (switches.DIALLING, switches.BREAKER, switches.DAILY_LIMIT)
    off = select(Switch.why).where(Switch.is_on.is_(False), Switch.name.in_(names)).order_by(Switch.at)
    return session.scalar(off.limit(1)) or ""
