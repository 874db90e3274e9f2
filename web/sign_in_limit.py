"""How often a sign-in may fail before it has to wait."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_FAILURES = 8
WAIT_SECONDS = 600
MOST_KEYS = 10_000

Key = tuple[str, str]


class SignInLimit:
    """Counts failures by e-mail and address, in monotonic seconds.

    Held in this process's memory: with several web processes each counts for itself, and a restart forgets. That
    slows guessing down enough for passwords kept with argon2, and needs nothing that could be down. Behind a proxy
    that hides the address it counts by e-mail alone.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Start with nobody barred; `monotonic` gives seconds that never run backwards."""
        self._monotonic = monotonic
        self._failures: OrderedDict[Key, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def seconds_to_wait(self, email: str, address: str) -> int:
        """Return for how long this pair is barred; 0 when it may try."""
        with self._lock:
            recent = self._recent(_key(email, address))
            if len(recent) < MOST_FAILURES:
                return 0
            return max(1, round(recent[-MOST_FAILURES] + WAIT_SECONDS - self._monotonic()))

    def failed(self, email: str, address: str) -> None:
        """Count one failure."""
        with self._lock:
            key = _key(email, address)
            self._failures[key] = [*self._recent(key)[-MOST_FAILURES:], self._monotonic()]
            self._failures.move_to_end(key)
            if len(self._failures) > MOST_KEYS:
                self._failures.popitem(last=False)

    def succeeded(self, email: str, address: str) -> None:
        """Forget the failures of somebody who knew the password after all."""
        with self._lock:
            self._failures.pop(_key(email, address), None)

    def _recent(self, key: Key) -> list[float]:
        since = self._monotonic() - WAIT_SECONDS
        return [at for at in self._failures.get(key, []) if at > since]


def _key(email: str, address: str) -> Key:
    return email.strip().lower(), address
