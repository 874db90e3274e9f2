"""Shifts as people read them: days by their names, and hours."""

import re
from collections.abc import Sequence

from callbacks.rules.windows import Span
from callbacks.workflows.rostering import ShiftRow
from web.words import Words

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKLY = re.compile(r"FREQ=WEEKLY;(?:INTERVAL=(\d+);)?BYDAY=([A-Z,]+)")


def days_line(row: ShiftRow, words: Words) -> str:
    """Return `ma, di, wo`, with every how many weeks; a rule of another kind as it was entered."""
    found = WEEKLY.fullmatch(row.rule)
    if found is None or not set(found[2].split(",")) <= set(DAYS):
        return row.rule
    names = ", ".join(words.say(f"weekday_short_{DAYS.index(day)}") for day in found[2].split(","))
    return names if found[1] is None else words.say("team_every", days=names, weeks=found[1])


def works_line(works: Sequence[Span] | None, words: Words) -> str:
    """Return the hours of today in words."""
    if works is None:
        return words.say("team_own_word")
    if not works:
        return words.say("team_not_today")
    return ", ".join(f"{words.clock(starts)}–{words.clock(ends)}" for starts, ends in works)
