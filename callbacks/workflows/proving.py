"""An agent proves on a call to the hotline who he is.

A caller ID can be forged, so it only says whom to ask: nothing is told before the PIN. The proof stands in the row of
this very call; every later key of the call asks for it again.
"""

import logging
from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.passwords import verified
from callbacks.ports import Services
from callbacks.store import agents, callers, legs
from callbacks.store.transitions import Cause, note
from models.agent import Agent
from models.callback import CallLeg
from models.vocabulary import Language, Subject

WHO = "telephone"
WRONG_IN_A_ROW = 5
LOCK, LONGEST_LOCK = timedelta(minutes=15), timedelta(days=1)
MOST_DOUBLINGS = 7
"""As many as pass a day."""

log = logging.getLogger(__name__)


class Verdict(Enum):
    """What became of a PIN. NOBODY: the call does not come from an agent who has one."""

    RIGHT = auto()
    WRONG = auto()
    LOCKED = auto()
    NOBODY = auto()


def knocks(services: Services, call_sid: str) -> Language | None:
    """Return the language to ask a caller for his PIN in; None where his number is no agent's who has one."""
    with services.database.read() as session:
        agent = _behind(session, callers.line(session, call_sid))
        return agents.languages(agent)[0] if agent else None


def tries(services: Services, call_sid: str, pin: str, event: str) -> Verdict:
    """Check a PIN keyed on this call; a right one proves the agent for this call, and only for it.

    Wrong ones in a row are counted across calls. Every fifth locks the PIN, each time twice as long; a right one is
    worth nothing then. The same request again counts once. No transaction is open while argon2 works, and it works as
    long for a number that is nobody's.
    """
    with services.database.read() as session:
        asked = _behind(session, callers.line(session, call_sid))
        stored = asked.pin_hash if asked else None
    right = verified(stored, pin)
    now = services.clock.now()
    with services.database.write() as session:
        leg = callers.line(session, call_sid, lock=True)
        agent = _behind(session, leg, lock=True)
        if leg is None or agent is None:
            return Verdict.NOBODY
        if leg.agent_id == agent.id:
            return Verdict.RIGHT
        if is_locked(agent, now):
            return Verdict.LOCKED
        if not legs.first_time(session, event, now):
            return Verdict.WRONG
        if right and agent.pin_hash == stored:
            _is_he(session, leg, agent, now)
            return Verdict.RIGHT
        verdict = _is_not_he(session, agent, now)
        who, wrong, length = agent.id, agent.pin_failures, _lock(agent)
    if verdict is Verdict.LOCKED:
        log.warning("agent %s: %s wrong PINs in a row on the telephone; locked for %s", who, wrong, length)
    return verdict


def proven(session: Session, call_sid: str, *, lock: bool = False) -> Agent | None:
    """Return the agent who has proven himself on this call; `lock` keeps his row from others, and reads it afresh.

    Without his PIN, or on another number, the proof is worth nothing any more.
    """
    leg = callers.line(session, call_sid)
    agent = _behind(session, leg, lock=lock)
    return agent if leg is not None and agent is not None and agent.id == leg.agent_id else None


def is_locked(agent: Agent, now: datetime) -> bool:
    """Say whether too many wrong PINs were keyed; only from the lock's instant until its end, should a clock jump."""
    return agent.pin_locked_at is not None and agent.pin_locked_at <= now < agent.pin_locked_at + _lock(agent)


def locked(session: Session, now: datetime) -> list[str]:
    """Return one sentence for each agent whose PIN is locked. Without a name: a page that anybody reads shows it."""
    stopped = session.scalars(select(Agent).where(Agent.pin_locked_at.is_not(None)).order_by(Agent.id))
    return [
        f"telephone: the PIN of agent {agent.id} is locked after {agent.pin_failures} wrong ones in a row"
        for agent in stopped
        if is_locked(agent, now)
    ]


def _lock(agent: Agent) -> timedelta:
    """Return how long the last lock lasts: a quarter of an hour, doubled by every further five, a day at most."""
    doublings = min(max(agent.pin_failures // WRONG_IN_A_ROW - 1, 0), MOST_DOUBLINGS)
    return min(LOCK * 2**doublings, LONGEST_LOCK)


def _behind(session: Session, leg: CallLeg | None, *, lock: bool = False) -> Agent | None:
    """Return the agent with a PIN whose number a line shows."""
    if leg is None or leg.number is None:
        return None
    statement = select(Agent).where(Agent.phone == leg.number, Agent.pin_hash.is_not(None))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalar(statement)


def _is_he(session: Session, leg: CallLeg, agent: Agent, now: datetime) -> None:
    leg.agent_id, leg.language = agent.id, agents.languages(agent)[0]
    agent.pin_failures, agent.pin_locked_at = 0, None
    note(session, Subject.AGENT, agent.id, agent.state, Cause(now, WHO, "keyed his PIN on the telephone"))


def _is_not_he(session: Session, agent: Agent, now: datetime) -> Verdict:
    agent.pin_failures += 1
    note(session, Subject.AGENT, agent.id, agent.state, Cause(now, WHO, "a wrong PIN was keyed on his telephone"))
    if agent.pin_failures % WRONG_IN_A_ROW:
        return Verdict.WRONG
    agent.pin_locked_at = now
    minutes = _lock(agent) // timedelta(minutes=1)
    cause = Cause(now, WHO, f"{agent.pin_failures} wrong PINs in a row: locked for {minutes} minutes")
    note(session, Subject.AGENT, agent.id, agent.state, cause)
    return Verdict.LOCKED
