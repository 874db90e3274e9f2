"""Promises when we call back: given, kept or missed, and given anew where they cannot hold."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import Services, Uptime
from callbacks.rules.day_plan import Turn
from callbacks.rules.promise import Range, is_broken
from callbacks.store import mail_facts, promises, switches
from callbacks.store.promises import Given, Outlook
from callbacks.store.transitions import Cause
from callbacks.workflows import letters
from callbacks.workflows.row_by_row import each
from models.callback import Callback
from models.vocabulary import PromiseResult

WHO = "planner"
BATCH = 50
PROOF_SECONDS = 15
"""How long, by monotonic time, a promise must seem broken before it is given anew and its customer written to."""

log = logging.getLogger(__name__)


def promise(session: Session, services: Services, callback_id: int, now: datetime, *, told: bool) -> Range | None:
    """Return the promise of a call-back, given now where there is none; None where nobody can foresee its turn.

    Works inside the caller's transaction, so that only what is committed is spoken. `told`: it is about to be.
    """
    given = promises.in_force(session, callback_id)
    if given is not None:
        if told and not given.told:
            promises.tell(session, callback_id)
        return given.range
    if switches.is_stopped(session):
        # A person has stopped all dialling, and nobody could say until when.
        return None
    try:
        outlook = promises.outlook(session, services.rules, now)
        turn = next((turn for turn in outlook.turns() if turn.callback_id == callback_id), None)
        foreseen = outlook.range_for(turn) if turn else None
    except RingbackError:
        # A calendar that cannot answer costs no caller his ticket.
        return None
    if foreseen is not None:
        promises.give(session, callback_id, foreseen, Cause(now, WHO, in_words(services, foreseen)), told=told)
    return foreseen


def review(services: Services) -> dict[str, int]:
    """Look at all promises: end those nobody waits for, give those still missing, renew those that cannot hold.

    Bounded: at most 50 of each in one look; the next one takes the rest. Nothing is promised anew while dialling is
    stopped: nobody could say when it goes on.
    """
    now = services.clock.now()
    with services.database.read() as session:
        forlorn = promises.forlorn(session)[:BATCH]
        standing = promises.all_in_force(session)
        written = mail_facts.last_named_a_moment(session)
        missing = promises.without(session)
        stopped = switches.dialling(session, now) is not switches.Dialling.ON
    counts = {"promises_lapsed": each(forlorn, lambda promise_id: _lapse(services, promise_id, now))}
    if stopped or not (standing or missing):
        return counts
    try:
        with services.database.read() as session:
            outlook = promises.outlook(session, services.rules, now)
        turns = {turn.callback_id: turn for turn in outlook.turns()}
    except RingbackError as error:
        log.warning("nothing can be foreseen: %s", error)
        return counts
    broken = _proven_broken(services, standing, turns, written, now)
    wanted = [callback_id for callback_id in missing if callback_id in turns][:BATCH]

    def give(callback_id: int) -> bool:
        return _replace(services, callback_id, None, outlook, turns[callback_id])

    def renew(callback_id: int) -> bool:
        return _replace(services, callback_id, standing[callback_id], outlook, turns[callback_id])

    return {**counts, "promises_given": each(wanted, give), "promises_renewed": each(broken[:BATCH], renew)}


def _lapse(services: Services, promise_id: int, now: datetime) -> bool:
    with services.database.write() as session:
        return promises.lapse(session, promise_id, now)


def _proven_broken(
    services: Services,
    standing: Mapping[int, Given],
    turns: Mapping[int, Turn],
    written: Mapping[int, datetime],
    now: datetime,
) -> list[int]:
    """Return the call-backs whose promise could not hold at two looks, really some time apart; the longest past first.

    One look is not enough to write to people: the wall clock may be wrong for a moment, or an agent gone for one.
    """
    uptime = services.clock.uptime()
    proven = []
    changed: list[tuple[int, Uptime | None]] = []
    for callback_id, given in standing.items():
        turn = turns.get(callback_id)
        # Without a turn, no better promise is known.
        if turn is None or not is_broken(given.range, turn.begins(), now, written.get(callback_id)):
            if given.doubted_ms is not None:
                changed.append((given.id, None))
            continue
        lasts = uptime.since(given.doubted_boot, given.doubted_ms)
        if lasts is None:
            changed.append((given.id, uptime))
        elif lasts >= PROOF_SECONDS:
            proven.append(given)
    if changed:
        with services.database.write() as session:
            for promise_id, since in changed:
                promises.doubt(session, promise_id, since)
    return [given.callback_id for given in sorted(proven, key=lambda given: given.range.ends)]


def _replace(services: Services, callback_id: int, old: Given | None, outlook: Outlook, turn: Turn) -> bool:
    """Put a new promise in the place of the old one, and write to the customer who was told the old one."""
    with services.database.write() as session:
        callback = session.get_one(Callback, callback_id, with_for_update=True)
        stands = promises.in_force(session, callback_id)
        if callback.state not in promises.PROMISED or _number(stands) != _number(old):
            return False
        foreseen = outlook.range_for(turn, promises.renewals(session, callback_id) + (old is not None))
        owes_word = old.told if old else promises.was_let_down(session, callback_id)
        if old is not None:
            promises.settle(session, callback_id, outlook.now, PromiseResult.RENEWED)
        cause = Cause(outlook.now, WHO, in_words(services, foreseen))
        promises.give(session, callback_id, foreseen, cause, told=False)
        if owes_word and letters.write_renewal(session, services, callback.ticket_id, foreseen, outlook.now):
            promises.tell(session, callback_id)
    if owes_word:
        services.bell.ring("mail")
    return True


def _number(given: Given | None) -> int | None:
    return given.id if given else None


def in_words(services: Services, given: Range) -> str:
    """Return a promise in the words of the history, in the wall time of the house."""
    zone = services.rules.zone
    return f"promised {given.starts.astimezone(zone):%Y-%m-%d %H:%M} to {given.ends.astimezone(zone):%H:%M}"
