"""In a demo: the service's own clock, reached at the one URL it offers for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import requests


class ServiceClock:
    """Reads and moves it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def moments(self) -> dict[str, Any]:
        """The named moments."""
        found: dict[str, Any] = requests.get(self._url, timeout=5).json()["moments"]
        return found

    def moves_to(self, instant: datetime) -> datetime:
        """Move it."""
        told = requests.post(self._url, json={"now": instant.isoformat()}, timeout=5).json()
        return datetime.fromisoformat(told["now"])
