"""The page, whose telephones stand on it, and what it asks twice a second."""

from __future__ import annotations

import hashlib
import json
import math
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
FASTEST = 100.0
"""Characters a second; above it nobody reads along, and 0 is meant."""


class StateConsole:
    """The page's routes."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._exchange = parts.exchange

    def page(self) -> ResponseReturnValue:
        """The page for people; its script and its style stand beside it."""
        return render_template("console.html", scene=self._parts.scene, hotline=self._exchange.settings.hotline)

    def scene(self) -> ResponseReturnValue:
        """What does not change while the stand-in runs."""
        scene, settings = asdict(self._parts.scene), self._exchange.settings
        for story in scene["stories"]:
            del story["steps"]
        offers = {
            "speech": speech.available(),
            "inbox": settings.mail_port is not None,
            "service_clock": self._parts.clocks.both,
        }
        return jsonify({**scene, "hotline": settings.hotline, **offers})

    def state(self) -> ResponseReturnValue:
        """What changes, as it is at one instant; 304 for who has seen it already."""
        body = json.dumps(self._now()).encode()
        answer = Response(body, mimetype="application/json")
        answer.set_etag(hashlib.sha256(body).hexdigest())
        return answer.make_conditional(request)

    def pace(self) -> ResponseReturnValue:
        """Let the telephones speak that many characters a second, from the next sentence on."""
        try:
            rate = float(wish()["speech_rate"])
        except (KeyError, TypeError, ValueError):
            rate = math.nan
        if not 0 <= rate <= FASTEST:
            raise ConsoleError(400, f"speech_rate is a number of characters a second, 0 to {FASTEST:g}")
        self._exchange.speech_rate = rate
        self._exchange.journal.add("console", deed="pace", speech_rate=rate)
        return jsonify({"speech_rate": rate})

    def _now(self) -> dict[str, Any]:
        parts, exchange = self._parts, self._exchange
        with exchange.changed:
            return {
                "ahead": round(exchange.clock.ahead, 3),
                "calls": [_seen(leg) for leg in self._shown()],
                "behaviours": exchange.phones.described(),
                "mails": parts.mailbox.count(),
                "speech_rate": exchange.speech_rate,
                "moments": named(parts.clocks.moments()),
                "story": parts.storyteller.told(),
            }

    def _shown(self) -> list[Leg]:
        # The leg's number settles what ended at one instant; the clock may have been set back, so `ended` alone rules.
        ended = [leg for leg in self._exchange.legs.values() if leg.ended is not None]
        last = sorted(ended, key=lambda leg: (leg.ended or leg.created, leg.number))[-ENDED_SHOWN:]
        sids = {leg.sid for leg in last}
        return [leg for leg in self._exchange.legs.values() if leg.live or leg.sid in sids]


def _seen(leg: Leg) -> dict[str, Any]:
    # No duration: it would make another state of every second; who looks counts on from `answered`.
    seen = leg.as_seen(leg.updated)
    del seen["duration"]
    moments = {"created": leg.created, "answered": leg.answered, "ended": leg.ended}
    return {**seen, **{name: moment and moment.isoformat() for name, moment in moments.items()}}


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    console, routes = StateConsole(parts), Blueprint("state", __name__, template_folder="templates")
    routes.add_url_rule("/", "page", console.page)
    routes.add_url_rule("/scene", "scene", console.scene)
    routes.add_url_rule("/state", "state", console.state)
    routes.add_url_rule("/pace", "pace", console.pace, methods=["POST"])
    return routes
