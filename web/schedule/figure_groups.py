"""What the figures are grouped by: the last thirty days, and the hours of the day."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from callbacks.rules import figures
from callbacks.rules.day_grid import bounds
from callbacks.store.figures import Ended, Present, Rung, Steps
from web.words import Words

Key = TypeVar("Key", date, int)

DAYS = 30
USUAL_HOURS = range(8, 18)


@dataclass(frozen=True)
class Facts:
    """Everything the figures of thirty days are made of; `today` is the last of them."""

    now: datetime
    today: date
    present: Present
    rung: Sequence[Rung]
    ended: Sequence[Ended]
    steps: Steps


@dataclass(frozen=True)
class Group:
    """One row of a table: a day, or an hour of the day, with what happened in it."""

    label: str
    short: str
    rung: Sequence[Rung]
    ended: Sequence[Ended]

    def waits(self) -> figures.Waits:
        """Return how long people waited who reached a human in it."""
        return figures.waits([each.wait for each in self.rung if each.wait])

    def punctuality(self) -> figures.Punctuality:
        """Return what became of the promises that were settled in it."""
        return figures.punctuality([each.settled for each in self.ended])

    def first_tries(self) -> figures.FirstTries:
        """Return how the first tries in it went."""
        first = [each for each in self.rung if each.first]
        return figures.FirstTries(len(first), sum(1 for each in first if each.reached))


def days_shown(today: date) -> list[date]:
    """Return the thirty days that end today."""
    return [today - timedelta(days=n) for n in reversed(range(DAYS))]


def midnight(day: date, words: Words) -> datetime:
    """Return the instant at which a day begins where the desk is, aware UTC."""
    return bounds(day, words.zone)[0]


def by_day(facts: Facts, words: Words) -> list[Group]:
    """Return thirty groups, the last of them today."""
    groups = _grouped(facts, lambda at: at.astimezone(words.zone).date())
    return [
        Group(f"{each:%Y-%m-%d}", f"{each.day}/{each.month}", *groups.get(each, ((), ())))
        for each in days_shown(facts.today)
    ]


def by_hour(facts: Facts, words: Words) -> list[Group]:
    """Return a group for each hour of the day, all days together."""
    groups = _grouped(facts, lambda at: at.astimezone(words.zone).hour)
    return [Group(f"{each:02}:00", f"{each}", *groups.get(each, ((), ()))) for each in hours_shown(list(groups))]


def _grouped(facts: Facts, key: Callable[[datetime], Key]) -> dict[Key, tuple[list[Rung], list[Ended]]]:
    """Part everything by its key in one pass: a month may hold a hundred thousand calls."""
    groups: dict[Key, tuple[list[Rung], list[Ended]]] = defaultdict(lambda: ([], []))
    for one in facts.rung:
        groups[key(one.at)][0].append(one)
    for promise in facts.ended:
        groups[key(promise.at)][1].append(promise)
    return dict(groups)


def hours_shown(seen: Sequence[int]) -> range:
    """Return the hours of a working day, and before and after them as far as anything was seen."""
    return range(min([USUAL_HOURS.start, *seen]), max([USUAL_HOURS.stop - 1, *seen]) + 1)
