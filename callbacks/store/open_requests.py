"""The open call-backs of one telephone number: for who rings again, for the missed calls, and for the limit."""

from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from models.callback import Attempt, Callback, CallLeg
from models.vocabulary import OPEN_CALLBACKS, AttemptState, CallbackState, CustomerOutcome, Option

BEING_CALLED = frozenset({CallbackState.PREPARING, CallbackState.ACTIVE})
TALKING = (AttemptState.CUSTOMER_ANSWERED, AttemptState.BRIDGED)
MISSED_BY_HIM = (CustomerOutcome.BUSY, CustomerOutcome.NO_ANSWER, CustomerOutcome.MACHINE)
TRIED = (*MISSED_BY_HIM, CustomerOutcome.FAILED, CustomerOutcome.BRIDGED)


class Turn(IntEnum):
    """When it comes to its call; the smallest is called first.

    `CALLING`: this telephone is about to ring. `MISSED`: our last call to this telephone was not answered, and there
    was none since. `TALKED`: its talk goes on or is being wrapped up, so nothing is left to promise.
    """

    CALLING = 0
    MISSED = 1
    OPEN = 2
    TALKED = 3


@dataclass(frozen=True)
class OpenRequest:
    """One open call-back. `counts`: it takes up one of the places that the number has."""

    callback_id: int
    state: CallbackState
    option: Option
    turn: Turn
    counts: bool


def of_number(session: Session, number: str | None, call_sid: str, *, lock: bool = False) -> list[OpenRequest]:
    """Return the open call-backs to this number, or asked for from it, but not by the call `call_sid` itself.

    The one that is called first stands first. A place is taken up by those that will ring this number, that fall back
    to it while their caller is still on the line, and that have no number to ring; who had another telephone called
    leaves room for his colleagues. `lock`: nobody else counts those of this number before the end of this transaction,
    which has to be a writing one.
    """
    if number is None:
        return []
    if lock:
        _take_turn(session, number)
    # Few are open, and a switchboard may have called ten thousand times: from the open ones to their calls, never back.
    rows = session.scalars(
        select(Callback)
        .outerjoin(CallLeg, CallLeg.call_sid == Callback.inbound_sid)
        .where(
            Callback.closed_at.is_(None),
            Callback.state.in_(OPEN_CALLBACKS),
            or_(Callback.number == number, CallLeg.number == number),
            or_(Callback.inbound_sid.is_(None), Callback.inbound_sid != call_sid),
        ),
    )
    found = [(_turn(session, callback, number), callback) for callback in rows]
    found.sort(key=lambda each: (each[0], each[1].rank, each[1].id))
    return [
        OpenRequest(callback.id, callback.state, callback.option, turn, _counts(callback, number))
        for turn, callback in found
    ]


def is_known(session: Session, leg: CallLeg) -> bool:
    """Say whether a caller is shown already, by an open call-back or by the one his call was about."""
    return leg.about_id is not None or bool(of_number(session, leg.number, leg.call_sid))


def is_waited_for(session: Session, number: str | None) -> bool:
    """Say whether a call-back to this number waits; while its customer was on the line it was passed over."""
    waits = exists().where(Callback.number == number, Callback.state == CallbackState.WAITING)
    return number is not None and session.scalar(select(waits)) is True


def is_talked_about(session: Session, callback_id: int) -> bool:
    """Say whether the customer has picked up, and the talk goes on."""
    talks = exists().where(Attempt.callback_id == callback_id, Attempt.state.in_(TALKING))
    return session.scalar(select(talks)) is True


def missed_try(session: Session, callback_id: int) -> Attempt | None:
    """Return the last call to the customer, where it missed him; one that an agent declined was none."""
    tries = select(Attempt).where(Attempt.callback_id == callback_id, Attempt.customer_outcome.in_(TRIED))
    last = session.scalar(tries.order_by(Attempt.n.desc()).limit(1))
    return last if last is not None and last.customer_outcome in MISSED_BY_HIM else None


def _turn(session: Session, callback: Callback, number: str) -> Turn:
    if callback.state in BEING_CALLED:
        if is_talked_about(session, callback.id):
            return Turn.TALKED
        # A colleague's own telephone may ring: whoever is on this one need not hang up for it.
        return Turn.CALLING if callback.number == number else Turn.OPEN
    if callback.state is CallbackState.WRAP_UP:
        return Turn.TALKED
    return Turn.MISSED if callback.number == number and _is_missed(session, callback) else Turn.OPEN


def _is_missed(session: Session, callback: Callback) -> bool:
    # Who chose another moment since has said when he wants to be called.
    if callback.booked_from is not None:
        return False
    rang_back = callback.state is CallbackState.WAITING and callback.rang_back_at is not None
    if callback.state is not CallbackState.RESTING and not rang_back:
        return False
    return missed_try(session, callback.id) is not None


def _counts(callback: Callback, number: str) -> bool:
    """Say whether it takes up a place; a question asked after the talk is another one."""
    if callback.state is CallbackState.WRAP_UP:
        return False
    return callback.number in {number, None} or callback.state is CallbackState.HELD


def _take_turn(session: Session, number: str) -> None:
    """Let one caller at a time count: two at once would count the same, and each make one more.

    Rows could not be locked instead: a number that calls for the first time has none. On SQLite writers are alone.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(number))))
