"""The day as a table: its windows in order, and in each what was done, goes on and is to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callbacks.rules.calendar import Window
from callbacks.store.day_rows import Caller
from callbacks.store.day_sheet import Block, Kind, Sheet
from web.schedule import day_words
from web.words import Words

OPEN_ENDED = frozenset({Kind.RUNNING, Kind.RESTING})


@dataclass(frozen=True)
class Row:
    """One block of the day in words; `tone` colours `word`, which says it too."""

    when: str
    caller: Caller
    agent: str
    word: str
    tone: str
    note: str
    talk: str
    late: bool


@dataclass(frozen=True)
class Part:
    """One window and what began in it; `now` marks the one we are in."""

    title: str
    now: bool
    rows: Sequence[Row]


def parts(sheet: Sheet, words: Words) -> list[Part]:
    """Return the windows in order; what lies in none of them comes last, under its own title."""
    found = [
        Part(
            day_words.windows([window], words),
            window.opens <= sheet.now < window.closes,
            [_row(block, words, sheet.now) for block in sheet.blocks if _is_in(block.starts, window)],
        )
        for window in sheet.windows
    ]
    outside = [
        _row(block, words, sheet.now)
        for block in sheet.blocks
        if not any(_is_in(block.starts, window) for window in sheet.windows)
    ]
    if outside:
        found.append(Part(words.say("outside_windows"), now=False, rows=outside))
    return found


def _is_in(at: datetime, window: Window) -> bool:
    return window.opens <= at < window.closes


def _row(block: Block, words: Words, now: datetime) -> Row:
    line = day_words.line_of(block, words, now)
    return Row(
        when=_when(block, words),
        caller=block.caller,
        agent=block.agent,
        word=line.word,
        tone=line.tone,
        note=line.note,
        talk=line.talk,
        late=block.late,
    )


def _when(block: Block, words: Words) -> str:
    """Return from when until when, as far as both are known: what goes on or may only be tried again has no end."""
    starts, ends = words.clock(block.starts), words.clock(block.ends)
    return starts if block.kind in OPEN_ENDED or ends == starts else f"{starts}–{ends}"
