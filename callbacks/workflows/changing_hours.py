"""The coming days of the desk, and a supervisor's exceptions to them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from callbacks.ports import Services
from callbacks.rules.windows import Window
from callbacks.store import hours
from models.calendar import CalendarOverride
from models.vocabulary import OverrideKind


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


def coming_days(services: Services, days: int) -> list[DayOfHours]:
    """Return today and the days after it, `days` in all, in the zone of the hours."""
    now, zone = services.clock.now(), services.rules.zone
    today = now.astimezone(zone).date()
    with services.database.read() as session:
        calendar = hours.calendar(session, services.rules)
        rows = session.scalars(select(CalendarOverride).order_by(CalendarOverride.starts)).all()
        exceptions = [HoursException(row.id, row.kind, row.starts, row.ends, row.note, row.entered_by) for row in rows]
    return [
        DayOfHours(
            day,
            tuple(calendar.windows_on(day)),
            tuple(
                each
                for each in exceptions
                if each.starts.astimezone(zone).date()
                <= day
                <= (each.ends - timedelta(microseconds=1)).astimezone(zone).date()
            ),
        )
        for day in (today + timedelta(days=n) for n in range(days))
    ]


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
