"""The control API: telephones in the hands of tests, of the demo and of newcomers. JSON, no sign-in, loopback only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, request

from simulator.console_calls import calls_blueprint
from simulator.wishes import ConsoleError, number, wish

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.exchange import Exchange
    from simulator.legs import Leg
    from simulator.lines import Lines

LOOPBACK = {"127.0.0.1", "localhost"}


def console_blueprint(exchange: Exchange, lines: Lines) -> Blueprint:
    """The routes below /console."""
    console = Blueprint("console", __name__, url_prefix="/console")

    @console.before_request
    def only_from_here() -> None:
        # Bound to loopback; the host name keeps pages of strangers, whose name resolves to 127.0.0.1, out as well.
        if request.host.rpartition(":")[0] not in LOOPBACK or request.headers.get("Origin"):
            raise ConsoleError(403, "the console answers on 127.0.0.1 only")

    @console.errorhandler(ConsoleError)
    def refused(error: ConsoleError) -> ResponseReturnValue:
        return jsonify({"error": str(error)}), error.status

    @console.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return jsonify({"status": "up", "hotline": exchange.settings.hotline})

    @console.get("/phones/<phone>")
    def telephone(phone: str) -> ResponseReturnValue:
        until, first = request.args.get("until", ""), number("since", 0)
        if until not in {"", "ringing", "idle", "leg"}:
            raise ConsoleError(400, "until is one of ringing, idle, leg")

        def legs() -> list[Leg]:
            return [leg for leg in exchange.legs.values() if leg.phone == phone]

        def holds() -> bool:
            if until == "idle":
                return not any(leg.live for leg in legs())
            if until == "leg":
                return len(legs()) > first
            return any(leg.status == "ringing" for leg in legs()) or not until

        met = exchange.watch(holds, number("wait", 0.0))
        with exchange.changed:
            behaviour = exchange.phones.behaviour(phone)
            return jsonify(
                {
                    "number": phone,
                    "legs": [leg.as_seen(exchange.clock.now()) for leg in legs()],
                    "behaviour": behaviour,
                    "met": met,
                }
            )

    @console.post("/phones/<phone>")
    def behave(phone: str) -> ResponseReturnValue:
        try:
            exchange.phones.set(phone, str(wish().get("behaviour", "")))
        except ValueError as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        exchange.journal.add("console", deed="behave", number=phone, behaviour=exchange.phones.behaviour(phone))
        return jsonify({"number": phone, "behaviour": exchange.phones.behaviour(phone)})

    @console.get("/journal")
    def journal() -> ResponseReturnValue:
        after = int(number("after", 0))
        exchange.watch(lambda: bool(exchange.journal.after(after)), number("wait", 0.0))
        return jsonify({"entries": exchange.journal.after(after)})

    @console.get("/clock")
    def clock() -> ResponseReturnValue:
        return jsonify({"now": exchange.clock.now().isoformat()})

    @console.post("/clock")
    def move_clock() -> ResponseReturnValue:
        body = wish()
        try:
            instant = datetime.fromisoformat(body["now"]) if "now" in body else None
            now = exchange.move_clock(instant=instant, seconds=float(body.get("advance", 0)))
        except (TypeError, ValueError, OverflowError) as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        exchange.journal.add("console", deed="clock", wish=body)
        return jsonify({"now": now.isoformat()})

    @console.post("/end-all")
    def end_all() -> ResponseReturnValue:
        ended = exchange.end_all()
        exchange.journal.add("console", deed="end-all", ended=ended)
        return jsonify({"ended": ended})

    console.register_blueprint(calls_blueprint(exchange, lines))
    return console
