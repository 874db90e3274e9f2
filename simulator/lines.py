"""The threads of the legs: one each, from the first ring to the end."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from simulator import gather, verbs
from simulator.dial import dial_with
from simulator.exchange import Exchange, LegEndedError, RedirectedError
from simulator.legs import Leg, Source, Subscription
from simulator.player import Player
from simulator.record import record_into

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.clock import Deadline
    from simulator.faults import Rule
    from simulator.player import Verb
    from simulator.recordings import Recordings
    from simulator.webhooks import Webhooks


log = logging.getLogger(__name__)


class EngagedError(Exception):
    """That telephone is in a call already."""


class Lines:
    """Starts legs."""

    def __init__(self, exchange: Exchange, webhooks: Webhooks, recordings: Recordings) -> None:
        self._exchange = exchange
        self._webhooks = webhooks
        self._verbs: dict[str, Verb] = {
            "Say": verbs.say_alone,
            "Play": verbs.play_alone,
            "Pause": verbs.pause_alone,
            "Redirect": verbs.redirect,
            "Hangup": verbs.hangup,
            "Reject": verbs.reject,
            "Gather": gather.gather,
            "Record": record_into(recordings),
            "Dial": dial_with(self.dials),
        }

    def dials_in(self, from_: str, to: str) -> Leg:
        """A call from the public to one of our numbers. Raises EngagedError, and ValueError for a number not ours."""
        exchange, settings = self._exchange, self._exchange.settings
        if to not in settings.numbers:
            message = f"{to} is not a number of this account"
            raise ValueError(message)
        with exchange.changed:
            if from_.startswith("+") and exchange.engaged(from_):
                raise EngagedError
            leg = exchange.new_leg(
                from_,
                to,
                "inbound",
                Source(settings.voice_url),
                subscription=Subscription(settings.status_callback) if settings.status_callback else None,
                fallback=Source(settings.voice_fallback_url) if settings.voice_fallback_url else None,
            )
            exchange.move(leg, "ringing")
        self._start(leg, self._inbound)
        return leg

    def calls_out(self, leg: Leg, kept: Rule | None = None) -> None:
        """Start a leg created over REST: queue (for as long as a rule keeps it there), ring, then its document."""
        departure = self._exchange.departure()

        def outbound(leg: Leg) -> None:
            self._exchange.wait(leg, lambda: False, departure)
            self._exchange.wait(leg, lambda: kept is None or kept.cleared)
            self._ring(leg)
            self._plays_to_the_end(leg)

        self._start(leg, outbound)

    def dials(self, leg: Leg) -> None:
        """Start a leg of <Dial>: it is never queued, and hears its whisper before it is joined."""
        self._start(leg, self._dialled)

    def _start(self, leg: Leg, life: Callable[[Leg], None]) -> None:
        def thread() -> None:
            try:
                life(leg)
            except LegEndedError:
                pass
            except Exception:
                # A leg whose thread died would be engaged for ever.
                log.exception("the call %s broke off", leg.sid)
                self._exchange.move(leg, "failed" if leg.answered is None else "completed")

        threading.Thread(target=thread, daemon=True, name=f"leg-{leg.sid}").start()

    def _inbound(self, leg: Leg) -> None:
        self._plays_to_the_end(leg)

    def _dialled(self, leg: Leg) -> None:
        exchange = self._exchange
        self._ring(leg)
        if leg.tones:
            # Number page, sendDigits: keyed when the call is answered, before the two are joined.
            exchange.journal.add("tones", sid=leg.sid, to=leg.to, tones=leg.tones)
        try:
            if leg.source is not None:
                Player(exchange, self._webhooks, leg, self._verbs, whisper=True).run(leg.source)
            with exchange.changed:
                leg.ready = True
                exchange.changed_now()
            exchange.wait(leg, lambda: False)
        except RedirectedError:
            # Call resource page: a call in progress is taken to other TwiML; the other side goes on with its Dial.
            with exchange.changed:
                leg.source, leg.redirect, leg.redirected_away = leg.redirect, None, True
                exchange.unbridge(leg)
            self._plays_to_the_end(leg)

    def _plays_to_the_end(self, leg: Leg) -> None:
        """Play the leg's document; when it runs out the call is hung up (TwiML page)."""
        if leg.source is not None:
            Player(self._exchange, self._webhooks, leg, self._verbs).run(leg.source)
        self._exchange.hang_up(leg)

    def _ring(self, leg: Leg) -> None:
        """Ring until answered. Raises LegEndedError when it comes to nothing."""
        exchange, phones = self._exchange, self._exchange.phones
        with exchange.changed:
            exchange.checkpoint(leg)
            exchange.move(leg, "initiated")
            if phones.behaviour(leg.to) == "busy" or exchange.engaged(leg.to, besides=leg):
                exchange.move(leg, "busy")
            elif phones.behaviour(leg.to) == "fails":
                exchange.move(leg, "failed")
            else:
                exchange.move(leg, "ringing")
            deadline = exchange.clock.deadline(leg.ring_seconds)
            exchange.wait(leg, lambda: phones.verdict(leg) is not None, deadline)
            status, sip_code = phones.verdict(leg) or ("no-answer", 487)
            phones.picks_up(leg)
            exchange.move(leg, status, sip_code)
            exchange.checkpoint(leg)
            if leg.stays is not None:
                threading.Thread(
                    target=self._leaves, args=(leg, exchange.clock.deadline(leg.stays)), daemon=True
                ).start()

    def _leaves(self, leg: Leg, at: Deadline) -> None:
        """Hang up when the time has come, whatever is heard: beside the thread that plays the leg's document."""
        exchange = self._exchange
        with exchange.changed:
            while leg.live and (left := exchange.clock.left(at)):
                exchange.changed.wait(left)
            exchange.hang_up(leg)
