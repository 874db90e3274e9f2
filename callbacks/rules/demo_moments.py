"""The moments at which there is something to see, for whoever tries the desk out and moves its clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from callbacks.rules.calendar import HORIZON, Calendar, OutOfReach
from callbacks.rules.windows import Span, aware_utc, united

A_LITTLE = timedelta(minutes=10)
"""How far into a break, and how long before the last closing of a week, there is something to see."""
WEEKEND = timedelta(hours=48)


@dataclass(frozen=True)
class Moment:
    """An instant of the calendar: `name` for programs, `text` for people, `at` in aware UTC."""

    name: str
    text: str
    at: datetime


def moments_after(calendar: Calendar, now: datetime) -> tuple[Moment, ...]:
    """Return those after `now` (aware) that come within two years; one that does not come is left out.

    A break or a last window shorter than ten minutes is met in its middle. None at all where the calendar does not
    answer for this time.
    """
    now = aware_utc(now)
    try:
        found = calendar.windows_between(now, now + HORIZON)
    except OutOfReach:
        return ()
    # Hours that never close come in pieces of a year, whose seams are no openings.
    windows = united((window.opens, window.closes) for window in found)
    instants = (
        ("next_opening", "next opening", _opening(windows, now)),
        ("next_working_day", "next working day", _later_day(windows, now, calendar)),
        ("lunch_break", "lunch break", _break(windows, now, calendar)),
        ("end_of_week", "end of the week", _end_of_week(windows, now)),
    )
    return tuple(Moment(name, text, at) for name, text, at in instants if at is not None)


def _opening(windows: list[Span], now: datetime) -> datetime | None:
    return next((opens for opens, _ in windows if opens > now), None)


def _later_day(windows: list[Span], now: datetime, calendar: Calendar) -> datetime | None:
    today = now.astimezone(calendar.zone).date()
    return next((opens for opens, _ in windows if opens.astimezone(calendar.zone).date() > today), None)


def _break(windows: list[Span], now: datetime, calendar: Calendar) -> datetime | None:
    for (_, closes), (opens, _) in pairwise(windows):
        one_day = closes.astimezone(calendar.zone).date() == opens.astimezone(calendar.zone).date()
        if closes > now and one_day:
            return closes + min(A_LITTLE, (opens - closes) / 2)
    return None


def _end_of_week(windows: list[Span], now: datetime) -> datetime | None:
    for (opened, closes), (opens, _) in pairwise(windows):
        at = closes - min(A_LITTLE, (closes - opened) / 2)
        if opens - closes >= WEEKEND and at > now:
            return at
    return None
