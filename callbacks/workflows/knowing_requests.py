"""One number, so many open call-backs and no more: who asks again is told of those there are.

A number has as many open call-backs as HouseRules.max_open_per_number, and an outage is taken beyond that while fewer
than so many outages are open: at most twice as many. One more makes no ticket, moves nobody forward and keeps nobody
waiting: the line is put with the latest of them. What a person enters is not counted against anybody.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from callbacks.rules.phone_numbers import NumberRefused, Refusal
from callbacks.store import callers, open_requests
from callbacks.store.open_requests import OpenRequest
from callbacks.store.transitions import Cause, note
from models.callback import CallLeg
from models.vocabulary import Option, Subject


def has_room(found: Sequence[OpenRequest], option: Option, most: int) -> bool:
    """Say whether a number with these open call-backs may have one more for this reason."""
    counted = [request.option for request in found if request.counts]
    return len(counted) < most or (option is Option.OUTAGE and counted.count(Option.OUTAGE) < most)


def attach(session: Session, rules: HouseRules, leg: CallLeg, option: Option, cause: Cause) -> bool:
    """Put a line with the latest open call-back of its number, where no more may be made for it; else False.

    An outage is put with the latest outage.
    """
    found = open_requests.of_number(session, leg.number, leg.call_sid, lock=True)
    if has_room(found, option, rules.max_open_per_number):
        return False
    counted = [request for request in found if request.counts]
    alike = [request for request in counted if option is not Option.OUTAGE or request.option is option]
    latest = max(alike, key=lambda request: request.callback_id)
    leg.about_id = latest.callback_id
    session.flush()
    callers.unmiss(session, leg.call_sid, cause.at)
    again = Cause(cause.at, cause.who, f"called again, {cause.why}; {len(counted)} are open, so no other is made")
    note(session, Subject.CALLBACK, latest.callback_id, latest.state, again, latest.callback_id)
    return True


def is_full(
    session: Session, rules: HouseRules, number: str, call_sid: str, option: Option, *, lock: bool = False
) -> bool:
    """Say whether a number may have no call-back more for this reason, this line's own not counted.

    `lock`: it stays so up to the end of this transaction, which has to be a writing one.
    """
    found = open_requests.of_number(session, number, call_sid, lock=lock)
    return not has_room(found, option, rules.max_open_per_number)


def check_room(session: Session, rules: HouseRules, number: str, call_sid: str, option: Option) -> None:
    """Raise NumberRefused where one more call-back would be too many for this number."""
    if is_full(session, rules, number, call_sid, option, lock=True):
        raise NumberRefused(Refusal.TOO_MANY)
