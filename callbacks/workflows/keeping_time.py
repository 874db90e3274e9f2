"""One look of the clock: move what has fallen due, and ring the bells of whatever there is to do."""

import logging
from datetime import datetime

from sqlalchemy import or_

from callbacks.ports import Services
from callbacks.store import moments
from callbacks.store.transitions import Cause, move_callback
from callbacks.workflows import alarming, doubting, unplaced, wrapping_up
from callbacks.workflows.keeping_shifts import follow_shifts
from models.callback import Callback
from models.vocabulary import CallbackState

WHO = "clock"

log = logging.getLogger(__name__)


def tick(services: Services) -> datetime | None:
    """Do what is due and return the next instant at which something may be, or None where nothing is known."""
    now = services.clock.now()
    wrapping_up.end_overdue_wrap_ups(services, now)
    unplaced.withdraw_overdue(services, now)
    doubted = doubting.suspect_overdue(services, now)
    next_edge = follow_shifts(services, now)
    with services.database.read() as session:
        due = moments.look(session, services.rules, now)
    for callback_id in due.resting:
        _wake(services, callback_id, now)
    if due.dispatch or due.resting:
        services.bell.ring("dispatch")
    if due.dial:
        services.bell.ring("dial")
    if due.mail:
        services.bell.ring("mail")
    if doubted or due.doubt:
        services.bell.ring("upkeep")
    _look_for_alarms(services)
    return min((moment for moment in (due.next_at, next_edge) if moment), default=None)


def _look_for_alarms(services: Services) -> None:
    """Look last, and whatever goes wrong there: no call-back waits for an alarm."""
    try:
        alarming.look(services)
    except Exception:
        log.exception("the alarms could not be looked at; the next look does it")


def _wake(services: Services, callback_id: int, now: datetime) -> None:
    with services.database.write() as session:
        cause = Cause(now, WHO, "the rest is over")
        move_callback(
            session,
            callback_id,
            {CallbackState.RESTING},
            CallbackState.WAITING,
            cause,
            or_(Callback.not_before.is_(None), Callback.not_before <= now),
        )
