"""What goes wrong on purpose with a REST request and its answer, as far as the wire shows it."""

from __future__ import annotations

import os
import socket
import struct
import threading
from typing import TYPE_CHECKING, Any

from flask import Response, copy_current_request_context, jsonify, make_response, request
from werkzeug.serving import WSGIRequestHandler

from simulator.errors import RestError, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask.typing import ResponseReturnValue

    from simulator.exchange import Exchange
    from simulator.faults import Rule
    from simulator.legs import Leg

BEFORE = ("lose", "delay", "refuse", "act-late")
AFTER = ("lose-answer", "delay-answer", "garble", "refuse-after")
AT_ONCE_AND_FOR_GOOD = struct.pack("ii", 1, 0)


class Silence(Response):
    """No answer at all: the connection is closed, or reset with `reset`."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__()
        self._reset = reset

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Write nothing. The server takes these errors for a client that went away; see `Dropping`."""
        del environ, start_response
        raise ConnectionResetError if self._reset else ConnectionAbortedError


class Dropping(WSGIRequestHandler):
    """Ends the connection of a request that gets no answer; werkzeug would wait for the next one on it."""

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        """Close, or reset: a socket closed without lingering says RST instead of FIN (socket(7), SO_LINGER)."""
        self.close_connection = True
        if isinstance(error, ConnectionResetError) and environ is not None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE_AND_FOR_GOOD)
            os.close(self.connection.detach())


def disturbed(exchange: Exchange, on: str, handler: Callable[..., ResponseReturnValue]) -> Callable[..., Any]:
    """The handler of one kind of request, with what goes wrong there."""

    def answered(**parts: str) -> ResponseReturnValue:
        rule = exchange.faults.take(on, _facts(exchange, parts.get("sid", "")), *BEFORE, *AFTER)
        if rule is None:
            return handler(**parts)

        def act() -> Response:
            try:
                return make_response(handler(**parts))
            except RestError as refusal:
                return make_response(jsonify(refusal.body()), refusal.status)

        return _before(exchange, rule, act) if rule.do in BEFORE else _after(exchange, rule, act())

    return answered


def visible(exchange: Exchange, query: dict[str, str]) -> list[Leg]:
    """The calls a list may show now: fetching is "eventually consistent" (Call resource page), and so is this."""
    rule = exchange.faults.take("list", query, "hide")
    now = exchange.clock.now()
    return [
        leg
        for leg in exchange.legs.values()
        if rule is None or (rule.seconds is not None and (now - leg.created).total_seconds() >= rule.seconds)
    ]


def _facts(exchange: Exchange, sid: str) -> dict[str, str]:
    leg = exchange.legs.get(sid)
    known = {"CallSid": sid, "To": leg.to, "From": leg.from_, "Direction": leg.direction} if leg else {}
    return {**request.values.to_dict(), **known}


def _before(exchange: Exchange, rule: Rule, act: Callable[[], Response]) -> Response:
    if rule.do == "refuse":
        return _refusal(rule)
    if rule.do == "delay":
        exchange.faults.hold(rule)
        return act()
    if rule.do == "act-late":

        @copy_current_request_context
        def late() -> None:
            exchange.faults.hold(rule)
            act()

        threading.Thread(target=late, daemon=True).start()
        if rule.code or rule.status:
            return _refusal(rule)
    return Silence(reset=True)


def _after(exchange: Exchange, rule: Rule, answer: Response) -> Response:
    if rule.do == "lose-answer":
        return Silence()
    if rule.do == "refuse-after":
        return _refusal(rule)
    if rule.do == "delay-answer":
        exchange.faults.hold(rule)
        return answer
    whole = answer.get_data(as_text=True)
    return Response(
        whole[: len(whole) // 2] if rule.text is None else rule.text, answer.status, mimetype=answer.mimetype
    )


def _refusal(rule: Rule) -> Response:
    """Twilio's body for a code; the page of a proxy in front of it where there is only a status."""
    if rule.code is None:
        return Response("<html><body>no healthy upstream</body></html>", rule.status, mimetype="text/html")
    refusal = RestError(rule.code, "Refused on purpose.", rule.status or status_of(rule.code))
    return make_response(jsonify(refusal.body()), refusal.status)
