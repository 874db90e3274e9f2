"""One play of a story: each word of `simulator.stories.steps`, done on the telephones and told in a sentence."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from simulator.stories import clearing
from simulator.stories.steps import DEADLINE_SECONDS, Step, StoryError, word_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simulator.clocks import Clocks
    from simulator.legs import Leg
    from simulator.stories.cast import Cast
    from simulator.stories.inbox import Inbox
    from simulator.stories.stage import Stage

NOT_YET_SECONDS = 5.0
"""Who looks on wants to know after so many real ones what is waited for."""


class Play:
    """Plays steps that `check` has seen. `before` are calls that may have left something: who is still to be rung."""

    def __init__(
        self, stage: Stage, clock: Clocks, inbox: Inbox, cast: Cast, tell: Callable[[str], None], *, before: bool
    ) -> None:
        self._stage, self._clock, self._inbox, self._cast, self._tell = stage, clock, inbox, cast, tell
        self._before = before
        self.legs: dict[str, Leg] = {}
        """By the names that the story gives them; a name may move on to another leg."""
        self.sids: set[str] = set()
        """Every leg that the story knows of."""
        self._heard: dict[str, int] = {}
        self._begins = self._moved = stage.newest()
        self._quiet: set[str] = set()

    def run(self, steps: Sequence[Step]) -> None:
        """Play all of them. Raises StoryError where something does not happen, StoppedError when it is stopped."""
        self._cast.rests()
        self._stage.exchange.end_all()
        words: dict[str, Callable[[Step, float], None]] = {
            "tell": self._says,
            "clear": self._clear,
            "clock": self._goes_to,
            "advance": self._advance,
            "behave": self._behave,
            "call": self._call,
            "silent": self._silent,
            "rings": self._rings,
            "listen": self._listen,
            "answer": self._answer,
            "decline": self._decline,
            "joined": self._joined,
            "hang_up": self._hang_up,
            "ended": self._ended,
            "hears": self._hears,
            "press": self._press,
            "mail": self._mail,
        }
        for step in steps:
            with _advice(step):
                words[word_of(step)](step, float(step.get("deadline", DEADLINE_SECONDS)))
            self._stage.beat()
        self._stays_quiet()

    def tidy(self) -> None:
        """Hang up what is left of it, and give every telephone back to its owner."""
        exchange = self._stage.exchange
        with exchange.changed:
            left = self.family() | {leg.sid for leg in self._stage.rung_since(self._cast.numbers(), self._begins)}
            for leg in list(exchange.legs.values()):
                if leg.sid in left and leg.live:
                    exchange.hang_up(leg)
        self._cast.rests()

    def family(self) -> set[str]:
        """Every call that the story knows of, those that its calls dialled among them."""
        with self._stage.exchange.changed:
            legs = list(self._stage.exchange.legs.values())
        return {leg.sid for leg in legs if leg.sid in self.sids or leg.parent_sid in self.sids}

    def _says(self, step: Step, _deadline: float) -> None:
        self._tell(step["tell"])
        self._stage.reads(step["tell"])

    # ---- The hour

    def _goes_to(self, step: Step, _deadline: float) -> None:
        wish = step["clock"] if isinstance(step["clock"], dict) else {"to": step["clock"]}
        self._stays_quiet()
        now = self._clock.goes_to(wish["to"], float(wish.get("plus", 0)))
        self._moved = self._stage.newest()
        self._tell(f"It is {self._cast.local(now)}.")

    def _advance(self, step: Step, _deadline: float) -> None:
        self._stays_quiet()
        now = self._clock.advance(float(step["advance"]))
        self._moved = self._stage.newest()
        self._tell(f"{_span(step['advance'])} go by; it is {self._cast.local(now)}.")

    # ---- Telephones

    def _behave(self, step: Step, _deadline: float) -> None:
        for number, word in step["behave"].items():
            self._cast.behaves(number, word)

    def _call(self, step: Step, _deadline: float) -> None:
        self._tell(f"{self._cast.name(step['call'])} dials the hotline.")
        self._is_called(step["as"], self._stage.dials(step["call"]))

    def _listen(self, step: Step, deadline: float) -> None:
        leg = self._leg(step["listen"])
        self._stage.hears_out(f"{self._cast.who(leg)} should hear all that is said", leg, deadline)

    def _rings(self, step: Step, deadline: float) -> None:
        names = " or ".join(f"{self._cast.name(number)}'s" for number in step["rings"])
        found: list[Leg] = []

        def ringing() -> bool:
            legs = self._stage.rung_since(step["rings"], 0)
            found[:] = [leg for leg in legs if leg.status == "ringing" and leg.sid not in self.sids]
            return bool(found)

        if not self._stage.watch(ringing, min(NOT_YET_SECONDS, deadline)):
            self._tell(f"{names} telephone does not ring yet.")
        self._stage.until(f"{names} telephone should ring", ringing, deadline)
        self._tell(f"{self._cast.who(self._is_called(step['as'], found[0]))}'s telephone rings.")

    def _answer(self, step: Step, _deadline: float) -> None:
        leg = self._leg(step["answer"])
        self._stage.takes(f"{self._cast.who(leg)} should answer", leg, answer=True)
        self._tell(f"{self._cast.who(leg)} answers.")

    def _decline(self, step: Step, _deadline: float) -> None:
        leg = self._leg(step["decline"])
        self._stage.takes(f"{self._cast.who(leg)} should decline", leg, answer=False)
        self._tell(f"{self._cast.who(leg)} declines the call.")

    def _joined(self, step: Step, deadline: float) -> None:
        leg = self._leg(step["joined"])
        what = f"{self._cast.who(leg)} should be joined with somebody"
        self._stage.on_leg(what, leg, lambda: leg.live and leg.bridged_to is not None, deadline)
        other = self._stage.exchange.legs.get(leg.bridged_to or "")
        self._tell(
            f"{self._cast.who(leg)} and {self._cast.who(other) if other else 'the other side'} talk to each other."
        )

    def _hang_up(self, step: Step, deadline: float) -> None:
        leg = self._leg(step["hang_up"])
        self._tell(f"{self._cast.who(leg)} hangs up.")
        self._stage.hangs_up(f"the service should hear that {self._cast.who(leg)} hung up", leg, deadline)

    def _ended(self, step: Step, deadline: float) -> None:
        leg = self._leg(step["ended"])
        self._stage.is_over(f"{self._cast.who(leg)}'s call should end", leg, deadline)
        self._tell(f"{self._cast.who(leg)}'s call is over ({leg.status}).")
        if leg.status != step.get("status", leg.status):
            message = f"{self._cast.who(leg)}'s call should end {step['status']!r}, but it is {leg.status!r}"
            raise StoryError(message)

    def _hears(self, step: Step, deadline: float) -> None:
        leg, words = self._leg(step["hears"][0]), step["hears"][1]
        since, found = self._heard.get(leg.sid, 0), list[int]()

        def said() -> bool:
            lines = enumerate(leg.transcript[since:], since)
            found[:] = [n for n, line in lines if line["verb"] == "Say" and words in str(line["text"])]
            return bool(found)

        self._stage.on_leg(f"{self._cast.who(leg)} should hear {words!r}", leg, said, deadline)
        self._heard[leg.sid] = found[0] + 1
        self._tell(f"{self._cast.who(leg)} hears: “{leg.transcript[found[0]]['text']}”")

    def _press(self, step: Step, deadline: float) -> None:
        leg, keys = self._leg(step["press"][0]), step["press"][1]
        who, meaning = self._cast.who(leg), step.get("for", "")
        self._stage.presses(f"{who} should be asked for a key, to press {keys}", leg, keys, deadline)
        self._tell(f"{who} presses {keys}{f': {meaning}' if meaning else ''}.")

    # ---- Silence, mails, leftovers

    def _silent(self, step: Step, _deadline: float) -> None:
        self._quiet.update(step["silent"])
        self._stage.watch(lambda: bool(self._rung_in_silence()), float(step.get("for", 0)))
        self._raise_for_noise()
        names = list(map(self._cast.name, step["silent"]))
        whose = ", ".join(names[:-1]) + " and " + names[-1] if names[1:] else names[0]
        self._tell(f"The telephone{'s' if names[1:] else ''} of {whose} stay{'' if names[1:] else 's'} silent.")

    def _rung_in_silence(self) -> list[Leg]:
        told, rung = self.family(), self._stage.rung_since(self._quiet, self._moved)
        return [leg for leg in rung if leg.sid not in told]

    def _raise_for_noise(self) -> None:
        for leg in self._rung_in_silence():
            message = f"nobody should be rung now, but {self._cast.who(leg)} was"
            raise StoryError(message)

    def _stays_quiet(self) -> None:
        self._raise_for_noise()
        self._quiet.clear()

    def _mail(self, step: Step, deadline: float) -> None:
        address, words = step["mail"], step.get("subject", "")
        what = f"a mail to {address}{f' with {words!r} in its subject' if words else ''} should come"
        self._stage.until(what, lambda: self._inbox.next_for(address, words) is not None, deadline)
        if mail := self._inbox.next_for(address, words):
            self._tell(f"A mail to {address}: “{self._inbox.speaks_of(mail)}”")

    def _clear(self, step: Step, _deadline: float) -> None:
        if self._before:
            clearing.clear(self._stage, self._clock, self._cast, step, self._tell)
            self.sids.update(self._stage.exchange.legs)
        self._moved = self._stage.newest()

    # ---- Names

    def _is_called(self, name: str, leg: Leg) -> Leg:
        self.legs[name] = leg
        self.sids.add(leg.sid)
        return leg

    def _leg(self, name: str) -> Leg:
        if name not in self.legs:
            message = f"no call is called {name!r} yet"
            raise StoryError(message)
        return self.legs[name]


def _span(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [f"{count} {word}{'s' * (count != 1)}" for count, word in ((hours, "hour"), (minutes, "minute")) if count]
    return " and ".join(parts) or f"{seconds} seconds"


@contextmanager
def _advice(step: Step) -> Iterator[None]:
    """Whoever reads that it was in vain reads what to do, too."""
    try:
        yield
    except StoryError as trouble:
        advice = step.get("advice")
        raise (StoryError(f"{trouble}. {advice}") if advice else trouble) from trouble
