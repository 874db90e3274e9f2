"""The console's part for one call: look, press, speak, hang up, answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, request

from simulator.conditions import hears_keys, press_keys, taping, until
from simulator.legs import RINGABLE, Leg
from simulator.lines import EngagedError
from simulator.wishes import ConsoleError, number, wish

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.exchange import Exchange
    from simulator.lines import Lines

KEYS = frozenset("0123456789*#")


def calls_blueprint(exchange: Exchange, lines: Lines) -> Blueprint:  # noqa: C901 - one route after another
    """The routes below /console/calls."""
    calls = Blueprint("calls", __name__)

    @calls.post("/calls")
    def place() -> ResponseReturnValue:
        body = wish()
        from_, to = str(body.get("from", "")), str(body.get("to") or exchange.settings.hotline)
        if not from_:
            raise ConsoleError(400, 'say who calls: {"from": "+32470123456"} or {"from": "anonymous"}')
        try:
            leg = lines.dials_in(from_, to)
        except EngagedError:
            raise ConsoleError(409, f"{from_} is in a call already") from None
        except ValueError as trouble:
            raise ConsoleError(404, str(trouble)) from trouble
        return jsonify({"sid": leg.sid}), 201

    @calls.get("/calls")
    def list_calls() -> ResponseReturnValue:
        with exchange.changed:
            return jsonify({"calls": [seen(leg) for leg in exchange.legs.values()]})

    @calls.get("/calls/<sid>")
    def call(sid: str) -> ResponseReturnValue:
        leg = leg_of(sid)
        try:
            condition = until(leg, request.args.get("until", ""), int(number("since", 0)))
        except ValueError as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        # What can no longer happen is not waited for.
        exchange.watch(lambda: condition.holds() or condition.hopeless(), number("wait", 0.0))
        with exchange.changed:
            return jsonify({**seen(leg), "met": condition.holds()})

    @calls.post("/calls/<sid>/press")
    def press(sid: str) -> ResponseReturnValue:
        leg, digits = leg_of(sid), str(wish().get("digits", ""))
        if not digits or not KEYS.issuperset(digits):
            raise ConsoleError(400, f"{digits!r} are no keys")
        # A key pressed a moment before the Gather listens would be lost: wait for it, as a caller waits for the menu.
        exchange.watch(lambda: hears_keys(leg) or not leg.live, number("wait", 0.0))
        with exchange.changed:
            heard = press_keys(leg, digits)
            exchange.changed_now()
        if not heard:
            raise ConsoleError(409, f"nobody listens for keys on {sid} ({leg.status})")
        return told("press", leg, digits=digits)

    @calls.post("/calls/<sid>/speak")
    def speak(sid: str) -> ResponseReturnValue:
        leg, body = leg_of(sid), wish()
        exchange.watch(lambda: taping(leg) or not leg.live, number("wait", 0.0))
        with exchange.changed:
            if leg.taping is None or not taping(leg):
                raise ConsoleError(409, f"nothing is recorded on {sid}")
            leg.taping.spoken += float(body.get("seconds", 3))
            at = exchange.clock.now().isoformat()
            leg.transcript.append({"verb": "Spoken", "text": str(body.get("text", "")), "at": at})
            exchange.changed_now()
        return told("speak", leg)

    @calls.post("/calls/<sid>/stay-silent")
    def stay_silent(sid: str) -> ResponseReturnValue:
        leg = leg_of(sid)
        exchange.watch(lambda: bool(leg.gathering) or taping(leg) or not leg.live, number("wait", 0.0))
        with exchange.changed:
            if leg.gathering is not None:
                leg.gathering.closed = True
            elif leg.taping is not None and taping(leg):
                leg.taping.ended_by = "silence"
            else:
                raise ConsoleError(409, f"nothing listens on {sid}")
            exchange.changed_now()
        return told("stay-silent", leg)

    @calls.post("/calls/<sid>/hang-up")
    def hang_up(sid: str) -> ResponseReturnValue:
        leg = leg_of(sid)
        if not exchange.hang_up(leg):
            raise ConsoleError(409, f"{sid} has ended ({leg.status})")
        return told("hang-up", leg)

    @calls.post("/calls/<sid>/answer")
    def answer(sid: str) -> ResponseReturnValue:
        return at_the_ringing(sid, "answer")

    @calls.post("/calls/<sid>/decline")
    def decline(sid: str) -> ResponseReturnValue:
        return at_the_ringing(sid, "decline")

    def at_the_ringing(sid: str, deed: str) -> ResponseReturnValue:
        leg = leg_of(sid)
        exchange.watch(lambda: leg.status not in RINGABLE - {"ringing"}, number("wait", 0.0))
        with exchange.changed:
            if leg.status != "ringing" or leg.direction == "inbound":
                raise ConsoleError(409, f"{sid} does not ring ({leg.status})")
            leg.picked_up, leg.declined = deed == "answer", deed == "decline"
            exchange.changed_now()
            # The next read shows what the deed led to.
            exchange.watch(lambda: leg.status != "ringing", 5.0)
        return told(deed, leg)

    def seen(leg: Leg) -> dict[str, Any]:
        return leg.as_seen(exchange.clock.now())

    def told(deed: str, leg: Leg, **facts: object) -> ResponseReturnValue:
        exchange.journal.add("console", deed=deed, sid=leg.sid, **facts)
        with exchange.changed:
            return jsonify(seen(leg))

    def leg_of(sid: str) -> Leg:
        leg = exchange.legs.get(sid)
        if leg is None:
            raise ConsoleError(404, f"there is no call {sid}")
        return leg

    return calls
