"""A desk in front of a real database, with a clock that is moved by hand: agents, waiting customers, their telephones.

Speaks the words of the house, so that a test reads as what happens to people.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.ports import Database, Services
from callbacks.store import hours, legs
from callbacks.store.legs import LegNews
from callbacks.workflows import bridging, dialing, dispatching, keeping_time, screening, telling, wrapping_up
from callbacks.workflows.briefing import Briefing
from callbacks.workflows.ringing_customer import DialOrder, Refusal
from callbacks.workflows.screening import Greeting
from callbacks.workflows.telling import AfterTalk, DialResult
from models.agent import Agent
from models.callback import Attempt, Callback, CallLeg
from models.history import History
from models.ticket import Ticket, TimeEntry
from models.vocabulary import (
    AgentState,
    CallbackState,
    Language,
    LegKind,
    LegStatus,
    Option,
    Subject,
    TalkOutcome,
)
from tests.phone_stand_in import ScriptedPhone, sid
from tests.set_clock import SetClock
from tests.stand_ins import RecordingBell, add_agent, add_callback, add_ticket, services_with

TUESDAY_TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""Ten o'clock in Brussels on an ordinary Tuesday."""


def brussels(day: str, time: str) -> datetime:
    """Return the instant of a wall time in winter (UTC+1), such as 2026-11-24 and 11:57:50."""
    return datetime.fromisoformat(f"{day}T{time}+01:00").astimezone(UTC)


class CallDesk:
    """Everything a test touches."""

    def __init__(self, database: Database, at: datetime = TUESDAY_TEN) -> None:
        """Open the desk with its usual hours and nobody in it."""
        self.clock = SetClock(at)
        self.phone = ScriptedPhone()
        self.bell = RecordingBell()
        self.services: Services = replace(services_with(database, self.clock), phone=self.phone, bell=self.bell)
        self._numbers = count(1)
        self._events = count(1)
        self._sids: dict[int, str] = {}
        with database.write() as session:
            hours.settle(session, self.services.rules, at)

    # ---- Who there is

    def rules(self, **changes: Any) -> None:
        """Change the house's tunables."""
        self.services = replace(self.services, rules=replace(self.services.rules, **changes))

    def agent(
        self, name: str = "Bart", *, languages: str = "nl,fr", idle_since: datetime | None = None, **columns: Any
    ) -> int:
        """Let somebody come on duty, with a telephone of his own."""
        n = next(self._numbers)
        with self.services.database.write() as session:
            since = idle_since or self.clock.at
            agent = add_agent(session, since, name=name, phone=f"+324700000{n:02}", **columns)
            agent.languages = languages
            return agent.id

    def waits(
        self,
        *,
        number: str | None = None,
        option: Option = Option.OUTAGE,
        language: Language = Language.NL,
        owner: int | None = None,
        pinned: int | None = None,
        **columns: Any,
    ) -> int:
        """Let a customer wait to be called back."""
        n = next(self._numbers)
        with self.services.database.write() as session:
            ticket = add_ticket(session, self.clock.at, number=10000 + n, option=option, language=language)
            ticket.owner_id = owner
            callback = add_callback(session, self.clock.at, ticket, number=number or f"+324711111{n:02}", **columns)
            callback.pinned_agent_id = pinned
            return callback.id

    # ---- What the machinery does

    def dispatch(self) -> int:
        """Join agents and customers."""
        return dispatching.dispatch(self.services)

    def dial(self) -> int:
        """Ring due agents; waiting for a slot moves the clock."""
        return dialing.dial_due(self.services, lambda seconds: None if seconds <= 0 else self._pass(seconds))

    def ring(self) -> int:
        """Dispatch and dial; return how many requests were sent."""
        self.dispatch()
        return self.dial()

    def tick(self) -> datetime | None:
        """One look of the clock process."""
        return keeping_time.tick(self.services)

    def _pass(self, seconds: float) -> None:
        self.clock.move(seconds=seconds)

    # ---- What the agent and the customer do; `call` counts the requests that left, the latest is -1

    def token(self, call: int = -1) -> str:
        """Return the secret in the addresses of a call."""
        return self.phone.placed[call].url.rsplit("/", 1)[1]

    def sid_of(self, call: int = -1) -> str:
        """Return the SID of the leg of a call, or the one that the attempt would get from its first webhook."""
        with self.services.database.read() as session:
            digest = legs.digest(self.token(call))
            bound = session.scalar(select(Attempt.call_sid).where(Attempt.token_digest == digest))
        return bound or sid(f"{len(self.phone.placed)}7")

    def answers(self, call: int = -1, *, call_sid: str | None = None) -> Briefing | Refusal:
        """Let the agent pick up."""
        return bridging.answered(self.services, self.token(call), call_sid or self.sid_of(call))

    def accepts(self, call: int = -1, *, call_sid: str | None = None) -> str | Refusal:
        """Let the agent press 1; returns the document for his leg."""
        return bridging.accepted(self.services, self.token(call), call_sid or self.sid_of(call), _document)

    def declines(self, call: int = -1) -> None:
        """Let the agent press 2, and hang up."""
        bridging.declined(self.services, self.token(call), self.sid_of(call))
        self.agent_leg(LegStatus.COMPLETED, call=call, seconds=8)

    def agent_leg(
        self,
        status: LegStatus,
        *,
        call: int = -1,
        sequence: int | None = None,
        seconds: int | None = None,
        call_sid: str | None = None,
        event: str | None = None,
    ) -> None:
        """Let the provider tell how the agent's leg goes."""
        news = LegNews(call_sid or self.sid_of(call), LegKind.AGENT, status, sequence, seconds)
        telling.told(self.services, self.token(call), news, event or self._event())

    def customer_leg(
        self,
        status: LegStatus,
        *,
        call: int = -1,
        sequence: int | None = None,
        seconds: int | None = None,
        event: str | None = None,
    ) -> None:
        """Let the provider tell how the customer's leg goes."""
        news = LegNews(self.child_of(call), LegKind.CUSTOMER, status, sequence, seconds, self.sid_of(call))
        telling.told(self.services, self.token(call), news, event or self._event())

    def child_of(self, call: int = -1) -> str:
        """Return the SID of the customer's leg of a call."""
        return "CB" + self.sid_of(call)[2:]

    def customer_answers(self, call: int = -1) -> Greeting | None:
        """Let the customer pick up; he hears the whisper."""
        return bridging.customer_answered(self.services, self.token(call), self.child_of(call), self.sid_of(call))

    def customer_presses(self, key: bool = True, turn: int = 1, call: int = -1) -> Greeting | None:
        """Let the customer press a key, or none until the time for it is over."""
        own, parent = self.child_of(call), self.sid_of(call)
        return screening.pressed(self.services, self.token(call), own, parent, key=key, turn=turn)

    def dial_action(
        self,
        status: LegStatus,
        *,
        call: int = -1,
        seconds: int | None = None,
        bridged: bool | None = None,
        child: bool = True,
    ) -> AfterTalk | None:
        """Let the agent's leg go on after the customer's side has ended."""
        result = DialResult(status, self.child_of(call) if child else None, seconds, bridged)
        return telling.dial_ended(self.services, self.token(call), self.sid_of(call), result)

    def outcome(self, outcome: TalkOutcome, call: int = -1) -> Language | None:
        """Let the agent key how the talk ended."""
        stands = wrapping_up.outcome_by_key(self.services, self.token(call), self.sid_of(call), outcome)
        return stands.language if stands else None

    def hangs_up(self, call: int = -1, seconds: int = 60) -> None:
        """Let the agent's leg end."""
        self.agent_leg(LegStatus.COMPLETED, call=call, seconds=seconds)

    # ---- Longer stories

    def connects(self, call: int = -1) -> str | Refusal:
        """Let the agent pick up and press 1."""
        self.answers(call)
        return self.accepts(call)

    def talks(self, seconds: int = 60, call: int = -1) -> None:
        """Let agent and customer be joined for so long; the agent is still on the line afterwards."""
        self.connects(call)
        self.customer_answers(call)
        self.clock.move(seconds=seconds)
        self.customer_leg(LegStatus.COMPLETED, call=call, seconds=seconds)
        self.dial_action(LegStatus.COMPLETED, call=call, seconds=seconds, bridged=True)

    def not_reached(self, status: LegStatus = LegStatus.NO_ANSWER, call: int = -1) -> None:
        """Let the customer's phone ring in vain, and the agent hang up."""
        self.connects(call)
        self.customer_leg(status, call=call)
        self.dial_action(status, call=call, bridged=False)
        self.hangs_up(call)

    # ---- What is remembered

    def callback(self, callback_id: int) -> Callback:
        """Return a call-back as it is now."""
        with self._look() as session:
            return session.get_one(Callback, callback_id)

    def state(self, callback_id: int) -> CallbackState:
        """Return where a call-back stands."""
        return self.callback(callback_id).state

    def attempts(self, callback_id: int) -> list[Attempt]:
        """Return all tries of a call-back, oldest first."""
        with self._look() as session:
            return list(session.scalars(select(Attempt).where(Attempt.callback_id == callback_id).order_by(Attempt.n)))

    def attempt(self, callback_id: int) -> Attempt:
        """Return the latest try of a call-back."""
        return self.attempts(callback_id)[-1]

    def person(self, agent_id: int) -> Agent:
        """Return an agent as he is now."""
        with self._look() as session:
            return session.get_one(Agent, agent_id)

    def doing(self, agent_id: int) -> AgentState:
        """Return what an agent is doing."""
        return self.person(agent_id).state

    def ticket(self, callback_id: int) -> Ticket:
        """Return the ticket of a call-back."""
        with self._look() as session:
            return session.get_one(Ticket, session.get_one(Callback, callback_id).ticket_id)

    def times(self, callback_id: int) -> list[TimeEntry]:
        """Return the time written on the ticket of a call-back."""
        with self._look() as session:
            entries = select(TimeEntry).join(Callback, Callback.ticket_id == TimeEntry.ticket_id)
            return list(session.scalars(entries.where(Callback.id == callback_id)))

    def leg(self, call_sid: str) -> CallLeg:
        """Return a leg as it is known."""
        with self._look() as session:
            return session.get_one(CallLeg, call_sid)

    def history(self, subject: Subject, subject_id: int) -> list[str]:
        """Return the states something went through."""
        with self._look() as session:
            rows = select(History).where(History.subject == subject, History.subject_id == subject_id)
            return [row.new_state for row in session.scalars(rows.order_by(History.id))]

    def change(self, table: Any, row_id: int, **columns: Any) -> None:
        """Set columns of a row by hand."""
        with self.services.database.write() as session:
            row = session.get_one(table, row_id)
            for name, value in columns.items():
                setattr(row, name, value)

    @contextmanager
    def _look(self) -> Iterator[Session]:
        with self.services.database.read() as session:
            yield session
            # The rollback at the end would otherwise make every row unreadable.
            session.expunge_all()

    def _event(self) -> str:
        return f"event {next(self._events)}"


def _document(order: DialOrder) -> str:
    return f"dial {order.number} for {order.ring_seconds}"
