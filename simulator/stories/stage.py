"""What a story does on the telephones: dial, listen, press, pick up, wait. Every wait can be stopped at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.conditions import hears_keys, press_keys
from simulator.lines import EngagedError
from simulator.stories.steps import DEADLINE_SECONDS, StoryError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable

    from simulator.exchange import Exchange
    from simulator.legs import Leg
    from simulator.lines import Lines

BEAT_SECONDS = 1.2
"""Between two steps, where people listen."""
READS_A_SECOND = 30
"""Characters."""
LISTENS_SECONDS = 6.0
"""So long somebody who knows the key listens to a menu, where speaking takes time."""
LONGEST_TALE = 900
"""Characters that are said before what a step waits for, at most."""


class StoppedError(Exception):
    """Somebody stopped the story."""


class Stage:
    """The telephones, in the hands of a story."""

    def __init__(self, exchange: Exchange, lines: Lines, stopped: threading.Event) -> None:
        self.exchange = exchange
        self._lines = lines
        self._stopped = stopped

    def watch(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether it came in so many real seconds. Raises StoppedError."""
        met = self.exchange.watch(lambda: self._stopped.is_set() or condition(), seconds)
        if self._stopped.is_set():
            raise StoppedError
        return met

    def until(self, what: str, condition: Callable[[], bool], seconds: float = DEADLINE_SECONDS) -> None:
        """Wait for it, longer where speaking takes time. Raises StoryError with `what` when it does not come."""
        rate = self.exchange.speech_rate
        patience = seconds + (LONGEST_TALE / rate if rate else 0.0)
        if not self.watch(condition, patience):
            message = f"{what}: waited {patience:.0f} seconds in vain"
            raise StoryError(message)

    def on_leg(self, what: str, leg: Leg, condition: Callable[[], bool], seconds: float) -> None:
        """Wait for something on a call; what cannot come any more, because it is over, is not waited for."""
        self.until(what, lambda: condition() or not leg.live, seconds)
        if not condition():
            message = f"{what}, but that call is over ({leg.status})"
            raise StoryError(message)

    def beat(self) -> None:
        """Let people follow, where they listen."""
        self._lets_pass(BEAT_SECONDS)

    def reads(self, words: str) -> None:
        """Let people read."""
        self._lets_pass(len(words) / READS_A_SECOND)

    def _lets_pass(self, seconds: float) -> None:
        if self.exchange.speech_rate:
            self.watch(lambda: False, seconds)

    def dials(self, number: str) -> Leg:
        """Dial the hotline."""
        exchange = self.exchange
        try:
            leg = self._lines.dials_in(number, exchange.settings.hotline)
        except EngagedError:
            message = f"{number} is in a call already"
            raise StoryError(message) from None
        exchange.journal.add("console", deed="place", sid=leg.sid, to=leg.to, **{"from": number})
        return leg

    def hears_out(self, what: str, leg: Leg, seconds: float) -> None:
        """Listen until all is said and a key would be heard, or the call is over."""
        self.until(what, lambda: not leg.live or _all_is_said(leg), seconds)

    def presses(self, what: str, leg: Leg, keys: str, seconds: float) -> None:
        """Press keys, one menu for all of them, once it listens; a menu is listened to for a while.

        In a talk only `*` is pressed: whatever comes first after it would not be heard by the menu that follows.
        """
        self.on_leg(what, leg, lambda: leg.gathering is not None or (keys == "*" and hears_keys(leg)), seconds)
        if self.exchange.speech_rate:
            self.watch(lambda: not leg.live or leg.gathering is None or _all_is_said(leg), LISTENS_SECONDS)
        with self.exchange.changed:
            heard = press_keys(leg, keys, self.exchange.clock)
            self.exchange.changed_now()
        if not heard:
            message = f"{what}, but nobody listens any more"
            raise StoryError(message)
        self.exchange.journal.add("console", deed="press", sid=leg.sid, digits=keys)

    def takes(self, what: str, leg: Leg, *, answer: bool) -> None:
        """Answer a ringing telephone, or decline."""
        with self.exchange.changed:
            rings = leg.status == "ringing"
            if rings:
                leg.picked_up, leg.declined = answer, not answer
                self.exchange.changed_now()
        if not rings:
            message = f"{what}, but the telephone does not ring any more ({leg.status})"
            raise StoryError(message)
        self.exchange.journal.add("console", deed="answer" if answer else "decline", sid=leg.sid)
        self.until(what, lambda: leg.status != "ringing")

    def hangs_up(self, what: str, leg: Leg, seconds: float) -> None:
        """Hang up, and wait until the service was told; who hears the call end by itself need not."""
        if self.exchange.hang_up(leg):
            self.exchange.journal.add("console", deed="hang-up", sid=leg.sid)
        self.is_over(what, leg, seconds)

    def is_over(self, what: str, leg: Leg, seconds: float) -> None:
        """Wait for the end of a call, and until the service was told."""
        self.until(what, lambda: not leg.live and leg.undelivered == 0, seconds)

    def rung_since(self, numbers: Iterable[str], moment: int) -> list[Leg]:
        """The legs to these telephones, in order, that are younger than leg number `moment`."""
        wanted = set(numbers)
        with self.exchange.changed:
            legs = list(self.exchange.legs.values())
        return [leg for leg in legs if leg.number > moment and leg.direction != "inbound" and leg.to in wanted]

    def is_busy(self) -> bool:
        """Whether any call lives."""
        with self.exchange.changed:
            return any(leg.live for leg in self.exchange.legs.values())

    def newest(self) -> int:
        """The number of the youngest leg, 0 before the first."""
        with self.exchange.changed:
            return max((leg.number for leg in self.exchange.legs.values()), default=0)


def _all_is_said(leg: Leg) -> bool:
    return leg.gathering is not None and leg.gathering.quiet_until is not None
