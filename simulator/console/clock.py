"""The clock: the telephones' own, and in a demo the service's with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify

from simulator.console.wishes import ConsoleError, wish
from simulator.service_clock import ClockError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts

WISHES = ("advance", "now", "to")
REAL_TIME = "now"


class ClockConsole:
    """The routes below /console/clock."""

    def __init__(self, parts: Parts) -> None:
        self._exchange = parts.exchange
        self._service = parts.service_clock

    def clock(self) -> ResponseReturnValue:
        """What time it is, and the moments one could go to."""
        clock = self._exchange.clock
        moments = self._service.remembered(clock) if self._service else {}
        return jsonify({"now": clock.now().isoformat(), "ahead": round(clock.ahead, 3), "moments": moments})

    def move_clock(self) -> ResponseReturnValue:
        """Advance by seconds, or go to an instant with an offset, to the real time, or to a moment by its name.

        The service moves first: where it cannot, nothing does, and nothing of its comes from a time not reached here.
        """
        body = wish()
        try:
            with self._service.moving if self._service else self._exchange.changed:
                instant = self._wanted(body)
                if self._service:
                    instant = self._service.moves_to(instant)
                now = self._exchange.move_clock(instant=instant)
        except ClockError as trouble:
            raise ConsoleError(502, f"nothing was moved: {trouble}") from trouble
        except (TypeError, ValueError, OverflowError) as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        self._exchange.journal.add("console", deed="clock", wish=body)
        return jsonify({"now": now.isoformat()})

    def _wanted(self, body: dict[str, Any]) -> datetime:
        given = [name for name in WISHES if name in body]
        if len(given) != 1:
            raise ConsoleError(400, f"send one of {', '.join(WISHES)}")
        if "advance" in body:
            return self._exchange.clock.now() + timedelta(seconds=float(body["advance"]))
        if "now" in body:
            instant = datetime.fromisoformat(body["now"])
            if instant.tzinfo is None:
                raise ConsoleError(400, "the clock takes an instant with an offset, such as 2026-03-02T09:00:00+01:00")
            return instant
        return datetime.now(UTC) if body["to"] == REAL_TIME else self._moment(str(body["to"]))

    def _moment(self, name: str) -> datetime:
        if self._service is None:
            raise ConsoleError(404, f"{name!r} is a moment of the service's clock: start with --clock-url")
        moments = self._service.moments()
        if name not in moments:
            known = ", ".join([REAL_TIME, *moments])
            raise ConsoleError(404, f"the service's clock knows no moment {name!r} ahead, only {known}")
        return datetime.fromisoformat(moments[name]["at"])


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    console, routes = ClockConsole(parts), Blueprint("clock", __name__)
    routes.add_url_rule("/clock", "read", console.clock)
    routes.add_url_rule("/clock", "move", console.move_clock, methods=["POST"])
    return routes
