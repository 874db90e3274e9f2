"""The control API: telephones in the hands of tests, of the demo and of newcomers. JSON, no sign-in, loopback only."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, request, send_from_directory

from simulator.console_calls import CallsConsole
from simulator.faults import rule_of
from simulator.wishes import ConsoleError, number, wish

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from simulator.exchange import Exchange
    from simulator.legs import Leg
    from simulator.lines import Lines

LOOPBACK = {"127.0.0.1", "localhost"}
PAGE = Path(__file__).parent / "static"


class Console:
    """The routes below /console."""

    def __init__(self, exchange: Exchange, lines: Lines) -> None:
        self._exchange = exchange
        self._calls = CallsConsole(exchange, lines)

    def blueprint(self) -> Blueprint:
        """The routes, those of the calls among them."""
        console = Blueprint("console", __name__, url_prefix="/console", static_folder=PAGE, static_url_path="/")
        console.before_request(_only_from_here)
        console.register_error_handler(ConsoleError, _refused)
        for method, path, handler in (
            ("GET", "/", _page),
            ("GET", "/healthz", self.healthz),
            ("GET", "/phones/<phone>", self.telephone),
            ("POST", "/phones/<phone>", self.behave),
            ("GET", "/journal", self.journal),
            ("GET", "/clock", self.clock),
            ("POST", "/clock", self.move_clock),
            ("POST", "/end-all", self.end_all),
            ("GET", "/faults", self.faults),
            ("POST", "/faults", self.goes_wrong),
            ("DELETE", "/faults", self.works_again),
        ):
            console.add_url_rule(path, handler.__name__, handler, methods=[method])
        console.register_blueprint(self._calls.blueprint())
        return console

    def healthz(self) -> ResponseReturnValue:
        """Whether the stand-in is up, and which number it serves."""
        return jsonify({"status": "up", "hotline": self._exchange.settings.hotline})

    def telephone(self, phone: str) -> ResponseReturnValue:
        """All legs of a telephone, oldest first; waits until one rings, none lives, or there are more than `since`."""
        exchange, until, since = self._exchange, request.args.get("until", ""), number("since", 0)

        def legs() -> list[Leg]:
            return [leg for leg in exchange.legs.values() if leg.phone == phone]

        conditions: dict[str, Callable[[], bool]] = {
            "": lambda: True,
            "ringing": lambda: any(leg.status == "ringing" for leg in legs()),
            "idle": lambda: not any(leg.live for leg in legs()),
            "leg": lambda: len(legs()) > since,
        }
        if until not in conditions:
            raise ConsoleError(400, "until is one of ringing, idle, leg")
        met = exchange.watch(conditions[until], number("wait", 0.0))
        with exchange.changed:
            seen = [leg.as_seen(exchange.clock.now()) for leg in legs()]
            behaviour = exchange.phones.behaviour(phone)
        return jsonify({"number": phone, "legs": seen, "behaviour": behaviour, "met": met})

    def behave(self, phone: str) -> ResponseReturnValue:
        """Say how a telephone behaves from now on."""
        phones, behaviour = self._exchange.phones, str(wish().get("behaviour", ""))
        try:
            phones.set(phone, behaviour)
        except ValueError as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        # Writing the journal wakes the telephones that ring.
        self._exchange.journal.add("console", deed="behave", number=phone, behaviour=behaviour)
        return jsonify({"number": phone, "behaviour": behaviour})

    def journal(self) -> ResponseReturnValue:
        """The entries after number `after`, waiting for the first."""
        entries, after = self._exchange.journal.after, int(number("after", 0))
        self._exchange.watch(lambda: bool(entries(after)), number("wait", 0.0))
        return jsonify({"entries": entries(after)})

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

    def end_all(self) -> ResponseReturnValue:
        """Hang up every call."""
        ended = self._exchange.end_all()
        self._exchange.journal.add("console", deed="end-all", ended=ended)
        return jsonify({"ended": ended})

    def faults(self) -> ResponseReturnValue:
        """The rules in force, each with how often it was applied."""
        with self._exchange.changed:
            return jsonify({"faults": [asdict(rule) for rule in self._exchange.faults.rules]})

    def goes_wrong(self) -> ResponseReturnValue:
        """Put a rule in force (see `simulator.faults`)."""
        try:
            rule = self._exchange.faults.add(rule_of(wish()))
        except ValueError as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        self._exchange.journal.add("console", deed="goes-wrong", rule=asdict(rule))
        return jsonify(asdict(rule)), 201

    def works_again(self) -> ResponseReturnValue:
        """Take all rules back and let go of what they hold; tells how often each was applied."""
        with self._exchange.changed:
            ended = [asdict(rule) for rule in self._exchange.faults.rules]
            self._exchange.faults.clear()
        self._exchange.journal.add("console", deed="works-again", rules=len(ended))
        return jsonify({"faults": ended})


def _only_from_here() -> None:
    # Bound to loopback; the host name keeps pages of strangers, whose name resolves to 127.0.0.1, out as well.
    own = request.host.rpartition(":")[0] in LOOPBACK
    if not own or request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
        raise ConsoleError(403, "the console answers on 127.0.0.1 only")


def _page() -> ResponseReturnValue:
    """The page for people; its script and style lie beside it."""
    return send_from_directory(PAGE, "console.html")


def _refused(error: ConsoleError) -> ResponseReturnValue:
    return jsonify({"error": str(error)}), error.status
