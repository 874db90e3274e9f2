"""Waiting without sleeping for long: until something is so, and until the service has looked for something to do."""

import socket
import time
from collections.abc import Callable
from typing import TypeVar

from callbacks.ports import Services
from models.upkeep import Heartbeat
from tests.journeys.stack import PATIENCE

LOOK_SECONDS = 0.03
RING_AGAIN_SECONDS = 2.0

T = TypeVar("T")


def until(what: str, look: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Return what `look` gives as soon as it is true; AssertionError with `what` where it is not in time."""
    give_up = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < give_up, f"{what}: not within {seconds:.0f} seconds"
        time.sleep(LOOK_SECONDS)


class Watcher:
    """Proves that the service had its chance: whatever nobody does after a look of his, he will not do."""

    def __init__(self, services: Services) -> None:
        """Read the signs of life in this service's database."""
        self._services = services

    def everybody_has_looked(self) -> None:
        """Wait until the clock, and after it the dispatcher, have looked at everything as it is now."""
        self.has_looked("clock")
        self.has_looked("dispatch")

    def has_looked(self, kind: str) -> None:
        """Wait for a whole look of the one worker of a queue, or of the clock, begun after now.

        Each gives a sign of life at the beginning of a look. The second one proves that the first look has ended.
        """
        for _ in range(2):
            before, rung_at = self._beat(kind), 0.0
            give_up = time.monotonic() + PATIENCE
            while self._beat(kind) == before:
                # A bell may be lost: the queue is rung only while it is short.
                if time.monotonic() - rung_at > RING_AGAIN_SECONDS:
                    rung_at = time.monotonic()
                    self._ring(kind)
                assert time.monotonic() < give_up, f"the {kind} gives no sign of life"
                time.sleep(LOOK_SECONDS)

    def _ring(self, kind: str) -> None:
        if kind == "clock":
            self._services.bell.wake_clock()
        else:
            self._services.bell.ring(kind)

    def _beat(self, kind: str) -> object:
        with self._services.database.read() as session:
            row = session.get(Heartbeat, f"{socket.gethostname()}/{kind}")
            return row.at if row else None
