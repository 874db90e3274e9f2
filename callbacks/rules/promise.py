"""The from-to range that a customer is told, made of when his call is foreseen. Pure.

Rounded to quarters of an hour, inside one window, never past closing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt

from callbacks.rules.calendar import Calendar
from callbacks.rules.day_plan import Turn
from models.vocabulary import Option, PromiseResult

QUARTER = timedelta(minutes=15)
PRIOR_SECONDS = 12 * 60
"""How long a call takes its agent, as long as too few have been measured."""
ENOUGH_MEASURED = 20
NINE_IN_TEN = 1.28
"""Standard deviations below which nine in ten of a bell curve lie."""


@dataclass(frozen=True)
class Range:
    """From when until when the customer's phone rings for the first time; both belong to it. Aware UTC."""

    starts: datetime
    ends: datetime

    def result_at(self, rung: datetime) -> PromiseResult:
        """Say what became of the promise when the customer's phone rang at this moment."""
        if rung < self.starts:
            return PromiseResult.EARLY
        return PromiseResult.KEPT if rung <= self.ends else PromiseResult.LATE


def handling_seconds(measured: Mapping[Option, Sequence[int]]) -> dict[Option, float]:
    """Return how long a call takes its agent, by option: the mean of what was measured, or else the prior."""
    return {
        option: sum(seconds) / len(seconds) if len(seconds) >= ENOUGH_MEASURED else float(PRIOR_SECONDS)
        for option in Option
        for seconds in [measured.get(option, ())]
    }


def range_for(turn: Turn, agents: int, handling: float, calendar: Calendar, now: datetime) -> Range:
    """Return the range for a call foreseen at `turn`, with `agents` on duty and `handling` seconds a call.

    As wide as nine in ten such queues scatter: the calls under way and ahead of it take as long as they take, each
    about as uncertain as it is long, and the agents share them. What would lie a quarter or more past closing begins
    at the next opening.
    Raises NeverOpen where none follows.
    """
    begins = turn.begins()
    before_it = turn.ahead + (begins > now)
    scatter = timedelta(seconds=NINE_IN_TEN * handling * sqrt(before_it) / agents)
    window = calendar.next_window(begins)
    latest = begins + max(QUARTER, scatter)
    if latest >= window.closes + QUARTER:
        window = calendar.next_window(window.closes)
        return Range(window.opens, min(_rounded_up(window.opens + max(2 * QUARTER, scatter)), window.closes))
    earliest = max(begins - scatter, now, datetime.fromtimestamp(turn.earliest, UTC))
    return Range(max(_rounded_down(earliest), window.opens), min(_rounded_up(latest), window.closes))


def _rounded_down(at: datetime) -> datetime:
    # Every zone in use lies a whole number of quarters from UTC, so a quarter there is one here.
    return at - (at - datetime.min.replace(tzinfo=UTC)) % QUARTER


def _rounded_up(at: datetime) -> datetime:
    return -_distance(at) % QUARTER + at


def _distance(at: datetime) -> timedelta:
    return at - datetime.min.replace(tzinfo=UTC)
