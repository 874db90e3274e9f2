"""One day as it is drawn and listed, whichever it is: plain facts, in aware UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from callbacks.rules.calendar import Window
from callbacks.rules.windows import Span
from callbacks.store.day_rows import Caller, HoursException, Try


class Kind(StrEnum):
    """What a block of the day is."""

    DONE = "done"
    FAILED = "failed"
    RUNNING = "running"
    PLANNED = "planned"
    APPOINTMENT = "appointment"
    RESTING = "resting"


@dataclass(frozen=True)
class Block:
    """One stretch of the day that is about one ticket. `agent_id` is None where nobody has been named yet.

    `late`: its promise is past without a call, or was when the customer's telephone rang. `tried` is the attempt that
    was made or goes on; `promised` the range in force of what is still to come.
    """

    kind: Kind
    agent_id: int | None
    agent: str
    starts: datetime
    ends: datetime
    caller: Caller
    late: bool
    tried: Try | None = None
    promised: Span | None = None


@dataclass(frozen=True)
class Column:
    """An agent who has something on this day or works on it; `away` is when he does not work, by his rota."""

    id: int
    name: str
    away: Sequence[Span]


@dataclass(frozen=True)
class Sheet:
    """One day, all of it read in one transaction. `starts` and `ends` are its midnights.

    `left_out` is how many calls are foreseen beyond those that were read.
    """

    day: date
    now: datetime
    starts: datetime
    ends: datetime
    windows: Sequence[Window]
    exceptions: Sequence[HoursException]
    columns: Sequence[Column]
    blocks: Sequence[Block]
    left_out: int
