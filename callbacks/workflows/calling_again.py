"""A customer is called again at a moment that his agent chooses with him: checked before, kept with the outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import update
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.rules.slots import LEAD, Slot
from callbacks.store import appointments, hours
from callbacks.store.roster import PLANNED
from callbacks.store.transitions import Cause
from callbacks.workflows import booking, letters
from models.callback import Attempt, Callback

NOBODY = 0


@dataclass(frozen=True)
class Again:
    """When a customer is called again: at `slot`, or else when the next window opens.

    `by_me`: by the agent who talked with him, if he can be rung then; otherwise by whoever can.
    """

    slot: Slot | None = None
    by_me: bool = False


NEXT_WINDOW = Again()


def offers(services: Services, count: int) -> list[Slot]:
    """Return the first free moments that an agent may promise, in order; none where the calendar cannot answer."""
    now = services.clock.now()
    with services.database.read() as session:
        try:
            free = booking.diary(session, services, now, but=NOBODY, days=PLANNED.days).free(now, now + LEAD)
            return list(islice(free, count))
        except RingbackError:
            return []


def next_opening(session: Session, services: Services, now: datetime) -> datetime:
    """Return when the next window opens, after the one that is open now. Raises what the calendar raises."""
    calendar = hours.calendar(session, services.rules)
    window = calendar.window_at(now)
    return calendar.next_open(window.closes if window else now)


def check_planned(at: datetime, now: datetime, field: str) -> None:
    """Raise RuleRefused for a moment that is further ahead than calls are planned: nobody is promised one."""
    if at > now + PLANNED:
        raise RuleRefused(Rule.MOMENT_TOO_FAR, f"more than {PLANNED.days} days ahead", field, days=PLANNED.days)


def slot_at(session: Session, services: Services, at: datetime, now: datetime, but: int) -> Slot:
    """Return the stretch in which a customer is called who is to be called at `at` (aware UTC).

    Raises RuleRefused for a moment that has passed, is more than four weeks ahead, lies outside the hours, or has no
    agent left. `but` is the call-back whose own moment takes nobody's place.
    """
    field = "again_at"
    if at <= now:
        raise RuleRefused(Rule.MOMENT_PAST, "this moment has passed", field)
    check_planned(at, now, field)
    window = hours.calendar(session, services.rules).window_at(at)
    if window is None or at >= window.closes - timedelta(seconds=services.rules.last_call_margin):
        raise RuleRefused(Rule.MOMENT_OUTSIDE_HOURS, "no call is made at this moment: the desk is closed", field)
    slot = Slot(at, min(at + timedelta(minutes=services.rules.slot_minutes), window.closes))
    if not booking.diary(session, services, now, but=but, days=PLANNED.days).fits(slot, now):
        raise RuleRefused(Rule.NOBODY_FREE_THEN, "no agent is free at this moment", field)
    return slot


def keep(session: Session, services: Services, callback_id: int, attempt: Attempt, again: Again, cause: Cause) -> None:
    """Keep what was agreed for a call-back that rests: its moment as a promise told, and who calls.

    Works inside the transaction that says the outcome. The customer is written to as if he had chosen it himself.
    """
    callback = session.get_one(Callback, callback_id)
    if again.slot is not None:
        given = Range(again.slot.starts, again.slot.ends)
        appointments.keep(session, services.rules, callback, given.starts, given.ends)
        booking.promise_told(session, services, callback.id, given, cause)
        letters.write_booking(session, services, callback.ticket_id, given, cause.at)
    if again.by_me:
        # After the moment: keeping one lets go of whoever had prepared.
        session.execute(update(Callback).where(Callback.id == callback_id).values(pinned_agent_id=attempt.agent_id))
        session.expire_all()
