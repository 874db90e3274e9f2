"""What stands on one day, whichever it is: calls that were and are made, those foreseen, and the moments promised.

Lists are bounded: of a day with thousands waiting the first of those foreseen are read.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from callbacks.rules.calendar import OutOfReach, Window
from callbacks.rules.day_grid import bounds
from callbacks.rules.shifts import spells_from
from callbacks.rules.windows import Span, without
from callbacks.store import hours, roster
from callbacks.store.day import Selection, exceptions_between, running, tries_between
from callbacks.store.day_rows import Caller, Day, Try
from callbacks.store.day_sheet import Block, Column, Kind, Sheet
from callbacks.store.foreseeing import Foreseen, foresee
from models import callback as tables
from models.agent import Agent
from models.callback import Callback
from models.customer import Contact, Customer
from models.ticket import Ticket
from models.vocabulary import AgentState, CallbackState, CustomerOutcome, PromiseResult, Role

MOST_FORESEEN = 100
MOST_PROMISED = 200
MOST_COLUMNS = 60
UNTRIED = (CallbackState.HELD, CallbackState.WAITING, CallbackState.RESTING)


def read(
    session: Session,
    rules: HouseRules,
    now: datetime,
    day: date,
    known: Day | None = None,
) -> Sheet:
    """Return a day as it stands at `now`; `known` is what was read of it already, where it is today."""
    starts, ends = bounds(day, rules.zone)
    if known is not None:
        foreseen, live, ended = known.foreseen, known.running, known.tries
    else:
        foreseen = foresee(session, rules, now) if ends > now else Foreseen()
        live, ended = running(session), tries_between(session, starts, ends)
    made = _made(session, live, ended, (starts, ends), now)
    to_come = _to_come(session, foreseen, starts, ends, now)
    blocks = sorted([*made, *to_come], key=lambda block: (block.starts, block.caller.ticket))
    return Sheet(
        day=day,
        now=now,
        starts=starts,
        ends=ends,
        windows=_windows(session, rules, starts, ends),
        exceptions=exceptions_between(session, starts, ends),
        columns=_columns(session, rules, blocks, starts, ends, now),
        blocks=blocks,
        left_out=max(0, len(foreseen.between(starts, ends)) - MOST_FORESEEN),
    )


def _made(session: Session, live: Sequence[Try], ended: Sequence[Try], day: Span, now: datetime) -> list[Block]:
    """Return the attempts of the day; one that is still being wrapped up stands in both lists, and once here."""
    going_on = {each.id for each in live}
    overs: list[tuple[Try, datetime | None]] = [(each, None) for each in live if day[0] <= each.at < day[1]]
    overs += [(each, _over(each)) for each in ended if each.id not in going_on]
    late = _late(session, overs, now)
    blocks = []
    for each, over in overs:
        if over is None:
            kind = Kind.RUNNING
        else:
            kind = Kind.DONE if each.customer_outcome is CustomerOutcome.BRIDGED else Kind.FAILED
        until = over or max(each.at, now)
        blocks.append(Block(kind, each.agent_id, each.agent, each.at, until, each.caller, each.id in late, each))
    return blocks


def _over(row: Try) -> datetime:
    """Return when an ended attempt left its agent free again, as far as is known."""
    took = timedelta(seconds=max(row.talk_seconds, row.handled_seconds or 0))
    return max(row.ended_at or row.since, row.at + took)


def _late(session: Session, overs: Sequence[tuple[Try, datetime | None]], now: datetime) -> set[int]:
    """Return the attempts that rang their customer after what he was promised, or have not yet though it is past."""
    given = tables.Promise
    rows: Selection = select(given.callback_id, given.ends, given.result, given.settled_at).where(
        given.callback_id.in_({each.callback_id for each, _ in overs}),
        or_(given.result == PromiseResult.LATE, given.result.is_(None)),
    )
    promises: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(rows):
        promises[row.callback_id].append(row)
    return {
        each.id
        for each, over in overs
        for row in promises[each.callback_id]
        if (over is None and row.ends < now if row.result is None else each.at <= row.settled_at <= (over or now))
    }


def _to_come(session: Session, foreseen: Foreseen, starts: datetime, ends: datetime, now: datetime) -> list[Block]:
    """Return the calls foreseen on this day, the moments promised on it, and what is tried again but fits nowhere."""
    turns = {turn.callback_id: turn for turn in foreseen.between(starts, ends)[:MOST_FORESEEN]}
    booked = and_(Callback.booked_from >= starts, Callback.booked_from < ends)
    rests = and_(Callback.state == CallbackState.RESTING, Callback.not_before >= starts, Callback.not_before < ends)
    rows = {row.id: row for row in _open(session, or_(booked, rests))}
    missing = turns.keys() - rows.keys()
    rows |= {row.id: row for row in _open(session, Callback.id.in_(missing))} if missing else {}
    longest = timedelta(seconds=max(foreseen.handling.values(), default=0.0))
    blocks = []
    for row in rows.values():
        turn = turns.get(row.id)
        promised = (row.promise_from, row.promise_to) if row.promise_from and row.promise_to else None
        past = promised is not None and promised[1] < now
        if row.booked_from is not None and row.booked_to is not None:
            kind, at, over, agent_id = Kind.APPOINTMENT, row.booked_from, row.booked_to, row.pinned_agent_id
            late = past or row.booked_to < now
        elif turn is not None:
            kind, at, over, agent_id = Kind.PLANNED, turn.begins(), foreseen.over(turn), turn.agent_id
            late = past or (promised is not None and promised[1] < at)
        else:
            kind, at, over, agent_id = Kind.RESTING, row.not_before, row.not_before + longest, row.pinned_agent_id
            late = past
        name = foreseen.names.get(agent_id if turn is None or agent_id is not None else turn.agent_id, "")
        blocks.append(Block(kind, agent_id, name, at, over, _caller(row), late, None, promised))
    return blocks


def _open(session: Session, condition: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return open call-backs that nobody is calling, as plain columns: there may be hundreds of them."""
    rows: Selection = select(
        Callback.id,
        Callback.number,
        Callback.option,
        Callback.language,
        Callback.not_before,
        Callback.booked_from,
        Callback.booked_to,
        Callback.promise_from,
        Callback.promise_to,
        Callback.pinned_agent_id,
        Ticket.number.label("ticket"),
        Customer.name.label("company"),
        Customer.agreement,
        Contact.name.label("contact"),
    )
    rows = (
        rows.join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .where(Callback.closed_at.is_(None), Callback.state.in_(UNTRIED), condition)
    )
    return session.execute(rows.order_by(Callback.rank, Callback.id).limit(MOST_PROMISED)).all()


def _caller(row: Row[Any]) -> Caller:
    return Caller(row.ticket, row.company, row.contact, row.number, row.option, row.agreement, row.language)


def _windows(session: Session, rules: HouseRules, starts: datetime, ends: datetime) -> list[Window]:
    try:
        return hours.calendar(session, rules).windows_between(starts, ends)
    except OutOfReach:
        # The clock shows a year that the calendar does not know.
        return []


def _columns(
    session: Session, rules: HouseRules, blocks: Sequence[Block], starts: datetime, ends: datetime, now: datetime
) -> list[Column]:
    """Return who has something on this day or works on it; everybody, where that is nobody."""
    named = {block.agent_id for block in blocks if block.agent_id is not None}
    # Who took calls that day and takes none any more keeps his column.
    takes_calls = or_(Agent.role == Role.AGENT, Agent.id.in_(named))
    everybody = session.execute(select(Agent.id, Agent.name, Agent.state).where(takes_calls).order_by(Agent.name)).all()
    rotas = roster.rotas(session, starts)
    today = starts <= now < ends
    columns, busy = [], []
    for agent in everybody:
        rota = rotas.get(agent.id)
        works = spells_from(rota.shifts, rota.absences, rules.zone, starts, ends) if rota else []
        away = without([(starts, ends)], works) if rota else []
        columns.append(Column(agent.id, agent.name, away))
        if agent.id in named or works or (today and agent.state is not AgentState.OFF_DUTY):
            busy.append(columns[-1])
    return (busy or columns)[:MOST_COLUMNS]
