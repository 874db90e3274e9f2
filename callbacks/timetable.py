"""The clock process: sleeps until the next moment that matters, looks, rings bells. It decides nothing by itself.

Two of them do no harm (a lease keeps the second idle, and everything they do is a compare-and-set); none at all
delays work, and is shown by /readyz. It sleeps in short stretches of monotonic time, so that a wall clock that is
moved while it sleeps is noticed within half a second.
"""

import logging
import os
import socket
import threading
import time
from datetime import datetime

from redis.client import PubSub
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from callbacks.clock import JumpWatch
from callbacks.ports import Services
from callbacks.providers.rq_bell import connect
from callbacks.queues import QUEUES, WAKE_CHANNEL
from callbacks.store import heartbeats, leases
from callbacks.workflows.keeping_time import tick

LOOK_SECONDS = 5.0
STRETCH_SECONDS = 0.25
ROUND_SECONDS = 10.0
"""Every queue is rung at least so often: for the sweeps, and so that each worker gives a sign of life."""
LEASE_SECONDS = 15
LEASE = "clock"

log = logging.getLogger(__name__)


class WakeLine:
    """Listens for the message that something earlier was committed; without Redis it just lets time pass."""

    def __init__(self, url: str) -> None:
        """Connect at the first wait."""
        self._url = url
        self._line: PubSub | None = None

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; True when somebody called."""
        began = time.monotonic()
        try:
            if self._line is None:
                client = connect(self._url, timeout=2.0)
                self._line = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
                self._line.subscribe(WAKE_CHANNEL)
            message = self._line.get_message(timeout=seconds)
        except (RedisError, OSError):
            self._line = None
            time.sleep(max(0.0, seconds - (time.monotonic() - began)))
            return False
        if message is None:
            time.sleep(max(0.0, seconds - (time.monotonic() - began)))
            return False
        return True


class Timetable:
    """The loop of the clock process."""

    def __init__(self, services: Services, line: WakeLine) -> None:
        """Run on these services, woken by this line."""
        self._services = services
        self._line = line
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._jumps = JumpWatch()
        self._rung_round_at = -ROUND_SECONDS
        self.stopped = threading.Event()

    def run(self) -> None:
        """Look and sleep until told to stop. An unreachable database is waited for, never a reason to end."""
        while not self.stopped.is_set():
            away = LOOK_SECONDS
            try:
                if self._is_mine():
                    next_at = tick(self._services)
                    self._ring_round()
                    away = self._seconds_until(next_at)
            except Exception:  # whatever it was: without a clock nothing falls due any more
                log.exception("the clock could not look; it tries again")
            self._sleep(away)
        self._give_back()

    def _is_mine(self) -> bool:
        now = self._services.clock.now()
        with self._services.database.write() as session:
            heartbeats.beat(session, f"{socket.gethostname()}/clock", "clock", now)
            return leases.take(session, LEASE, self._owner, LEASE_SECONDS, now)

    def _give_back(self) -> None:
        try:
            with self._services.database.write() as session:
                leases.release(session, LEASE, self._owner, self._services.clock.now())
        except SQLAlchemyError:
            log.warning("the clock's lease could not be given back; it runs out by itself")

    def _ring_round(self) -> None:
        if time.monotonic() - self._rung_round_at >= ROUND_SECONDS:
            self._rung_round_at = time.monotonic()
            for queue in QUEUES:
                self._services.bell.ring(queue)

    def _seconds_until(self, next_at: datetime | None) -> float:
        if next_at is None:
            return LOOK_SECONDS
        return max(0.0, (next_at - self._services.clock.now()).total_seconds())

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + min(LOOK_SECONDS, seconds)
        while not self.stopped.is_set():
            left = until - time.monotonic()
            if left <= 0 or self._line.wait(min(left, STRETCH_SECONDS)) or self._jumps.jumped():
                return
