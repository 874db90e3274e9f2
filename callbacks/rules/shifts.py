"""When an agent works: recurring shifts on the desk's wall clock, less his absences. Pure.

Days follow a recurrence rule (RFC 5545, read by python-dateutil) in local time, hours are wall time of that day; so a
shift from nine to five stays one from nine to five when the clocks change.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.rules.windows import Span, united, without

_DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=62)
"""A beginning or end of a shift longer ago than this is not acted upon any more."""
LOOK_AHEAD = timedelta(days=31)
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "UNTIL", "WKST"},
)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Shift:
    """Days by a rule, counted from `first_day`, with wall times; an end not after its start is on the next day."""

    rule: str
    first_day: date
    starts_at: time
    ends_at: time


@dataclass(frozen=True)
class Duty:
    """Whether an agent works at a moment by his shifts, since when, and until when. None: not within reach."""

    on: bool
    since: datetime | None
    until: datetime | None


def weekly(days: str, every: int = 1) -> str:
    """Return the rule for days written as "Mo-Fr" or "Mo,We,Sa-Su", every so many weeks. Raises RefusedInput."""
    named: set[int] = set()
    for part in days.upper().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if first not in _WEEKDAYS or last not in _WEEKDAYS:
            message = f"{days!r} names no days; write them as Mo-Fr or Mo,We,Fr"
            raise RuleRefused(Rule.NO_DAYS, message, "days")
        begin, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last)
        named.update(n % 7 for n in range(begin, end + (7 if end < begin else 0) + 1))
    interval = f"INTERVAL={every};" if every != 1 else ""
    return f"FREQ=WEEKLY;{interval}BYDAY={','.join(_WEEKDAYS[n] for n in sorted(named))}"


def check_rule(rule: str, first_day: date) -> str:
    """Return a rule that can be read and falls on days. Raises RefusedInput with what to write instead."""
    rule = rule.upper()
    if not _falls_on_days(rule, first_day):
        message = f"{rule!r} is no rule of days; write one such as FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU"
        raise RefusedInput(message)
    return rule


def readable(shift: Shift) -> bool:
    """Say whether a shift's rule can be read at all: a row that was damaged must not stop everybody else."""
    try:
        _days(shift.rule, shift.first_day)
    except ValueError:
        return False
    return True


def spells(
    shifts: Sequence[Shift],
    absences: Sequence[Span],
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
) -> list[Span]:
    """Return when he works within [start, end): all shifts together, less his absences. Aware UTC, in order.

    Who has no shifts works whenever he says so, less his absences.
    """
    first, last = start.astimezone(zone).date() - _DAY, end.astimezone(zone).date()
    worked = (
        united(span for shift in shifts for span in _on_days(shift, zone, first, last)) if shifts else [(start, end)]
    )
    outside = [(datetime.min.replace(tzinfo=UTC), start), (end, datetime.max.replace(tzinfo=UTC))]
    return without(worked, united([*absences, *outside]))


def spells_from(
    shifts: Sequence[Shift],
    absences: Sequence[Span],
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
) -> list[Span]:
    """Return the same for the coming weeks, up to a month ahead, out of what is reckoned once a day."""
    around = _around(tuple(shifts), tuple(absences), zone, start.astimezone(zone).date())
    return [(max(opens, start), min(closes, end)) for opens, closes in around if closes > start and opens < end]


def duty_at(shifts: Sequence[Shift], absences: Sequence[Span], zone: ZoneInfo, now: datetime) -> Duty:
    """Say whether he works at `now`, and the edges around it; the end of a shift or a beginning of one."""
    around = _around(tuple(shifts), tuple(absences), zone, now.astimezone(zone).date())
    # The rim of what is looked at is no edge.
    rim = now - LOOK_BACK + 2 * _DAY, now + LOOK_AHEAD - 2 * _DAY
    edges = [edge for span in around for edge in span if rim[0] < edge < rim[1]]
    since = max((edge for edge in edges if edge <= now), default=None)
    until = min((edge for edge in edges if edge > now), default=None)
    return Duty(any(opens <= now < closes for opens, closes in around), since, until)


def _falls_on_days(rule: str, first_day: date) -> bool:
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    frequency, interval = parts.get("FREQ", ""), parts.get("INTERVAL", "1")
    if not parts.keys() <= _PARTS or frequency not in _FREQUENCIES or not re.fullmatch(r"[1-9]\d{0,2}", interval):
        # An interval of 0 would be counted for ever.
        return False
    try:
        return next(iter(_days(rule, first_day)), None) is not None
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def _around(shifts: tuple[Shift, ...], absences: tuple[Span, ...], zone: ZoneInfo, day: date) -> tuple[Span, ...]:
    """Reckon once a day and agent what the clock asks every few seconds."""
    midnight = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    return tuple(spells(shifts, absences, zone, midnight - LOOK_BACK, midnight + LOOK_AHEAD))


def _on_days(shift: Shift, zone: ZoneInfo, first: date, last: date) -> list[Span]:
    days = _days(shift.rule, shift.first_day).between(
        datetime.combine(first, time()),
        datetime.combine(last, time()),
        inc=True,
    )
    overnight = timedelta() if shift.ends_at > shift.starts_at else _DAY
    return [
        (
            datetime.combine(day, shift.starts_at, tzinfo=zone).astimezone(UTC),
            datetime.combine(day + overnight, shift.ends_at, tzinfo=zone).astimezone(UTC),
        )
        for day in days
    ]


@lru_cache(maxsize=256)
def _days(rule: str, first_day: date) -> rrule | rruleset:
    """Return the days of a rule as local midnights, without zone: the wall clock's days, whatever their length."""
    return rrulestr(rule, dtstart=datetime.combine(first_day, time()), cache=True)
