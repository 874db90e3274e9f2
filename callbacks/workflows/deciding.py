"""What a person decides about a call-back: cancel it, or settle one that the program could not."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.keyed_numbers import KeyedNumber, parse_keyed
from callbacks.rules.phone_numbers import NumberRefused
from callbacks.store import appointments, promises
from callbacks.store.in_hand import InHand
from callbacks.store.switches import Hand, turn
from callbacks.store.transitions import Cause, move_callback, note
from callbacks.workflows import letters, unplaced
from callbacks.workflows.customer_side import NOTHING_PROMISED
from callbacks.workflows.taking_in_hand import check_number, check_reason, check_seen
from models.callback import Attempt, Callback
from models.ticket import Ticket
from models.vocabulary import OPEN_CALLBACKS, AttemptState, CallbackState, PromiseResult, Subject

AT_REST = frozenset({CallbackState.HELD, CallbackState.WAITING, CallbackState.RESTING, CallbackState.NEEDS_HUMAN})


def cancel(
    services: Services, ticket_number: int, why: str, who: str, *, tell: bool = False, seen: str | None = None
) -> bool:
    """Cancel the open call-back of a ticket. False when a call is under way: it ends before the customer is dialled.

    `tell`: with a mail to the customer. `seen` is how it stood on the page of whoever decided (store.in_hand.mark).
    Raises RuleRefused without a reason, without an open call-back, or once the customer's phone may ring.
    """
    now = services.clock.now()
    cause = Cause(now, who, check_reason(why))
    with services.database.write() as session:
        callback = _open_callback(session, ticket_number)
        _check_seen(session, callback, seen)
        at_once = _cancel(session, callback, ticket_number, cause)
        mail = tell and letters.write_cancellation(session, services, callback.ticket_id, now, by_desk=True)
    if mail:
        services.bell.ring("mail")
    return at_once


def _cancel(session: Session, callback: Callback, ticket_number: int, cause: Cause) -> bool:
    # A worker may claim it between the look and the move; then a call is under way after all.
    if move_callback(session, callback.id, AT_REST, CallbackState.CANCELLED, cause):
        return True
    callback = _open_callback(session, ticket_number)
    attempt = _attempt(session, callback)
    if attempt is None or attempt.dialled_at is not None or callback.state is CallbackState.WRAP_UP:
        message = f"ticket {ticket_number}: the customer is being called; it can no longer be cancelled"
        raise RuleRefused(Rule.BEING_CALLED, message, ticket=ticket_number)
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
    *,
    seen: str | None = None,
) -> None:
    """Let a call-back that needs a person go on: back to the queue (with a number to call), done, or cancelled.

    `seen` is how it stood on the page of whoever decided (store.in_hand.mark). Raises RuleRefused without a reason, for
    a call-back that needs nobody, or without a number that may be dialled.
    """
    now = services.clock.now()
    cause = Cause(now, who, check_reason(why))
    with services.database.write() as session:
        callback = _open_callback(session, ticket_number)
        if callback.state is not CallbackState.NEEDS_HUMAN:
            message = f"ticket {ticket_number}: its call-back is {callback.state} and needs nobody"
            raise RuleRefused(Rule.NEEDS_NOBODY, message, ticket=ticket_number)
        _check_seen(session, callback, seen)
        if number:
            keyed = _keyed(number, services)
            session.execute(
                update(Callback)
                .where(Callback.id == callback.id)
                .values(number=keyed.number, number_confirmed=True, extension=keyed.extension),
            )
            session.expire_all()
        if target is CallbackState.WAITING:
            check_number(session, services, callback, now)
        needy = {CallbackState.NEEDS_HUMAN}
        anew: dict[str, Any] = {}
        if target is CallbackState.WAITING:
            anew = {**NOTHING_PROMISED, **appointments.over(session, services.rules, callback)}
        if not move_callback(session, callback.id, needy, target, cause, cancel_requested=False, **anew):
            message = f"ticket {ticket_number}: somebody else has just decided"
            raise RuleRefused(Rule.JUST_DECIDED, message, ticket=ticket_number)
        promises.settle(session, callback.id, now, PromiseResult.LAPSED)
    services.bell.ring("dispatch")


def pause_dialling(services: Services, why: str, who: str = "somebody of the desk", *, on: bool) -> None:
    """Stop or resume all dialling at once; talks that go on are not touched. Raises RefusedInput without a reason."""
    switch(services, Hand.DIALLING, why, who, on=on)


def switch(services: Services, hand: Hand, why: str, who: str, *, on: bool) -> None:
    """Switch dialling or intake off or on for the whole desk.

    Raises RefusedInput without a reason, or where it stands so already.
    """
    with services.database.write() as session:
        turn(session, hand, Cause(services.clock.now(), who, check_reason(why)), on=on)
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
        raise RuleRefused(Rule.NO_OPEN_CALLBACK, message)
    return found


def _attempt(session: Session, callback: Callback) -> Attempt | None:
    """Lock the attempt before its call-back, as every webhook does: the other order could stand in its way for ever."""
    statement = select(Attempt).where(Attempt.callback_id == callback.id, Attempt.fence == callback.fence)
    attempt = session.scalar(statement.with_for_update())
    session.refresh(callback)
    return attempt


def _check_seen(session: Session, callback: Callback, seen: str | None) -> None:
    if seen is not None:
        check_seen(session, InHand(callback, session.get_one(Ticket, callback.ticket_id)), seen)


def _keyed(number: str, services: Services) -> KeyedNumber:
    try:
        return parse_keyed(number, services.rules.allowed_countries)
    except NumberRefused as refused:
        raise RuleRefused(Rule.NUMBER_REFUSED, str(refused), field="number") from refused
