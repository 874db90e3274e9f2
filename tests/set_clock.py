"""Clocks that stand still until a test moves them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from callbacks.ports import Uptime


@dataclass
class SetClock:
    """A clock that stands still until it is moved; `at` alone may jump, what really passes only grows."""

    at: datetime
    passed_ms: int = 0

    def now(self) -> datetime:
        """Return where it was set."""
        return self.at

    def move(self, **span: float) -> datetime:
        """Move it on (or back) and return where it is: `move(minutes=5)`."""
        self.at += timedelta(**span)
        self.passed_ms += max(0, round(timedelta(**span).total_seconds() * 1000))
        return self.at

    def uptime(self) -> Uptime:
        """Return what has really passed."""
        return Uptime("this machine", self.passed_ms)


@dataclass
class MovedClock(SetClock):
    """A demo's clock: whoever works with the service may set it."""

    def move_to(self, instant: datetime) -> None:
        """Let it be this instant."""
        self.at = instant.astimezone(UTC)
