"""One day in words: what each block is, and why a day is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask import url_for

from callbacks.rules.calendar import Window
from callbacks.rules.holidays import holiday
from callbacks.rules.moved_moments import WEEKEND
from callbacks.store.day_rows import HoursException
from callbacks.store.day_sheet import Block, Kind, Sheet
from models.vocabulary import OverrideKind
from web.schedule import day_view
from web.words import Words

OPEN_ENDED = frozenset({Kind.RUNNING, Kind.RESTING})


@dataclass(frozen=True)
class Said:
    """One block in words, made once for the drawing and the table; `tone` colours `word`, which says it too."""

    url: str
    starts: str
    when: str
    who: str
    word: str
    tone: str
    note: str
    talk: str


def date_of(day: date, now: datetime, words: Words) -> str:
    """Return `dinsdag 24 november`, with the year where it is another one."""
    text = words.date(datetime.combine(day, time(12), tzinfo=words.zone))
    return text if day.year == now.astimezone(words.zone).year else f"{text} {day.year}"


def said(block: Block, words: Words, now: datetime) -> Said:
    """Say what a block is: how a call ended, how far it is, or what is to come."""
    starts, ends = words.clock(block.starts), words.clock(block.ends)
    line = _line(block, words, now, starts)
    return Said(
        url=url_for("ticket.page", number=block.caller.ticket),
        starts=starts,
        # What goes on, or may only be tried again, has no end that is known.
        when=starts if block.kind in OPEN_ENDED or ends == starts else f"{starts}–{ends}",
        who=block.caller.company or words.say("unknown_caller"),
        word=line.word,
        tone=line.tone,
        note=line.note,
        talk=line.talk,
    )


def whole(block: Block, row: Said, words: Words) -> str:
    """Say everything about a block in one line."""
    ticket, late = words.say("day_ticket", number=block.caller.ticket), words.say("day_late") if block.late else ""
    parts = [row.when, row.who, block.caller.contact, ticket, block.agent, row.word, row.note, row.talk, late]
    return ", ".join(part for part in parts if part)


def _line(block: Block, words: Words, now: datetime, starts: str) -> day_view.Line:
    if block.tried is not None:
        made = day_view.running_line if block.kind is Kind.RUNNING else day_view.ended_line
        return made(block.tried, words, now)
    word, tone, note = words.say(f"day_kind_{block.kind}"), day_view.QUIET, ""
    if block.kind is Kind.RESTING:
        word = words.say("callback_resting", time=starts)
    elif block.kind is Kind.APPOINTMENT:
        tone = day_view.BUSY
    if block.promised is not None:
        first, last = block.promised
        note = words.say("day_promised", starts=words.moment(first, block.starts), ends=words.clock(last))
    return day_view.Line(starts, block.caller, block.agent, word, tone, note)


def windows(opened: Sequence[Window], words: Words) -> str:
    """Return the hours of a day, from and to, one window after the other."""
    return ", ".join(f"{words.clock(window.opens)}–{words.clock(window.closes)}" for window in opened)


def hours(sheet: Sheet, words: Words) -> str:
    """Say when a day is open, or why it is not."""
    return windows(sheet.windows, words) or closed(sheet.day, sheet.exceptions, words)


def closed(day: date, exceptions: Sequence[HoursException], words: Words) -> str:
    """Say why no window opens on a day: a closure somebody entered, a public holiday, a weekend."""
    for exception in exceptions:
        if exception.kind is OverrideKind.CLOSURE:
            return words.say("day_closed", why=words.say("closed_by_closure", note=exception.note))
    name = holiday_name(day, words)
    if name:
        return words.say("day_closed", why=name)
    return words.say("day_closed", why=words.say("closed_weekend" if day.weekday() >= WEEKEND else "day_no_hours"))


def holiday_name(day: date, words: Words) -> str:
    """Return the name of the public holiday on this day; empty where it is none."""
    found = holiday(day)
    return words.say(f"holiday_{found.name.lower()}") if found else ""
