"""One day of the desk, read for the schedule page: no database object leaves this module.

Lists are bounded, so that a page never loads a year.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, text, union_all
from sqlalchemy.orm import Session, aliased

from callbacks.ports import HouseRules
from callbacks.rules.day_grid import bounds
from callbacks.store import announcements, missed_calls, queue_search, talks
from callbacks.store.day_rows import Caller, Colleague, Day, HoursException, Promise, Try
from callbacks.store.foreseeing import Foreseen, foresee
from callbacks.store.hours import calendar, head_starts, standing
from callbacks.store.queue_search import EVERYBODY, Wanted
from models.agent import Agent
from models.calendar import CalendarOverride
from models.callback import LIVE, Attempt, Callback
from models.customer import Contact, Customer
from models.ticket import Ticket
from models.vocabulary import LIVE_ATTEMPTS, CallbackState, Role

MOST_ROWS = 200
Selection = Select[*tuple[Any, ...]]


def read(
    session: Session,
    rules: HouseRules,
    now: datetime,
    *,
    skip: int = 0,
    limit: int = 50,
    wanted: Wanted = EVERYBODY,
) -> Day:
    """Return the desk's day as it stands at `now`, with `limit` rows of the queue, of those wanted, from `skip` on."""
    starts, ends = bounds(now.astimezone(rules.zone).date(), rules.zone)
    foreseen = foresee(session, rules, now)
    waiting = _count(session, CallbackState.WAITING)
    return Day(
        now=now,
        starts=starts,
        ends=ends,
        calendar=calendar(session, rules),
        head_starts=head_starts(rules),
        announced=announcements.first_text(session, now),
        waiting=waiting,
        found=waiting if wanted.is_everybody else queue_search.count(session, wanted, now),
        oldest_arrival=_oldest_arrival(session),
        queue=_queue(session, foreseen, wanted, now, skip=skip, limit=limit),
        held=_in_state(session, CallbackState.HELD),
        resting=_resting(session),
        needs_human=_in_state(session, CallbackState.NEEDS_HUMAN),
        running=running(session),
        tries=tries_between(session, starts, ends),
        without_outcome=_without_outcome(session),
        colleagues=_colleagues(session),
        missed=missed_calls.waiting(session),
        missed_calls=missed_calls.count(session),
        exceptions=exceptions_between(session, starts, ends),
        foreseen=foreseen,
    )


def _count(session: Session, state: CallbackState) -> int:
    return session.scalar(select(func.count()).select_from(Callback).where(Callback.state == state)) or 0


def _oldest_arrival(session: Session) -> datetime | None:
    return session.scalar(select(func.min(Callback.arrived_at)).where(Callback.state == CallbackState.WAITING))


def _queue(
    session: Session, foreseen: Foreseen, wanted: Wanted, now: datetime, *, skip: int, limit: int
) -> list[Promise]:
    """Return a page of the waiting call-backs in the order they will be dialled, each with when its turn comes."""
    first = (Callback.rank, Callback.id)
    condition = and_(*queue_search.conditions(wanted, now))
    rows = _promises(session, condition, first, skip=skip, limit=limit)
    plan = foreseen.of({row.id for row in rows})
    place = queue_search.places(session, [row.id for row in rows], skip, wanted)
    return [replace(row, planned=plan.get(row.id), place=place[row.id]) for row in rows]


def _resting(session: Session) -> list[Promise]:
    """Return the call-backs that rest, the first to wake on top."""
    ordered = (Callback.not_before, Callback.id)
    return _promises(session, Callback.state == CallbackState.RESTING, ordered, skip=0, limit=MOST_ROWS)


def _in_state(session: Session, state: CallbackState) -> list[Promise]:
    """Return the call-backs in this state by arrival."""
    return _promises(session, Callback.state == state, (Callback.arrived_at, Callback.id), skip=0, limit=MOST_ROWS)


def _without_outcome(session: Session) -> list[Try]:
    """Return talks whose agent never said how they ended, as long as their ticket is open."""
    latest = Attempt.id.in_(talks.latest_of(talks.left_unsaid()))
    return _tries(session, _attempts().where(latest).order_by(Attempt.reserved_at))


def running(session: Session) -> list[Try]:
    """Return what goes on now: every live attempt, and talks that have ended but are not wrapped up."""
    # Each half over its own index, then a few rows of the table: with OR between them the whole table is read.
    live, last, wrapping = aliased(Attempt), aliased(Attempt), aliased(Callback)
    latest = select(func.max(last.id)).join(wrapping, wrapping.id == last.callback_id).group_by(last.callback_id)
    over = latest.where(wrapping.state == CallbackState.WRAP_UP, wrapping.closed_at.is_(None))
    ids = union_all(select(live.id).where(text(LIVE)), over)
    return _tries(session, _attempts().where(Attempt.id.in_(ids)).order_by(Attempt.reserved_at))


def tries_between(session: Session, start: datetime, end: datetime) -> list[Try]:
    """Return the latest ended attempts claimed in [start, end), oldest first."""
    ended = Attempt.state.not_in(LIVE_ATTEMPTS)
    statement = _attempts().where(ended, Attempt.reserved_at >= start, Attempt.reserved_at < end)
    newest_first = statement.order_by(Attempt.reserved_at.desc(), Attempt.id.desc()).limit(MOST_ROWS)
    return _tries(session, newest_first)[::-1]


def _colleagues(session: Session) -> list[Colleague]:
    """Return everybody who takes calls, by name."""
    rows = session.scalars(
        select(Agent).where(Agent.role == Role.AGENT).order_by(Agent.name),
    )
    return [
        Colleague(
            row.name, row.state, row.state_since, row.state_until, row.languages, row.wants_off_duty, row.away_why
        )
        for row in rows
    ]


def exceptions_between(session: Session, start: datetime, end: datetime) -> list[HoursException]:
    """Return the closures and extra openings that touch [start, end), in order."""
    rows = session.scalars(
        select(CalendarOverride)
        .where(CalendarOverride.starts < end, CalendarOverride.ends > start)
        .order_by(CalendarOverride.starts),
    )
    return [HoursException(row.kind, row.starts, row.ends, row.note) for row in rows]


def _promises(
    session: Session, condition: ColumnElement[bool], order: Sequence[Any], *, skip: int, limit: int
) -> list[Promise]:
    last = (
        select(Attempt.customer_outcome)
        .where(Attempt.callback_id == Callback.id, Attempt.customer_outcome.is_not(None))
        .order_by(Attempt.n.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = _with_caller(select(Callback, Ticket, Customer, Contact, last.label("last"))).where(condition)
    rows = session.execute(statement.order_by(*order).offset(skip).limit(limit))
    return [
        Promise(
            id=row.Callback.id,
            caller=_caller(row),
            state=row.Callback.state,
            arrived_at=row.Callback.arrived_at,
            standing=standing(row.Callback, row.Customer),
            rank=row.Callback.rank,
            tries=row.Callback.tries,
            not_before=row.Callback.not_before,
            last_outcome=row.last,
            why=row.Callback.why,
            promised=(row.Callback.promise_from, row.Callback.promise_to) if row.Callback.promise_to else None,
            pinned_id=row.Callback.pinned_agent_id,
        )
        for row in rows
    ]


def _attempts() -> Selection:
    statement: Selection = select(Attempt, Agent, Callback, Ticket, Customer, Contact).select_from(Attempt)
    return _with_caller(
        statement.join(Agent, Agent.id == Attempt.agent_id).join(Callback, Callback.id == Attempt.callback_id),
    )


def _with_caller(statement: Selection) -> Selection:
    return (
        statement.join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
    )


def _tries(session: Session, statement: Selection) -> list[Try]:
    return [
        Try(
            id=row.Attempt.id,
            caller=_caller(row),
            agent=row.Agent.name,
            at=row.Attempt.reserved_at,
            since=row.Attempt.state_since,
            state=row.Attempt.state,
            callback_state=row.Callback.state,
            agent_outcome=row.Attempt.agent_outcome,
            customer_outcome=row.Attempt.customer_outcome,
            talk_outcome=row.Callback.outcome,
            talk_seconds=row.Attempt.talk_seconds,
            key_pressed=row.Attempt.key_pressed,
            callback_id=row.Callback.id,
            agent_id=row.Agent.id,
            ended_at=row.Attempt.ended_at,
            handled_seconds=row.Attempt.handled_seconds,
        )
        for row in session.execute(statement.limit(MOST_ROWS))
    ]


def _caller(row: Row[Any]) -> Caller:
    return Caller(
        ticket=row.Ticket.number,
        company=row.Customer.name if row.Customer else None,
        contact=row.Contact.name if row.Contact else None,
        number=row.Callback.number,
        option=row.Callback.option,
        agreement=row.Customer.agreement if row.Customer else None,
        language=row.Callback.language,
    )
