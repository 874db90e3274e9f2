"""How much waits at one moment."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import HouseRules
from callbacks.rules.overload import Load
from callbacks.store import hours
from callbacks.store.queue import is_waiting
from models.callback import Callback
from models.vocabulary import CallbackState, Option

BUSY_WITH = (CallbackState.WAITING, CallbackState.PREPARING, CallbackState.ACTIVE)


def load(session: Session, rules: HouseRules, now: datetime) -> Load:
    """Look at the queue. A calendar that cannot answer costs no caller his farewell: nobody has waited then."""
    waiting, since = session.execute(select(func.count(), func.min(Callback.arrived_at)).where(is_waiting())).one()
    outages = select(Callback.id).where(
        Callback.closed_at.is_(None), Callback.state.in_(BUSY_WITH), Callback.option == Option.OUTAGE
    )
    outage = session.scalar(outages.limit(1)) is not None
    return Load(waiting, _open_seconds(session, rules, since, now) if waiting else 0, outage)


def _open_seconds(session: Session, rules: HouseRules, since: datetime, now: datetime) -> int:
    try:
        calendar = hours.calendar(session, rules)
        return calendar.open_seconds_at(now) - calendar.open_seconds_at(since)
    except RingbackError:
        return 0
