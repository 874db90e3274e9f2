"""An agent comes on duty or goes off it, by his own word or a supervisor's."""

from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.errors import RefusedInput, RingbackError
from callbacks.ports import Services
from callbacks.store.transitions import Cause, move_agent, note
from models.agent import Agent
from models.vocabulary import AgentState, Subject

BUSY = frozenset({AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP})
MOST_RACES = 10


class Duty(StrEnum):
    """What came of the wish."""

    ON = "on duty"
    OFF = "off duty"
    OFF_AFTER_CALL = "off duty after this call"
    STAYS_ON = "on duty already"
    STAYS_OFF = "off duty already"


class StillMoving(RingbackError):
    """The agent's state changed again and again meanwhile."""

    permanent = False


def come_on_duty(services: Services, name: str, who: str) -> Duty:
    """Bring an agent back from off duty, a break or a pause; missed calls are forgotten. Raises RefusedInput.

    In the middle of a call it takes back his wish to leave after it.
    """
    cause = Cause(services.clock.now(), who, "came on duty")
    for _ in range(MOST_RACES):
        with services.database.write() as session:
            agent = named(session, name)
            if agent.phone is None:
                message = f"{agent.name} has no telephone number, and cannot be rung"
                raise RefusedInput(message)
            done = _on(session, agent, cause)
        if done is not None:
            services.bell.ring("dispatch")
            services.bell.wake_clock()
            return done
    raise StillMoving(name)


def go_off_duty(services: Services, name: str, who: str) -> Duty:
    """Take an agent off duty: at once, or after the call he is in. Raises RefusedInput for an unknown name."""
    cause = Cause(services.clock.now(), who, "went off duty")
    for _ in range(MOST_RACES):
        with services.database.write() as session:
            done = _off(session, named(session, name), cause)
        if done is not None:
            return done
    raise StillMoving(name)


def _on(session: Session, agent: Agent, cause: Cause) -> Duty | None:
    state = agent.state
    if state in BUSY:
        return _wish(session, agent, Cause(cause.at, cause.who, "stays on duty"), leave=False)
    if state is AgentState.FREE:
        return Duty.STAYS_ON
    moved = move_agent(session, agent.id, {state}, AgentState.FREE, cause, missed_in_a_row=0, wants_off_duty=False)
    return Duty.ON if moved else None


def _off(session: Session, agent: Agent, cause: Cause) -> Duty | None:
    state = agent.state
    if state in BUSY:
        return _wish(session, agent, Cause(cause.at, cause.who, "off duty after this call"), leave=True)
    if state is AgentState.OFF_DUTY:
        return Duty.STAYS_OFF
    moved = move_agent(session, agent.id, {state}, AgentState.OFF_DUTY, cause, wants_off_duty=False)
    return Duty.OFF if moved else None


def _wish(session: Session, agent: Agent, cause: Cause, *, leave: bool) -> Duty | None:
    """Write the wish down, only while he is as busy as he was just now; None where he is not any more."""
    done = Duty.OFF_AFTER_CALL if leave else Duty.STAYS_ON
    if agent.wants_off_duty is leave:
        return done
    written = session.execute(
        update(Agent)
        .where(Agent.id == agent.id, Agent.state == agent.state)
        .values(wants_off_duty=leave)
        .returning(Agent.id)
        .execution_options(synchronize_session=False),
    ).all()
    if not written:
        return None
    note(session, Subject.AGENT, agent.id, agent.state, cause)
    return done


def named(session: Session, name: str) -> Agent:
    """Return the agent of this name, in any case of its letters where that is clear."""
    everybody = session.scalars(select(Agent).order_by(Agent.name)).all()
    exact = [agent for agent in everybody if agent.name == name]
    found = exact or [agent for agent in everybody if agent.name.casefold() == name.strip().casefold()]
    if len(found) != 1:
        names = ", ".join(agent.name for agent in everybody) or "nobody yet; import agents first"
        message = f"there is no agent {name!r}; there is {names}"
        raise RefusedInput(message)
    return found[0]
