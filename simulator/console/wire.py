"""What the network and the service said to each other about a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, request

from simulator.wire import on_the_wire

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts

MOST_OF_ALL = 200
"""Exchanges shown where no call is named."""


def blueprint(parts: Parts) -> Blueprint:
    """The route."""
    routes = Blueprint("wire", __name__)

    def wire() -> ResponseReturnValue:
        sid = request.args.get("sid", "")
        entries = parts.exchange.journal.after(0)
        return jsonify({"exchanges": on_the_wire(entries, sid, None if sid else MOST_OF_ALL)})

    routes.add_url_rule("/wire", "wire", wire)
    return routes
