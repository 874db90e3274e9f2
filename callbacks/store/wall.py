"""What hangs on the wall for everybody who walks by: no number, and no name of a customer's person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session, aliased

from callbacks.ports import HouseRules
from callbacks.rules.calendar import Calendar, NeverOpen, OutOfReach
from callbacks.store.figures import open_time
from callbacks.store.hours import calendar
from models.agent import Agent
from models.alarm import Alarm
from models.callback import LIVE, Attempt, Callback
from models.customer import Customer
from models.ticket import Ticket
from models.vocabulary import (
    AgentState,
    AlarmKind,
    AttemptState,
    CallbackState,
    Option,
    Role,
)

NEXT_ROWS = 5
MOST_CALLS = 100
MOST_ALARMS = 4


@dataclass(frozen=True)
class Turn:
    """One of the next in the queue; `late`: its promise is past."""

    ticket: int
    company: str | None
    option: Option
    arrived_at: datetime
    late: bool


@dataclass(frozen=True)
class Call:
    """An agent who is on the telephone for a ticket, and since when it is in this state."""

    agent: str
    ticket: int
    company: str | None
    state: AttemptState
    since: datetime


@dataclass(frozen=True)
class Rung:
    """An alarm that nobody has seen yet; `ticket` is None where it is about no one of them."""

    kind: AlarmKind
    ticket: int | None


@dataclass(frozen=True)
class Board:
    """The desk at one moment. `longest` is open time; `opens` is None while open or where nothing opens any more."""

    now: datetime
    open_until: datetime | None
    opens: datetime | None
    waiting: int
    longest: timedelta | None
    outages: int
    late: int
    coming: Sequence[Turn]
    calls: Sequence[Call]
    free: int
    busy: int
    pausing: int
    alarms: Sequence[Rung]


def read(session: Session, rules: HouseRules, now: datetime) -> Board:
    """Return what is on the wall at `now`."""
    hours = calendar(session, rules)
    count, oldest, outages, late = _waiting(session, now)
    states = list(session.scalars(select(Agent.state).where(Agent.role == Role.AGENT)))
    open_until, opens = _hours(hours, now)
    return Board(
        now=now,
        open_until=open_until,
        opens=opens,
        waiting=count,
        longest=None if oldest is None else open_time(hours, oldest, now),
        outages=outages,
        late=late,
        coming=_coming(session, now),
        calls=_calls(session),
        free=_number(states, AgentState.FREE),
        busy=_number(states, AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP),
        pausing=_number(states, AgentState.BREAK, AgentState.PAUSED),
        alarms=_alarms(session),
    )


def _waiting(session: Session, now: datetime) -> tuple[int, datetime | None, int, int]:
    """Return how many wait, since when the first of them, how many with an outage, and how many past their promise."""
    row = session.execute(
        select(
            func.count(),
            func.min(Callback.arrived_at),
            func.count(case((Callback.option == Option.OUTAGE, 1))),
            func.count(case((Callback.promise_to < now, 1))),
        ).where(Callback.state == CallbackState.WAITING),
    ).one()
    count, oldest, outages, late = row
    return count, oldest, outages, late


def _coming(session: Session, now: datetime) -> list[Turn]:
    rows = session.execute(
        select(Ticket.number, Customer.name, Callback.option, Callback.arrived_at, Callback.promise_to)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(Callback.state == CallbackState.WAITING)
        .order_by(Callback.rank, Callback.id)
        .limit(NEXT_ROWS),
    )
    return [
        Turn(row.number, row.name, row.option, row.arrived_at, row.promise_to is not None and row.promise_to < now)
        for row in rows
    ]


def _calls(session: Session) -> list[Call]:
    # The condition word for word as its index has it, or the whole table is read.
    live = aliased(Attempt)
    rows = session.execute(
        select(Agent.name, Ticket.number, Customer.name.label("company"), Attempt.state, Attempt.state_since)
        .select_from(Attempt)
        .join(Agent, Agent.id == Attempt.agent_id)
        .join(Callback, Callback.id == Attempt.callback_id)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(Attempt.id.in_(select(live.id).where(text(LIVE))))
        .order_by(Attempt.state_since, Attempt.id)
        .limit(MOST_CALLS),
    )
    return [Call(row.name, row.number, row.company, row.state, row.state_since) for row in rows]


def _alarms(session: Session) -> list[Rung]:
    rows = session.execute(
        select(Alarm.kind, Ticket.number)
        .outerjoin(Callback, Callback.id == Alarm.callback_id)
        .outerjoin(Ticket, Ticket.id == Callback.ticket_id)
        .where(Alarm.raised_at.is_not(None), Alarm.cleared_at.is_(None))
        .order_by(Alarm.id)
        .limit(MOST_ALARMS),
    )
    return [Rung(row.kind, row.number) for row in rows]


def _hours(hours: Calendar, now: datetime) -> tuple[datetime | None, datetime | None]:
    try:
        closes = hours.open_until(now)
        return closes, None if closes else hours.next_open(now)
    except (NeverOpen, OutOfReach):
        return None, None


def _number(states: Sequence[AgentState], *wanted: AgentState) -> int:
    return sum(1 for state in states if state in wanted)
