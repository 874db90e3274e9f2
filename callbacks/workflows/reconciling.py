"""Mends what the telephone network did not tell: lines that ended in silence, legs that nobody wants.

Each sweep is bounded, named for what it mends and returns a count; one bad row never stops the loop. The network is
never waited for inside a transaction.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from callbacks.ports import Services
from callbacks.store import legs
from callbacks.store.legs import LegNews
from callbacks.workflows import releasing
from callbacks.workflows.row_by_row import each
from callbacks.workflows.silence import BATCH, RECHECK_SECONDS, ask_about_loose, ask_about_silent
from models.callback import Callback, CallLeg
from models.vocabulary import FINAL_LEGS, CallbackState, LegKind


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
    """Find out which calls to the hotline are over, so that what was chosen on them is kept and dialled."""
    now = services.clock.now()
    with services.database.read() as session:
        lines = list(
            session.scalars(
                select(CallLeg.call_sid)
                .where(
                    CallLeg.kind == LegKind.INBOUND,
                    CallLeg.status.not_in(FINAL_LEGS),
                    CallLeg.started_at > now - timedelta(seconds=2 * services.rules.held_max),
                    _not_checked_since(now),
                )
                .order_by(CallLeg.started_at)
                .limit(BATCH),
            ),
        )

    def ask(call_sid: str) -> bool:
        report = services.phone.fetch(call_sid)
        if report.status not in FINAL_LEGS:
            with services.database.write() as session:
                session.execute(update(CallLeg).where(CallLeg.call_sid == call_sid).values(checked_at=now))
            return False
        releasing.hangs_up(services, call_sid, report.status, None, report.seconds)
        return True

    return each(lines, ask)


def release_overheld(services: Services) -> int:
    """Let go of call-backs held for longer than any call to the hotline lasts, whatever is known of the call."""
    now = services.clock.now()
    oldest = now - timedelta(seconds=services.rules.held_max)
    with services.database.read() as session:
        held = list(
            session.scalars(
                select(Callback.id)
                .where(Callback.state == CallbackState.HELD, ~Callback.arrived_at.between(oldest, now))
                .limit(BATCH),
            ),
        )

    def let_go(callback_id: int) -> bool:
        return releasing.release(services, callback_id, "upkeep", "held too long")

    return each(held, let_go)


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
