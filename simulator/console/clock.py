"""The clock: read, moved, and the moments that one would move it to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify

from simulator.console.wishes import ConsoleError, finite, wish
from simulator.service_clock import ClockError, NoMomentError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts

WISHES = frozenset({"advance", "now", "to"})
REAL_TIME = "now"


class ClockConsole:
    """The routes below /console/clock."""

    def __init__(self, parts: Parts) -> None:
        self._exchange = parts.exchange
        self._clocks = parts.clocks

    def clock(self) -> ResponseReturnValue:
        """What time it is."""
        clock = self._exchange.clock
        return jsonify({"now": clock.now().isoformat(), "ahead": clock.ahead, "moments": named(self._clocks.moments())})

    def move_clock(self) -> ResponseReturnValue:
        """Advance the clock by seconds, set it to an instant, or go to the real time or to a moment by its name."""
        body = wish()
        try:
            now = self._move(body)
        except NoMomentError as trouble:
            raise ConsoleError(404, str(trouble)) from trouble
        except ClockError as trouble:
            raise ConsoleError(502, f"this clock was not moved: {trouble}") from trouble
        except (TypeError, ValueError, OverflowError) as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        self._exchange.journal.add("console", deed="clock", wish=body)
        return jsonify({"now": now.isoformat()})

    def _move(self, body: dict[str, Any]) -> datetime:
        if len(WISHES & body.keys()) != 1:
            message = f"send one of {', '.join(sorted(WISHES))}"
            raise ValueError(message)
        clocks, place = self._clocks, body.get("to")
        if place is not None and place != REAL_TIME:
            return clocks.goes_to(str(place))
        if place == REAL_TIME:
            return clocks.back_to_the_real_time()
        if "now" in body:
            return clocks.set_now(_instant(body["now"]))
        return clocks.advance(_seconds(body["advance"]))


def _instant(written: object) -> datetime:
    try:
        return datetime.fromisoformat(str(written))
    except ValueError:
        message = f"now is an instant with an offset, such as 2026-03-02T09:00:00+01:00, not {written!r}"
        raise ValueError(message) from None


def _seconds(given: object) -> float:
    seconds = finite(given)
    if seconds is None:
        message = f"advance is a number of seconds, not {given!r}"
        raise ValueError(message)
    return seconds


def named(moments: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The moments as they are told."""
    return {name: {"text": moment.text, "at": moment.at.isoformat()} for name, moment in moments.items()}


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    console, routes = ClockConsole(parts), Blueprint("clock", __name__)
    routes.add_url_rule("/clock", "read", console.clock)
    routes.add_url_rule("/clock", "move", console.move_clock, methods=["POST"])
    return routes
