"""The control API, put together. JSON, no sign-in, loopback only."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from simulator.console import calls, clock, mails, speech, state, stories, wire
from simulator.console.wishes import ConsoleError, number, wish
from simulator.faults import rule_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts
    from simulator.legs import Leg

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
LOOPBACK = {"127.0.0.1", "localhost"}


class Console:
    """The routes below /console."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._exchange = parts.exchange

    def blueprint(self) -> Blueprint:
        """The routes, those of the calls among them."""
        console = Blueprint(
            "console", __name__, url_prefix="/console", static_folder="static", static_url_path="/static"
        )
        console.before_request(_only_from_here)
        console.after_app_request(_keeps_to_itself)
        console.register_error_handler(ConsoleError, _refused)
        for method, path, handler in (
            ("GET", "/healthz", self.healthz),
            ("GET", "/phones/<phone>", self.telephone),
            ("POST", "/phones/<phone>", self.behave),
            ("GET", "/journal", self.journal),
            ("POST", "/end-all", self.end_all),
            ("GET", "/faults", self.faults),
            ("POST", "/faults", self.goes_wrong),
            ("DELETE", "/faults", self.works_again),
        ):
            console.add_url_rule(path, handler.__name__, handler, methods=[method])
        for part in (calls, clock, state, mails, wire, speech, stories):
            console.register_blueprint(part.blueprint(self._parts))
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
        behaviour = str(wish().get("behaviour", ""))
        try:
            self._exchange.behave(phone, behaviour)
        except ValueError as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        return jsonify({"number": phone, "behaviour": behaviour})

    def journal(self) -> ResponseReturnValue:
        """The entries after number `after`, waiting for the first."""
        entries, after = self._exchange.journal.after, int(number("after", 0))
        self._exchange.watch(lambda: bool(entries(after)), number("wait", 0.0))
        return jsonify({"entries": entries(after)})

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
    own = request.host.partition(":")[0] in LOOPBACK
    own = own and request.headers.get("Origin", f"http://{request.host}") == f"http://{request.host}"
    if not own or not _is_asked_by_own_page():
        raise ConsoleError(403, "the console answers on 127.0.0.1 only")


def _is_asked_by_own_page() -> bool:
    """Whether no page of another place asks: its images send no Origin, but browsers of today say where they stand.

    Following a link to the page, or to a mail, is somebody's own doing.
    """
    if request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}:
        return True
    followed = request.headers.get("Sec-Fetch-Mode") == "navigate", request.headers.get("Sec-Fetch-Dest") == "document"
    return request.method == "GET" and all(followed)


def _keeps_to_itself(answer: Response) -> Response:
    if not request.path.startswith("/console/"):
        return answer  # Twilio's part of the stand-in answers as Twilio does
    # What callers, mails and names contain is anybody's: nothing in it may run, or ask for anything elsewhere.
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refused(error: ConsoleError) -> ResponseReturnValue:
    return jsonify({"error": str(error)}), error.status
