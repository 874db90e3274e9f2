"""What follows when the customer was not reached: rest, give up, or ask a person (docs/protocol.md §5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from callbacks.rules.calendar import Calendar
from models.vocabulary import CallbackState, CustomerOutcome

FAILED_NUMBER_LIMIT = 2
"""A number that fails once may be a carrier's bad minute (Twilio error 13224); twice, and a person looks at it."""


@dataclass(frozen=True)
class RetryRules:
    """How long to rest after each outcome, in seconds, and how many tries there are in all."""

    rest: Mapping[CustomerOutcome, int]
    max_tries: int


@dataclass(frozen=True)
class Verdict:
    """Where the call-back goes, and from when it may be tried again."""

    state: CallbackState
    not_before: datetime | None
    why: str


def after_failed_try(
    outcomes: Sequence[tuple[CustomerOutcome, datetime]],
    now: datetime,
    calendar: Calendar,
    rules: RetryRules,
) -> Verdict:
    """Decide after a try at the customer that did not reach him; `outcomes` are all tries so far, oldest first.

    The rest is wall time, moved into the next window where it ends outside one. Three tries must lie in at least two
    windows, so the last one leaves the window all others were in.
    """
    last = outcomes[-1][0]
    failures = sum(1 for outcome, _ in outcomes if outcome is CustomerOutcome.FAILED)
    if last is CustomerOutcome.FAILED and failures >= FAILED_NUMBER_LIMIT:
        return Verdict(CallbackState.NEEDS_HUMAN, None, "the number cannot be reached: it failed twice")
    if len(outcomes) >= rules.max_tries:
        return Verdict(CallbackState.UNREACHED, None, f"not reached after {len(outcomes)} tries ({last})")
    again = calendar.next_open(now + timedelta(seconds=rules.rest[last]))
    if len(outcomes) == rules.max_tries - 1:
        again = _in_another_window(outcomes, again, calendar)
    return Verdict(CallbackState.RESTING, again, f"customer: {last}")


def _in_another_window(
    outcomes: Sequence[tuple[CustomerOutcome, datetime]],
    again: datetime,
    calendar: Calendar,
) -> datetime:
    """Return `again`, or the next window's opening when every try so far lies in the very window of `again`."""
    window = calendar.window_at(again)
    if window is None or len(outcomes) == 0:
        return again
    if all(window.opens <= at < window.closes for _, at in outcomes):
        return calendar.next_open(window.closes)
    return again
