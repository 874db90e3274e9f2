"""Time of work as somebody types it: minutes, or minutes and seconds. Pure."""

import re

LONGEST = 24 * 3600
"""Seconds: nobody works longer on one thing without a pause."""

_TYPED = re.compile(r"([0-9]{1,4})(?::([0-5][0-9]))?")


def seconds_of(text: str) -> int | None:
    """Return the seconds of `12` (minutes) or `12:30` (minutes and seconds); None where it is neither, or too long."""
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    seconds = 60 * int(found[1]) + int(found[2] or 0)
    return seconds if seconds <= LONGEST else None


def as_typed(seconds: int) -> str:
    """Return what somebody would type for so many seconds: `12:30`, or `12`."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}" if rest else str(minutes)
