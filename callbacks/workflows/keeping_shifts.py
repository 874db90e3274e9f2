"""Brings agents on and off duty when their shifts begin and end; between two edges their own word holds."""

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.store import roster
from callbacks.store.roster import Rota
from callbacks.store.transitions import Cause, move_agent
from callbacks.workflows.row_by_row import each
from models.agent import Agent
from models.vocabulary import AgentState

WHO = "clock"
IDLE = frozenset({AgentState.FREE, AgentState.BREAK, AgentState.PAUSED})
AWAY = frozenset({AgentState.OFF_DUTY, AgentState.BREAK, AgentState.PAUSED})


def follow_shifts(services: Services, now: datetime) -> datetime | None:
    """Act upon every edge of a shift since the last look, and return the next edge (None: none is known).

    An edge is acted upon once, by its instant: whoever goes home early stays away until his next shift begins. One
    that a clock set back brings round again counts anew.
    """
    with services.database.read() as session:
        rotas = roster.rotas(session)
    duties = {agent_id: duty for agent_id, rota in rotas.items() if (duty := rota.duty(services.rules.zone, now))}

    def follow(agent_id: int) -> bool:
        return _follow(services, agent_id, rotas[agent_id], now)

    each(duties, follow)
    return min((duty.until for duty in duties.values() if duty.until), default=None)


def _follow(services: Services, agent_id: int, rota: Rota, now: datetime) -> bool:
    duty = rota.duty(services.rules.zone, now)
    with services.database.read() as session:
        if duty is None or session.get_one(Agent, agent_id).duty_edge == duty.since:
            return False
    with services.database.write() as session:
        agent = session.get_one(Agent, agent_id, with_for_update=True)
        if agent.duty_edge == duty.since:
            return False
        agent.duty_edge = duty.since
        session.flush()
        if duty.on:
            _begins(session, agent, Cause(now, WHO, "his shift begins"))
        else:
            _ends(session, agent, Cause(now, WHO, "his shift is over"))
    return True


def _begins(session: Session, agent: Agent, cause: Cause) -> None:
    if agent.state in AWAY:
        state = agent.state
        move_agent(session, agent.id, {state}, AgentState.FREE, cause, missed_in_a_row=0, wants_off_duty=False)
    else:
        agent.wants_off_duty = False


def _ends(session: Session, agent: Agent, cause: Cause) -> None:
    if agent.state in IDLE:
        move_agent(session, agent.id, {agent.state}, AgentState.OFF_DUTY, cause, wants_off_duty=False)
    elif agent.state is not AgentState.OFF_DUTY:
        # In the middle of a call: he goes when it is over.
        agent.wants_off_duty = True
