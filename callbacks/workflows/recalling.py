"""A caller who rings again while a call-back is open: what he may be told of it, and what he decides about it.

He is known by his number alone, which several people may share: no name, no company and no ticket leaves this file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.store import callers, legs, open_requests, outbox, promises, roster, switches
from callbacks.store.open_requests import BEING_CALLED, OpenRequest, Turn
from callbacks.store.promises import IN_THE_QUEUE
from callbacks.store.transitions import Cause, move_callback, move_ticket, note
from callbacks.workflows import knowing_requests, letters, ringing_back
from callbacks.workflows.customer_side import has_open_callback
from callbacks.workflows.opening import Opening, opening
from callbacks.workflows.registering import WHO, Line
from callbacks.workflows.taking_in_hand import AT_REST
from models.callback import Callback
from models.vocabulary import (
    OPEN_TICKETS,
    CallbackState,
    MailKind,
    Option,
    PromiseResult,
    Subject,
    TicketState,
)

CANCELLABLE = AT_REST
"""Not a held one: it belongs to somebody who is still on the line and has not heard the end of it."""


class Phase(StrEnum):
    """What a caller must know first of his open request; each has a sentence of its own."""

    OPEN = "open"
    CALLING = "calling"
    MISSED = "missed"


class Ending(StrEnum):
    """What came of the wish to cancel."""

    CANCELLED = "cancelled"
    CALLING = "calling"
    OVER = "over"


@dataclass(frozen=True)
class Again:
    """The open call-backs of a caller's number: how many, and of the first how it stands and what is promised.

    `may_add` says whether he may open another one beside them, if only for an outage; `calls_at_once`, whether he is
    called as soon as he hangs up and an agent is free.
    """

    phase: Phase
    promise: Range | None
    count: int
    may_add: bool
    calls_at_once: bool
    opening: Opening


@dataclass(frozen=True)
class About:
    """The open call-back that a call is about, and whether it is the only one that its caller may mean."""

    state: CallbackState
    is_only: bool


@dataclass(frozen=True)
class Cancelled:
    """What is committed about the wish to cancel, and whether a mail about it goes."""

    ending: Ending
    mail: bool = False


def calls_again(services: Services, line: Line) -> Again | None:
    """Return what is open for a caller's number; None where nothing is, for a withheld number, and for an agent's.

    Who missed our call is put next in line. What he is told of a promise is kept as told. Asked again, the same is
    true.
    """
    if line.number is None:
        return None
    with services.database.read() as session:
        found = open_requests.of_number(session, line.number, line.call_sid)
    if not found:
        return None
    rings_back = found[0].turn is Turn.MISSED and ringing_back.ring_back(services, found[0].callback_id, line.call_sid)
    now = services.clock.now()
    with services.database.write() as session:
        found = open_requests.of_number(session, line.number, line.call_sid)
        return _told(session, services, found, now, rings_back=rings_back) if found else None


def is_about_it(services: Services, line: Line, event: str) -> About | None:
    """Keep that this call is about the open call-back that is called first; return how that one stands.

    Once kept, it stays that one, however often the key is told. None where nothing is open, or where the call made a
    ticket of its own.
    """
    now = services.clock.now()
    with services.database.write() as session:
        leg = callers.line(session, line.call_sid, lock=True)
        if leg is None or line.ticket is not None:
            return None
        found = open_requests.of_number(session, line.number, line.call_sid)
        if leg.about_id is None:
            if not found or not legs.first_time(session, event, now):
                return None
            leg.about_id = found[0].callback_id
            session.flush()
            cause = Cause(now, WHO, "the caller rang again about it")
            note(session, Subject.CALLBACK, found[0].callback_id, found[0].state, cause, found[0].callback_id)
        callback = session.get(Callback, leg.about_id)
        return About(callback.state, _is_only(found, callback.id)) if callback else None


def may_change(services: Services, line: Line) -> bool:
    """Say whether the caller may move what his line is about: his own, or the only one that he may mean."""
    if line.ticket is not None or line.callback_id is None:
        return line.ticket is not None
    with services.database.read() as session:
        return _is_only(open_requests.of_number(session, line.number, line.call_sid), line.callback_id)


def promise_of(services: Services, line: Line) -> tuple[datetime, Range | None]:
    """Return this instant, and what is promised of the call-back this line is about; kept as told."""
    now = services.clock.now()
    with services.database.write() as session:
        callback = session.get(Callback, line.callback_id) if line.callback_id else None
        return now, _tells(session, callback.id, callback.state) if callback else None


def cancels(services: Services, line: Line) -> Cancelled:
    """Cancel the call-back that this call is about, close its ticket, and write to its contact.

    Only while nobody is rung for it: an agent who has prepared would ring for nothing, or the customer's own telephone
    rings already. Told again, nothing changes, and the answer is the same.
    """
    now = services.clock.now()
    with services.database.write() as session:
        leg = callers.line(session, line.call_sid, lock=True)
        callback = session.get(Callback, leg.about_id) if leg and leg.about_id else None
        if callback is None:
            return Cancelled(Ending.OVER)
        cause = Cause(now, WHO, "the caller cancelled by telephone")
        if move_callback(session, callback.id, CANCELLABLE, CallbackState.CANCELLED, cause):
            _withdrawn(session, services, callback, cause)
        session.refresh(callback)
        done = _ending(session, callback)
    if done.mail:
        services.bell.ring("mail")
    return done


def _told(
    session: Session, services: Services, found: Sequence[OpenRequest], now: datetime, *, rings_back: bool
) -> Again:
    first = found[0]
    if first.turn is Turn.CALLING:
        phase = Phase.CALLING
    else:
        phase = Phase.MISSED if rings_back and first.turn is Turn.MISSED else Phase.OPEN
    hours = opening(session, services, now)
    return Again(
        phase,
        _tells(session, first.callback_id, first.state),
        len(found),
        knowing_requests.has_room(found, Option.OUTAGE, services.rules.max_open_per_number),
        phase is Phase.MISSED
        and hours.rings_now
        and switches.places_freely(session, now)
        and roster.is_manned(session),
        hours,
    )


def _tells(session: Session, callback_id: int, state: CallbackState) -> Range | None:
    """Return what is promised and can still hold, written down as told."""
    given = promises.in_force(session, callback_id) if state in IN_THE_QUEUE else None
    if given is None:
        return None
    if not given.told:
        promises.tell(session, callback_id)
    return given.range


def _is_only(found: Sequence[OpenRequest], callback_id: int) -> bool:
    return [request.callback_id for request in found] in ([callback_id], [])


def _withdrawn(session: Session, services: Services, callback: Callback, cause: Cause) -> None:
    """Settle what hung on a call-back that its customer wants no more; what he asked is no longer open either."""
    promises.settle(session, callback.id, cause.at, PromiseResult.LAPSED)
    if not has_open_callback(session, callback.ticket_id):
        move_ticket(session, callback.ticket_id, OPEN_TICKETS, TicketState.CLOSED, cause)
    letters.write_cancellation(session, services, callback.ticket_id, cause.at)


def _ending(session: Session, callback: Callback) -> Cancelled:
    if callback.state is CallbackState.CANCELLED:
        mail = outbox.count(session, callback.ticket_id, MailKind.CANCELLATION) > 0
        return Cancelled(Ending.CANCELLED, mail)
    is_calling = callback.state in BEING_CALLED and not open_requests.is_talked_about(session, callback.id)
    return Cancelled(Ending.CALLING if is_calling else Ending.OVER)
