"""Everything that happened, numbered, so that a checker can replay it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.clock import Clock

Entry = dict[str, Any]
MOST = 200_000
"""Entries that are kept, so that a demo may run for weeks; a test has a few thousand."""
SLACK = 20_000


class Journal:
    """Append-only. Kinds: `rest`, `placed`, `webhook`, `media`, `console`, `leg`, `fault`, `tones`, `mail`, `warning`.

    A webhook's entry is written when its answer is in; `sent_at` and `sent_real_at` say when it left.
    """

    def __init__(self, clock: Clock, changed: threading.Condition) -> None:
        self._clock = clock
        self._changed = changed
        self._entries: list[Entry] = []
        self._count = 0

    def add(self, kind: str, **facts: object) -> None:
        """Write one entry; `at` is the simulator's time, `real_at` the monotonic clock in seconds."""
        with self._changed:
            self._count += 1
            stamp: Entry = {"n": self._count, "at": self._clock.now().isoformat()}
            self._entries.append({**stamp, "real_at": time.monotonic(), "kind": kind, **facts})
            if len(self._entries) > MOST + SLACK:
                del self._entries[:SLACK]
            self._changed.notify_all()

    def now(self) -> datetime:
        """The time that entries are stamped with."""
        return self._clock.now()

    def after(self, n: int) -> list[Entry]:
        """The entries with a number above `n`."""
        with self._changed:
            return self._entries[max(0, n - self._count + len(self._entries)) :]
