"""How a hand on one call-back begins: it is as its reader saw it, no telephone rings for it, and there is a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.phone_numbers import NumberRefused
from callbacks.store import callers, in_hand
from callbacks.store.in_hand import InHand
from callbacks.store.transitions import Cause
from models.callback import Callback
from models.vocabulary import CallbackState

IN_THE_QUEUE = frozenset({CallbackState.WAITING, CallbackState.RESTING})
AT_REST = IN_THE_QUEUE | {CallbackState.NEEDS_HUMAN}
BEING_CALLED = frozenset({CallbackState.PREPARING, CallbackState.ACTIVE, CallbackState.WRAP_UP})


@dataclass(frozen=True)
class Wish:
    """What somebody wants of one call-back. `seen` is how it stood on the page he decided from (store.in_hand.mark)."""

    callback_id: int
    seen: str
    who: str
    why: str = ""

    def cause(self, now: datetime, deed: str) -> Cause:
        """Return what the history says of it: what was done, and his reason."""
        return Cause(now, self.who, f"{deed}: {self.why.strip()}" if self.why.strip() else deed)


def take(session: Session, wish: Wish, states: Collection[CallbackState]) -> InHand:
    """Return the call-back, locked. Raises RuleRefused where a rule, or somebody else's decision, stands in the way."""
    taken = in_hand.take(session, wish.callback_id)
    if taken is None:
        message = "this call-back is over"
        raise RuleRefused(Rule.NO_OPEN_CALLBACK, message)
    check_state(taken, states)
    check_seen(session, taken, wish.seen)
    return taken


def check_state(taken: InHand, states: Collection[CallbackState]) -> None:
    """Raise RuleRefused where a call-back is in another state than these, and say what that means."""
    state, ticket = taken.callback.state, taken.ticket.number
    if state in states:
        return
    if state in BEING_CALLED:
        message = f"ticket {ticket}: the customer is being called right now"
        raise RuleRefused(Rule.BEING_CALLED, message, ticket=ticket)
    if state is CallbackState.HELD:
        message = f"ticket {ticket}: the customer is still on the line with the hotline"
        raise RuleRefused(Rule.ON_THE_LINE, message, ticket=ticket)
    message = f"ticket {ticket}: its call-back is {state}; decide that first"
    raise RuleRefused(Rule.DECIDE_FIRST, message, ticket=ticket)


def check_seen(session: Session, taken: InHand, seen: str) -> None:
    """Raise RuleRefused where a call-back no longer stands as somebody saw it, with who has changed what."""
    if in_hand.mark(taken.callback) == seen:
        return
    who, why = in_hand.last_deed(session, taken.callback.id)
    message = f"ticket {taken.ticket.number}: changed meanwhile by {who} ({why})"
    raise RuleRefused(Rule.CHANGED_MEANWHILE, message, ticket=taken.ticket.number, who=who, why=why)


def check_reason(why: str) -> str:
    """Return a reason without the spaces around it. Raises RuleRefused where there is none."""
    if not why.strip():
        message = "give a reason with --why"
        raise RuleRefused(Rule.NO_REASON, message, field="why")
    return why.strip()


def check_number(session: Session, services: Services, callback: Callback, now: datetime) -> None:
    """Raise RuleRefused unless the call-back has a number that may be dialled now."""
    if callback.number is None:
        message = "it has no number to call; give one with --number"
        raise RuleRefused(Rule.NO_NUMBER, message, field="number")
    try:
        callers.check(session, services.rules, callback.number, now)
    except NumberRefused as refused:
        raise RuleRefused(Rule.NUMBER_REFUSED, str(refused), field="number") from refused
