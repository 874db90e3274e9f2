"""A supervisor enters who works when: recurring shifts, and absences from them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.calendar import LAST_YEAR
from callbacks.rules.shifts import Shift, check_rule
from callbacks.store import roster
from callbacks.store.transitions import Cause
from callbacks.workflows.duty import named
from models import agent as tables
from models.agent import Agent
from models.vocabulary import Role

FIRST_DAYS = range(2000, LAST_YEAR + 1)


@dataclass(frozen=True)
class ShiftRow:
    """One shift as entered."""

    id: int
    agent: str
    rule: str
    first_day: date
    starts_at: str
    ends_at: str


@dataclass(frozen=True)
class AbsenceRow:
    """One absence as entered, aware UTC."""

    id: int
    agent: str
    starts: datetime
    ends: datetime
    why: str


def add_shifts(services: Services, name: str, shifts: Sequence[Shift], who: str) -> list[int]:
    """Enter shifts, all or none, and return their numbers.

    Raises RefusedInput for an unknown name, a bad rule, no telephone, or a shift that is entered already. The clock
    brings him on duty at once where one has begun already.
    """
    now = services.clock.now()
    for shift in shifts:
        if shift.first_day.year not in FIRST_DAYS:
            # Its days are counted one by one from there: a year of three digits would keep everybody waiting.
            message = f"{shift.first_day} is too far away for the first day of a shift"
            raise RuleRefused(Rule.TOO_FAR, message, "first_day")
    checked = [replace(shift, rule=check_rule(shift.rule, shift.first_day)) for shift in shifts]
    numbers = []
    with services.database.write() as session:
        agent = _takes_calls(session, name)
        for shift in checked:
            hours = f"{shift.starts_at:%H:%M}-{shift.ends_at:%H:%M}"
            if (same := roster.same_shift(session, agent.id, shift)) is not None:
                message = f"{agent.name} works {hours} on these days already: shift number {same}"
                raise RuleRefused(Rule.SAME_SHIFT, message, "days", name=agent.name, hours=hours)
            cause = Cause(now, who, f"shift {hours}, {shift.rule} from {shift.first_day}")
            numbers.append(roster.add_shift(session, agent.id, shift, cause))
    services.bell.wake_clock()
    return numbers


def add_absence(services: Services, name: str, starts: datetime, ends: datetime, why: str, who: str) -> int:
    """Enter an absence and return its number. Raises RefusedInput for an unknown name, no reason, or an empty span."""
    now = services.clock.now()
    if not why.strip():
        message = "give a reason with --why"
        raise RuleRefused(Rule.NO_REASON, message, "why")
    with services.database.write() as session:
        agent = _takes_calls(session, name)
        zone = services.rules.zone
        span = f"{starts.astimezone(zone):%Y-%m-%d %H:%M} to {ends.astimezone(zone):%Y-%m-%d %H:%M}"
        number = roster.add_absence(
            session, agent.id, starts, ends, why.strip(), Cause(now, who, f"away {span}: {why}")
        )
    services.bell.wake_clock()
    return number


def remove_shift(services: Services, number: int, who: str) -> None:
    """Take a shift away. Raises RefusedInput where there is none with this number."""
    _remove(services, tables.Shift, number, who)


def remove_absence(services: Services, number: int, who: str) -> None:
    """Take an absence away. Raises RefusedInput where there is none with this number."""
    _remove(services, tables.Absence, number, who)


def shifts(services: Services) -> list[ShiftRow]:
    """Return every shift by agent."""
    with services.database.read() as session:
        rows = session.execute(
            select(tables.Shift, Agent.name)
            .join(Agent, Agent.id == tables.Shift.agent_id)
            .order_by(Agent.name, tables.Shift.id),
        )
        return [
            ShiftRow(
                row.Shift.id, row.name, row.Shift.rule, row.Shift.first_day, row.Shift.starts_at, row.Shift.ends_at
            )
            for row in rows
        ]


def absences(services: Services) -> list[AbsenceRow]:
    """Return every absence that is not over, by agent."""
    now = services.clock.now()
    with services.database.read() as session:
        rows = session.execute(
            select(tables.Absence, Agent.name)
            .join(Agent, Agent.id == tables.Absence.agent_id)
            .where(tables.Absence.ends > now)
            .order_by(Agent.name, tables.Absence.starts),
        )
        return [
            AbsenceRow(row.Absence.id, row.name, row.Absence.starts, row.Absence.ends, row.Absence.why) for row in rows
        ]


def takers(services: Services) -> list[str]:
    """Return the names of those who may have shifts: agents with a telephone."""
    with services.database.read() as session:
        takes_calls = select(Agent.name).where(Agent.role == Role.AGENT, Agent.phone.is_not(None))
        return list(session.scalars(takes_calls.order_by(Agent.name)))


def hours(text: str) -> tuple[time, time]:
    """Return the two times of "09:00-12:30". Raises RefusedInput."""
    try:
        start, end = (datetime.strptime(part.strip(), "%H:%M").time() for part in text.split("-"))  # noqa: DTZ007 - wall time
    except ValueError:
        start = end = time()
    if start == end:
        message = f"{text!r} are no hours; write them as 09:00-17:00"
        raise RuleRefused(Rule.SAME_HOURS, message, "from_time")
    return start, end


def _remove(services: Services, table: type[tables.Shift | tables.Absence], number: int, who: str) -> None:
    with services.database.write() as session:
        cause = Cause(services.clock.now(), who, f"{table.__tablename__} number {number} taken away")
        roster.remove(session, table, number, cause)
    services.bell.wake_clock()


def _takes_calls(session: Session, name: str) -> Agent:
    agent = named(session, name)
    if agent.phone is None or agent.role is not Role.AGENT:
        message = f"{agent.name} takes no calls: shifts are for agents with a telephone"
        raise RuleRefused(Rule.NO_SHIFTS_FOR_HIM, message, "agent", name=agent.name)
    return agent
