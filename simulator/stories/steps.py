"""The words that the steps of a story are written in. A step is a JSON object: one word, and what belongs to it.

    {"tell": "…"}                                       a sentence
    {"clear": {"agent": "…", "customer": "…"}, "at": "next_opening", "again_after": 1900}
                                                        where calls of before may be left: both sides behave like that
                                                        from that moment on until nobody is rung any more
    {"clock": "lunch_break"}                            a moment that the service names
    {"clock": {"to": "end_of_week", "plus": 600}}       seconds after it
    {"advance": 240}                                    seconds
    {"behave": {"+32470123456": "busy"}}
    {"call": "+32470123456", "as": "caller"}            dials the hotline; that leg is called "caller" from then on
    {"silent": ["+32471000001"], "for": 2}              none was rung since the clock was moved last, besides what was
                                                        told, nor is in so many real seconds, nor until it is moved next
    {"rings": ["+32471000001"], "as": "agent"}          waits; that leg is called "agent" from then on
    {"listen": "caller"}                                until all is said and a key is waited for, or the call is over
    {"answer": "agent"} · {"decline": "agent"} · {"joined": "agent"} · {"hang_up": "agent"}
    {"hears": ["agent", "words"]} · {"press": ["agent", "1"], "for": "accepts"}
    {"ended": "customer", "status": "busy"}             waits, also until the service was told
    {"mail": "an@bakery.example", "subject": "…"}       a new one since the story began, that no step before spoke of

Steps that wait may say how long (`deadline`, real seconds), and what to do if it was in vain (`advice`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Step = dict[str, Any]
DEADLINE_SECONDS = 30.0
WAITS = frozenset({"deadline", "advice"})


class StoryError(Exception):
    """A story cannot be told as it is written, or something in it did not happen; the sentence says which."""


@dataclass(frozen=True)
class Word:
    """What a word takes, in words too, and which keys may stand beside it."""

    fits: Callable[[Any], bool]
    takes: str
    beside: frozenset[str] = frozenset()


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_text, value))


def _pair(value: object) -> bool:
    return _texts(value) and isinstance(value, list) and len(value) == len(("leg", "words"))


def _words_by_name(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_text, [*value, *value.values()]))


def _moment(value: object) -> bool:
    if not isinstance(value, dict):
        return _text(value)
    return _text(value.get("to")) and _number(value.get("plus", 0)) and not set(value) - {"to", "plus"}


_A_LEG = Word(_text, "the name of a leg", WAITS)
WORDS = {
    "tell": Word(_text, "a sentence"),
    "clear": Word(_words_by_name, "behaviours by side", frozenset({"at", "again_after"})),
    "clock": Word(_moment, 'a moment, or {"to": moment, "plus": seconds}'),
    "advance": Word(_number, "seconds"),
    "behave": Word(_words_by_name, "behaviours by number"),
    "call": Word(_text, "a number", frozenset({"as"})),
    "silent": Word(_texts, "numbers", frozenset({"for"})),
    "rings": Word(_texts, "numbers", WAITS | {"as"}),
    "listen": _A_LEG,
    "answer": _A_LEG,
    "decline": _A_LEG,
    "joined": _A_LEG,
    "hang_up": _A_LEG,
    "ended": Word(_text, "the name of a leg", WAITS | {"status"}),
    "hears": Word(_pair, "the name of a leg, and words", WAITS),
    "press": Word(_pair, "the name of a leg, and keys", WAITS | {"for"}),
    "mail": Word(_text, "an address", WAITS | {"subject"}),
}
NAMES_A_LEG = frozenset({"call", "rings"})
BESIDE: dict[str, Callable[[object], bool]] = {
    "deadline": _number,
    "again_after": _number,
    "for": lambda value: _number(value) or _text(value),
}
"""What else stands beside a word is a text."""


def word_of(step: Step) -> str:
    """The word of a step that `check` has seen."""
    return next(key for key in step if key in WORDS)


def check(steps: Sequence[Any]) -> None:
    """Raises StoryError for the first step that nobody could play, naming it and what is wrong with it."""
    for number, step in enumerate(steps, 1):
        if trouble := _trouble(step):
            message = f"step {number}: {trouble}"
            raise StoryError(message)
    if not steps:
        message = "a story without steps"
        raise StoryError(message)


def _trouble(step: object) -> str:
    if not isinstance(step, dict):
        return f"{step!r} is no JSON object"
    words = [key for key in step if key in WORDS]
    if len(words) != 1:
        unknown = ", ".join(repr(key) for key in step if key not in WORDS)
        return f"{len(words)} known words instead of one{f', and {unknown}' if unknown else ''}"
    name = words[0]
    if not WORDS[name].fits(step[name]):
        return f"{name!r} takes {WORDS[name].takes}, not {step[name]!r}"
    if name in NAMES_A_LEG and "as" not in step:
        return f"{name!r} says with 'as' what the leg is called"
    return next(filter(None, (_trouble_beside(name, key, step[key]) for key in step if key != name)), "")


def _trouble_beside(name: str, key: str, value: object) -> str:
    if key not in WORDS[name].beside:
        return f"{key!r} is no word, and does not stand beside {name!r}"
    return "" if BESIDE.get(key, _text)(value) else f"{value!r} is not what {key!r} can be"
