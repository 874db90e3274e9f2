"""Agents coming free, and what a missed call costs them."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from callbacks.store.transitions import Cause, move_agent
from models.agent import Agent
from models.callback import Attempt
from models.vocabulary import AgentState, CustomerOutcome, Language

DESK_SEEN_SECONDS = 15
DESK_TOLD_SECONDS = 3
"""An open desk says so every few seconds, in each of its tabs; what comes sooner than this is not written."""
LONGEST_HANDLING = 4 * 3600
"""What seems to have taken longer was a wall clock that jumped."""


def languages(agent: Agent) -> tuple[Language, ...]:
    """Return what an agent speaks, his own first; the house's own for one of whom nothing is written down."""
    return tuple(Language(word) for word in agent.languages.split(",") if word) or (Language.NL,)


def rested(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an agent's `state_until` is over: passed, or set by a clock that ran ahead."""
    return or_(Agent.state_until.is_(None), Agent.state_until <= now, Agent.state_since > now)


def set_free(session: Session, agent_id: int, cause: Cause, until: datetime | None = None) -> None:
    """Bring an agent back from a call or a reservation: free, or off duty when he asked for it meanwhile."""
    agent = session.get_one(Agent, agent_id, with_for_update=True)
    origin = agent.state
    if origin not in {AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP}:
        return
    _measure(session, agent_id, cause.at)
    if agent.wants_off_duty:
        move_agent(session, agent_id, {origin}, AgentState.OFF_DUTY, cause, wants_off_duty=False)
    else:
        move_agent(session, agent_id, {origin}, AgentState.FREE, cause, until=until)


def _measure(session: Session, agent_id: int, now: datetime) -> None:
    """Write down how long the talk took that he comes free from: what promises to others are reckoned from."""
    latest = session.scalar(select(Attempt).where(Attempt.agent_id == agent_id).order_by(Attempt.id.desc()).limit(1))
    if latest is None or latest.customer_outcome is not CustomerOutcome.BRIDGED or latest.handled_seconds is not None:
        return
    took = round((now - latest.reserved_at).total_seconds())
    if 0 < took <= LONGEST_HANDLING:
        latest.handled_seconds = took
        session.flush()


def missed(session: Session, agent_id: int, rules: HouseRules, cause: Cause) -> None:
    """Count a missed offer: a short rest after each, a pause after so many in a row (declines do not count)."""
    agent = session.get_one(Agent, agent_id, with_for_update=True)
    in_a_row = agent.missed_in_a_row + 1
    session.execute(update(Agent).where(Agent.id == agent_id).values(missed_in_a_row=in_a_row))
    session.expire_all()
    if agent.state not in {AgentState.RESERVED, AgentState.ON_CALL}:
        return
    if in_a_row >= rules.missed_in_a_row and not agent.wants_off_duty:
        pause = Cause(cause.at, cause.who, f"missed {in_a_row} calls in a row")
        move_agent(session, agent_id, {agent.state}, AgentState.PAUSED, pause)
    else:
        set_free(session, agent_id, cause, until=cause.at + timedelta(seconds=rules.missed_pause))


def accepted(session: Session, agent_id: int) -> None:
    """Forget missed offers: he is there."""
    session.execute(update(Agent).where(Agent.id == agent_id).values(missed_in_a_row=0))
    session.expire_all()


def phones(session: Session) -> frozenset[str]:
    """Return the numbers of all agents; none of them is ever dialled as a customer's."""
    return frozenset(number for number in session.scalars(select(Agent.phone)) if number)


def desk_is_open(agent: Agent, now: datetime) -> bool:
    """Say whether the agent has his desk page open, so that he can prepare before his phone rings."""
    if agent.desk_seen_at is None:
        return False
    return timedelta() <= now - agent.desk_seen_at < timedelta(seconds=DESK_SEEN_SECONDS)


def is_desk_news(session: Session, agent_id: int, now: datetime) -> bool:
    """Say whether it has to be written down that his desk page is open: it was not just now."""
    seen = session.scalar(select(Agent.desk_seen_at).where(Agent.id == agent_id))
    # Seen after now: the wall clock was set back, and what it said before is worth nothing.
    return seen is None or not timedelta() <= now - seen < timedelta(seconds=DESK_TOLD_SECONDS)


def see_desk(session: Session, agent_id: int, now: datetime) -> None:
    """Write down that the agent has his desk page open. No history: no page shows it."""
    session.execute(update(Agent).where(Agent.id == agent_id).values(desk_seen_at=now))


def is_on(session: Session, attempt: Attempt) -> bool:
    """Say whether the agent is still taken by this attempt: he is on it, and on no later one."""
    agent = session.get_one(Agent, attempt.agent_id)
    if agent.state not in {AgentState.RESERVED, AgentState.ON_CALL}:
        return False
    latest = select(Attempt.id).where(Attempt.agent_id == attempt.agent_id).order_by(Attempt.id.desc()).limit(1)
    return session.scalar(latest) == attempt.id
