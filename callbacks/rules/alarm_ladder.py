"""Who is told of an alarm, and after how long: the agents, then the supervisors, then every supervisor by mail."""

from dataclasses import dataclass
from enum import IntEnum

from models.vocabulary import AlarmKind

PROOF_SECONDS = 15
"""How long, by monotonic time, a cause must seem to be there before anybody hears of it: wall clocks may be wrong."""

NOBODY_LOOKS = frozenset({AlarmKind.OUTAGE_CLOSED})
"""Alarms of hours at which nobody has a page open: they are mailed at once."""


class Step(IntEnum):
    """How far an alarm has come; each step includes those before it."""

    SUSPECTED = 0
    AGENTS = 1
    SUPERVISORS = 2
    MAIL = 3


@dataclass(frozen=True)
class Patience:
    """Seconds from the agents' step to the supervisors', and from the agents' to the mail."""

    supervisors: int
    mail: int


def step(kind: AlarmKind, lasted: float, patience: Patience) -> Step:
    """Return the step that an alarm has reached whose cause has lasted so many monotonic seconds."""
    shown = lasted - PROOF_SECONDS
    if shown < 0:
        return Step.SUSPECTED
    if kind in NOBODY_LOOKS or shown >= max(patience.mail, patience.supervisors):
        return Step.MAIL
    return Step.SUPERVISORS if shown >= patience.supervisors else Step.AGENTS
