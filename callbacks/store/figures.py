"""What the figures are made of: who was rung and spoken to, what became of promises, how the queue rose and fell.

Everything is read by the instant of a telephone call or of a change, over an index, and only between two instants. A
call belongs to the stretch in which the customer's phone was dialled, so that the figures of a past day stay as they
were.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from callbacks.rules.calendar import Calendar, OutOfReach
from callbacks.rules.figures import Punctuality, Settled, Wait, Waits, punctuality, waits
from models.agent import Agent
from models.callback import Attempt, Callback, Promise
from models.history import History
from models.ticket import Ticket
from models.vocabulary import (
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    PromiseResult,
    Role,
    Subject,
)


@dataclass(frozen=True)
class Rung:
    """One customer's phone, dialled at `at`. `first`: never before for this call-back.

    `wait` is how long he had waited where this is the first time that a human spoke to him about his ticket.
    """

    at: datetime
    first: bool
    reached: bool
    wait: Wait | None


@dataclass(frozen=True)
class Ended:
    """A promise that the customer was told, and when it was settled."""

    at: datetime
    settled: Settled


@dataclass(frozen=True)
class Steps:
    """How the number of those who wait and of agents who are free changed, oldest first."""

    waiting: list[tuple[datetime, int]]
    free: list[tuple[datetime, int]]


@dataclass(frozen=True)
class Present:
    """The desk at this moment; `longest` is open time."""

    waiting: int
    longest: timedelta | None
    free: int
    on_duty: int


def present(session: Session, hours: Calendar, now: datetime) -> Present:
    """Return how it stands now."""
    waiting = Callback.state == CallbackState.WAITING
    count = session.scalar(select(func.count()).select_from(Callback).where(waiting)) or 0
    oldest = session.scalar(select(func.min(Callback.arrived_at)).where(waiting))
    states = list(
        session.execute(select(Agent.state, Agent.wants_off_duty).where(Agent.role == Role.AGENT)),
    )
    return Present(
        waiting=count,
        longest=None if oldest is None else open_time(hours, oldest, now),
        free=sum(1 for state, leaves in states if state is AgentState.FREE and not leaves),
        on_duty=sum(1 for state, _ in states if state is not AgentState.OFF_DUTY),
    )


def rung(session: Session, hours: Calendar, starts: datetime, ends: datetime) -> list[Rung]:
    """Return every customer's phone dialled in [starts, ends), oldest first."""
    before, earlier, other = aliased(Attempt), aliased(Attempt), aliased(Callback)
    dialled_before = exists().where(
        before.callback_id == Attempt.callback_id, before.n < Attempt.n, before.dialled_at.is_not(None)
    )
    spoken_before = (
        exists()
        .where(other.ticket_id == Callback.ticket_id, earlier.callback_id == other.id)
        .where(earlier.customer_outcome == CustomerOutcome.BRIDGED, earlier.dialled_at < Attempt.dialled_at)
    )
    bridged = (
        select(func.min(History.at))
        .where(
            History.subject == Subject.ATTEMPT,
            History.subject_id == Attempt.id,
            History.new_state == AttemptState.BRIDGED,
        )
        .scalar_subquery()
    )
    talked = or_(Attempt.customer_outcome == CustomerOutcome.BRIDGED, Attempt.state == AttemptState.BRIDGED)
    rows = session.execute(
        select(
            Attempt.dialled_at,
            Attempt.ended_at,
            Attempt.talk_seconds,
            talked.label("reached"),
            Callback.arrived_at,
            Ticket.opened_at,
            dialled_before.label("dialled_before"),
            spoken_before.label("spoken_before"),
            bridged.label("bridged_at"),
        )
        .join(Callback, Callback.id == Attempt.callback_id)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .where(Attempt.dialled_at.is_not(None), Attempt.dialled_at >= starts, Attempt.dialled_at < ends)
        # An ended try at which his phone did not ring after all is no try at him.
        .where(or_(Attempt.customer_outcome.is_(None), Attempt.customer_outcome != CustomerOutcome.NOT_DIALLED))
        .order_by(Attempt.dialled_at),
    )
    found = []
    for row in rows:
        # Where neither is known yet, SQL says neither yes nor no.
        reached, wait = bool(row.reached), None
        if reached and not row.spoken_before:
            contact = min(row.opened_at, row.arrived_at)
            human = _talked_at(row.dialled_at, row.bridged_at, row.ended_at, row.talk_seconds)
            wait = Wait(open_time(hours, contact, human), max(human - contact, timedelta(0)))
        found.append(Rung(row.dialled_at, not row.dialled_before, reached, wait))
    return found


def ended(session: Session, hours: Calendar, starts: datetime, ends: datetime) -> list[Ended]:
    """Return every promise told to a customer that was settled in [starts, ends), oldest first."""
    rows = session.execute(
        select(Promise.settled_at, Promise.result, Promise.ends)
        .where(Promise.settled_at.is_not(None), Promise.settled_at >= starts, Promise.settled_at < ends)
        .where(Promise.result.is_not(None), Promise.told)
        .order_by(Promise.settled_at),
    )
    return [
        Ended(
            row.settled_at,
            Settled(
                row.result,
                open_time(hours, row.ends, row.settled_at) if row.result is PromiseResult.LATE else timedelta(0),
            ),
        )
        for row in rows
    ]


def of_day(session: Session, hours: Calendar, starts: datetime, ends: datetime) -> tuple[Waits, Punctuality]:
    """Return the waits and the promises of [starts, ends) put together: two short reads for one day."""
    talks, promises = rung(session, hours, starts, ends), ended(session, hours, starts, ends)
    return waits([each.wait for each in talks if each.wait]), punctuality([each.settled for each in promises])


def steps(session: Session, starts: datetime, ends: datetime) -> Steps:
    """Return each change of the queue and of the agents in [starts, ends]: at most a day, for it reads the history."""
    moved = and_(History.at >= starts, History.at <= ends)
    waiting, free = str(CallbackState.WAITING), str(AgentState.FREE)
    rows = session.execute(
        select(History.at, History.subject, History.old_state, History.new_state)
        .where(moved, History.subject.in_((Subject.CALLBACK, Subject.AGENT)))
        .where(or_(History.new_state.in_((waiting, free)), History.old_state.in_((waiting, free))))
        .order_by(History.at, History.id),
    ).all()

    def of(subject: Subject, word: str) -> list[tuple[datetime, int]]:
        taken = [(row.at, (row.new_state == word) - (row.old_state == word)) for row in rows if row.subject is subject]
        return [(at, step) for at, step in taken if step]

    return Steps(of(Subject.CALLBACK, waiting), of(Subject.AGENT, free))


def _talked_at(dialled: datetime, bridged: datetime | None, ended: datetime | None, talk_seconds: int) -> datetime:
    """Return when the talk began; where that was heard of only at its end, as long before the end as it lasted."""
    if bridged is None:
        return dialled
    return max(dialled, bridged - timedelta(seconds=talk_seconds)) if bridged == ended else bridged


def open_time(hours: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return the open time between; none where a clock ran backwards or is beyond what the calendar knows."""
    try:
        return max(hours.open_time_between(start, end), timedelta(0))
    except OutOfReach:
        return timedelta(0)
