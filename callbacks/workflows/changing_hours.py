"""The coming days of the desk, and a supervisor's exceptions to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.calendar import Calendar
from callbacks.rules.moved_moments import day_span, holidays_on_weekends, is_moved
from callbacks.rules.windows import Window
from callbacks.store import hours
from models.calendar import CalendarOverride
from models.vocabulary import OverrideKind

MOST = 200
ASKED_FROM = 10
"""October."""


@dataclass(frozen=True)
class HoursException:
    """A closure or an extra opening, as entered."""

    id: int
    kind: OverrideKind
    starts: datetime
    ends: datetime
    note: str
    entered_by: str


@dataclass(frozen=True)
class DayOfHours:
    """One day: its windows, and the exceptions that touch it."""

    day: date
    windows: tuple[Window, ...]
    exceptions: tuple[HoursException, ...]


@dataclass(frozen=True)
class Look:
    """The days as they are and as they would become, and how many call-backs and chosen moments would move."""

    before: Sequence[DayOfHours]
    after: Sequence[DayOfHours]
    callbacks: int
    appointments: int


def coming_days(services: Services, days: int) -> list[DayOfHours]:
    """Return today and the days after it, `days` in all, in the zone of the hours."""
    today = services.clock.now().astimezone(services.rules.zone).date()
    with services.database.read() as session:
        calendar = hours.calendar(session, services.rules)
        return _days(calendar, _entered(session), today, days)


def entered(services: Services) -> list[HoursException]:
    """Return the closures and openings that are not over, the first to begin on top; at most 200."""
    now = services.clock.now()
    with services.database.read() as session:
        return [each for each in _entered(session) if each.ends > now][:MOST]


def look(services: Services, kind: OverrideKind, starts: datetime, ends: datetime, days: int) -> Look:
    """Return what a closure or an opening would change, without entering it. Raises what `change` raises.

    The days begin today, or where it begins only after them, on its first day.
    """
    now, zone = services.clock.now(), services.rules.zone
    wanted = hours.check(services.rules, kind, starts, ends)
    first = now.astimezone(zone).date()
    if (begins := starts.astimezone(zone).date()) >= first + timedelta(days=days):
        first = begins
    with services.database.read() as session:
        before = hours.calendar(session, services.rules)
        exceptions, moments = _entered(session), hours.moments(session)
    after = replace(before, overrides=(*before.overrides, wanted))
    moved = [chosen for chosen, moment in moments if is_moved(before, after, moment, now)]
    return Look(
        _days(before, exceptions, first, days),
        _days(after, exceptions, first, days),
        callbacks=moved.count(False),
        appointments=moved.count(True),
    )


def days_to_fix(services: Services) -> tuple[int, list[date]] | None:
    """Return next year and its public holidays on a weekend, while no closure is entered for it; else None.

    Asked from October on: a Belgian employer announces the days given for them by 15 December.
    """
    today = services.clock.now().astimezone(services.rules.zone).date()
    if today.month < ASKED_FROM:
        return None
    year = today.year + 1
    starts, ends = (
        day_span(date(year, 1, 1), services.rules.zone)[0],
        day_span(date(year, 12, 31), services.rules.zone)[1],
    )
    with services.database.read() as session:
        closures = [each for each in _entered(session) if each.kind is OverrideKind.CLOSURE]
    if any(each.starts < ends and each.ends > starts for each in closures):
        return None
    return year, holidays_on_weekends(year)


def change(
    services: Services,
    kind: OverrideKind,
    starts: datetime,
    ends: datetime,
    note: str,
    who: str,
) -> int:
    """Enter a closure or an extra opening and return its number; the queue is reckoned anew in the same transaction.

    Raises RefusedInput for an empty span, or an opening outside the envelope.
    """
    with services.database.write() as session:
        override_id = hours.add_override(session, services.rules, kind, starts, ends, note, who, services.clock.now())
    _tell(services)
    return override_id


def take_back(services: Services, override_id: int, who: str) -> None:
    """Remove a closure or opening. Raises RefusedInput when there is none with this number."""
    with services.database.write() as session:
        hours.remove_override(session, services.rules, override_id, who, services.clock.now())
    _tell(services)


def _tell(services: Services) -> None:
    services.bell.wake_clock()
    services.bell.ring("dispatch")


def _entered(session: Session) -> list[HoursException]:
    rows = session.scalars(select(CalendarOverride).order_by(CalendarOverride.starts, CalendarOverride.id))
    return [HoursException(row.id, row.kind, row.starts, row.ends, row.note, row.entered_by) for row in rows]


def _days(calendar: Calendar, exceptions: Sequence[HoursException], first: date, days: int) -> list[DayOfHours]:
    dates = [first + timedelta(days=n) for n in range(days)]
    return [
        DayOfHours(day, tuple(calendar.windows_on(day)), _touching(exceptions, day, calendar.zone)) for day in dates
    ]


def _touching(exceptions: Sequence[HoursException], day: date, zone: ZoneInfo) -> tuple[HoursException, ...]:
    starts, ends = day_span(day, zone)
    return tuple(each for each in exceptions if each.starts < ends and each.ends > starts)
