"""Mends what the telephone network did not tell: lines that ended in silence, legs that nobody wants.

Each sweep is bounded, named for what it mends and returns a count; one bad row never stops the loop. The network is
never waited for inside a transaction.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update

from callbacks.errors import PhoneError
from callbacks.ports import Services
from callbacks.store import legs
from callbacks.store.legs import LegNews
from callbacks.store.queue import on_the_line
from callbacks.workflows import releasing
from callbacks.workflows.row_by_row import each
from callbacks.workflows.silence import BATCH, RECHECK_SECONDS, ask_about_loose, ask_about_silent
from models.callback import Callback, CallLeg
from models.vocabulary import FINAL_LEGS, CallbackState, LegKind, LegStatus

ENOUGH_UNANSWERED = 8


def sweep(services: Services) -> dict[str, int]:
    """Run every sweep once and return what each mended."""
    counts = {
        "dead_lines": end_dead_lines(services),
        "overheld": release_overheld(services),
        "silent_legs": ask_about_silent(services),
        "loose_legs": ask_about_loose(services),
        "extra_legs": hang_up_extras(services),
    }
    if any(counts.values()):
        services.bell.ring("dispatch")
    return counts


def end_dead_lines(services: Services) -> int:
    """Find out which calls to the hotline are over, so that what was chosen on them is kept and dialled.

    A call that nobody can be asked about counts as over once it is older than any such call lasts and several
    questions in a row found no answer; the wall clock alone, which may be moved, never ends one.
    """
    now = services.clock.now()
    with services.database.read() as session:
        lines = list(
            session.scalars(
                select(CallLeg.call_sid)
                .where(on_the_line(), _not_checked_since(now))
                .order_by(CallLeg.started_at)
                .limit(BATCH),
            ),
        )
    return each(lines, lambda call_sid: _ask_about_line(services, call_sid, now))


def release_overheld(services: Services) -> int:
    """Let go of held call-backs whose call is over, or held for too long; nobody is dialled while he still calls us."""
    now = services.clock.now()
    oldest = now - timedelta(seconds=services.rules.held_max)
    calls_us = exists().where(CallLeg.call_sid == Callback.inbound_sid, on_the_line())
    too_long = ~Callback.arrived_at.between(oldest, now)
    with services.database.read() as session:
        held = list(
            session.scalars(
                select(Callback.id).where(Callback.state == CallbackState.HELD, too_long, ~calls_us).limit(BATCH),
            ),
        )

    def let_go(callback_id: int) -> bool:
        return releasing.release(services, callback_id, "upkeep", "held too long")

    return each(held, let_go)


def _ask_about_line(services: Services, call_sid: str, now: datetime) -> bool:
    try:
        report = services.phone.fetch(call_sid)
    except PhoneError:
        if not _count_unanswered(services, call_sid, now):
            raise
        releasing.hangs_up(services, call_sid, LegStatus.FAILED, None, None)
        return True
    if report.status in FINAL_LEGS:
        releasing.hangs_up(services, call_sid, report.status, None, report.seconds)
        return True
    with services.database.write() as session:
        asked = update(CallLeg).where(CallLeg.call_sid == call_sid)
        session.execute(asked.values(checked_at=now, unanswered=0))
    return False


def _count_unanswered(services: Services, call_sid: str, now: datetime) -> bool:
    """Count one more question without an answer; True when that is enough to take the call for over."""
    with services.database.write() as session:
        leg = session.get_one(CallLeg, call_sid, with_for_update=True)
        leg.checked_at = now
        leg.unanswered += 1
        session.flush()
        age = now - leg.started_at
        young = timedelta() <= age < timedelta(seconds=services.rules.held_max)
        return leg.unanswered >= ENOUGH_UNANSWERED and not young


def hang_up_extras(services: Services) -> int:
    """End legs that no attempt wants."""
    with services.database.read() as session:
        extras = list(
            session.scalars(
                select(CallLeg.call_sid)
                .where(CallLeg.kind == LegKind.EXTRA, CallLeg.status.not_in(FINAL_LEGS))
                .limit(BATCH),
            ),
        )

    def end(call_sid: str) -> bool:
        services.phone.hang_up(call_sid)
        report = services.phone.fetch(call_sid)
        with services.database.write() as session:
            news = LegNews(call_sid, LegKind.EXTRA, report.status, seconds=report.seconds)
            legs.tell(session, news, services.clock.now())
        return True

    return each(extras, end)


def _not_checked_since(now: datetime) -> ColumnElement[bool]:
    before = now - timedelta(seconds=RECHECK_SECONDS)
    return or_(CallLeg.checked_at.is_(None), CallLeg.checked_at <= before, CallLeg.checked_at > now)
