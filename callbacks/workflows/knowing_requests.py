"""One number, so many open call-backs and no more: who asks again is told of those there are.

A number has as many open call-backs as HouseRules.max_open_per_number. One more makes no ticket, moves nobody forward
and keeps nobody waiting: the line is put with the latest of them. What a person enters is not counted against anybody.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.ports import HouseRules, Services
from callbacks.rules.phone_numbers import NumberRefused, Refusal
from callbacks.rules.promise import Range
from callbacks.store import callers, open_requests
from callbacks.store.transitions import Cause, note
from models.callback import Callback, CallLeg
from models.vocabulary import Subject


def attach(session: Session, rules: HouseRules, leg: CallLeg, cause: Cause) -> bool:
    """Put a line with the latest open call-back of its number, where no more may be made for it; else False."""
    if leg.number is None:
        return False
    open_ids = open_requests.about(session, leg.number, leg.call_sid)
    if len(open_ids) < rules.max_open_per_number:
        return False
    latest = session.get_one(Callback, open_ids[-1])
    leg.about_id = latest.id
    session.flush()
    callers.unmiss(session, leg.call_sid)
    again = Cause(cause.at, cause.who, f"called again, {cause.why}; {len(open_ids)} are open, so no other is made")
    note(session, Subject.CALLBACK, latest.id, latest.state, again, latest.id)
    return True


def is_full(session: Session, rules: HouseRules, number: str, call_sid: str, *, lock: bool = False) -> bool:
    """Say whether a number has as many open call-backs as it may, this line's own not counted.

    `lock`: it stays so up to the end of this transaction, which has to be a writing one.
    """
    return len(open_requests.about(session, number, call_sid, lock=lock)) >= rules.max_open_per_number


def check_room(session: Session, rules: HouseRules, number: str, call_sid: str) -> None:
    """Raise NumberRefused where one more call-back would be too many for this number."""
    if is_full(session, rules, number, call_sid, lock=True):
        raise NumberRefused(Refusal.TOO_MANY)


def promised(services: Services, callback_id: int | None) -> tuple[datetime, Range | None]:
    """Return this instant, and the range promised for a call-back if it is not over yet."""
    now = services.clock.now()
    with services.database.read() as session:
        callback = session.get(Callback, callback_id)
        if callback is None or callback.promise_from is None or callback.promise_to is None:
            return now, None
        range_ = Range(callback.promise_from, callback.promise_to)
    return now, range_ if now < range_.ends else None
