"""A person decides who calls a customer and how soon: a pin, another class or head start, or now."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.queue_order import HOUR, MOST_GIVEN
from callbacks.store import hours, in_hand, promises, switches
from callbacks.store.appointments import NO_LONGER_NOW
from callbacks.store.in_hand import InHand
from callbacks.store.transitions import WHY_LIMIT, Cause, move_callback, note
from callbacks.workflows.customer_side import NOTHING_PROMISED
from callbacks.workflows.taking_in_hand import AT_REST, Wish, check_number, check_reason, take
from models.callback import Callback
from models.vocabulary import AgentState, CallbackState, Option, PromiseResult, Subject


def pin(services: Services, wish: Wish, agent_id: int) -> AgentState:
    """Let one agent alone call this customer, as long as he is free or soon free; return what he is doing now.

    Offered once, he is waited for no more (store/queue.py). Raises RuleRefused for somebody who takes no calls.
    """
    now = services.clock.now()
    with services.database.write() as session:
        taken = take(session, wish, AT_REST)
        agent = in_hand.who_takes_calls(session, agent_id)
        if agent is None:
            message = "this person takes no calls"
            raise RuleRefused(Rule.TAKES_NO_CALLS, message, field="agent")
        _write(session, taken, wish.cause(now, f"pinned to {agent.name}"), pinned_agent_id=agent_id)
        doing = agent.state
    services.bell.ring("dispatch")
    return doing


def unpin(services: Services, wish: Wish) -> None:
    """Let everybody call this customer again. Raises RuleRefused."""
    now = services.clock.now()
    with services.database.write() as session:
        taken = take(session, wish, AT_REST)
        _write(session, taken, wish.cause(now, "no longer pinned"), pinned_agent_id=None)
    services.bell.ring("dispatch")


def prioritise(services: Services, wish: Wish, option: Option, given: int) -> None:
    """Say what a call-back is about, and let it count `given` open seconds earlier than that (less than 0: later).

    Kept through every reckoning of its place, with the reason and the name. Raises RuleRefused without a reason, or for
    more than 500 hours.
    """
    now = services.clock.now()
    why = check_reason(wish.why)
    if abs(given) > MOST_GIVEN:
        message = f"at most {MOST_GIVEN // HOUR} hours"
        raise RuleRefused(Rule.TOO_MUCH, message, field="hours", most=MOST_GIVEN // HOUR)
    with services.database.write() as session:
        taken = take(session, wish, AT_REST)
        given_why = f"{wish.who}: {why}"[:WHY_LIMIT] if given else None
        taken.ticket.option = option
        session.flush()
        deed = f"{option.name.lower()}, counts {_hours(given)}: {why}"
        columns = {"option": option, "given_head_start": given, "given_why": given_why, **NO_LONGER_NOW}
        _write(session, taken, Cause(now, wish.who, deed), **columns)
        _reckon(session, services, taken.callback)
    services.bell.ring("dispatch")


def call_now(services: Services, wish: Wish) -> None:
    """Put a call-back before everybody else, from wherever it waits or rests. Raises RuleRefused.

    One that needs a person needs his reason too. What a head start was given before counts again after the call.
    Only while a call could be placed: inside a window, with dialling on and somebody free or soon free. Who calls and
    when stays the dispatcher's: nobody is rung twice, and nothing is dialled that he would not dial.
    """
    now = services.clock.now()
    cause, why = wish.cause(now, "call now"), wish.why.strip()
    with services.database.write() as session:
        taken = take(session, wish, AT_REST)
        callback = taken.callback
        check_number(session, services, callback, now)
        _check_call_can_be_placed(session, services, now)
        first: dict[str, Any] = {
            "called_now_at": now,
            "called_now_why": (f"{wish.who}: {why}" if why else wish.who)[:WHY_LIMIT],
            "not_before": None,
            # He is called now instead: the moment he chose is free for somebody else.
            "booked_from": None,
            "booked_to": None,
            "rang_back_at": None,
        }
        if callback.state is CallbackState.WAITING:
            _write(session, taken, cause, **first)
        else:
            if callback.state is CallbackState.NEEDS_HUMAN:
                check_reason(wish.why)
                first |= {**NOTHING_PROMISED, "cancel_requested": False}
                promises.settle(session, callback.id, now, PromiseResult.LAPSED)
            move_callback(session, callback.id, {callback.state}, CallbackState.WAITING, cause, **first)
        _reckon(session, services, callback)
    services.bell.ring("dispatch")
    services.bell.wake_clock()


def _check_call_can_be_placed(session: Session, services: Services, now: datetime) -> None:
    try:
        calendar = hours.calendar(session, services.rules)
        is_open = calendar.may_ring_agent(now, services.rules.last_call_margin)
    except RingbackError:
        is_open = False
    if not is_open:
        message = "we are closed, or about to close: nobody is rung now"
        raise RuleRefused(Rule.OUTSIDE_HOURS, message)
    if not switches.places_freely(session, now):
        why = in_hand.why_not_dialling(session)
        message = f"no calls are placed at present ({why})"
        raise RuleRefused(Rule.NO_DIALLING, message, why=why)
    if not in_hand.somebody_is_soon_free(session):
        message = "nobody is free to call, nor about to be"
        raise RuleRefused(Rule.NOBODY_FREE, message)


def _write(session: Session, taken: InHand, cause: Cause, **columns: Any) -> None:  # noqa: ANN401 - columns of the row
    """Change what is no state, and let the history tell it."""
    callback = taken.callback
    session.execute(update(Callback).where(Callback.id == callback.id).values(**columns))
    session.refresh(callback)
    note(session, Subject.CALLBACK, callback.id, callback.state, cause, callback.id)


def _reckon(session: Session, services: Services, callback: Callback) -> None:
    session.refresh(callback)
    callback.rank = hours.reckon(session, services.rules, callback)
    session.flush()


def _hours(given: int) -> str:
    if not given:
        return "as its kind does"
    return f"{abs(given) / HOUR:g} h {'earlier' if given > 0 else 'later'}"
