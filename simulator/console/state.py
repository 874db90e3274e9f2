"""The page, whose telephones stand on it, and what it asks twice a second."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, render_template, request

from simulator import speech
from simulator.console.clock import named
from simulator.console.wishes import ConsoleError, wish

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts
    from simulator.legs import Leg

ENDED_SHOWN = 30
FASTEST_SPEECH = 100.0  # characters a second


class StateConsole:
    """The routes of the page itself."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._exchange = parts.exchange

    def page(self) -> ResponseReturnValue:
        """The page for people; its script and style lie beside it."""
        return render_template("console.html", scene=self._parts.scene, hotline=self._exchange.settings.hotline)

    def scene(self) -> ResponseReturnValue:
        """Whose telephones these are, and what this network offers beside them; asked once."""
        parts, settings = self._parts, self._exchange.settings
        scene = asdict(parts.scene)
        for story in scene["stories"]:
            del story["steps"]
        offered = {
            "speech": speech.available(),
            "inbox": settings.mail_port is not None,
            "service_clock": parts.clocks.both,
        }
        return jsonify({**scene, "hotline": settings.hotline, **offered})

    def state(self) -> ResponseReturnValue:
        """Everything that changes, true at one instant; 304 while it is what the asker has."""
        body = json.dumps(self._now(), separators=(",", ":"))
        answer = Response(body, mimetype="application/json")
        answer.set_etag(hashlib.sha256(body.encode()).hexdigest())
        return answer.make_conditional(request)

    def pace(self) -> ResponseReturnValue:
        """Say how fast the voices speak: characters a second, 0 for no time at all."""
        try:
            rate = float(wish().get("speech_rate", ""))
        except (TypeError, ValueError):
            rate = -1.0
        if not 0 <= rate <= FASTEST_SPEECH:
            raise ConsoleError(400, f"send a speech_rate between 0 and {FASTEST_SPEECH:.0f} characters a second")
        with self._exchange.changed:
            self._exchange.speech_rate = rate
            self._exchange.changed_now()
        self._exchange.journal.add("console", deed="pace", speech_rate=rate)
        return jsonify({"speech_rate": rate})

    def _now(self) -> dict[str, Any]:
        parts, exchange = self._parts, self._exchange
        moments = named(parts.clocks.moments())
        with exchange.changed:
            over = [leg for leg in exchange.legs.values() if not leg.live]
            old = {leg.sid for leg in sorted(over, key=lambda leg: leg.ended or leg.updated)[:-ENDED_SHOWN]}
            return {
                "ahead": round(exchange.clock.ahead, 3),
                "calls": [_seen(leg) for leg in exchange.legs.values() if leg.sid not in old],
                "behaviours": exchange.phones.described(),
                "mails": parts.mailbox.count(),
                "speech_rate": exchange.speech_rate,
                "moments": moments,
                "story": parts.storyteller.told(),
            }


def _seen(leg: Leg) -> dict[str, Any]:
    # A duration would make every second another state: who reads counts from the answer on himself.
    seen = leg.as_seen(leg.updated)
    del seen["duration"]
    instants = {"created": leg.created, "answered": leg.answered, "ended": leg.ended}
    return seen | {name: at and at.isoformat() for name, at in instants.items()}


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    console, routes = StateConsole(parts), Blueprint("state", __name__, template_folder="templates")
    routes.add_url_rule("/", "page", console.page)
    routes.add_url_rule("/scene", "scene", console.scene)
    routes.add_url_rule("/state", "state", console.state)
    routes.add_url_rule("/pace", "pace", console.pace, methods=["POST"])
    return routes
