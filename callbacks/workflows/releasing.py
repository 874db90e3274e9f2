"""The end of a hotline call: what was chosen is let go to the queue, or to a person where no number is known.

A call ends in several ways, often told twice: our own last document, the provider's status callback, the sweep of
calls held too long. Whichever comes first releases; the others find nothing held any more.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules, Services
from callbacks.rules.phone_numbers import NumberRefused
from callbacks.store import agents, callers, legs, open_requests, outbox, promises
from callbacks.store.transitions import Cause, move_callback
from callbacks.workflows.emails import queue_confirmation
from callbacks.workflows.promising import promise
from models.callback import Callback
from models.vocabulary import FINAL_LEGS, CallbackState, LegKind, LegStatus, MailKind

HELD = frozenset({CallbackState.HELD})


@dataclass(frozen=True)
class Freed:
    """What a release has to be followed by, once it is committed."""

    queued: bool = False
    mail: bool = False


def release(services: Services, held: str | int, who: str, why: str) -> bool:
    """Let go of one held call-back, named by its hotline call (SID) or by its own id; False where none was held.

    With a number that may be dialled it waits, or rests until the moment that was chosen; without one it goes to
    `needs_human`, with the reason. The queue's bell is rung after the commit.
    """
    now = services.clock.now()
    with services.database.write() as session:
        callback = _find(session, held)
        freed = let_go(session, services, callback, Cause(now, who, why)) if callback else None
    return _announce(services, freed)


def says_goodbye(services: Services, call_sid: str) -> None:
    """Our last document hangs up: the line is over, and what was chosen on it is let go."""
    now = services.clock.now()
    with services.database.write() as session:
        callers.close_line(session, call_sid, now)
        freed = _over(session, services, call_sid, Cause(now, "hotline", "the caller was told goodbye"))
    _announce(services, freed)


def hangs_up(services: Services, call_sid: str, status: LegStatus, sequence: int | None, seconds: int | None) -> None:
    """Take in what the provider tells of a hotline call; at its end, what was chosen is let go.

    `seconds` is the length of the whole call. A call of which nothing is known is left alone: it never got as far as a
    greeting. Told again, it changes nothing.
    """
    now = services.clock.now()
    with services.database.write() as session:
        if callers.line(session, call_sid, lock=True) is None:
            return
        legs.tell(session, legs.LegNews(call_sid, LegKind.INBOUND, status, sequence, seconds), now)
        if status not in FINAL_LEGS:
            return
        freed = _over(session, services, call_sid, Cause(now, "hotline", "the call to the hotline ended"))
    _announce(services, freed)


def let_go(session: Session, services: Services, callback: Callback, cause: Cause) -> Freed | None:
    """Release inside the caller's transaction; None where it was not held. The caller rings the bell after its commit.

    The number is his own caller ID unless he confirmed another: one keyed in but not confirmed may be mistyped, and
    somebody else's telephone would ring. Without a caller ID it is kept for the person who looks.
    """
    callback_id, ticket_id, call_sid = callback.id, callback.ticket_id, callback.inbound_sid
    number, doubt = _number_to_call(session, services.rules, callback, cause.at)
    chosen = callback.booked_from if callback.booked_from and callback.booked_from > cause.at and not doubt else None
    target = CallbackState.RESTING if chosen else CallbackState.WAITING
    if doubt:
        target, cause = CallbackState.NEEDS_HUMAN, Cause(cause.at, cause.who, doubt)
    # An extension belongs to the number it was keyed in with.
    extension = callback.extension if number == callback.number else None
    if not move_callback(
        session, callback_id, HELD, target, cause, number=number, extension=extension, not_before=chosen
    ):
        return None
    if call_sid:
        callers.unmiss(session, call_sid, cause.at)
    if not doubt:
        promise(session, services, callback_id, cause.at, told=False)
    was_written = outbox.count(session, ticket_id, MailKind.CONFIRMATION) > 0
    mail = queue_confirmation(session, services, ticket_id, cause.at)
    if mail and not was_written:
        # One written before names what was known then.
        promises.tell(session, callback_id)
    return Freed(queued=target is CallbackState.WAITING, mail=mail)


def _number_to_call(
    session: Session,
    rules: HouseRules,
    callback: Callback,
    now: datetime,
) -> tuple[str | None, str]:
    """Return the number and, where it may not be dialled, the reason why a person must look (else "")."""
    if not callback.number_confirmed:
        line = callers.line(session, callback.inbound_sid) if callback.inbound_sid else None
        own = callers.dialable(session, rules, line.number if line else None, now)
        if own is not None:
            return own, ""
        if callback.number is None:
            return None, "the caller left no number that may be dialled"
        return callback.number, "the caller keyed in this number but did not confirm it"
    if callback.number is None:
        return None, "the caller left no number that may be dialled"
    try:
        callers.check(session, rules, callback.number, now)
    except NumberRefused as refused:
        return callback.number, f"the number may not be dialled: {refused.reason}"
    return callback.number, ""


def _over(session: Session, services: Services, call_sid: str, cause: Cause) -> Freed | None:
    line = callers.line(session, call_sid, lock=True)
    callback = _find(session, call_sid)
    freed: Freed | None = Freed()
    if callback is not None:
        freed = let_go(session, services, callback, cause)
    elif line is not None and line.agent_id is None and line.about_id is None:
        # Who has proven to be an agent wanted no call-back, and who rang about an open one has it.
        callers.miss(session, line, cause.at)
    if freed is None or line is None:
        return freed
    # His telephone may be rung again from now on, an agent's and that of a customer who rang about his turn.
    is_free = line.number in agents.phones(session) or open_requests.is_waited_for(session, line.number)
    return replace(freed, queued=freed.queued or is_free)


def _find(session: Session, held: str | int) -> Callback | None:
    wanted = Callback.inbound_sid == held if isinstance(held, str) else Callback.id == held
    # Locked, or on PostgreSQL a number confirmed meanwhile would be overwritten by the older one read here.
    return session.scalar(select(Callback).where(wanted).with_for_update())


def _announce(services: Services, freed: Freed | None) -> bool:
    """Ring after the commit only: a worker that looks earlier finds nothing and goes to sleep again."""
    if freed is None:
        return False
    if freed.queued:
        services.bell.ring("dispatch")
    if freed.mail:
        services.bell.ring("mail")
    return True
