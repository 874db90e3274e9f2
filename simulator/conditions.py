"""What a reader of the console can wait for, and what a key does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.legs import RINGABLE, Leg

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.clock import Clock


@dataclass(frozen=True)
class Condition:
    """Whether it holds now, and whether it no longer can."""

    holds: Callable[[], bool]
    hopeless: Callable[[], bool]


def until(leg: Leg, word: str, since: int = 0) -> Condition:
    """The condition of that word, for one leg; `since` skips that many lines of the transcript for `said:`.

    `ringing gathering recording in-progress bridged ended`, `reported` (ended, and every status callback answered),
    `said:<text>`, or nothing. Raises ValueError for another word.
    """
    kind, _, text = word.partition(":")

    def ended() -> bool:
        return not leg.live

    simple: dict[str, Callable[[], bool]] = {
        "": lambda: True,
        "ringing": lambda: leg.status == "ringing",
        "gathering": lambda: leg.gathering is not None,
        "recording": lambda: taping(leg),
        "in-progress": lambda: leg.status == "in-progress",
        "bridged": lambda: leg.live and leg.bridged_to is not None,
    }
    if kind in simple and not text:
        return Condition(simple[kind], ended)
    if kind == "ended":
        return Condition(ended, ended)
    if kind == "reported":
        return Condition(lambda: not leg.live and leg.undelivered == 0, lambda: False)
    if kind == "said" and text:
        return Condition(lambda: any(text in str(line["text"]) for line in leg.transcript[since:]), ended)
    message = f"until is one of {', '.join(filter(None, simple))}, ended, reported, said:<text>; not {word!r}"
    raise ValueError(message)


def taping(leg: Leg) -> bool:
    """Whether a Record runs on the leg."""
    return leg.live and leg.taping is not None and leg.taping.ended_by is None


def hears_keys(leg: Leg) -> bool:
    """Whether a key pressed now is heard by a Gather, a Record or the other side's Dial."""
    return leg.gathering is not None or taping(leg) or (leg.status not in RINGABLE and leg.bridged_to is not None)


def press_keys(leg: Leg, keys: str, clock: Clock) -> bool:
    """Press keys; says whether anything heard one. The caller holds the exchange's condition."""
    heard = _hear(leg, keys, clock)
    if heard:
        leg.note_keys(keys)
    return heard


def _hear(leg: Leg, keys: str, clock: Clock) -> bool:
    if leg.gathering is not None:
        leg.gathering.quiet_until = clock.deadline(leg.gathering.timeout)
        return leg.gathering.feed(keys)
    if leg.taping is not None and taping(leg):
        ending = next((key for key in keys if key in leg.taping.finish_on_key), None)
        leg.taping.ended_by = ending
        return True
    if leg.live and leg.bridged_to is not None:
        # Dial page, hangupOnStar: the verb decides whether `*` means anything; the other side hears a tone.
        leg.pressed_star = leg.pressed_star or "*" in keys
        return True
    return False
