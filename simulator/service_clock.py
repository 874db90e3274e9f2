"""In a demo: the service's own clock, read and moved at the one URL it offers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

TIMEOUT = 5.0  # seconds


class ClockError(Exception):
    """The service's clock could not be read or moved, or knows no such moment; the sentence says why."""


class NoMomentError(ClockError):
    """No moment ahead has that name; the sentence says which have."""


@dataclass(frozen=True)
class Moment:
    """An instant that has a name at the service, and words for people."""

    text: str
    at: datetime


class ServiceClock:
    """Reads and moves it. Every method asks the service, and raises ClockError."""

    def __init__(self, url: str) -> None:
        self._url = url

    def moments(self) -> dict[str, Moment]:
        """The moments that have a name, by it; a service that knows none tells none."""
        return self._ask("GET")[1]

    def moves_to(self, instant: datetime) -> tuple[datetime, dict[str, Moment]]:
        """Set it; gives what it shows now, which may differ by a second, and the moments from there."""
        return self._ask("POST", {"now": instant.isoformat()})

    def _ask(self, method: str, wish: dict[str, str] | None = None) -> tuple[datetime, dict[str, Moment]]:
        session = requests.Session()
        session.trust_env = False  # a proxy of the environment has no business on loopback
        try:
            with session:
                answer = session.request(method, self._url, json=wish, timeout=TIMEOUT, allow_redirects=False)
        except requests.ReadTimeout as trouble:
            message = "the service's clock does not answer in time; whether it moved is not known: move it once more"
            raise ClockError(message) from trouble
        except requests.RequestException as trouble:
            message = f"the service's clock does not answer ({type(trouble).__name__}): is the service still up?"
            raise ClockError(message) from trouble
        try:
            content = answer.json()
        except requests.JSONDecodeError:
            content = None
        if not answer.ok:
            refusal = content.get("error") if isinstance(content, dict) else None
            message = f"the service does not move its clock: {refusal or f'HTTP {answer.status_code}'}"
            raise ClockError(message)
        return _read(content)


def _read(content: Any) -> tuple[datetime, dict[str, Moment]]:  # noqa: ANN401 - JSON
    try:
        named = content.get("moments", {}).items()
        moments = {name: Moment(str(each["text"]), _instant(each["at"])) for name, each in named}
        return _instant(content["now"]), moments
    except (AttributeError, KeyError, TypeError, ValueError) as trouble:
        message = f"the service's clock answers something else than a time ({trouble!r})"
        raise ClockError(message) from trouble


def _instant(written: str) -> datetime:
    instant = datetime.fromisoformat(written)
    if instant.tzinfo is None:
        message = f"{written} has no offset"
        raise ValueError(message)
    return instant
