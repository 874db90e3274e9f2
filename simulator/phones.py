"""How each telephone behaves when it is rung."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.legs import Leg

MANUAL = "manual"
PLAIN = frozenset({MANUAL, "answers", "busy", "rings_out", "voicemail", "fails"})
PRESSES = "answers_and_presses:"
HANGS_UP = "hangs_up:"
LONGEST_STAY = 14400.0  # seconds; Twilio's own limit for a call

# A status and the SIP answer behind it: 404 unreachable, 486 busy, 487 given up, 603 declined (Call resource page,
# SipResponseCode). A declined call is `no-answer` at Twilio, not `busy` (Call status values).
Verdict = tuple[str, int]
ANSWERED: Verdict = ("in-progress", 200)
VERDICTS: dict[str, Verdict | None] = {
    "manual": None,
    "busy": ("busy", 486),
    "rings_out": ("no-answer", 487),
    "fails": ("failed", 404),
}


class Phones:
    """Behaviours by number; a number nobody described is `manual`: it rings until told."""

    def __init__(self) -> None:
        self._behaviours: dict[str, str] = {}

    def behaviour(self, number: str) -> str:
        """The word for this number."""
        return self._behaviours.get(number, MANUAL)

    def described(self) -> dict[str, str]:
        """The words of all numbers that are not `manual`."""
        return {number: word for number, word in self._behaviours.items() if word != MANUAL}

    def set(self, number: str, behaviour: str) -> None:
        """Describe a telephone. Raises ValueError for an unknown word; a telephone that rings obeys at once."""
        keys = behaviour.removeprefix(PRESSES)
        pressing = keys not in {behaviour, ""} and all(key in "0123456789*#," for key in keys)
        if behaviour not in PLAIN and not pressing and _stay(behaviour) is None:
            words = ", ".join([*sorted(PLAIN), f"{PRESSES}<digits>"])
            message = f"unknown behaviour {behaviour!r}: {words} or {HANGS_UP}<seconds>"
            raise ValueError(message)
        self._behaviours[number] = behaviour

    def verdict(self, leg: Leg) -> Verdict | None:
        """What a ringing telephone does now; None while it goes on ringing."""
        if leg.picked_up:
            return ANSWERED
        if leg.declined:
            return "no-answer", 603
        return VERDICTS.get(self.behaviour(leg.to), ANSWERED)

    def picks_up(self, leg: Leg) -> None:
        """Give the leg its owner's fingers: keys for Gather after Gather, none (voicemail), or a hand on the hook."""
        behaviour = self.behaviour(leg.to)
        leg.silent = behaviour == "voicemail"
        leg.stays = _stay(behaviour)
        if behaviour.startswith(PRESSES):
            keys = behaviour.removeprefix(PRESSES)
            # "12" answers two Gathers; with commas each may take several keys: "1,0470123456#".
            leg.keys_to_press = [part for part in keys.split(",") if part] if "," in keys else list(keys)


def _stay(behaviour: str) -> float | None:
    """Seconds from the answer to the hang-up; None for another word, or for no such time."""
    written = behaviour.removeprefix(HANGS_UP)
    try:
        seconds = float(written) if written != behaviour else math.nan
    except ValueError:
        return None
    return seconds if 0 <= seconds <= LONGEST_STAY else None
