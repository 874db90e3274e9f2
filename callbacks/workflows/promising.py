"""Promises when we call back: given, kept or missed, and given anew where they cannot hold."""

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import Services
from callbacks.rules.day_plan import Turn
from callbacks.rules.promise import Range
from callbacks.store import promises
from callbacks.store.promises import Given, Outlook
from callbacks.store.transitions import Cause
from callbacks.workflows import letters
from callbacks.workflows.row_by_row import each
from models.callback import Callback
from models.vocabulary import PromiseResult

WHO = "planner"
BATCH = 50


def promise(session: Session, services: Services, callback_id: int, now: datetime, *, told: bool) -> Range | None:
    """Return the promise of a call-back, given now where there is none; None where nobody can foresee its turn.

    Works inside the caller's transaction, so that only what is committed is spoken. `told`: it is about to be.
    """
    given = promises.in_force(session, callback_id)
    if given is not None:
        if told and not given.told:
            promises.tell(session, callback_id)
        return given.range
    try:
        outlook = promises.outlook(session, services.rules, now)
        turn = next((turn for turn in outlook.turns() if turn.callback_id == callback_id), None)
        foreseen = outlook.range_for(turn) if turn else None
    except RingbackError:
        # A calendar that cannot answer costs no caller his ticket.
        return None
    if foreseen is not None:
        promises.give(session, callback_id, foreseen, Cause(now, WHO, _words(services, foreseen)), told=told)
    return foreseen


def review(services: Services) -> dict[str, int]:
    """Look at all promises: end those nobody waits for, give those still missing, renew those that cannot hold.

    Bounded: at most 50 are given and 50 renewed in one look; the next one takes the rest.
    """
    now = services.clock.now()
    with services.database.write() as session:
        lapsed = promises.lapse(session, now)
    with services.database.read() as session:
        standing = promises.all_in_force(session)
        missing = promises.without(session, BATCH)
        if not standing and not missing:
            return {"promises_lapsed": lapsed}
        outlook = promises.outlook(session, services.rules, now)
    turns = {turn.callback_id: turn for turn in outlook.turns()}
    broken = [given for callback_id, given in standing.items() if _cannot_hold(given, turns.get(callback_id), now)]

    def give(callback_id: int) -> bool:
        return _replace(services, callback_id, None, outlook, turns[callback_id])

    def renew(callback_id: int) -> bool:
        return _replace(services, callback_id, standing[callback_id], outlook, turns[callback_id])

    broken.sort(key=lambda given: given.range.ends)
    return {
        "promises_lapsed": lapsed,
        "promises_given": each([callback_id for callback_id in missing if callback_id in turns], give),
        "promises_renewed": each([given.callback_id for given in broken[:BATCH]], renew),
    }


def _cannot_hold(given: Given, turn: Turn | None, now: datetime) -> bool:
    """Say whether a promise is past, or its turn is foreseen after its end; without a turn, no better one is known."""
    return turn is not None and max(turn.begins(), now) > given.range.ends


def _replace(services: Services, callback_id: int, old: Given | None, outlook: Outlook, turn: Turn) -> bool:
    """Put a new promise in the place of the old one, and write to the customer who was told the old one."""
    foreseen = outlook.range_for(turn)
    cause = Cause(outlook.now, WHO, _words(services, foreseen))
    with services.database.write() as session:
        callback = session.get_one(Callback, callback_id, with_for_update=True)
        stands = promises.in_force(session, callback_id)
        if callback.state not in promises.PROMISED or _number(stands) != _number(old):
            return False
        if old is not None:
            promises.settle(session, callback_id, outlook.now, PromiseResult.RENEWED)
        promises.give(session, callback_id, foreseen, cause, told=False)
        if old is not None and old.told and letters.write_renewal(session, services, callback.ticket_id, outlook.now):
            promises.tell(session, callback_id)
    if old is not None and old.told:
        services.bell.ring("mail")
    return True


def _number(given: Given | None) -> int | None:
    return given.id if given else None


def _words(services: Services, given: Range) -> str:
    zone = services.rules.zone
    return f"promised {given.starts.astimezone(zone):%Y-%m-%d %H:%M} to {given.ends.astimezone(zone):%H:%M}"
