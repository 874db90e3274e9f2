"""The console's part for one call: look, press, speak, hang up, answer."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, request

from simulator.conditions import hears_keys, press_keys, taping, until
from simulator.console.wishes import ConsoleError, finite, number, wish
from simulator.legs import RINGABLE, Leg
from simulator.lines import EngagedError
from simulator.speech import NoSpeechError, seconds_of, spoken

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts

KEYS = frozenset("0123456789*#")
CALLER = re.compile(r"[+\w.@:-]{1,60}", re.ASCII)
LONGEST_MESSAGE = 14400.0  # seconds: a call's own limit


class CallsConsole:
    """Telephones in one's hands."""

    def __init__(self, parts: Parts) -> None:
        self._exchange = parts.exchange
        self._lines = parts.lines

    def blueprint(self) -> Blueprint:
        """The routes below /console/calls."""
        calls = Blueprint("calls", __name__)
        for method, path, handler in (
            ("POST", "/calls", self.place),
            ("GET", "/calls", self.list_calls),
            ("GET", "/calls/<sid>", self.call),
            ("POST", "/calls/<sid>/press", self.press),
            ("POST", "/calls/<sid>/speak", self.speak),
            ("POST", "/calls/<sid>/stay-silent", self.stay_silent),
            ("POST", "/calls/<sid>/hang-up", self.hang_up),
            ("POST", "/calls/<sid>/answer", self.answer),
            ("POST", "/calls/<sid>/decline", self.decline),
        ):
            calls.add_url_rule(path, handler.__name__, handler, methods=[method])
        return calls

    def place(self) -> ResponseReturnValue:
        """Dial a number of the account."""
        body = wish()
        from_, to = str(body.get("from", "")), str(body.get("to") or self._exchange.settings.hotline)
        if not from_:
            raise ConsoleError(400, 'say who calls: {"from": "+32470123456"} or {"from": "anonymous"}')
        if not CALLER.fullmatch(from_):
            raise ConsoleError(400, f"{from_!r} is neither a number nor a word such as anonymous")
        try:
            leg = self._lines.dials_in(from_, to)
        except EngagedError:
            raise ConsoleError(409, f"{from_} is in a call already") from None
        except ValueError as trouble:
            raise ConsoleError(404, str(trouble)) from trouble
        self._exchange.journal.add("console", deed="place", sid=leg.sid, to=to, **{"from": from_})
        return jsonify({"sid": leg.sid}), 201

    def list_calls(self) -> ResponseReturnValue:
        """All legs, oldest first."""
        with self._exchange.changed:
            return jsonify({"calls": [self._seen(leg) for leg in self._exchange.legs.values()]})

    def call(self, sid: str) -> ResponseReturnValue:
        """One leg, after waiting for a condition."""
        leg = self._leg(sid)
        try:
            condition = until(leg, request.args.get("until", ""), int(number("since", 0)))
        except ValueError as trouble:
            raise ConsoleError(400, str(trouble)) from trouble
        # What can no longer happen is not waited for.
        self._exchange.watch(lambda: condition.holds() or condition.hopeless(), number("wait", 0.0))
        with self._exchange.changed:
            return jsonify({**self._seen(leg), "met": condition.holds()})

    def press(self, sid: str) -> ResponseReturnValue:
        """Press keys."""
        leg, digits = self._leg(sid), str(wish().get("digits", ""))
        if not digits or not KEYS.issuperset(digits):
            raise ConsoleError(400, f"{digits!r} are no keys")
        # A key pressed a moment before the Gather listens would be lost: wait for it, as a caller waits for the menu.
        self._exchange.watch(lambda: hears_keys(leg) or not leg.live, number("wait", 0.0))
        with self._exchange.changed:
            heard = press_keys(leg, digits, self._exchange.clock)
            self._exchange.changed_now()
        if not heard:
            raise ConsoleError(409, f"nobody listens for keys on {sid} ({leg.status})")
        return self._told("press", leg, digits=digits)

    def speak(self, sid: str) -> ResponseReturnValue:
        """Say something where a Record runs; with a language, as long as the words last, and in these words."""
        leg, body = self._leg(sid), wish()
        text, language = str(body.get("text", "")), str(body.get("language", ""))
        seconds = finite(body["seconds"]) if "seconds" in body else 0.0
        if seconds is None or not 0 <= seconds <= LONGEST_MESSAGE:
            raise ConsoleError(400, f"seconds is a number from 0 to {LONGEST_MESSAGE:.0f}")
        lasts = _lasts(text, language)
        self._exchange.watch(lambda: taping(leg) or not leg.live, number("wait", 0.0))
        with self._exchange.changed:
            if leg.taping is None or not taping(leg):
                raise ConsoleError(409, f"nothing is recorded on {sid}")
            leg.taping.spoken += max(seconds, lasts) or 3.0
            if language:
                leg.taping.words, leg.taping.language = f"{leg.taping.words} {text}".strip(), language
            leg.taping.quiet_until = self._exchange.clock.deadline(leg.taping.silence)
            at = self._exchange.clock.now().isoformat()
            leg.transcript.append({"verb": "Spoken", "text": text, "at": at})
            self._exchange.changed_now()
        return self._told("speak", leg)

    def stay_silent(self, sid: str) -> ResponseReturnValue:
        """Let the Gather or Record that runs time out now."""
        leg = self._leg(sid)
        self._exchange.watch(lambda: bool(leg.gathering) or taping(leg) or not leg.live, number("wait", 0.0))
        with self._exchange.changed:
            if leg.gathering is not None:
                leg.gathering.closed = True
            elif leg.taping is not None and taping(leg):
                leg.taping.ended_by = "silence"
            else:
                raise ConsoleError(409, f"nothing listens on {sid}")
            self._exchange.changed_now()
        return self._told("stay-silent", leg)

    def hang_up(self, sid: str) -> ResponseReturnValue:
        """Hang up."""
        leg = self._leg(sid)
        if not self._exchange.hang_up(leg):
            raise ConsoleError(409, f"{sid} has ended ({leg.status})")
        return self._told("hang-up", leg)

    def answer(self, sid: str) -> ResponseReturnValue:
        """Answer a ringing telephone."""
        return self._at_the_ringing(sid, "answer")

    def decline(self, sid: str) -> ResponseReturnValue:
        """Decline a ringing telephone."""
        return self._at_the_ringing(sid, "decline")

    def _at_the_ringing(self, sid: str, deed: str) -> ResponseReturnValue:
        leg = self._leg(sid)
        self._exchange.watch(lambda: leg.status not in RINGABLE - {"ringing"}, number("wait", 0.0))
        with self._exchange.changed:
            if leg.status != "ringing" or leg.direction == "inbound":
                raise ConsoleError(409, f"{sid} does not ring ({leg.status})")
            leg.picked_up, leg.declined = deed == "answer", deed == "decline"
            self._exchange.changed_now()
            # The next read shows what the deed led to.
            self._exchange.watch(lambda: leg.status != "ringing", 5.0)
        return self._told(deed, leg)

    def _seen(self, leg: Leg) -> dict[str, Any]:
        return leg.as_seen(self._exchange.clock.now())

    def _told(self, deed: str, leg: Leg, **facts: object) -> ResponseReturnValue:
        self._exchange.journal.add("console", deed=deed, sid=leg.sid, **facts)
        with self._exchange.changed:
            return jsonify(self._seen(leg))

    def _leg(self, sid: str) -> Leg:
        leg = self._exchange.legs.get(sid)
        if leg is None:
            raise ConsoleError(404, f"there is no call {sid}")
        return leg


def _lasts(text: str, language: str) -> int:
    """Whole seconds that the words last aloud; 0 where they cannot be said here."""
    try:
        return math.ceil(seconds_of(spoken(text, language)))
    except (NoSpeechError, ValueError):
        return 0


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    return CallsConsole(parts).blueprint()
