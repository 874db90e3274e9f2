"""The one authority on when calls may be placed: windows, the next of them, and time counted only while open.

Windows = ((opening hours + extra openings) - closures), cut to the envelope. Everything is aware UTC; a naive datetime
raises TypeError. The years from FIRST_YEAR to LAST_YEAR can be asked about; outside them OutOfReach is raised, so that
a machine whose clock was lost places no call.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callbacks.errors import RingbackError
from callbacks.rules.envelope import check_inside_envelope, check_override_inside_envelope
from callbacks.rules.hours_syntax import open_spans, parse_hours
from callbacks.rules.windows import MICROSECOND, Override, Span, Timeline, Window, aware_utc, shared, united, without
from models.vocabulary import OverrideKind

__all__ = [
    "EPOCH",
    "Calendar",
    "NeverOpen",
    "OutOfReach",
    "Override",
    "OverrideKind",
    "Window",
    "check_inside_envelope",
    "check_override_inside_envelope",
    "parse_hours",
]

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_YEAR = 2025
LAST_YEAR = 2099
HORIZON = timedelta(days=731)
LONGEST = timedelta(days=366)
MICROSECONDS = 1_000_000


class NeverOpen(RingbackError):
    """No window opens within two years of the instant asked about: nobody can be called, and a person must look."""


class OutOfReach(RingbackError):
    """The instant lies outside the years the calendar answers for; most likely a clock is wrong."""


@dataclass(frozen=True)
class Calendar:
    """All windows of one revision of the hours.

    Building it costs nothing; the first question costs some milliseconds a year, later ones some microseconds. Hours
    that cannot be read raise RefusedInput at the first question. Equal texts share their reckoning in the process.
    """

    opening_hours: str
    envelope: str
    zone: ZoneInfo
    overrides: tuple[Override, ...] = ()
    revision: int = 0
    country: str | None = "BE"
    _years: dict[int, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _timelines: dict[int, Timeline] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_open(self, at: datetime) -> bool:
        """Say whether calls may be placed at this instant; the closing instant itself is closed."""
        at = aware_utc(at)
        timeline, i = self._locate(at)
        return i < len(timeline.opens) and timeline.opens[i] <= at

    def window_at(self, at: datetime) -> Window | None:
        """Return the window this instant is in, or None while closed.

        One that goes on for more than a year is given an end 366 days after `at`.
        """
        window = self._first_window(aware_utc(at))
        return window if window is not None and window.opens <= at else None

    def next_window(self, at: datetime) -> Window:
        """Return the window `at` is in, or else the next to open; raises NeverOpen after two years without one."""
        at = aware_utc(at)
        window = self._first_window(at)
        if window is None or window.opens - at > HORIZON:
            message = f"nothing opens within two years of {at.isoformat()}; look at the opening hours and closures"
            raise NeverOpen(message)
        return window

    def next_open(self, at: datetime) -> datetime:
        """Return the first open instant at or after `at`: itself while open. Raises NeverOpen."""
        return max(aware_utc(at), self.next_window(at).opens)

    def open_until(self, at: datetime) -> datetime | None:
        """Return the instant at which the window of `at` closes, or None while closed."""
        window = self.window_at(at)
        return window.closes if window else None

    def may_ring_agent(self, at: datetime, margin_seconds: float) -> bool:
        """Say whether an agent may be rung: inside a window, and more than the margin before it closes."""
        closes = self.open_until(at)
        return closes is not None and at < closes - timedelta(seconds=margin_seconds)

    def open_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` up to `end`, exact to the microsecond; negative where `end` comes first."""
        return (self._open_microseconds(aware_utc(end)) - self._open_microseconds(aware_utc(start))) * MICROSECOND

    def open_seconds_at(self, at: datetime) -> int:
        """Return the whole open seconds since EPOCH (2026-01-01T00:00Z), rounded down; negative before it."""
        return self._open_microseconds(aware_utc(at)) // MICROSECONDS

    def add_open_time(self, at: datetime, seconds: float) -> datetime:
        """Return the first open instant by which `seconds` (not negative) of open time have passed since `at`.

        Three hours from nine are over at twelve, when the window closes: the answer is the next opening, at one.
        Raises NeverOpen where the hours end before, ValueError for negative seconds.
        """
        if seconds < 0:
            message = f"open time only runs forward, not {seconds} seconds"
            raise ValueError(message)
        left = round(seconds * MICROSECONDS)
        while True:
            window = self.next_window(at)
            at = max(aware_utc(at), window.opens)
            length = (window.closes - at) // MICROSECOND
            if left < length:
                return at + left * MICROSECOND
            left -= length
            at = window.closes

    def windows_between(self, start: datetime, end: datetime) -> list[Window]:
        """Return the whole windows that share any instant with [start, end), in order; none where it is empty."""
        return list(self._windows_from(aware_utc(start), aware_utc(end)))

    def windows_on(self, day: date) -> list[Window]:
        """Return the whole windows that share any instant with this day of the calendar's zone."""
        start, end = (datetime.combine(d, time(), tzinfo=self.zone) for d in (day, day + timedelta(days=1)))
        return self.windows_between(start, end)

    def _windows_from(self, start: datetime, end: datetime) -> Iterator[Window]:
        first = True
        while start < end:
            window = self._first_window(start)
            if window is None or window.opens >= end:
                return
            # One that was given an end goes on from there.
            yield window if window.opens >= start or first else Window(start, window.closes)
            first, start = False, window.closes

    def _first_window(self, at: datetime) -> Window | None:
        timeline, i = self._locate(at)
        if i == len(timeline.opens):
            return None
        opens = timeline.opens[i]
        # How much is reckoned ahead depends on earlier questions; the answer to this one must not.
        return Window(opens, min(timeline.closes[i], max(opens, at) + LONGEST))

    def _open_microseconds(self, at: datetime) -> int:
        timeline, _ = self._locate(at)
        return timeline.elapsed(at) - timeline.elapsed(EPOCH)

    def _locate(self, at: datetime) -> tuple[Timeline, int]:
        """Find the first window that closes after `at`, reckoning further ahead where the answer may lie beyond."""
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            message = f"the calendar answers for {FIRST_YEAR} to {LAST_YEAR}, not for {at.isoformat()}: a wrong clock?"
            raise OutOfReach(message)
        timeline = self._through(at.year + 1)
        i = timeline.index(at)
        if i == len(timeline.closes) or timeline.closes[i] == timeline.end:
            timeline = self._through(at.year + 4)
            i = timeline.index(at)
        return timeline, i

    def _through(self, year: int) -> Timeline:
        timeline = self._timelines.get(year)
        if timeline is None:
            spans = united(span for each in range(FIRST_YEAR, year + 1) for span in self._year(each))
            timeline = self._timelines[year] = Timeline(spans, datetime(year + 1, 1, 1, tzinfo=UTC))
        return timeline

    def _year(self, year: int) -> tuple[Span, ...]:
        spans = self._years.get(year)
        if spans is None:
            hours = [
                *open_spans(self.opening_hours, self.country, self.zone, year),
                *self._entered(OverrideKind.OPENING),
            ]
            envelope = open_spans(self.envelope, None, self.zone, year)
            kept = without(united(hours), united(self._entered(OverrideKind.CLOSURE)))
            spans = self._years[year] = tuple(shared(kept, envelope))
        return spans

    def _entered(self, kind: OverrideKind) -> list[Span]:
        return [(override.starts, override.ends) for override in self.overrides if override.kind is kind]
