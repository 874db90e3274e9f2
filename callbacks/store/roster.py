"""Who works when: shifts and absences as entered, and the agents as the planner sees them."""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import HouseRules
from callbacks.rules.calendar import Calendar
from callbacks.rules.day_plan import Post
from callbacks.rules.shifts import LOOK_BACK, Duty, Shift, duty_at, readable, spells_from
from callbacks.rules.windows import Span, shared, united
from callbacks.store.transitions import Cause, note
from models import agent as tables
from models.agent import Agent
from models.vocabulary import AgentState, Role, Subject

log = logging.getLogger(__name__)

PLANNED = timedelta(days=28)
"""How far ahead calls are planned; nobody is promised a moment beyond it."""
EVERY_WEEK = "FREQ=WEEKLY;BYDAY="
GRACE = timedelta(minutes=15)
"""In how long an agent is expected back who is paused or on a break within his shift."""
SOON_BACK = frozenset({AgentState.BREAK, AgentState.PAUSED})
WORKING = frozenset({AgentState.FREE, AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP})


_told: WeakKeyDictionary[object, set[int]] = WeakKeyDictionary()
"""The shifts of each database of which the log has been told that they cannot be read."""


@dataclass(frozen=True)
class Rota:
    """The shifts and absences of one agent. Without shifts he comes and goes by his own word."""

    shifts: tuple[Shift, ...] = ()
    absences: tuple[Span, ...] = ()

    def duty(self, zone: ZoneInfo, now: datetime) -> Duty:
        """Return what they say of `now`, and the edges around it."""
        return duty_at(self.shifts, self.absences, zone, now)


def rotas(session: Session, now: datetime) -> dict[int, Rota]:
    """Return the rota of every agent who has one. A row that cannot be read is left out, and logged."""
    shifts: dict[int, list[Shift]] = defaultdict(list)
    absences: dict[int, list[Span]] = defaultdict(list)
    for row in session.scalars(select(tables.Shift).order_by(tables.Shift.id)):
        shift = _shift(row)
        if shift is not None:
            shifts[row.agent_id].append(shift)
        else:
            _tell_once(session, row.id)
    recent = select(tables.Absence).where(tables.Absence.ends > now - LOOK_BACK).order_by(tables.Absence.id)
    for absence in session.scalars(recent):
        absences[absence.agent_id].append((absence.starts, absence.ends))
    return {who: Rota(tuple(shifts[who]), tuple(absences[who])) for who in {*shifts, *absences}}


def edges_seen(session: Session) -> dict[int, datetime | None]:
    """Return for each agent the last edge of his rota that was acted upon."""
    return {row.id: row.duty_edge for row in session.execute(select(Agent.id, Agent.duty_edge))}


def posts(
    session: Session,
    rules: HouseRules,
    calendar: Calendar,
    handling: float,
    now: datetime,
    ahead: timedelta = PLANNED,
) -> list[Post]:
    """Return the agents who will take calls, and when each may be rung, up to 28 days ahead, or as long as asked.

    What an agent does now holds until the next edge of his shifts; without shifts, until he says otherwise. A call that
    goes on is reckoned to last `handling` seconds from its beginning.
    """
    windows = _ringable(calendar, rules, now, now + ahead)
    everybodys = [(opens.timestamp(), closes.timestamp()) for opens, closes in windows]
    known = rotas(session, now)
    found = []
    agents = select(Agent).where(Agent.role == Role.AGENT, Agent.phone.is_not(None)).order_by(Agent.state_since)
    for agent in session.scalars(agents):
        rota = known.get(agent.id)
        if rota is None:
            # Who says that he takes a break comes back; who is paused may have left.
            his = everybodys if _stays(agent) or agent.state is AgentState.BREAK else []
        else:
            his = [
                (opens.timestamp(), closes.timestamp())
                for opens, closes in shared(windows, _works(agent, rota, rules, now, now + ahead))
            ]
        if his:
            found.append(Post(agent.id, _free_at(agent, handling, now), his))
    return found


def is_manned(session: Session) -> bool:
    """Say whether an agent is at work, free or soon to be."""
    works = select(Agent.id).where(
        Agent.role == Role.AGENT,
        Agent.phone.is_not(None),
        Agent.state.in_(WORKING),
        Agent.wants_off_duty.is_(False),
    )
    return session.scalar(works.limit(1)) is not None


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


def same_shift(session: Session, agent_id: int, shift: Shift) -> int | None:
    """Return the number of a shift that this one would only repeat.

    One of the same days every week covers whatever begins later; of other rules only the very same one is a repetition,
    because they are counted from their first day. The agent is locked: of two who enter it at once, one is second.
    """
    session.execute(select(Agent.id).where(Agent.id == agent_id).with_for_update())
    alike = select(tables.Shift).where(
        tables.Shift.agent_id == agent_id,
        tables.Shift.rule == shift.rule,
        tables.Shift.starts_at == f"{shift.starts_at:%H:%M}",
        tables.Shift.ends_at == f"{shift.ends_at:%H:%M}",
    )
    same_days = alike.where(
        tables.Shift.first_day <= shift.first_day
        if shift.rule.startswith(EVERY_WEEK)
        else tables.Shift.first_day == shift.first_day,
    )
    found = session.scalars(same_days.order_by(tables.Shift.id).limit(1)).first()
    return found.id if found else None


def add_absence(session: Session, agent_id: int, starts: datetime, ends: datetime, why: str, cause: Cause) -> int:
    """Enter an absence and return its number. Raises RuleRefused for an empty span, or where it is entered already."""
    if ends <= starts:
        message = "the end must come after the start"
        raise RuleRefused(Rule.ENDS_BEFORE_START, message, "until_day")
    session.execute(select(Agent.id).where(Agent.id == agent_id).with_for_update())
    same = select(tables.Absence.id).where(
        tables.Absence.agent_id == agent_id, tables.Absence.starts == starts, tables.Absence.ends == ends
    )
    if session.scalars(same.limit(1)).first() is not None:
        message = "this absence is entered already"
        raise RuleRefused(Rule.ENTERED_ALREADY, message, "from_day")
    row = tables.Absence(
        agent_id=agent_id, starts=starts, ends=ends, why=why, entered_by=cause.who, entered_at=cause.at
    )
    session.add(row)
    session.flush()
    _note(session, agent_id, cause)
    return row.id


def remove(session: Session, table: type[tables.Shift | tables.Absence], number: int, cause: Cause) -> None:
    """Take a shift or an absence away. Raises RuleRefused where there is none with this number."""
    gone = session.execute(delete(table).where(table.id == number).returning(table.agent_id)).all()
    if not gone:
        message = f"there is no {table.__tablename__} number {number}"
        raise RuleRefused(Rule.GONE_ALREADY, message)
    _note(session, gone[0].agent_id, cause)


def _note(session: Session, agent_id: int, cause: Cause) -> None:
    note(session, Subject.AGENT, agent_id, session.get_one(Agent, agent_id).state, cause)


def _ringable(calendar: Calendar, rules: HouseRules, now: datetime, until: datetime) -> list[Span]:
    """Return the windows without their last minutes, in which no agent is rung."""
    margin = timedelta(seconds=rules.last_call_margin)
    windows = calendar.windows_between(now, until)
    return [(window.opens, window.closes - margin) for window in windows if window.opens < window.closes - margin]


def _stays(agent: Agent) -> bool:
    return agent.state in WORKING and not agent.wants_off_duty


def _works(agent: Agent, rota: Rota, rules: HouseRules, now: datetime, until: datetime) -> list[Span]:
    """Return when he works: as he does now until the next edge, and by his rota from there on."""
    duty = rota.duty(rules.zone, now)
    edge = min(duty.until or until, until)
    # Paused after missed calls, or on a break, in the middle of his shift: nobody expects him to stay away.
    here = _stays(agent) or (bool(rota.shifts) and duty.on and agent.state in SOON_BACK)
    by_rota = spells_from(rota.shifts, rota.absences, rules.zone, edge, until)
    later = by_rota if rota.shifts or _stays(agent) else []
    return united([*([(now, edge)] if here else []), *later])


def _free_at(agent: Agent, handling: float, now: datetime) -> float:
    if agent.state in SOON_BACK:
        return (now + GRACE).timestamp()
    if agent.state in {AgentState.RESERVED, AgentState.ON_CALL}:
        began = agent.state_since.timestamp() if agent.state_since <= now else now.timestamp()
        # A talk that has lasted longer than most goes on: half as long again as such calls take.
        return max(began + handling, now.timestamp() + handling / 2)
    counts = agent.state_until is not None and agent.state_since <= now < agent.state_until
    return agent.state_until.timestamp() if counts and agent.state_until else now.timestamp()


def _shift(row: tables.Shift) -> Shift | None:
    try:
        shift = Shift(row.rule, row.first_day, time.fromisoformat(row.starts_at), time.fromisoformat(row.ends_at))
    except ValueError:
        shift = None
    return shift if shift is not None and readable(shift) else None


def _tell_once(session: Session, number: int) -> None:
    """Log a row that cannot be read, once in a process: it is looked at every few seconds."""
    told = _told.setdefault(session.get_bind(), set())
    if number not in told:
        told.add(number)
        log.error("shift number %d cannot be read; it counts for nothing until it is entered anew", number)
