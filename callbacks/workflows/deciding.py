"""What a person decides about a call-back: cancel it, or settle one that the program could not."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.keyed_numbers import parse_keyed
from callbacks.store import appointments, callers, promises
from callbacks.store.switches import Hand, turn
from callbacks.store.transitions import Cause, move_callback, note
from callbacks.workflows import unplaced
from callbacks.workflows.customer_side import NOTHING_PROMISED
from models.callback import Attempt, Callback
from models.ticket import Ticket
from models.vocabulary import OPEN_CALLBACKS, AttemptState, CallbackState, PromiseResult, Subject

AT_REST = frozenset({CallbackState.HELD, CallbackState.WAITING, CallbackState.RESTING, CallbackState.NEEDS_HUMAN})


def cancel(services: Services, ticket_number: int, why: str, who: str) -> bool:
    """Cancel the open call-back of a ticket. False when a call is under way: it ends before the customer is dialled.

    Raises RefusedInput without a reason, without an open call-back, or once the customer's phone may ring.
    """
    now = services.clock.now()
    cause = Cause(now, who, _reason(why))
    with services.database.write() as session:
        callback = _open_callback(session, ticket_number)
        # A worker may claim it between the look and the move; then a call is under way after all.
        if move_callback(session, callback.id, AT_REST, CallbackState.CANCELLED, cause):
            return True
        callback = _open_callback(session, ticket_number)
        attempt = _attempt(session, callback)
        if attempt is None or attempt.dialled_at is not None or callback.state is CallbackState.WRAP_UP:
            message = f"ticket {ticket_number}: the customer is being called; it can no longer be cancelled"
            raise RefusedInput(message)
        callback.cancel_requested = True
        session.flush()
        note(session, Subject.CALLBACK, callback.id, callback.state, cause, callback.id)
        if attempt.state is AttemptState.RESERVED:
            unplaced.withdraw(session, attempt, cause)
            return True
    return False


def resolve(
    services: Services,
    ticket_number: int,
    target: CallbackState,
    why: str,
    who: str,
    number: str = "",
) -> None:
    """Let a call-back that needs a person go on: back to the queue (with a number to call), done, or cancelled.

    Raises RefusedInput without a reason, for a call-back that needs nobody, or without a number that may be dialled.
    """
    now = services.clock.now()
    cause = Cause(now, who, _reason(why))
    with services.database.write() as session:
        callback = _open_callback(session, ticket_number)
        if callback.state is not CallbackState.NEEDS_HUMAN:
            message = f"ticket {ticket_number}: its call-back is {callback.state} and needs nobody"
            raise RefusedInput(message)
        if number:
            keyed = parse_keyed(number, services.rules.allowed_countries)
            session.execute(
                update(Callback)
                .where(Callback.id == callback.id)
                .values(number=keyed.number, number_confirmed=True, extension=keyed.extension),
            )
            session.expire_all()
        if target is CallbackState.WAITING:
            _check_number(session, services, callback, now)
        needy = {CallbackState.NEEDS_HUMAN}
        anew: dict[str, Any] = {}
        if target is CallbackState.WAITING:
            anew = {**NOTHING_PROMISED, **appointments.over(session, services.rules, callback)}
        if not move_callback(session, callback.id, needy, target, cause, cancel_requested=False, **anew):
            message = f"ticket {ticket_number}: somebody else has just decided"
            raise RefusedInput(message)
        promises.settle(session, callback.id, now, PromiseResult.LAPSED)
    services.bell.ring("dispatch")


def pause_dialling(services: Services, why: str, who: str = "somebody of the desk", *, on: bool) -> None:
    """Stop or resume all dialling at once; talks that go on are not touched. Raises RefusedInput without a reason."""
    switch(services, Hand.DIALLING, why, who, on=on)


def switch(services: Services, hand: Hand, why: str, who: str, *, on: bool) -> None:
    """Switch dialling or intake off or on for the whole desk. Raises RefusedInput without a reason."""
    with services.database.write() as session:
        turn(session, hand, Cause(services.clock.now(), who, _reason(why)), on=on)
    services.bell.ring("dispatch")


def _open_callback(session: Session, ticket_number: int) -> Callback:
    found = session.scalar(
        select(Callback)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .where(Ticket.number == ticket_number, Callback.state.in_(OPEN_CALLBACKS))
        .order_by(Callback.id),
    )
    if found is None:
        message = f"ticket {ticket_number} has no open call-back"
        raise RefusedInput(message)
    return found


def _attempt(session: Session, callback: Callback) -> Attempt | None:
    """Lock the attempt before its call-back, as every webhook does: the other order could stand in its way for ever."""
    statement = select(Attempt).where(Attempt.callback_id == callback.id, Attempt.fence == callback.fence)
    attempt = session.scalar(statement.with_for_update())
    session.refresh(callback)
    return attempt


def _check_number(session: Session, services: Services, callback: Callback, now: datetime) -> None:
    if callback.number is None:
        message = "it has no number to call; give one with --number"
        raise RefusedInput(message)
    callers.check(session, services.rules, callback.number, now)


def _reason(why: str) -> str:
    if not why.strip():
        message = "give a reason with --why"
        raise RuleRefused(Rule.NO_REASON, message, field="why")
    return why.strip()
