"""Days of opening hours as a picture: a bar a day, and beside it the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from callbacks.rules.holidays import holiday
from callbacks.rules.moved_moments import WEEKEND, day_span
from callbacks.rules.windows import Span, Window, shared, united, without
from callbacks.workflows.changing_hours import DayOfHours, HoursException
from web.schedule import day_words
from web.words import Words

EARLIEST, LATEST = 7, 19
"""Hours of the wall clock between which a bar is drawn; windows outside it stand in the words alone."""
MIDNIGHT = time()
WIDTH = 480
MINUTES = (LATEST - EARLIEST) * 60
MARKS = tuple((hour - EARLIEST) * 60 * WIDTH // MINUTES for hour in range(8, LATEST, 2))


@dataclass(frozen=True)
class Bar:
    """A stretch of a day: where it begins and how long it is, in units of the picture, and what it means."""

    x: int
    width: int
    tone: str


@dataclass(frozen=True)
class DayRow:
    """One day as it is read. `then` is what it would become, empty where nothing changes."""

    name: str
    today: bool
    bars: Sequence[Bar]
    now: str
    then: str
    notes: Sequence[str]


def day_rows(before: Sequence[DayOfHours], after: Sequence[DayOfHours], words: Words, now: datetime) -> list[DayRow]:
    """Return the days, each with what would be lost and gained."""
    today = now.astimezone(words.zone).date()
    return [_row(day, then, words, today) for day, then in zip(before, after, strict=True)]


def span_line(starts: datetime, ends: datetime, words: Words, now: datetime) -> str:
    """Say from when until when; whole days by their names alone."""
    first, last = starts.astimezone(words.zone), ends.astimezone(words.zone)
    to_midnight = last.time() == MIDNIGHT
    last_day = last.date() - timedelta(days=1) if to_midnight else last.date()
    names = day_words.date_of(first.date(), now, words), day_words.date_of(last_day, now, words)
    if to_midnight and first.time() == MIDNIGHT:
        return names[0] if names[0] == names[1] else f"{names[0]} – {names[1]}"
    until = "24:00" if to_midnight else words.clock(ends)
    if names[0] == names[1]:
        return f"{names[0]} {words.clock(starts)}–{until}"
    return f"{names[0]} {words.clock(starts)} – {names[1]} {until}"


def _row(day: DayOfHours, then: DayOfHours, words: Words, today: date) -> DayRow:
    old, new = _spans(day.windows), _spans(then.windows)
    start, _ = day_span(day.day, words.zone)
    bars = [
        *(_bar(span, start, "kept") for span in shared(old, new)),
        *(_bar(span, start, "lost") for span in without(old, new)),
        *(_bar(span, start, "gained") for span in without(new, old)),
    ]
    return DayRow(
        name=words.date(start),
        today=day.day == today,
        bars=[bar for bar in bars if bar.width > 0],
        now=_windows(day, words),
        then=_windows(then, words) if old != new else "",
        notes=_notes(day, words),
    )


def _spans(windows: Sequence[Window]) -> list[Span]:
    return united((window.opens, window.closes) for window in windows)


def _bar(span: Span, midnight: datetime, tone: str) -> Bar:
    left, right = (_x(at, midnight) for at in span)
    return Bar(left, right - left, tone)


def _x(at: datetime, midnight: datetime) -> int:
    # By the wall clock: on the day the clocks change, nine stands under nine.
    local = at.astimezone(midnight.tzinfo)
    days = (local.date() - midnight.date()).days
    minutes = days * 24 * 60 + local.hour * 60 + local.minute - EARLIEST * 60
    return min(max(minutes, 0), MINUTES) * WIDTH // MINUTES


def _windows(day: DayOfHours, words: Words) -> str:
    return day_words.windows(day.windows, words) or words.say("calendar_closed")


def _notes(day: DayOfHours, words: Words) -> list[str]:
    notes = [_note(each, words) for each in day.exceptions]
    if day.day.weekday() >= WEEKEND:
        return notes
    if not day.windows and holiday(day.day):
        notes.append(words.say("closed_holiday"))
    return notes


def _note(each: HoursException, words: Words) -> str:
    if each.note:
        return words.say(f"calendar_note_{each.kind}", note=each.note)
    return words.say(f"calendar_kind_{each.kind}")
