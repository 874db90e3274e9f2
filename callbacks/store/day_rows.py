"""What the schedule page is told of a day: plain facts, in aware UTC and seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callbacks.rules.calendar import Calendar
from callbacks.rules.queue_order import HeadStarts, Standing
from callbacks.store.foreseeing import Foreseen
from callbacks.store.promises import Planned
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    Agreement,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Language,
    Option,
    OverrideKind,
    TalkOutcome,
)


@dataclass(frozen=True)
class Caller:
    """Whom a call-back is for; company and contact are None for a caller we do not know."""

    ticket: int
    company: str | None
    contact: str | None
    number: str | None
    option: Option
    agreement: Agreement | None
    language: Language


@dataclass(frozen=True)
class Promise:
    """An open call-back as it stands. `why` is the stored reason of its last move.

    `promised` is the range told to the customer, `planned` when his turn is foreseen; None where there is none.
    `standing` is what its place in the queue depends on, `place` which it is, counted from 1 over the whole queue.
    `pinned_id` is the agent who is to call him.
    """

    id: int
    caller: Caller
    state: CallbackState
    arrived_at: datetime
    standing: Standing
    rank: int
    tries: int
    not_before: datetime | None
    last_outcome: CustomerOutcome | None
    why: str | None
    promised: tuple[datetime, datetime] | None = None
    planned: Planned | None = None
    pinned_id: int | None = None
    place: int | None = None


@dataclass(frozen=True)
class Try:
    """One attempt, live or ended, and what has become of its call-back. `at` is when its agent was claimed.

    `handled_seconds` is how long it took its agent, once that was measured.
    """

    id: int
    caller: Caller
    agent: str
    at: datetime
    since: datetime
    state: AttemptState
    callback_state: CallbackState
    agent_outcome: AgentOutcome | None
    customer_outcome: CustomerOutcome | None
    talk_outcome: TalkOutcome | None
    talk_seconds: int
    key_pressed: bool | None = None
    callback_id: int = 0
    agent_id: int = 0
    ended_at: datetime | None = None
    handled_seconds: int | None = None


@dataclass(frozen=True)
class Colleague:
    """A person of the desk who takes calls; `away_why` is the reason of his break."""

    name: str
    state: AgentState
    since: datetime
    until: datetime | None
    languages: str
    wants_off_duty: bool
    away_why: str | None = None


@dataclass(frozen=True)
class Missed:
    """Somebody who rang and chose nothing; `company` where the number is a customer's.

    `ticket` is what he has been promised a call about since, by himself or by somebody who knew.
    """

    call_sid: str
    at: datetime
    number: str | None
    company: str | None
    ticket: int | None


@dataclass(frozen=True)
class HoursException:
    """A supervisor's exception to the hours, with his note."""

    kind: OverrideKind
    starts: datetime
    ends: datetime
    note: str


@dataclass(frozen=True)
class Day:
    """One moment of one day, all of it read in one transaction. `starts` and `ends` are the day's midnights.

    `found` is how many of those who wait were asked for: `queue` is a page of them. Of `missed_calls` in all, `missed`
    are the latest.
    """

    now: datetime
    starts: datetime
    ends: datetime
    calendar: Calendar
    head_starts: HeadStarts
    announced: str | None
    waiting: int
    found: int
    oldest_arrival: datetime | None
    queue: Sequence[Promise]
    held: Sequence[Promise]
    resting: Sequence[Promise]
    needs_human: Sequence[Promise]
    running: Sequence[Try]
    tries: Sequence[Try]
    without_outcome: Sequence[Try]
    colleagues: Sequence[Colleague]
    missed: Sequence[Missed]
    missed_calls: int
    exceptions: Sequence[HoursException]
    foreseen: Foreseen
