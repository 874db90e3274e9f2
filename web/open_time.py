"""How long somebody waits, in the open time that counts."""

from datetime import datetime, timedelta

from callbacks.rules.calendar import Calendar, OutOfReach


def waited(calendar: Calendar, since: datetime, now: datetime) -> timedelta:
    """Return the open time since `since`; none where the clocks are beyond what the calendar knows."""
    try:
        return calendar.open_time_between(since, now)
    except OutOfReach:
        return timedelta(0)
