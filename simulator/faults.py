"""What goes wrong on purpose: rules that lose, delay, repeat, garble or refuse requests, in both directions.

A rule is meant for one kind of request (`on`) and, where `match` says so, only for those with these parameters, in
Twilio's words: `{"CallStatus": "completed", "Direction": "outbound-api"}`. Words of `do`:

| word | what happens |
|---|---|
| `lose` | the request never arrives; over REST the connection is reset |
| `lose-answer` | the request is acted upon, its answer never arrives |
| `delay` | the request is held before it arrives; a status callback is overtaken by later ones |
| `delay-answer` | the request is acted upon, its answer is held |
| `act-late` | the connection is reset, or refused with `code` or `status`; later it is acted upon all the same |
| `repeat` | the request is sent `copies` times more; the last answer counts |
| `reverse` | a leg's status callbacks are held until its end and told backwards |
| `garble` | the request is acted upon; the answer breaks off in the middle, or is `text` |
| `refuse` | the request is answered with `code` in Twilio's form, or with `status` and a proxy's page; not acted upon |
| `refuse-after` | the same answer, though the request was acted upon |
| `hide` | a list leaves out calls that are younger than `seconds`; all calls where no seconds are given |
| `queue` | the call stays in the queue until it is cancelled |

What is held comes after `seconds` of the simulator's clock, or when the rules are cleared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from simulator.clock import Clock
    from simulator.journal import Journal

_WEBHOOK = frozenset({"lose", "lose-answer", "delay", "repeat"})
_REST = frozenset({"lose", "lose-answer", "delay", "delay-answer", "garble", "refuse", "refuse-after"})
DOES: dict[str, frozenset[str]] = {
    "status-callback": _WEBHOOK | {"reverse"},
    "twiml": _WEBHOOK,
    "gather-action": _WEBHOOK,
    "dial-action": _WEBHOOK,
    "record-action": _WEBHOOK,
    "recording-status": _WEBHOOK,
    "create": _REST | {"act-late", "queue"},
    "list": _REST | {"hide"},
    "fetch": _REST,
    "update": _REST | {"act-late"},
}
_HTTP_ERRORS = frozenset(map(str, range(400, 600)))
_MOST = {"times": 10_000, "after": 10_000, "copies": 100, "code": 99_999, "status": 599, "seconds": 7 * 24 * 3600}
_NUMBERS = _MOST.keys()


@dataclass
class Rule:
    """One thing that goes wrong: for `times` requests (None: for all), not for the first `after` of them."""

    on: str
    do: str
    match: dict[str, str] = field(default_factory=dict)
    times: int | None = None
    after: int = 0
    seconds: float | None = None
    copies: int = 1
    code: int | None = None
    status: int | None = None
    text: str | None = None
    n: int = 0
    seen: int = 0
    applied: int = 0
    cleared: bool = False

    def fits(self, on: str, facts: Mapping[str, str], does: tuple[str, ...]) -> bool:
        """Whether the rule is meant for this request, however often it was applied."""
        wanted = all(facts.get(name) == value for name, value in self.match.items())
        return self.on == on and self.do in does and wanted


class Faults:
    """The rules in force. Whoever carries a request asks with `take`; what is held waits in `hold`."""

    def __init__(self, clock: Clock, changed: threading.Condition, journal: Journal) -> None:
        self._clock = clock
        self._changed = changed
        self._journal = journal
        self._made = 0
        self.rules: list[Rule] = []

    def add(self, rule: Rule) -> Rule:
        """Put a rule in force; gives it its number."""
        with self._changed:
            self._made += 1
            rule.n = self._made
            self.rules.append(rule)
            return rule

    def clear(self) -> None:
        """Take all rules back and let go of what they hold."""
        with self._changed:
            for rule in self.rules:
                rule.cleared = True
            self.rules = []
            self._changed.notify_all()

    def take(self, on: str, facts: Mapping[str, str], *does: str) -> Rule | None:
        """The first rule that now does one of these things to this request, counted as applied and journalled."""
        with self._changed:
            for rule in self.rules:
                if not rule.fits(on, facts, does) or rule.applied == rule.times:
                    continue
                rule.seen += 1
                if rule.seen <= rule.after:
                    continue
                rule.applied += 1
                self._journal.add("fault", rule=rule.n, on=on, do=rule.do, sid=facts.get("CallSid"))
                return rule
            return None

    def hold(self, rule: Rule) -> None:
        """Wait until the rule's seconds have passed by either clock, or until it is cleared."""
        with self._changed:
            deadline = None if rule.seconds is None else self._clock.deadline(rule.seconds)
            while not rule.cleared and (deadline is None or self._clock.left(deadline)):
                self._changed.wait(None if deadline is None else self._clock.left(deadline))


def rule_of(wish: Mapping[str, Any]) -> Rule:
    """Read a rule. Raises ValueError with a sentence for what makes no sense."""
    trouble = _nonsense(wish)
    if trouble is not None:
        raise ValueError(trouble)
    return Rule(**wish)


def _nonsense(wish: Mapping[str, Any]) -> str | None:
    on, do, match = str(wish.get("on")), str(wish.get("do")), wish.get("match", {})
    possible = DOES.get(on, frozenset())
    options = {name: value for name, value in wish.items() if name not in {"on", "do", "match"}}
    strange = [name for name in options if name not in _NUMBERS | {"text"}]
    sentences = (
        (on in DOES, f"on is one of {', '.join(DOES)}; not {on!r}"),
        (do in possible, f"on {on}, do is one of {', '.join(sorted(possible))}; not {do!r}"),
        (
            isinstance(match, dict) and all(isinstance(value, str) for value in match.values()),
            'match is an object of texts, such as {"To": "+32475000001"}',
        ),
        (not strange, f"a rule has no {', '.join(strange)}"),
        (isinstance(options.get("text", ""), str), "text is a text"),
        (
            all(_is_number(name, value) for name, value in options.items() if name in _NUMBERS),
            "numbers are whole, but for seconds, and at most "
            + ", ".join(f"{name} {most}" for name, most in _MOST.items()),
        ),
        (
            do not in {"refuse", "refuse-after"} or bool(options.keys() & {"code", "status"}),
            f"{do} needs a code of Twilio's error dictionary, or an HTTP status",
        ),
        (str(options.get("status", 400)) in _HTTP_ERRORS, "status is an HTTP error: 400 to 599"),
    )
    return next((sentence for fine, sentence in sentences if not fine), None)


def _is_number(name: str, value: object) -> bool:
    if name == "times" and value is None:
        return True
    kinds = (int, float) if name == "seconds" else (int,)
    return isinstance(value, kinds) and not isinstance(value, bool) and 0 <= value <= _MOST[name]
