"""The desk's hours at one instant, as a caller needs to hear of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import Services
from callbacks.rules.calendar import Calendar
from callbacks.store import hours


@dataclass(frozen=True)
class Opening:
    """`rings_from` is when phones ring next, which may be `now`; None where the calendar cannot tell."""

    now: datetime
    is_open: bool
    at_lunch: bool
    rings_from: datetime | None

    @property
    def rings_now(self) -> bool:
        """Say whether an agent may be rung at once."""
        return self.rings_from == self.now


def look(services: Services) -> Opening:
    """Return the hours as they are now, for the greeting."""
    now = services.clock.now()
    with services.database.read() as session:
        return opening(session, services, now)


def opening(session: Session, services: Services, now: datetime) -> Opening:
    """Return the hours at `now`.

    A calendar that cannot answer (no opening for two years, a clock far off) is no reason to turn a caller away: the
    desk then counts as closed, and no time is named.
    """
    try:
        return _reckoned(hours.calendar(session, services.rules), now, services.rules.last_call_margin)
    except RingbackError:
        return Opening(now, is_open=False, at_lunch=False, rings_from=None)


def _reckoned(calendar: Calendar, now: datetime, margin: int) -> Opening:
    closes = calendar.open_until(now)
    if calendar.may_ring_agent(now, margin):
        return Opening(now, is_open=True, at_lunch=False, rings_from=now)
    rings_from = calendar.next_open(closes or now)
    today = now.astimezone(calendar.zone).date()
    was_open = any(window.closes <= now for window in calendar.windows_on(today))
    opens_today = rings_from.astimezone(calendar.zone).date() == today
    return Opening(now, closes is not None, closes is None and was_open and opens_today, rings_from)
