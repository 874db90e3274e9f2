"""One day in words: what each block is, and why a day is closed."""

from collections.abc import Sequence
from datetime import date, datetime, time

from callbacks.rules.calendar import Window
from callbacks.rules.holidays import holiday
from callbacks.store.day_rows import HoursException
from callbacks.store.day_sheet import Block, Kind, Sheet
from models.vocabulary import OverrideKind
from web.schedule import day_view
from web.words import Words

SATURDAY = 5


def date_of(day: date, now: datetime, words: Words) -> str:
    """Return `dinsdag 24 november`, with the year where it is another one."""
    text = words.date(datetime.combine(day, time(12), tzinfo=words.zone))
    return text if day.year == now.astimezone(words.zone).year else f"{text} {day.year}"


def word(block: Block, words: Words) -> str:
    """Say what a block is: how a call ended, how far it is, or what is to come."""
    if block.tried is None:
        return words.say(f"day_kind_{block.kind}")
    return _line(block, words).word


def whole(block: Block, words: Words) -> str:
    """Say everything about a block in one line."""
    times = f"{words.clock(block.starts)}–{words.clock(block.ends)}"
    who = block.caller.company or words.say("unknown_caller")
    said = [times, who, block.caller.contact or "", words.say("day_ticket", number=block.caller.ticket), block.agent]
    said.append(word(block, words))
    if block.tried is not None:
        line = _line(block, words)
        said += [line.note, line.talk]
    if block.promised is not None:
        said.append(promised(block, words))
    if block.late:
        said.append(words.say("day_late"))
    return ", ".join(each for each in said if each)


def promised(block: Block, words: Words) -> str:
    """Say what its customer was promised."""
    if block.promised is None:
        return ""
    starts, ends = block.promised
    return words.say("day_promised", starts=words.moment(starts, block.starts), ends=words.clock(ends))


def line_of(block: Block, words: Words, now: datetime) -> day_view.Line:
    """Return a block as a row of the table."""
    if block.tried is not None:
        made = day_view.running_line if block.kind is Kind.RUNNING else day_view.ended_line
        return made(block.tried, words, now)
    at, tone = words.clock(block.starts), day_view.QUIET
    if block.kind is Kind.RESTING:
        text = words.say("callback_resting", time=at)
    else:
        text, tone = words.say(f"day_kind_{block.kind}"), day_view.BUSY if block.kind is Kind.APPOINTMENT else tone
    return day_view.Line(at, block.caller, block.agent, text, tone, promised(block, words))


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
    return words.say("day_closed", why=words.say("closed_weekend" if day.weekday() >= SATURDAY else "day_no_hours"))


def holiday_name(day: date, words: Words) -> str:
    """Return the name of the public holiday on this day; empty where it is none."""
    found = holiday(day)
    return words.say(f"holiday_{found.name.lower()}") if found else ""


def _line(block: Block, words: Words) -> day_view.Line:
    return line_of(block, words, block.ends)
