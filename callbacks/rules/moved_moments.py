"""What other hours do to moments that were promised or chosen, and to the days of a year that fall on a weekend."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callbacks.rules.calendar import Calendar, NeverOpen
from callbacks.rules.holidays import holiday
from callbacks.rules.windows import Span

WEEKEND = 5


def is_moved(before: Calendar, after: Calendar, moment: Span, now: datetime) -> bool:
    """Say whether a moment cannot stay where it is when the hours become others; what of it is past is left out.

    One that is open from its beginning to its end under both stays. Raises what the calendar raises but NeverOpen.
    """
    starts, ends = max(moment[0], now), max(moment[1], now)
    return _kept(before, starts, ends) != _kept(after, starts, ends)


def holidays_on_weekends(year: int) -> list[date]:
    """Return the public holidays of a year for which another day is given: those on a Saturday or a Sunday."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return [day for day in days if day.weekday() >= WEEKEND and holiday(day)]


def day_span(day: date, zone: ZoneInfo) -> Span:
    """Return the midnights of a day in a zone, aware."""
    return datetime.combine(day, time(), tzinfo=zone), datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def _kept(calendar: Calendar, starts: datetime, ends: datetime) -> tuple[datetime, datetime | None] | None:
    """Return what is left of a moment: until it ends or the desk closes; or when the desk opens again after it."""
    closes = calendar.open_until(starts)
    if closes is not None:
        return starts, min(ends, closes)
    try:
        return calendar.next_open(starts), None
    except NeverOpen:
        return None
