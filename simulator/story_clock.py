"""The hour of a story: the service's clock and the telephones', moved together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import requests

from simulator.story_steps import StoryError

if TYPE_CHECKING:
    from simulator.exchange import Exchange
    from simulator.service_clock import ServiceClock


class StoryClock:
    """Moves both clocks; without a service's clock the telephones' alone, and no moment has a name."""

    def __init__(self, exchange: Exchange, service_clock: ServiceClock | None) -> None:
        self._exchange = exchange
        self._service_clock = service_clock

    def advance(self, seconds: float) -> datetime:
        """Let time pass; gives the new time. Raises StoryError when the service's clock cannot be moved."""
        return self._set(self._exchange.clock.now() + timedelta(seconds=seconds))

    def goes_to(self, moment: str, plus: float) -> datetime:
        """Go to a moment of the service's and some seconds after it. Raises StoryError where it names none such."""
        if self._service_clock is None:
            message = f"{moment!r} is a moment of the service's clock: start with --clock-url"
            raise StoryError(message)
        try:
            moments = self._service_clock.moments()
        except (requests.RequestException, ValueError) as trouble:
            message = f"the service's clock cannot be read: {trouble}"
            raise StoryError(message) from trouble
        if moment not in moments:
            message = f"the service's clock knows no moment {moment!r}, only {', '.join(moments) or 'none'}"
            raise StoryError(message)
        return self._set(datetime.fromisoformat(moments[moment]["at"]) + timedelta(seconds=plus))

    def _set(self, instant: datetime) -> datetime:
        if self._service_clock is not None:
            try:
                instant = self._service_clock.moves_to(instant)
            except (requests.RequestException, ValueError) as trouble:
                message = f"the service's clock cannot be moved: {trouble}"
                raise StoryError(message) from trouble
        now = self._exchange.move_clock(instant=instant)
        self._exchange.journal.add("console", deed="clock", wish={"now": instant.isoformat()})
        return now
