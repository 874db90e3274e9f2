"""Whether a person picked up: what the customer hears before he is joined, by the house's setting `customer_key`.

Off: a sentence, and he is joined. Label: he is asked for a key, joined either way, and whether it came is kept.
Required: who presses no key counts as a machine, which hears when we call again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.store import legs
from callbacks.store.transitions import Cause, note
from callbacks.workflows import customer_side
from models.callback import Attempt, Callback
from models.ticket import Ticket
from models.vocabulary import CLOSED_ATTEMPTS, CustomerKey, CustomerOutcome, Language, Subject

WHO = "telephone"
ASKINGS = 2
FIVE_MINUTES = timedelta(minutes=5)
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Step(StrEnum):
    """What the customer's leg hears next."""

    GREET = "greet"
    ASK = "ask"
    JOIN = "join"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True)
class Greeting:
    """What the customer's leg hears: `turn` counts the askings; `again` is when a machine is told that we call again.

    `again` is None after the last try. `at` is when it is said, or was said first.
    """

    language: Language
    ticket: int
    step: Step
    at: datetime
    turn: int = 1
    again: datetime | None = None


def listening(session: Session, token: str, call_sid: str, parent_sid: str | None) -> Attempt | None:
    """Return the attempt whose customer's leg this is; None for a leg nobody waits for, which is to be hung up."""
    attempt = legs.attempt_by_token(session, token)
    if attempt is None or attempt.state in CLOSED_ATTEMPTS or attempt.dialled_at is None:
        return None
    known = legs.customer_leg(session, attempt)
    if parent_sid not in {None, attempt.call_sid} or (known is not None and known.call_sid != call_sid):
        return None
    return attempt


def begins(session: Session, services: Services, attempt: Attempt, now: datetime) -> Greeting:
    """Return what the leg hears first; asked again after a lost answer, it goes on where it was."""
    if attempt.voicemail_at is not None:
        return _voicemail(session, services, attempt, attempt.voicemail_at)
    if attempt.key_pressed is not None:
        return _greeting(session, attempt, Step.JOIN, now)
    if _asking(session, services, attempt) is not CustomerKey.OFF:
        return _greeting(session, attempt, Step.ASK, now)
    attempt.whispered_at = attempt.whispered_at or now
    session.flush()
    return _greeting(session, attempt, Step.GREET, now)


def pressed(
    services: Services, token: str, call_sid: str, parent_sid: str | None, *, key: bool, turn: int
) -> Greeting | None:
    """Take in that the asked customer pressed a key, or none in the `turn`-th time for it; None to hang up.

    What is decided stays decided: a repeated request, or a key that comes while a machine's message is spoken, hears
    the same once more. The message names when we call again, and that is committed by then.
    """
    now = services.clock.now()
    with services.database.write() as session:
        attempt = listening(session, token, call_sid, parent_sid)
        if attempt is None:
            return None
        if attempt.voicemail_at is not None or attempt.key_pressed is not None:
            return begins(session, services, attempt, now)
        if key or _asking(session, services, attempt) is not CustomerKey.REQUIRED:
            attempt.key_pressed = key
            attempt.whispered_at = now
            session.flush()
            _note(session, attempt, now, "the customer pressed a key" if key else "joined without a key")
            return _greeting(session, attempt, Step.JOIN, now)
        if turn < ASKINGS:
            return _greeting(session, attempt, Step.ASK, now, turn + 1)
        attempt.key_pressed = False
        attempt.voicemail_at = now
        session.flush()
        _note(session, attempt, now, f"no key after {ASKINGS} askings: taken for a machine")
        return _voicemail(session, services, attempt, now)


def _asking(session: Session, services: Services, attempt: Attempt) -> CustomerKey:
    """Return how this customer is asked. Behind an extension he is not: the switchboard would hear the question."""
    extension = session.get_one(Callback, attempt.callback_id).extension
    return CustomerKey.OFF if extension else services.rules.customer_key


def _voicemail(session: Session, services: Services, attempt: Attempt, at: datetime) -> Greeting:
    """Say when we call again: what the rule will answer when the leg has ended, asked with the same moment."""
    verdict = customer_side.verdict(session, services, attempt, CustomerOutcome.MACHINE, at)
    again = verdict.not_before
    # "From eleven" is true of a call at three past.
    rounded = again - (again - _BEGINNING) % FIVE_MINUTES if again else None
    return _greeting(session, attempt, Step.VOICEMAIL, at, again=rounded)


def _greeting(
    session: Session, attempt: Attempt, step: Step, at: datetime, turn: int = 1, *, again: datetime | None = None
) -> Greeting:
    callback = session.get_one(Callback, attempt.callback_id)
    ticket = session.get_one(Ticket, callback.ticket_id)
    return Greeting(callback.language, ticket.number, step, at, turn, again)


def _note(session: Session, attempt: Attempt, now: datetime, words: str) -> None:
    note(session, Subject.ATTEMPT, attempt.id, attempt.state, Cause(now, WHO, words), attempt.callback_id)
