"""How much time agents have for calls, and how much of it is spoken for. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from callbacks.rules.day_plan import Post
from callbacks.rules.windows import Span


@dataclass(frozen=True)
class Room:
    """The time of all agents together, and how many whole slots fit into it, agent by agent and spell by spell."""

    time: timedelta
    slots: int


def room(posts: Iterable[Post], within: Span, slot: timedelta) -> Room:
    """Return the room there is within a stretch."""
    starts, ends = (at.timestamp() for at in within)
    seconds, slots = 0.0, 0
    for post in posts:
        for opens, closes in post.spells:
            length = max(0.0, min(closes, ends) - max(opens, starts, post.free_at))
            seconds += length
            slots += int(length // slot.total_seconds())
    return Room(timedelta(seconds=seconds), slots)


def share(taken: timedelta, room: Room) -> float:
    """Return how much of the room is taken: 1.0 is all of it, more is more than there is."""
    if not taken:
        return 0.0
    return taken / room.time if room.time else float("inf")
