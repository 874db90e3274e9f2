"""A customer chooses the moment of his call: what may be offered, and the one write that keeps his word and ours."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.rules.slots import LEAD, Diary, Slot
from callbacks.store import appointments, hours, legs, promises, roster
from callbacks.store.promises import IN_THE_QUEUE
from callbacks.store.transitions import Cause, move_callback, note
from callbacks.workflows import letters
from callbacks.workflows.promising import in_words
from models.callback import Callback
from models.vocabulary import CallbackState, PromiseResult, Subject

__all__ = ["Slot", "book", "diary", "has_room", "keep", "moments", "offers", "takes"]

NO_CALL_GOES_ON = 0.0
"""How long a call that goes on is reckoned to last, in seconds: a moment that lies ahead does not wait for its end."""


def offers(services: Services, callback_id: int, after: datetime | None = None, count: int = 3) -> list[Slot]:
    """Return the first free moments that begin after `after` (aware UTC), in order; none where none may be chosen."""
    now = services.clock.now()
    with services.database.read() as session:
        callback = session.get(Callback, callback_id)
        if callback is None or not _may_choose(callback):
            return []
        return list(islice(_free(session, services, callback, now, max(after or now, now + LEAD)), count))


def moments(services: Services) -> list[Slot]:
    """Return every free moment of the days ahead, for a call-back that is not made yet."""
    now = services.clock.now()
    with services.database.read() as session, suppress(RingbackError):
        return list(diary(session, services, now).free(now, now + LEAD))
    return []


def takes(session: Session, services: Services, callback: Callback, slot: Slot, cause: Cause) -> bool:
    """Keep a moment inside the caller's transaction, which tells the customer; False where it cannot be his.

    Raises what the calendar raises.
    """
    appointments.one_at_a_time(session)
    if not _may_choose(callback) or not has_room(session, services, callback, slot, cause.at):
        return False
    _put(session, services, callback, slot, cause)
    return True


def book(services: Services, callback_id: int, slot: Slot, who: str, event: str | None = None) -> Slot | None:
    """Keep the moment a customer chose, and return the one that stands; None where it cannot be his (any more).

    `who` is he himself or a person acting for him; `event` the key of the webhook that asked. The same event again, or
    the same moment, changes nothing and returns what stands. Who is still on the line keeps it until he hangs up;
    anybody else rests until then.
    """
    now = services.clock.now()
    try:
        with services.database.write() as session:
            appointments.one_at_a_time(session)
            stands, mail = _book(session, services, callback_id, slot, now, who, event)
    except RingbackError:
        # A calendar that cannot answer: what was promised stands.
        return None
    if mail:
        services.bell.ring("mail")
    services.bell.wake_clock()
    return stands


def diary(
    session: Session, services: Services, now: datetime, *, but: int | None = None, days: int | None = None
) -> Diary:
    """Return what is known of the coming days; `but` is the call-back whose own moment takes nobody's place.

    `days`: how many days ahead a moment may be chosen; as many as a customer has where none are given.
    """
    rules, calendar = services.rules, hours.calendar(session, services.rules)
    ahead = rules.booking_days if days is None else days
    return Diary(
        calendar,
        roster.posts(session, rules, calendar, NO_CALL_GOES_ON, now, timedelta(days=ahead + 1)),
        appointments.taken(session, but=but),
        timedelta(minutes=rules.slot_minutes),
        ahead,
        timedelta(seconds=rules.last_call_margin),
    )


def _book(
    session: Session, services: Services, callback_id: int, slot: Slot, now: datetime, who: str, event: str | None
) -> tuple[Slot | None, bool]:
    """Return the moment that stands, and whether a mail about it goes."""
    callback = session.get(Callback, callback_id, with_for_update=True)
    if callback is None:
        return None, False
    stands = Slot(callback.booked_from, callback.booked_to) if callback.booked_from and callback.booked_to else None
    if stands == slot:
        return stands, False
    if not _may_choose(callback) or not has_room(session, services, callback, slot, now):
        return None, False
    # Taken in only with the booking: what was refused may be asked for again once it is free.
    if event is not None and not legs.first_time(session, event, now):
        return stands, False
    return slot, keep(session, services, callback, slot, Cause(now, who, "chose a moment"))


def keep(session: Session, services: Services, callback: Callback, slot: Slot, cause: Cause) -> bool:
    """Put a call-back at a moment and promise it to its customer; say whether a mail about it goes.

    To be called in a transaction that has locked the call-back and the choice of moments, and has asked the calendar.
    """
    _put(session, services, callback, slot, cause)
    return letters.write_booking(session, services, callback.ticket_id, Range(slot.starts, slot.ends), cause.at)


def _put(session: Session, services: Services, callback: Callback, slot: Slot, cause: Cause) -> None:
    given = Range(slot.starts, slot.ends)
    appointments.keep(session, services.rules, callback, slot.starts, slot.ends)
    if callback.state is CallbackState.WAITING:
        resting = CallbackState.RESTING
        move_callback(session, callback.id, {CallbackState.WAITING}, resting, cause, not_before=slot.starts)
    else:
        callback.not_before = slot.starts if callback.state is CallbackState.RESTING else None
        note(session, Subject.CALLBACK, callback.id, callback.state, cause, callback.id)
    promise_told(session, services, callback.id, given, cause)


def promise_told(session: Session, services: Services, callback_id: int, given: Range, cause: Cause) -> None:
    """Put a promise that its customer is told in the place of the one in force; works inside the transaction."""
    promises.settle(session, callback_id, cause.at, PromiseResult.RENEWED)
    promises.give(session, callback_id, given, Cause(cause.at, cause.who, in_words(services, given)), told=True)


def has_room(session: Session, services: Services, callback: Callback, slot: Slot, now: datetime) -> bool:
    """Say whether a call-back may be put at this very moment. Raises what the calendar raises."""
    return diary(session, services, now, but=callback.id).has(slot, now)


def _may_choose(callback: Callback) -> bool:
    return callback.number is not None and callback.state in IN_THE_QUEUE


def _free(session: Session, services: Services, callback: Callback, now: datetime, after: datetime) -> Iterator[Slot]:
    with suppress(RingbackError):
        yield from diary(session, services, now, but=callback.id).free(now, after)
