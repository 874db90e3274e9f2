"""In a demo: the service's own clock, read and moved at the one URL it offers for it."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from simulator.clock import Clock

TIMEOUT = 5.0  # seconds
REST = 5.0
"""Real seconds between two questions that nobody asked for."""
A_MOVE = 1.0
"""Seconds; less apart than that is the time an answer took."""

Moments = dict[str, dict[str, str]]
"""By name: `text` for people, and `at`, ISO 8601 with an offset."""


class ClockError(ValueError):
    """The service's clock could not be read or moved; nothing was. The sentence says why."""


class ServiceClock:
    """Reads and moves it, and remembers the moments that it told last."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.moving = threading.Lock()
        """Held by who moves this clock and then another, so that two at once cannot leave the two apart."""
        self._lock = threading.Lock()
        self._told: Moments = {}
        self._tellings = 0
        self._failed = True
        self._asked_ahead: float | None = None
        self._asked_real = 0.0

    def moments(self) -> Moments:
        """The moments ahead, asked for now. Raises ClockError."""
        with self._lock:
            tellings = self._tellings
        _, moments = self._ask("GET")
        with self._lock:
            # An answer from before a move that was told of meanwhile is worth nothing any more.
            if tellings == self._tellings:
                self._remember(moments)
        return moments

    def moves_to(self, instant: datetime) -> datetime:
        """Set it to an aware instant; gives the one that it shows. Raises ClockError."""
        now, moments = self._ask("POST", {"now": instant.isoformat()})
        with self._lock:
            self._remember(moments)
            self._asked_ahead = None
        return now

    def remembered(self, clock: Clock) -> Moments:
        """The moments ahead as told last, at once; those out of date are asked for meanwhile, in a thread."""
        now, ahead, real = clock.now(), clock.ahead, time.monotonic()
        with self._lock:
            if self._asked_ahead is None and not self._failed:
                # Told with a move: that was the question, and this is where it led.
                self._asked_ahead, self._asked_real = ahead, real
            moved = self._asked_ahead is None or abs(ahead - self._asked_ahead) > A_MOVE
            passed = any(datetime.fromisoformat(moment["at"]) <= now for moment in self._told.values())
            if moved or ((self._failed or passed) and real - self._asked_real >= REST):
                self._asked_ahead, self._asked_real = ahead, real
                threading.Thread(target=self._refresh, daemon=True, name="moments").start()
            return {name: each for name, each in self._told.items() if datetime.fromisoformat(each["at"]) > now}

    def _refresh(self) -> None:
        with self._lock:
            self._failed = True
        with suppress(ClockError):
            self.moments()

    def _remember(self, moments: Moments) -> None:
        self._told, self._failed = moments, False
        self._tellings += 1

    def _ask(self, method: str, wish: dict[str, str] | None = None) -> tuple[datetime, Moments]:
        session = requests.Session()
        session.trust_env = False  # a proxy of the environment has no business on loopback
        try:
            with session:
                answer = session.request(method, self._url, json=wish, timeout=TIMEOUT, allow_redirects=False)
            content = answer.json() if answer.content else {}
        except requests.JSONDecodeError:
            content = {}
        except requests.RequestException as trouble:
            message = (
                f"the service's clock at {self._url} does not answer; is the service up? ({type(trouble).__name__})"
            )
            raise ClockError(message) from trouble
        if answer.status_code != requests.codes.ok:
            reason = content.get("error") if isinstance(content, dict) else None
            message = f"the service refused with HTTP {answer.status_code}: {reason or 'it gave no reason'}"
            raise ClockError(message)
        try:
            return _read(content)
        except (AttributeError, KeyError, TypeError, ValueError) as trouble:
            message = f"the service's clock at {self._url} told no time; is --clock-url the right address?"
            raise ClockError(message) from trouble


def _read(content: Any) -> tuple[datetime, Moments]:  # noqa: ANN401 - JSON
    moments = {str(name): _moment(told) for name, told in content.get("moments", {}).items()}
    return _instant(content["now"]), moments


def _moment(told: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    return {"text": str(told["text"]), "at": _instant(told["at"]).isoformat()}


def _instant(written: str) -> datetime:
    instant = datetime.fromisoformat(written)
    if instant.tzinfo is None:
        message = f"{written} has no offset"
        raise ValueError(message)
    return instant
