"""How many calls to customers, and how much talk, the local day has seen so far."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from callbacks.rules.daily_limits import EACH_NUMBER, EVERYBODY, DailyLimit, Spent, over
from models.callback import Attempt
from models.vocabulary import LIVE_ATTEMPTS


def first_over(session: Session, rules: HouseRules, limits: Iterable[DailyLimit], number: str, now: datetime) -> str:
    """Return in words the first limit that leaves no call to `number` today; "" where one may follow."""
    spent = ((limit, _spent(session, rules.zone, limit, number, now)) for limit in limits)
    return next((why for limit, used in spent if (why := over(limit, used))), "")


def _spent(session: Session, zone: ZoneInfo, limit: DailyLimit, number: str, now: datetime) -> Spent:
    """Count what was dialled today, and what may be at any moment: claimed, and not dialled yet.

    The whole local day counts, hours to come too: what was dialled before the wall clock was set back still rang.
    """
    day = now.astimezone(zone).date()
    begins, ends = (datetime.combine(day + timedelta(days=n), time(), zone).astimezone(UTC) for n in (0, 1))
    today = Attempt.dialled_at.is_not(None), Attempt.dialled_at >= begins, Attempt.dialled_at < ends
    whose = _whose(limit, number)
    calls = func.count(), func.coalesce(func.sum(Attempt.talk_seconds), 0)
    dialled, seconds = session.execute(select(*calls).where(*today, whose)).one()
    about_to = select(func.count()).where(Attempt.state.in_(LIVE_ATTEMPTS), Attempt.dialled_at.is_(None), whose)
    return Spent(dialled + (session.scalar(about_to) or 0), int(seconds))


def _whose(limit: DailyLimit, number: str) -> ColumnElement[bool]:
    if limit.who == EVERYBODY:
        return true()
    if limit.who == EACH_NUMBER:
        return Attempt.customer_number == number
    return Attempt.customer_number.startswith(limit.who, autoescape=True)
