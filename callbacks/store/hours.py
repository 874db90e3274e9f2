"""The calendar as it stands now, and the only way to change it."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import HouseRules
from callbacks.rules.calendar import FIRST_YEAR, LAST_YEAR, Calendar, Override
from callbacks.rules.envelope import check_override_inside_envelope
from callbacks.rules.queue_order import HeadStarts, Standing, place
from callbacks.rules.windows import Span
from callbacks.store.transitions import Cause, note, record_birth
from models.calendar import CalendarOverride, CalendarState
from models.callback import Callback
from models.customer import Customer
from models.ticket import Ticket
from models.vocabulary import CallbackState, OverrideKind, Subject

CALENDAR_ROW = 1
CHANGED = "calendar changed"

_known: WeakKeyDictionary[Engine, tuple[HouseRules, Calendar]] = WeakKeyDictionary()
"""The calendar last built for each database: building one costs milliseconds, asking for its revision microseconds."""


def calendar(session: Session, rules: HouseRules) -> Calendar:
    """Return the calendar of the revision that is in force in this transaction."""
    revision = session.scalar(select(CalendarState.revision).where(CalendarState.id == CALENDAR_ROW)) or 0
    if CHANGED in session.info:
        # This revision may yet be rolled back, and its number given to other hours: not to be kept.
        return _build(session, rules, revision)
    engine = session.connection().engine
    known = _known.get(engine)
    if known is not None and known[0] == rules and known[1].revision == revision:
        return known[1]
    built = _build(session, rules, revision)
    _known[engine] = (rules, built)
    return built


@lru_cache(maxsize=8)
def envelope(rules: HouseRules) -> Calendar:
    """Return the hours outside which nothing is ever dialled, whatever calendar and overrides say."""
    return Calendar(rules.envelope, rules.envelope, rules.zone)


def settle(session: Session, rules: HouseRules, now: datetime) -> None:
    """Take the configured hours into force at start; other hours than last time count as a change."""
    hours = f"{rules.opening_hours} | {rules.envelope} | {rules.zone.key}"
    state = session.get(CalendarState, CALENDAR_ROW)
    if state is None:
        session.add(CalendarState(id=CALENDAR_ROW, revision=1, hours=hours))
        session.flush()
    elif state.hours != hours:
        state.hours = hours
        session.flush()
        _changed(session, rules, now)


def check(rules: HouseRules, kind: OverrideKind, starts: datetime, ends: datetime) -> Override:
    """Return a closure or an opening that may be entered. Raises RuleRefused, as `add_override` does."""
    if ends <= starts:
        message = "the end must come after the start"
        raise RuleRefused(Rule.ENDS_BEFORE_START, message, "until_day")
    if starts.year < FIRST_YEAR or ends.year > LAST_YEAR:
        message = f"the calendar answers for {FIRST_YEAR} to {LAST_YEAR}"
        raise RuleRefused(Rule.TOO_FAR, message, "from_day")
    wanted = Override(kind, starts, ends)
    check_override_inside_envelope(wanted, rules.envelope, rules.zone)
    return wanted


def add_override(  # noqa: PLR0917 - an override is all of these
    session: Session,
    rules: HouseRules,
    kind: OverrideKind,
    starts: datetime,
    ends: datetime,
    note: str,
    who: str,
    now: datetime,
) -> int:
    """Enter a closure or an extra opening; ranks and rests of all open call-backs follow. Returns its id.

    Raises RuleRefused for an empty span, one out of the calendar's reach, an opening that leaves the envelope, or what
    is entered already.
    """
    check(rules, kind, starts, ends)
    # Whoever enters the same at this moment waits here, and then finds it entered.
    session.execute(select(CalendarState.id).with_for_update())
    same = select(CalendarOverride.id).where(
        CalendarOverride.kind == kind, CalendarOverride.starts == starts, CalendarOverride.ends == ends
    )
    if session.scalars(same.limit(1)).first() is not None:
        message = "this is entered already"
        raise RuleRefused(Rule.ENTERED_ALREADY, message, "from_day")
    row = CalendarOverride(kind=kind, starts=starts, ends=ends, note=note, entered_by=who, entered_at=now)
    session.add(row)
    session.flush()
    override_id = row.id
    span = f"{starts:%Y-%m-%d %H:%M}Z to {ends:%Y-%m-%d %H:%M}Z"
    record_birth(session, Subject.CALENDAR, override_id, kind, Cause(now, who, span))
    _changed(session, rules, now)
    return override_id


def moments(session: Session) -> list[tuple[bool, Span]]:
    """Return what customers count on: chosen moments (True), promised ranges and the ends of rests (False)."""
    rows = session.execute(
        select(
            Callback.booked_from,
            Callback.booked_to,
            Callback.promise_from,
            Callback.promise_to,
            Callback.not_before,
        ).where(Callback.state.in_((CallbackState.HELD, CallbackState.WAITING, CallbackState.RESTING))),
    )
    found: list[tuple[bool, Span]] = []
    for row in rows:
        if row.booked_from is not None:
            found.append((True, (row.booked_from, row.booked_to or row.booked_from)))
        elif row.promise_from is not None:
            found.append((False, (row.promise_from, row.promise_to or row.promise_from)))
        elif row.not_before is not None:
            found.append((False, (row.not_before, row.not_before)))
    return found


def remove_override(session: Session, rules: HouseRules, override_id: int, who: str, now: datetime) -> None:
    """Take a closure or opening back. Raises RuleRefused when there is none with this number."""
    gone = session.execute(
        delete(CalendarOverride).where(CalendarOverride.id == override_id).returning(CalendarOverride.kind),
    ).all()
    if not gone:
        message = f"there is no closure or opening number {override_id}"
        raise RuleRefused(Rule.GONE_ALREADY, message)
    note(session, Subject.CALENDAR, override_id, gone[0].kind, Cause(now, who, "taken back"))
    _changed(session, rules, now)


def head_starts(rules: HouseRules) -> HeadStarts:
    """Return the head starts of the queue as the house has set them."""
    return HeadStarts(
        outage_managed=rules.head_start_outage_managed,
        outage=rules.head_start_outage,
        managed=rules.head_start_managed,
    )


def standing(callback: Callback, customer: Customer | None) -> Standing:
    """Return what the place of a call-back in the queue depends on."""
    return Standing(
        arrived_at=callback.arrived_at,
        option=callback.option,
        agreement=customer.agreement if customer else None,
        booked_from=callback.booked_from,
        rang_back_at=callback.rang_back_at,
        given_head_start=callback.given_head_start,
        given_why=callback.given_why,
        called_now_at=callback.called_now_at,
        called_now_why=callback.called_now_why,
    )


def reckon(session: Session, rules: HouseRules, callback: Callback, *, by_arrival: bool = False) -> int:
    """Return the rank of a call-back as it stands now in this transaction. Raises what the calendar raises.

    `by_arrival`: as it will stand when no moment of its own, and nobody's wish to have it called now, puts it first.
    """
    ticket = session.get_one(Ticket, callback.ticket_id)
    customer = session.get(Customer, ticket.customer_id) if ticket.customer_id else None
    stands = standing(callback, customer)
    if by_arrival:
        stands = replace(stands, booked_from=None, rang_back_at=None, called_now_at=None)
    return place(stands, calendar(session, rules), head_starts(rules))


def _changed(session: Session, rules: HouseRules, now: datetime) -> None:
    session.info[CHANGED] = True
    session.execute(update(CalendarState).values(revision=CalendarState.revision + 1))
    session.expire_all()
    hours = calendar(session, rules)
    starts = head_starts(rules)
    rows = session.execute(
        select(
            Callback.id,
            Callback.arrived_at,
            Callback.option,
            Callback.state,
            Callback.not_before,
            Callback.booked_from,
            Callback.rang_back_at,
            Callback.given_head_start,
            Callback.called_now_at,
            Customer.agreement,
        )
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(Callback.closed_at.is_(None))
        .order_by(Callback.id)
        # What is reckoned here must not overwrite a rest that another transaction sets meanwhile.
        .with_for_update(of=Callback),
    ).all()
    for row in rows:
        stands = Standing(
            row.arrived_at,
            row.option,
            row.agreement,
            booked_from=row.booked_from,
            rang_back_at=row.rang_back_at,
            given_head_start=row.given_head_start,
            called_now_at=row.called_now_at,
        )
        rest = row.not_before
        if row.state is CallbackState.RESTING and rest is not None:
            # A chosen moment that a closure put off comes back when the closure is taken back.
            rest = hours.next_open(max(row.booked_from or rest, now))
        rank = place(stands, hours, starts)
        session.execute(update(Callback).where(Callback.id == row.id).values(rank=rank, not_before=rest))
    session.expire_all()


def _build(session: Session, rules: HouseRules, revision: int) -> Calendar:
    overrides = session.execute(
        select(CalendarOverride.kind, CalendarOverride.starts, CalendarOverride.ends).order_by(CalendarOverride.id),
    ).all()
    return Calendar(
        rules.opening_hours,
        rules.envelope,
        rules.zone,
        overrides=tuple(Override(row.kind, row.starts, row.ends) for row in overrides),
        revision=revision,
    )
