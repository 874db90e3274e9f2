"""Mends what the telephone network did not tell: lines that ended in silence, legs that nobody wants.

Each sweep is bounded, named for what it mends and returns a count; one bad row never stops the loop. The network is
never waited for inside a transaction.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

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
    """Let go of held call-backs whose call is over, or held for too long; nobody is dialled while he still calls us.

    Over: its line ended, or was never written down, some seconds ago. Whoever told of the end released it at once,
    unless he was killed in between. An instant that lies ahead was written by another clock, and counts as long ago.
    """
    now = services.clock.now()
    oldest = now - timedelta(seconds=services.rules.held_max)
    before = now - timedelta(seconds=RECHECK_SECONDS)
    his_line = CallLeg.call_sid == Callback.inbound_sid
    calls_us = exists().where(his_line, on_the_line())
    just_ended = exists().where(his_line, CallLeg.ended_at > before, CallLeg.ended_at <= now)
    just_came = and_(Callback.arrived_at > before, Callback.arrived_at <= now)
    too_long = ~Callback.arrived_at.between(oldest, now)
    due = or_(too_long, and_(~just_came, ~just_ended))
    with services.database.read() as session:
        held = list(
            session.scalars(
                select(Callback.id)
                .where(Callback.state == CallbackState.HELD, due, ~calls_us)
                .order_by(Callback.id)
                .limit(BATCH),
            ),
        )

    def let_go(callback_id: int) -> bool:
        return releasing.release(services, callback_id, "upkeep", "the call to the hotline is over")

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
        leg = _unanswered_once_more(session, call_sid, now)
        age = now - leg.started_at
        young = timedelta() <= age < timedelta(seconds=services.rules.held_max)
        return leg.unanswered >= ENOUGH_UNANSWERED and not young


def _unanswered_once_more(session: Session, call_sid: str, now: datetime) -> CallLeg:
    leg = session.get_one(CallLeg, call_sid, with_for_update=True)
    leg.checked_at = now
    leg.unanswered += 1
    session.flush()
    return leg


def hang_up_extras(services: Services) -> int:
    """End legs that no attempt wants; one the provider knows nothing of counts as failed after several questions.

    Each is asked about every few seconds only, so that many without an answer never keep the others from their turn.
    """
    now = services.clock.now()
    with services.database.read() as session:
        extras = list(
            session.scalars(
                select(CallLeg.call_sid)
                .where(CallLeg.kind == LegKind.EXTRA, CallLeg.status.not_in(FINAL_LEGS), _not_checked_since(now))
                .order_by(CallLeg.started_at, CallLeg.call_sid)
                .limit(BATCH),
            ),
        )
    return each(extras, lambda call_sid: _end_extra(services, call_sid, now))


def _end_extra(services: Services, call_sid: str, now: datetime) -> bool:
    try:
        services.phone.hang_up(call_sid)
        report = services.phone.fetch(call_sid)
    except PhoneError:
        if not _extra_is_given_up(services, call_sid, now):
            raise
        return True
    with services.database.write() as session:
        leg = session.get_one(CallLeg, call_sid, with_for_update=True)
        leg.checked_at = now
        leg.unanswered = 0
        legs.tell(session, LegNews(call_sid, LegKind.EXTRA, report.status, seconds=report.seconds), now)
    return report.status in FINAL_LEGS


def _extra_is_given_up(services: Services, call_sid: str, now: datetime) -> bool:
    with services.database.write() as session:
        if _unanswered_once_more(session, call_sid, now).unanswered < ENOUGH_UNANSWERED:
            return False
        return legs.tell(session, LegNews(call_sid, LegKind.EXTRA, LegStatus.FAILED), now)


def _not_checked_since(now: datetime) -> ColumnElement[bool]:
    before = now - timedelta(seconds=RECHECK_SECONDS)
    return or_(CallLeg.checked_at.is_(None), CallLeg.checked_at <= before, CallLeg.checked_at > now)
