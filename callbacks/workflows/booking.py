"""A customer chooses the moment of his call: what may be offered, and the one write that keeps his word and ours."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.rules.slots import Diary, Slot
from callbacks.store import hours, legs, promises, roster
from callbacks.store.promises import IN_THE_QUEUE
from callbacks.store.transitions import Cause
from callbacks.workflows.emails import queue_booking
from models.callback import Callback
from models.vocabulary import PromiseResult

__all__ = ["Slot", "book", "offers", "unbook"]


def offers(services: Services, callback_id: int, after: datetime | None = None, count: int = 3) -> list[Slot]:
    """Return the first free moments that begin after `after` (aware UTC), in order; none where none may be chosen."""
    now = services.clock.now()
    with services.database.read() as session:
        callback = session.get(Callback, callback_id)
        if callback is None or callback.number is None or callback.state not in IN_THE_QUEUE:
            return []
        return list(islice(_free(session, services, callback_id, now, after or now), count))


def book(services: Services, callback_id: int, slot: Slot, who: str, event: str | None = None) -> Slot | None:
    """Keep the moment a customer chose, and return the one that stands; None where it cannot be his (any more).

    `who` is he himself or a person acting for him; `event` the key of the webhook that asked. The same event again, or
    the same moment, changes nothing and returns what stands.
    """
    now = services.clock.now()
    with services.database.write() as session:
        callback = session.get_one(Callback, callback_id, with_for_update=True)
        stands = Slot(callback.booked_from, callback.booked_to) if callback.booked_from and callback.booked_to else None
        if stands == slot or (event is not None and not legs.first_time(session, event, now)):
            return stands
        if callback.number is None or callback.state not in IN_THE_QUEUE:
            return None
        if not _diary(session, services, callback_id, now).has(slot, now):
            return None
        given, cause = Range(slot.starts, slot.ends), Cause(now, who, "chose a moment")
        session.execute(
            update(Callback).where(Callback.id == callback_id).values(booked_from=slot.starts, booked_to=slot.ends),
        )
        promises.settle(session, callback_id, now, PromiseResult.RENEWED)
        promises.give(session, callback_id, given, cause, told=True)
        mail = queue_booking(session, services, callback.ticket_id, given, now)
    if mail:
        services.bell.ring("mail")
    return slot


def unbook(session: Session, services: Services, callback: Callback, cause: Cause) -> None:
    """End a chosen moment inside the caller's transaction: the call-back stands where its arrival puts it."""
    raise NotImplementedError


def _free(session: Session, services: Services, callback_id: int, now: datetime, after: datetime) -> Iterator[Slot]:
    with suppress(RingbackError):
        yield from _diary(session, services, callback_id, now).free(now, after)


def _diary(session: Session, services: Services, callback_id: int, now: datetime) -> Diary:
    rules, calendar = services.rules, hours.calendar(session, services.rules)
    others = select(Callback.booked_from, Callback.booked_to).where(
        Callback.closed_at.is_(None), Callback.booked_from.is_not(None), Callback.id != callback_id
    )
    return Diary(
        calendar,
        roster.posts(session, rules, calendar, 720.0, now),
        [(row.booked_from, row.booked_to) for row in session.execute(others)],
        timedelta(minutes=rules.slot_minutes),
        rules.booking_days,
        timedelta(seconds=rules.last_call_margin),
    )
