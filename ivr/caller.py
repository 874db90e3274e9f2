"""One request of a caller's line, read forgivingly: lost or foreign parameters never stop a call."""

from dataclasses import dataclass

from flask import g, request

from callbacks.ports import Services
from callbacks.workflows import registering
from callbacks.workflows.registering import Line

ROUNDS = 3
"""How often a caller is asked the same thing; the provider itself puts no end to a loop."""

LONGEST_KEYS = 32


@dataclass(frozen=True)
class Asked:
    """What the line answered: the keys pressed ("" for silence), in which round, after which turn within it."""

    line: Line
    keys: str
    round: int
    turn: int

    @property
    def is_last_round(self) -> bool:
        """Say whether this was the last time of asking."""
        return self.round >= ROUNDS

    def event(self, route: str, *, with_keys: bool = True) -> str:
        """Return the name under which this request is taken in once, as docs/protocol.md §10 has it."""
        counted = f"{self.round}.{self.turn}" if self.turn else str(self.round)
        return f"{self.line.call_sid}|{route}|{counted}" + (f"|{self.keys}" if with_keys else "")


def asked(services: Services) -> Asked:
    """Return this request; its line is written down if it was never heard of, so that no step depends on the first."""
    form = request.form
    line = registering.meets(services, form["CallSid"], form.get("From", ""))
    g.line = line
    keys = form.get("Digits", "")[:LONGEST_KEYS]
    return Asked(line, keys, max(1, _count("round")), _count("turn"))


def _count(name: str) -> int:
    text = request.args.get(name, "")
    return min(int(text), 1000) if text.isascii() and text.isdigit() and len(text) < LONGEST_KEYS else 0
