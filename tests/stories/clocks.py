"""Two clocks that are no one clock: the wall clock, which may be set, and the time since start, which only grows.

Beside them the desk's hours once more, in wall-clock terms and by hand: the calendar under test is not asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from callbacks.ports import Uptime

BRUSSELS = ZoneInfo("Europe/Brussels")
HOURS = ((9, 12), (13, 17))
FRIDAY = 4
HOLIDAYS = frozenset({date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25), date(2027, 1, 1)})
EARLIEST = datetime(2026, 11, 2, tzinfo=UTC)
LATEST = datetime(2027, 1, 29, tzinfo=UTC)
"""The wall clock is never set beyond these: the holidays above are those in between."""

Closure = tuple[datetime, datetime]


@dataclass
class TwoClocks:
    """The service's clock, moved by hand."""

    at: datetime
    up: float = 0.0

    def now(self) -> datetime:
        """Return the wall clock."""
        return self.at

    def uptime(self) -> Uptime:
        """Return the time since start; whatever becomes of the wall clock, never less than before."""
        return Uptime("the machine", round(self.up * 1000))

    def passes(self, seconds: float) -> None:
        """Let time pass for both."""
        self.at += timedelta(seconds=seconds)
        self.up += seconds

    def is_set(self, by: timedelta) -> bool:
        """Set the wall clock alone; False where it would leave the months these stories know the holidays of."""
        if not EARLIEST < self.at + by < LATEST:
            return False
        self.at += by
        return True


def seconds_to_closing(at: datetime, closures: Iterable[Closure]) -> float:
    """Return for how long the desk is still open; 0 where it is closed."""
    local = at.astimezone(BRUSSELS)
    if local.weekday() > FRIDAY or local.date() in HOLIDAYS:
        return 0.0
    closes = next((end for start, end in HOURS if start <= local.hour < end), None)
    if closes is None:
        return 0.0
    end = local.replace(hour=closes, minute=0, second=0, microsecond=0).astimezone(UTC)
    for starts, ends in closures:
        if starts <= at < ends:
            return 0.0
        if at < starts < end:
            end = starts
    return (end - at).total_seconds()


def next_time(at: datetime, hours: Iterable[int]) -> datetime:
    """Return the next of these full hours on a weekday, such as 9 and 13 for an opening."""
    day = at.astimezone(BRUSSELS).date()
    while True:
        for hour in sorted(hours):
            edge = datetime(day.year, day.month, day.day, hour, tzinfo=BRUSSELS).astimezone(UTC)
            if edge > at and day.weekday() <= FRIDAY:
                return edge
        day += timedelta(days=1)
