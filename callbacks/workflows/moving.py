"""A person moves a call-back in time: to a moment that its customer is told, to rest until one, or aside."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.calendar import Window
from callbacks.rules.slots import Slot
from callbacks.store import appointments, hours, promises
from callbacks.store.transitions import WHY_LIMIT, Cause, move_callback, note
from callbacks.workflows import booking
from callbacks.workflows.calling_again import check_planned
from callbacks.workflows.customer_side import NOTHING_PROMISED
from callbacks.workflows.taking_in_hand import IN_THE_QUEUE, Wish, check_number, check_reason, take
from models.callback import Callback
from models.vocabulary import CallbackState, PromiseResult, Subject

MOVED = "moved to another moment"
HELD = "put aside"
RESTS = "put off"


def move(services: Services, wish: Wish, starts: datetime, *, beside_others: bool = False) -> None:
    """Put a call-back at a moment (aware UTC), promise it to the customer and write to him.

    It must be one that the customer himself could choose; `beside_others`: any moment inside the calendar, also where
    no agent is left for it. Raises RuleRefused.
    """
    now = services.clock.now()
    with services.database.write() as session:
        appointments.one_at_a_time(session)
        callback = take(session, wish, IN_THE_QUEUE).callback
        check_number(session, services, callback, now)
        slot = _slot(session, services, callback, starts, now, beside_others=beside_others)
        mail = booking.keep(session, services, callback, slot, wish.cause(now, MOVED))
    if mail:
        services.bell.ring("mail")
    services.bell.wake_clock()


def put_off(services: Services, wish: Wish, until: datetime) -> None:
    """Let a call-back rest until a moment (aware UTC), or until we are open after it. Raises RuleRefused.

    Unlike `move` this promises nothing: the planner finds out when its turn comes, and the customer is told then.
    """
    now = services.clock.now()
    cause = Cause(now, wish.who, f"{RESTS}: {check_reason(wish.why)}")
    if until <= now:
        message = "this moment is past"
        raise RuleRefused(Rule.PAST, message, field="until")
    with services.database.write() as session:
        callback = take(session, wish, IN_THE_QUEUE).callback
        rest = {**_nothing_chosen(session, services, callback), "not_before": _open_after(session, services, until)}
        if callback.state is CallbackState.WAITING:
            waiting = {CallbackState.WAITING}
            move_callback(session, callback.id, waiting, CallbackState.RESTING, cause, **rest)
        else:
            said = {"why": cause.why[:WHY_LIMIT]}
            session.execute(update(Callback).where(Callback.id == callback.id).values(**rest, **said))
            session.expire_all()
            note(session, Subject.CALLBACK, callback.id, CallbackState.RESTING, cause, callback.id)
        promises.settle(session, callback.id, now, PromiseResult.LAPSED)
    services.bell.wake_clock()


def hold(services: Services, wish: Wish) -> None:
    """Put a call-back aside until a person decides about it. Raises RuleRefused, also without a reason."""
    now = services.clock.now()
    cause = Cause(now, wish.who, f"{HELD}: {check_reason(wish.why)}")
    with services.database.write() as session:
        callback = take(session, wish, IN_THE_QUEUE).callback
        aside = {**_nothing_chosen(session, services, callback), "not_before": None}
        move_callback(session, callback.id, IN_THE_QUEUE, CallbackState.NEEDS_HUMAN, cause, **aside)
        promises.settle(session, callback.id, now, PromiseResult.LAPSED)


def _nothing_chosen(session: Session, services: Services, callback: Callback) -> dict[str, Any]:
    """Return the columns of one that stands by its arrival again; who it is pinned to stays."""
    over = appointments.over(session, services.rules, callback)
    return {**NOTHING_PROMISED, **over, "pinned_agent_id": callback.pinned_agent_id}


def _slot(
    session: Session,
    services: Services,
    callback: Callback,
    starts: datetime,
    now: datetime,
    *,
    beside_others: bool,
) -> Slot:
    field = "at" if beside_others else "slot"
    if starts <= now:
        message = "this moment is past"
        raise RuleRefused(Rule.PAST, message, field=field)
    check_planned(starts, now, field)
    window = _window(session, services, starts)
    if window is None:
        message = "we are closed then"
        raise RuleRefused(Rule.OUTSIDE_HOURS, message, field=field)
    slot = Slot(starts, min(starts + timedelta(minutes=services.rules.slot_minutes), window.closes))
    if not beside_others and not booking.has_room(session, services, callback, slot, now):
        message = "somebody else has taken this moment"
        raise RuleRefused(Rule.SLOT_TAKEN, message, field=field)
    return slot


def _window(session: Session, services: Services, at: datetime) -> Window | None:
    """Return the window in which an agent may be rung at this moment."""
    try:
        calendar = hours.calendar(session, services.rules)
        may_ring = calendar.may_ring_agent(at, services.rules.last_call_margin)
        return calendar.window_at(at) if may_ring else None
    except RingbackError:
        return None


def _open_after(session: Session, services: Services, until: datetime) -> datetime:
    try:
        return hours.calendar(session, services.rules).next_open(until)
    except RingbackError as error:
        message = "nobody knows when we are open then"
        raise RuleRefused(Rule.OUTSIDE_HOURS, message, field="until") from error
