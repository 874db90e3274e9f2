"""The clock: the telephones' own, and in a demo the service's with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify

from simulator.console.wishes import ConsoleError, wish

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts


class ClockConsole:
    """The routes below /console/clock."""

    def __init__(self, parts: Parts) -> None:
        self._exchange = parts.exchange

    def clock(self) -> ResponseReturnValue:
        """The simulator's time."""
        return jsonify({"now": self._exchange.clock.now().isoformat()})

    def move_clock(self) -> ResponseReturnValue:
        """Advance the clock by seconds, or set it to an instant with an offset."""
        body = wish()
        try:
            instant = datetime.fromisoformat(body["now"]) if "now" in body else None
            now = self._exchange.move_clock(instant=instant, seconds=float(body.get("advance", 0)))
        except (TypeError, ValueError, OverflowError) as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        self._exchange.journal.add("console", deed="clock", wish=body)
        return jsonify({"now": now.isoformat()})


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    console, routes = ClockConsole(parts), Blueprint("clock", __name__)
    routes.add_url_rule("/clock", "read", console.clock)
    routes.add_url_rule("/clock", "move", console.move_clock, methods=["POST"])
    return routes
