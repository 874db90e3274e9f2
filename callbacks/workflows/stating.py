"""The agent says on his desk page how a talk ended: at once after it, or days later.

While the talk goes on nothing can be said: a button touched by mistake would close the ticket and write to the customer
the moment he hangs up. Keypad and page are one question: whoever answers second is told what stands.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules import local_times
from callbacks.store import appointments
from callbacks.store.signin import Person
from callbacks.store.transitions import Cause
from callbacks.workflows import calling_again, customer_side, wrapping_up
from callbacks.workflows.calling_again import NEXT_WINDOW, Again
from models.callback import Attempt, Callback
from models.vocabulary import CallbackState, CustomerOutcome, TalkOutcome

STATED = frozenset(TalkOutcome) - {TalkOutcome.UNSTATED}
TALKING = frozenset({CallbackState.PREPARING, CallbackState.ACTIVE})


@dataclass(frozen=True)
class Word:
    """What an agent says. `at` is typed local time, "2026-11-25 10:30"; empty: when the next window opens."""

    outcome: TalkOutcome
    at: str = ""
    by_me: bool = False


def state(services: Services, attempt_id: int, word: Word, who: Person) -> None:
    """Take in how a talk ended. The same word said twice counts once.

    Raises RuleRefused for another's talk, one that goes on, one whose outcome stands, or a moment that cannot be.
    """
    now = services.clock.now()
    with services.database.write() as session:
        if word.at:
            # Before the rows of the talk, as everybody who chooses a moment.
            appointments.one_at_a_time(session)
        attempt = session.get(Attempt, attempt_id, with_for_update=True)
        if attempt is None or attempt.agent_id != who.id:
            raise RuleRefused(Rule.NOT_YOURS, "this was somebody else's talk")
        if not _waits(session, attempt):
            _told_what_stands(session, attempt, word.outcome)
            return
        again = _again(session, services, attempt, word, now)
        cause = Cause(now, who.name, f"outcome: {word.outcome}, on the desk")
        for put in (wrapping_up.state_outcome, wrapping_up.state_late):
            if put(session, services, attempt, word.outcome, cause, again):
                break
        else:
            _told_what_stands(session, attempt, word.outcome)
    services.bell.ring("mail")
    services.bell.ring("dispatch")
    services.bell.wake_clock()


def _waits(session: Session, attempt: Attempt) -> bool:
    """Say whether this talk waits for its outcome, in time or late."""
    callback = session.get_one(Callback, attempt.callback_id)
    late = callback.state is CallbackState.DONE and callback.outcome is TalkOutcome.UNSTATED
    return callback.fence == attempt.fence and (callback.state is CallbackState.WRAP_UP or late)


def _told_what_stands(session: Session, attempt: Attempt, outcome: TalkOutcome) -> None:
    session.expire_all()
    callback = session.get_one(Callback, attempt.callback_id)
    if callback.fence == attempt.fence and callback.state in TALKING:
        raise RuleRefused(Rule.STILL_TALKING, "the call goes on; say how it ended once it is over")
    if callback.fence == attempt.fence and attempt.customer_outcome is CustomerOutcome.BRIDGED and callback.outcome:
        if callback.outcome is outcome:
            return
        raise RuleRefused(Rule.OUTCOME_STANDS, f"what stands is {callback.outcome}", outcome=callback.outcome)
    raise RuleRefused(Rule.CALLED_ALREADY, "nothing waits for an outcome here any more")


def _again(session: Session, services: Services, attempt: Attempt, word: Word, now: datetime) -> Again:
    if word.outcome is not TalkOutcome.CALL_AGAIN:
        return NEXT_WINDOW
    callback = session.get_one(Callback, attempt.callback_id)
    if callback.state is CallbackState.DONE and customer_side.has_open_callback(session, callback.ticket_id):
        if word.at or word.by_me:
            raise RuleRefused(Rule.CALLBACK_OPEN, "this ticket already has an open call-back", "again_at")
        return NEXT_WINDOW
    if not word.at:
        return Again(by_me=word.by_me)
    try:
        at = local_times.starts_at(word.at, services.rules.zone)
    except RefusedInput:
        raise RuleRefused(Rule.MOMENT_UNREADABLE, f"{word.at!r} is no moment", "again_at") from None
    slot = calling_again.slot_at(session, services, at, now, but=callback.id)
    return Again(slot, word.by_me)
