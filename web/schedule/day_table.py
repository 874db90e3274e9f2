"""The day as a table: its windows in order, and in each what was done, goes on and is to come."""

from collections.abc import Sequence
from dataclasses import dataclass

from callbacks.store.day_sheet import Block, Sheet
from web.schedule import day_words
from web.schedule.day_words import Said
from web.words import Words

Row = tuple[Block, Said]


@dataclass(frozen=True)
class Part:
    """One window and what began in it; `now` marks the one we are in."""

    title: str
    now: bool
    rows: Sequence[Row]


def parts(sheet: Sheet, rows: Sequence[Row], words: Words) -> list[Part]:
    """Return the windows in order; what lies in none of them comes last, under its own title."""
    found, outside = [], list(rows)
    for window in sheet.windows:
        inside = [row for row in outside if window.opens <= row[0].starts < window.closes]
        outside = [row for row in outside if not window.opens <= row[0].starts < window.closes]
        title = day_words.windows([window], words)
        found.append(Part(title, window.opens <= sheet.now < window.closes, inside))
    if outside:
        found.append(Part(words.say("outside_windows"), now=False, rows=outside))
    return found
