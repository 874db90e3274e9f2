"""What there is at this moment to be alarmed about, read from queue, promises and agents."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from callbacks.rules.calendar import Calendar
from callbacks.store.hours import calendar
from models.agent import Agent
from models.callback import Attempt, Callback, Promise
from models.history import History
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    AlarmKind,
    CallbackState,
    Option,
    Role,
    Subject,
)

MOST = 200
"""Causes of a kind, the oldest first: more at once are one catastrophe, and nobody would read more."""
NOT_BEGUN = (
    CallbackState.HELD,
    CallbackState.WAITING,
    CallbackState.RESTING,
    CallbackState.PREPARING,
    CallbackState.ACTIVE,
)
"""While an agent's telephone rings, nothing has begun for the customer: his promise is judged when his own rings."""
NOT_TAKEN = (CallbackState.WAITING, CallbackState.PREPARING, CallbackState.ACTIVE, CallbackState.NEEDS_HUMAN)
"""An agent whose telephone rings has not taken it yet: he may decline."""
AT_WORK = (AgentState.FREE, AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP)


@dataclass(frozen=True)
class Alarming:
    """One cause; `key` names it for ever, so that it is told once."""

    key: str
    kind: AlarmKind
    callback_id: int | None = None


def causes(session: Session, rules: HouseRules, now: datetime) -> dict[str, Alarming]:
    """Return the causes there are at `now`, by key. Raises RingbackError where the calendar cannot answer."""
    hours = calendar(session, rules)
    found = [*_past_promises(session, now), *_outages(session, rules, hours, now)]
    if hours.is_open(now):
        found += _all_paused(session)
    return {each.key: each for each in found}


def _past_promises(session: Session, now: datetime) -> Iterator[Alarming]:
    rows = session.execute(
        select(Promise.id, Promise.callback_id)
        .join(Callback, Callback.id == Promise.callback_id)
        .where(Promise.result.is_(None), Promise.ends <= now, Callback.state.in_(NOT_BEGUN))
        .order_by(Promise.ends, Promise.id)
        .limit(MOST),
    )
    for row in rows:
        yield Alarming(f"{AlarmKind.PROMISE_PAST}:{row.id}", AlarmKind.PROMISE_PAST, row.callback_id)


def _outages(session: Session, rules: HouseRules, hours: Calendar, now: datetime) -> Iterator[Alarming]:
    """Yield outages that waited too many open minutes, and those that came while closed, until the desk opens."""
    longest = timedelta(minutes=rules.alarm_outage_minutes)
    rows = session.execute(
        select(Callback.id, Callback.arrived_at, Callback.not_before)
        .where(
            Callback.closed_at.is_(None),
            Callback.option == Option.OUTAGE,
            Callback.state.in_(NOT_TAKEN),
            Callback.arrived_at <= now,
            ~_was_taken(),
        )
        .order_by(Callback.arrived_at, Callback.id)
        .limit(MOST),
    ).all()
    is_open = hours.is_open(now)
    for row in rows:
        # A moment its customer chose, or a rest after a try, is no waiting.
        since = max(row.arrived_at, row.not_before or row.arrived_at)
        if since < now and hours.open_time_between(since, now) >= longest:
            yield Alarming(f"{AlarmKind.OUTAGE_WAITING}:{row.id}", AlarmKind.OUTAGE_WAITING, row.id)
        elif not is_open and not hours.is_open(row.arrived_at):
            yield Alarming(f"{AlarmKind.OUTAGE_CLOSED}:{row.id}", AlarmKind.OUTAGE_CLOSED, row.id)


def _was_taken() -> ColumnElement[bool]:
    return exists().where(Attempt.callback_id == Callback.id, Attempt.agent_outcome == AgentOutcome.ACCEPTED)


def _all_paused(session: Session) -> Iterator[Alarming]:
    states = set(session.scalars(select(Agent.state).where(Agent.role == Role.AGENT).distinct()))
    if AgentState.PAUSED not in states or states & set(AT_WORK):
        return
    # The move that left nobody at work names the cause: it stays the same whoever goes on a break after it.
    # Looked for agent by agent from the newest row back: all moves there ever were would be read otherwise.
    went = (
        select(History.id)
        .where(
            History.subject == Subject.AGENT,
            History.subject_id == Agent.id,
            History.old_state.in_(AT_WORK),
            History.new_state.not_in(AT_WORK),
        )
        .order_by(History.id.desc())
        .limit(1)
    )
    last = session.scalar(select(func.max(went.correlate(Agent).scalar_subquery())).select_from(Agent))
    yield Alarming(f"{AlarmKind.ALL_PAUSED}:{last or 0}", AlarmKind.ALL_PAUSED)
