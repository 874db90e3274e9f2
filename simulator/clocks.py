"""What time it is for everybody: the telephones' clock and, in a demo, the service's, moved together."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from simulator.service_clock import ClockError, Moment, NoMomentError

if TYPE_CHECKING:
    from simulator.exchange import Exchange
    from simulator.service_clock import ServiceClock

PATIENCE = 5.0  # real seconds between two questions that nobody waits for


class Clocks:
    """The service is moved first, so that no call of its can come from a time that the telephones have not reached."""

    def __init__(self, exchange: Exchange, service: ServiceClock | None) -> None:
        self._exchange = exchange
        self._service = service
        self._moving = threading.RLock()
        self._moments: dict[str, Moment] = {}
        self._asked: float | None = None
        self._asked_at = datetime.min.replace(tzinfo=UTC)

    @property
    def both(self) -> bool:
        """Whether the service's clock follows."""
        return self._service is not None

    def advance(self, seconds: float) -> datetime:
        """Let time pass; gives the new time. Raises ClockError when the service does not follow: nothing is moved."""
        if self._service is None:
            return self._exchange.move_clock(seconds=seconds)
        # Read and set as one: two who advance at once advance by both.
        with self._moving:
            return self.set_now(self._exchange.clock.now() + timedelta(seconds=seconds))

    def set_now(self, instant: datetime) -> datetime:
        """Make it `instant`, aware; gives the new time. Raises ClockError as above, and ValueError for a naive one."""
        if instant.tzinfo is None:
            message = "the clock takes an instant with an offset, such as 2026-03-02T09:00:00+01:00"
            raise ValueError(message)
        # One at a time: two moves in disorder would leave the two clocks apart.
        with self._moving:
            if self._service is not None:
                instant, moments = self._service.moves_to(instant)
                self._remember(instant, moments)
            return self._exchange.move_clock(instant=instant)

    def goes_to(self, name: str, plus: float = 0.0) -> datetime:
        """Go to a moment of the service's and some seconds after it. Raises NoMomentError, and ClockError as above."""
        if self._service is None:
            message = f"{name!r} is a moment of the service's clock: start the network with --clock-url"
            raise NoMomentError(message)
        with self._moving:
            moments = self._service.moments()
            if name not in moments:
                message = f"the service's clock knows no moment {name!r} now, only {', '.join(moments) or 'none'}"
                raise NoMomentError(message)
            return self.set_now(moments[name].at + timedelta(seconds=plus))

    def back_to_the_real_time(self) -> datetime:
        """Show what the machine shows. Raises ClockError as above."""
        return self.set_now(datetime.now(UTC))

    def moments(self) -> dict[str, Moment]:
        """The moments ahead as last told. Never waits: those out of date are asked for meanwhile."""
        now = self._exchange.clock.now()
        with self._exchange.changed:
            past = any(moment.at <= now for moment in self._moments.values())
            # The service's hours may have been changed by somebody, or its clock be moved by other hands.
            stale = past or not self._moments or abs(now - self._asked_at) > timedelta(minutes=1)
            rested = self._asked is None or time.monotonic() - self._asked > PATIENCE
            if self._service is not None and stale and rested:
                self._asked = time.monotonic()
                threading.Thread(target=self._refresh, daemon=True, name="moments").start()
            return {name: moment for name, moment in self._moments.items() if moment.at > now}

    def _refresh(self) -> None:
        if self._service is None or not self._moving.acquire(blocking=False):
            return
        try:
            with suppress(ClockError):
                self._remember(self._exchange.clock.now(), self._service.moments())
        finally:
            self._moving.release()

    def _remember(self, at: datetime, moments: dict[str, Moment]) -> None:
        with self._exchange.changed:
            self._moments, self._asked, self._asked_at = moments, time.monotonic(), at
