"""Who works when: shifts and absences as entered, and the agents as the planner sees them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from callbacks.errors import RefusedInput
from callbacks.ports import HouseRules
from callbacks.rules.calendar import Calendar
from callbacks.rules.day_plan import Post, Spell
from callbacks.rules.shifts import Duty, Shift, duty_at, spells
from callbacks.rules.windows import Span, shared
from callbacks.store.transitions import Cause, note
from models import agent as tables
from models.agent import Agent
from models.vocabulary import AgentState, Role, Subject

PLANNED = timedelta(days=28)
"""How far ahead calls are planned; nobody is promised a moment beyond it."""
WORKING = frozenset({AgentState.FREE, AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP})


@dataclass(frozen=True)
class Rota:
    """The shifts and absences of one agent."""

    shifts: tuple[Shift, ...] = ()
    absences: tuple[Span, ...] = ()

    def duty(self, zone: ZoneInfo, now: datetime) -> Duty | None:
        """Return what his shifts say of `now`; None for an agent who has none and comes and goes by his own word."""
        return duty_at(self.shifts, self.absences, zone, now) if self.shifts else None


def rotas(session: Session) -> dict[int, Rota]:
    """Return the rota of every agent who has any."""
    shifts: dict[int, list[Shift]] = defaultdict(list)
    absences: dict[int, list[Span]] = defaultdict(list)
    for row in session.scalars(select(tables.Shift).order_by(tables.Shift.id)):
        hours = time.fromisoformat(row.starts_at), time.fromisoformat(row.ends_at)
        shifts[row.agent_id].append(Shift(row.rule, row.first_day, *hours))
    for absence in session.scalars(select(tables.Absence).order_by(tables.Absence.id)):
        absences[absence.agent_id].append((absence.starts, absence.ends))
    return {agent_id: Rota(tuple(given), tuple(absences[agent_id])) for agent_id, given in shifts.items()}


def posts(
    session: Session,
    rules: HouseRules,
    calendar: Calendar,
    handling: float,
    now: datetime,
) -> list[Post]:
    """Return the agents who will take calls, and when each may be rung, up to 28 days ahead.

    What an agent does now holds until the next edge of his shifts; without shifts, until he says otherwise. A call that
    goes on is reckoned to last `handling` seconds from its beginning.
    """
    windows = _ringable(calendar, rules, now)
    everybodys = [(opens.timestamp(), closes.timestamp()) for opens, closes in windows]
    known = rotas(session)
    found = []
    agents = select(Agent).where(Agent.role == Role.AGENT, Agent.phone.is_not(None)).order_by(Agent.state_since)
    for agent in session.scalars(agents):
        rota = known.get(agent.id)
        his = everybodys if rota is None and _stays(agent) else _by_shifts(agent, rota, windows, rules, now)
        if his:
            found.append(Post(agent.id, _free_at(agent, handling, now), his))
    return found


def add_shift(session: Session, agent_id: int, shift: Shift, cause: Cause) -> int:
    """Enter a shift and return its number."""
    row = tables.Shift(
        agent_id=agent_id,
        rule=shift.rule,
        first_day=shift.first_day,
        starts_at=f"{shift.starts_at:%H:%M}",
        ends_at=f"{shift.ends_at:%H:%M}",
        entered_by=cause.who,
        entered_at=cause.at,
    )
    session.add(row)
    session.flush()
    _note(session, agent_id, cause)
    return row.id


def add_absence(session: Session, agent_id: int, starts: datetime, ends: datetime, why: str, cause: Cause) -> int:
    """Enter an absence and return its number. Raises RefusedInput where it ends before it starts."""
    if ends <= starts:
        message = "the end must come after the start"
        raise RefusedInput(message)
    row = tables.Absence(
        agent_id=agent_id, starts=starts, ends=ends, why=why, entered_by=cause.who, entered_at=cause.at
    )
    session.add(row)
    session.flush()
    _note(session, agent_id, cause)
    return row.id


def remove(session: Session, table: type[tables.Shift | tables.Absence], number: int, cause: Cause) -> None:
    """Take a shift or an absence away. Raises RefusedInput where there is none with this number."""
    gone = session.execute(delete(table).where(table.id == number).returning(table.agent_id)).all()
    if not gone:
        message = f"there is no {table.__tablename__} number {number}"
        raise RefusedInput(message)
    _note(session, gone[0].agent_id, cause)


def _note(session: Session, agent_id: int, cause: Cause) -> None:
    note(session, Subject.AGENT, agent_id, session.get_one(Agent, agent_id).state, cause)


def _ringable(calendar: Calendar, rules: HouseRules, now: datetime) -> list[Span]:
    """Return the windows without their last minutes, in which no agent is rung."""
    margin = timedelta(seconds=rules.last_call_margin)
    windows = calendar.windows_between(now, now + PLANNED)
    return [(window.opens, window.closes - margin) for window in windows if window.opens < window.closes - margin]


def _stays(agent: Agent) -> bool:
    return agent.state in WORKING and not agent.wants_off_duty


def _by_shifts(
    agent: Agent, rota: Rota | None, windows: Sequence[Span], rules: HouseRules, now: datetime
) -> list[Spell]:
    duty = rota.duty(rules.zone, now) if rota else None
    if rota is None or duty is None:
        return []
    edge = duty.until or now + PLANNED
    works = spells(rota.shifts, rota.absences, rules.zone, edge, now + PLANNED) if edge < now + PLANNED else []
    if _stays(agent):
        works.insert(0, (now, edge))
    return [(opens.timestamp(), closes.timestamp()) for opens, closes in shared(windows, works)]


def _free_at(agent: Agent, handling: float, now: datetime) -> float:
    if agent.state in {AgentState.RESERVED, AgentState.ON_CALL} and agent.state_since <= now:
        return max(now.timestamp(), agent.state_since.timestamp() + handling)
    counts = agent.state_until is not None and agent.state_since <= now < agent.state_until
    return agent.state_until.timestamp() if counts and agent.state_until else now.timestamp()
