"""In a demo: the service's own clock, reached at the one URL it offers for it."""

from __future__ import annotations


class ServiceClock:
    """Reads and moves it."""

    def __init__(self, url: str) -> None:
        self._url = url
