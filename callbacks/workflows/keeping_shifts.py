"""Brings agents on and off duty when their shifts begin and end; between two edges their own word holds."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.shifts import Duty
from callbacks.store import roster
from callbacks.store.roster import Rota
from callbacks.store.transitions import Cause, move_agent, note
from callbacks.workflows.row_by_row import each
from models.agent import Agent
from models.vocabulary import AgentState, Subject

WHO = "clock"
IDLE = frozenset({AgentState.FREE, AgentState.BREAK, AgentState.PAUSED})
STALE = timedelta(seconds=5)
"""A look may have begun before the edge that another has acted upon meanwhile; a clock set back differs by more."""
AWAY = frozenset({AgentState.OFF_DUTY, AgentState.BREAK, AgentState.PAUSED})


def follow_shifts(services: Services, now: datetime) -> datetime | None:
    """Act upon every edge of a shift since the last look, and return the next edge (None: none is known).

    An edge is acted upon once, by its instant: whoever goes home early stays away until his next shift begins. One
    that a clock set back brings round again counts anew.
    """
    zone = services.rules.zone
    with services.database.read() as session:
        rotas = roster.rotas(session, now)
        seen = roster.edges_seen(session) if rotas else {}
    duties = {agent_id: rota.duty(zone, now) for agent_id, rota in rotas.items()}
    passed = [agent_id for agent_id, duty in duties.items() if _is_passed(duty, seen.get(agent_id), now)]
    each(passed, lambda agent_id: _follow(services, agent_id, rotas[agent_id], now))
    return min((duty.until for duty in duties.values() if duty.until), default=None)


def _is_passed(duty: Duty, seen: datetime | None, now: datetime) -> bool:
    """Say whether the latest edge was not acted upon yet: it is newer than the last one, or the clock was set back.

    A shift that is entered or taken away moves edges into the past; what an agent said since then stands.
    """
    if duty.since is None or duty.since == seen:
        return False
    return seen is None or duty.since > seen or seen > now + STALE


def _follow(services: Services, agent_id: int, rota: Rota, now: datetime) -> bool:
    duty = rota.duty(services.rules.zone, now)
    with services.database.write() as session:
        agent = session.get_one(Agent, agent_id, with_for_update=True)
        if duty.since is None or not _is_passed(duty, agent.duty_edge, now):
            return False
        # Who went off duty before his first shift was entered, though after it began, has said so himself.
        stays_away = agent.duty_edge is None and agent.state is AgentState.OFF_DUTY and agent.state_since > duty.since
        agent.duty_edge = duty.since
        session.flush()
        if stays_away:
            return False
        if not duty.on:
            _ends(session, agent, Cause(now, WHO, "his shift is over" if rota.shifts else "he is away"))
        elif rota.shifts:
            # Who has no shifts comes back from an absence by his own word.
            _begins(session, agent, Cause(now, WHO, "his shift begins"))
    return True


def _begins(session: Session, agent: Agent, cause: Cause) -> None:
    if agent.state in AWAY:
        state = agent.state
        move_agent(session, agent.id, {state}, AgentState.FREE, cause, missed_in_a_row=0, wants_off_duty=False)
    elif agent.wants_off_duty:
        agent.wants_off_duty = False
        session.flush()
        note(session, Subject.AGENT, agent.id, agent.state, cause)


def _ends(session: Session, agent: Agent, cause: Cause) -> None:
    if agent.state in IDLE:
        move_agent(session, agent.id, {agent.state}, AgentState.OFF_DUTY, cause, wants_off_duty=False)
    elif agent.state is not AgentState.OFF_DUTY and not agent.wants_off_duty:
        # In the middle of a call: he goes when it is over.
        agent.wants_off_duty = True
        session.flush()
        note(session, Subject.AGENT, agent.id, agent.state, cause)
