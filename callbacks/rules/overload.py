"""When there is so much to do that a caller is told so, instead of a moment that could hardly hold."""

from dataclasses import dataclass
from enum import StrEnum


class Busy(StrEnum):
    """How busy the desk is, in the words of the sentence callers hear: `busy_<word>`."""

    OUTAGE = "outage"
    CROWD = "crowd"


@dataclass(frozen=True)
class Load:
    """What waits now. `longest_wait` is in open seconds, of the one who waits longest."""

    waiting: int
    longest_wait: int
    outage: bool


def how_busy(load: Load, most_waiting: int, longest_wait: int) -> Busy | None:
    """Return the reason to be given, or None on an ordinary day; a threshold of 0 is never passed."""
    crowded = 0 < most_waiting <= load.waiting
    slow = 0 < longest_wait <= load.longest_wait
    if not (crowded or slow):
        return None
    return Busy.OUTAGE if load.outage else Busy.CROWD
