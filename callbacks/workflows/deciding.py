"""What a person decides about a call-back: cancel it, or settle one that the program could not."""

from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.keyed_numbers import KeyedNumber, parse_keyed
from callbacks.rules.phone_numbers import NumberRefused
from callbacks.store import appointments, in_hand, promises
from callbacks.store.in_hand import InHand
from callbacks.store.switches import Hand, turn
from callbacks.store.transitions import Cause, move_callback, note
from callbacks.workflows import letters, unplaced
from callbacks.workflows.customer_side import NOTHING_PROMISED
from callbacks.workflows.taking_in_hand import AT_REST, check_number, check_reason, check_seen, check_state
from models.callback import LIVE, Attempt, Callback
from models.vocabulary import AttemptState, CallbackState, PromiseResult, Subject


def cancel(
    services: Services,
    ticket_number: int,
    why: str,
    who: str,
    *,
    tell: bool = False,
    callback_id: int | None = None,
    seen: str | None = None,
) -> bool:
    """Cancel the open call-back of a ticket. False when a call is under way: it ends before the customer is dialled.

    `tell`: with a mail to the customer. A page says which call-back is meant, and how it stood there (`seen`,
    store.in_hand.mark); the command line means the first that is open. Raises RuleRefused without a reason, without an
    open call-back, while its caller is still on the line, or once the customer's phone may ring.
    """
    now = services.clock.now()
    cause = Cause(now, who, check_reason(why))
    with services.database.write() as session:
        meant = _meant(session, ticket_number, callback_id)
        attempt = _live_attempt(session, meant)
        taken = _take(session, ticket_number, meant, seen)
        at_once = _cancel(session, taken, attempt, cause)
        mail = tell and letters.write_cancellation(session, services, taken.ticket.id, now, by_desk=True)
    if mail:
        services.bell.ring("mail")
    return at_once


def _cancel(session: Session, taken: InHand, attempt: Attempt | None, cause: Cause) -> bool:
    callback, number = taken.callback, taken.ticket.number
    if move_callback(session, callback.id, AT_REST, CallbackState.CANCELLED, cause):
        return True
    if callback.state is CallbackState.HELD:
        # He is being promised a call at this moment.
        check_state(taken, AT_REST)
    if callback.state in {CallbackState.PREPARING, CallbackState.ACTIVE} and attempt is None:
        # Claimed between the look and the lock: its attempt may not be locked any more now that the call-back is.
        message = f"ticket {number}: it has just been offered to an agent; cancel it again"
        raise RuleRefused(Rule.JUST_DECIDED, message, ticket=number)
    if attempt is None or attempt.dialled_at is not None or callback.state is CallbackState.WRAP_UP:
        message = f"ticket {number}: the customer is being called; it can no longer be cancelled"
        raise RuleRefused(Rule.BEING_CALLED, message, ticket=number)
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
    callback_id: int | None = None,
    seen: str | None = None,
) -> None:
    """Let a call-back that needs a person go on: back to the queue (with a number to call), done, or cancelled.

    `callback_id` and `seen` as for `cancel`. Raises RuleRefused without a reason, for a call-back that needs nobody, or
    without a number that may be dialled.
    """
    now = services.clock.now()
    cause = Cause(now, who, check_reason(why))
    with services.database.write() as session:
        taken = _take(session, ticket_number, _meant(session, ticket_number, callback_id))
        callback = taken.callback
        if callback.state is not CallbackState.NEEDS_HUMAN:
            message = f"ticket {ticket_number}: its call-back is {callback.state} and needs nobody"
            raise RuleRefused(Rule.NEEDS_NOBODY, message, ticket=ticket_number)
        if seen is not None:
            check_seen(session, taken, seen)
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


def _meant(session: Session, ticket_number: int, callback_id: int | None) -> int:
    """Return the call-back that is decided about, which is not locked yet."""
    meant = in_hand.open_of_ticket(session, ticket_number) if callback_id is None else callback_id
    if meant is None:
        raise _none_open(ticket_number)
    return meant


def _take(session: Session, ticket_number: int, callback_id: int, seen: str | None = None) -> InHand:
    """Return the call-back under its lock: only then is it looked at how it stands."""
    taken = in_hand.take(session, callback_id)
    if taken is None:
        raise _none_open(ticket_number)
    if seen is not None:
        check_seen(session, taken, seen)
    return taken


def _none_open(ticket_number: int) -> RuleRefused:
    return RuleRefused(Rule.NO_OPEN_CALLBACK, f"ticket {ticket_number} has no open call-back")


def _live_attempt(session: Session, callback_id: int) -> Attempt | None:
    """Lock the attempt before its call-back, as every webhook does: the other order could stand in its way for ever."""
    live = select(Attempt).where(Attempt.callback_id == callback_id, text(LIVE))
    return session.scalar(live.with_for_update().execution_options(populate_existing=True))


def _keyed(number: str, services: Services) -> KeyedNumber:
    try:
        return parse_keyed(number, services.rules.allowed_countries)
    except NumberRefused as refused:
        raise RuleRefused(Rule.NUMBER_REFUSED, str(refused), field="number") from refused
