"""An agent comes on duty, goes off it or takes a break, by his own word or a supervisor's."""

from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store.transitions import WHY_LIMIT, Cause, move_agent, note
from models.agent import Agent
from models.vocabulary import AgentState, Subject

BUSY = frozenset({AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP})
MOST_RACES = 10


class Duty(StrEnum):
    """What came of the wish."""

    ON = "on duty"
    OFF = "off duty"
    BREAK = "on a break"
    OFF_AFTER_CALL = "off duty after this call"
    STAYS_ON = "on duty already"
    STAYS_OFF = "off duty already"
    STAYS_AWAY = "on a break already"
    STAYS_PAUSED = "paused already, after missed calls"


class Wish(StrEnum):
    """What an agent, or a supervisor for him, may say; the words of the history."""

    ON = "came on duty"
    OFF = "went off duty"
    BREAK = "took a break"


STAYS = {
    (AgentState.FREE, Wish.ON): Duty.STAYS_ON,
    (AgentState.OFF_DUTY, Wish.OFF): Duty.STAYS_OFF,
    (AgentState.OFF_DUTY, Wish.BREAK): Duty.STAYS_OFF,
    (AgentState.BREAK, Wish.BREAK): Duty.STAYS_AWAY,
    (AgentState.PAUSED, Wish.BREAK): Duty.STAYS_PAUSED,
}
BECOMES = {
    Wish.ON: (AgentState.FREE, Duty.ON),
    Wish.OFF: (AgentState.OFF_DUTY, Duty.OFF),
    Wish.BREAK: (AgentState.BREAK, Duty.BREAK),
}


class StillMoving(RingbackError):
    """The agent's state changed again and again meanwhile."""

    permanent = False


def come_on_duty(services: Services, name: str, who: str) -> Duty:
    """Bring an agent back from off duty, a break or a pause; missed calls are forgotten. Raises RefusedInput.

    In the middle of a call it takes back his wish to leave after it.
    """
    done = _wishes(services, name, Wish.ON, who)
    services.bell.ring("dispatch")
    services.bell.wake_clock()
    return done


def go_off_duty(services: Services, name: str, who: str) -> Duty:
    """Take an agent off duty: at once, or after the call he is in. Raises RefusedInput for an unknown name."""
    return _wishes(services, name, Wish.OFF, who)


def take_a_break(services: Services, name: str, who: str, why: str = "") -> Duty:
    """Ring an agent no more until he comes back or his next shift begins. Raises RefusedInput for an unknown name.

    In the middle of a call he goes off duty after it; who is off duty or paused is not rung anyway, and stays so.
    `why` is his reason, as colleagues read it; by telephone nobody gives one.
    """
    return _wishes(services, name, Wish.BREAK, who, why[:WHY_LIMIT])


def wished(session: Session, agent: Agent, wish: Wish, cause: Cause, why: str = "") -> Duty | None:
    """Do what is wished inside the caller's transaction; None where the agent's state changed meanwhile.

    `why` stays with him as long as his break does.
    """
    if agent.state in BUSY:
        return _after_call(session, agent, cause, leave=wish is not Wish.ON)
    if (agent.state, wish) in STAYS:
        return STAYS[agent.state, wish]
    target, done = BECOMES[wish]
    missed = 0 if wish is Wish.ON else agent.missed_in_a_row
    moved = move_agent(
        session,
        agent.id,
        {agent.state},
        target,
        cause,
        wants_off_duty=False,
        missed_in_a_row=missed,
        away_why=why or None,
    )
    return done if moved else None


def _wishes(services: Services, name: str, wish: Wish, who: str, why: str = "") -> Duty:
    cause = Cause(services.clock.now(), who, f"{wish}: {why}" if why else wish)
    for _ in range(MOST_RACES):
        with services.database.write() as session:
            agent = named(session, name)
            if wish is Wish.ON and agent.phone is None:
                message = f"{agent.name} has no telephone number, and cannot be rung"
                raise RuleRefused(Rule.NO_TELEPHONE, message, name=agent.name)
            done = wished(session, agent, wish, cause, why)
        if done is not None:
            return done
    raise StillMoving(name)


def _after_call(session: Session, agent: Agent, cause: Cause, *, leave: bool) -> Duty | None:
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
    why = "off duty after this call" if leave else "stays on duty"
    note(session, Subject.AGENT, agent.id, agent.state, Cause(cause.at, cause.who, why))
    # The statement passed the session by; what is read of him next must be what is written.
    session.refresh(agent)
    return done


def named(session: Session, name: str) -> Agent:
    """Return the agent of this name, in any case of its letters where that is clear."""
    everybody = session.scalars(select(Agent).order_by(Agent.name)).all()
    exact = [agent for agent in everybody if agent.name == name]
    found = exact or [agent for agent in everybody if agent.name.casefold() == name.strip().casefold()]
    if len(found) != 1:
        names = ", ".join(agent.name for agent in everybody) or "nobody yet; import agents first"
        message = f"there is no agent {name!r}; there is {names}"
        raise RuleRefused(Rule.NO_SUCH_PERSON, message, name=name)
    return found[0]
