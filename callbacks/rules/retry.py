"""What follows when the customer was not reached: rest, give up, or ask a person (docs/protocol.md §5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from callbacks.rules.calendar import Calendar
from models.vocabulary import CallbackState, CustomerOutcome

DAY = timedelta(days=1)

Try = tuple[CustomerOutcome, datetime]
"""What became of one try at the customer, and when his phone rang for it."""


@dataclass(frozen=True)
class RetryRules:
    """How the house tries again.

    `rest` is how long to rest after each outcome, in seconds; `max_tries` how often his phone rings in all, over at
    least `windows` windows; after `failed_limit` tries at a number that failed, a person looks at it.
    """

    rest: Mapping[CustomerOutcome, int]
    max_tries: int
    windows: int
    failed_limit: int


@dataclass(frozen=True)
class Verdict:
    """Where the call-back goes, from when it may be tried again, and after how many tries."""

    state: CallbackState
    not_before: datetime | None
    why: str
    tries: int


def after_failed_try(
    outcomes: Sequence[Try],
    now: datetime,
    calendar: Calendar,
    rules: RetryRules,
) -> Verdict:
    """Decide after a try at the customer that did not reach him; `outcomes` are all tries so far, oldest first.

    The rest is wall time, moved into the next window where it ends outside one. As soon as every try that is left is
    needed for a window of its own, the next one leaves all windows that were tried.
    """
    last = outcomes[-1][0]
    failures = sum(1 for outcome, _ in outcomes if outcome is CustomerOutcome.FAILED)
    if last is CustomerOutcome.FAILED and failures >= rules.failed_limit:
        how_often = "it failed" if failures == 1 else f"it failed {failures} times"
        return Verdict(CallbackState.NEEDS_HUMAN, None, f"the number cannot be reached: {how_often}", len(outcomes))
    left = rules.max_tries - len(outcomes)
    if left <= 0:
        return Verdict(
            CallbackState.UNREACHED, None, f"not reached after {len(outcomes)} tries ({last})", len(outcomes)
        )
    again = calendar.next_open(now + timedelta(seconds=rules.rest[last]))
    seen = {_window(calendar, at) for _, at in outcomes}
    if min(rules.windows, rules.max_tries) - len(seen) >= left:
        again = _outside(seen, again, calendar)
    return Verdict(CallbackState.RESTING, again, f"customer: {last}", len(outcomes))


Window = tuple[datetime, int] | None
"""A window by its opening, one that never closes by its days; None for all that lies outside the windows of today's
hours, which counts as one."""


def _window(calendar: Calendar, at: datetime) -> Window:
    window = calendar.window_at(at)
    return (window.opens, (at - window.opens) // DAY) if window else None


def _outside(seen: set[Window], again: datetime, calendar: Calendar) -> datetime:
    """Return `again`, or the first opening after it that is in none of the windows seen."""
    while _window(calendar, again) in seen:
        window = calendar.next_window(again)
        again = calendar.next_open(min(window.closes, again + DAY))
    return again
