"""What the database must say after every step (docs/protocol.md §1 and §2): nobody is forgotten, every move is told.

The arrows stand here a second time, by hand and from the protocol, so that the program's own table is judged too.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agent import Agent
from models.callback import Attempt, Callback, CallLeg
from models.history import History
from models.ticket import Ticket, TimeEntry
from models.vocabulary import CLOSED_ATTEMPTS, FINAL_LEGS, AttemptState, CustomerOutcome, Subject
from tests.stories.telling import Teller

ON_THE_WAY = [
    "placed",
    "agent_ringing",
    "agent_answered",
    "agent_accepted",
    "customer_dialling",
    "customer_ringing",
    "customer_answered",
    "bridged",
    "ended",
]
ARROWS = {
    Subject.CALLBACK: {
        "held": ["waiting", "needs_human", "cancelled"],
        "waiting": ["preparing", "resting", "cancelled", "needs_human"],
        "resting": ["waiting", "cancelled"],
        "preparing": ["active", "waiting", "cancelled", "needs_human"],
        "active": ["wrap_up", "waiting", "resting", "unreached", "cancelled", "needs_human"],
        "wrap_up": ["done", "resting", "unreached"],
        "needs_human": ["waiting", "done", "cancelled"],
    },
    Subject.ATTEMPT: {
        "reserved": ["sending", "withdrawn"],
        "sending": [*ON_THE_WAY, "reserved", "rejected", "not_placed", "unknown"],
        "unknown": [*ON_THE_WAY, "not_placed"],
        **{state: ON_THE_WAY[n + 1 :] for n, state in enumerate(ON_THE_WAY)},
    },
    Subject.AGENT: {
        "off_duty": ["free"],
        "free": ["reserved", "off_duty", "break", "paused"],
        "reserved": ["on_call", "free", "off_duty", "paused"],
        "on_call": ["wrap_up", "free", "off_duty", "paused"],
        "wrap_up": ["free", "off_duty"],
        "paused": ["free", "off_duty"],
        "break": ["free", "off_duty"],
    },
    Subject.TICKET: {
        "open": ["waiting_customer", "closed"],
        "waiting_customer": ["open", "closed"],
        "closed": ["open"],
    },
}
BORN = {Subject.CALLBACK: "held", Subject.ATTEMPT: "reserved", Subject.TICKET: "open"}
CLOSED = {"done", "cancelled", "unreached"}
TAKEN = {"reserved", "on_call"}


@dataclass
class Promises:
    """Looks into the database after every step, and follows each history row by row."""

    teller: Teller
    _last_row: int = 0
    _states: dict[tuple[Subject, int], str] = field(default_factory=dict)
    _dialled: Counter[int] = field(default_factory=Counter)
    _callbacks: set[int] = field(default_factory=set)

    def hold(self, session: Session) -> None:
        """Raise AssertionError with what is wrong."""
        history = session.scalars(select(History).where(History.id > self._last_row).order_by(History.id)).all()
        self.teller.consequences(history)
        for row in history:
            self._last_row = row.id
            self._moves(row)
        callbacks = session.scalars(select(Callback)).all()
        attempts = session.scalars(select(Attempt)).all()
        agents = session.scalars(select(Agent)).all()
        legs = {leg.call_sid: leg for leg in session.scalars(select(CallLeg))}
        self._is_as_told(Subject.CALLBACK, ((row.id, row.state) for row in callbacks))
        self._is_as_told(Subject.ATTEMPT, ((row.id, row.state) for row in attempts))
        self._is_as_told(Subject.AGENT, ((row.id, row.state) for row in agents), born_silently="free")
        self._is_as_told(Subject.TICKET, ((row.id, row.state) for row in session.scalars(select(Ticket))))
        self._nobody_is_lost(callbacks)
        latest = {attempt.callback_id: attempt for attempt in sorted(attempts, key=lambda each: each.n)}
        for callback in callbacks:
            _is_somewhere(callback, latest.get(callback.id))
        for agent in agents:
            _is_taken_by_something(agent, [each for each in attempts if each.agent_id == agent.id], legs)
        _talks_are_timed(attempts, session.scalars(select(TimeEntry)).all())

    def _moves(self, row: History) -> None:
        subject = Subject(row.subject)
        if subject not in ARROWS:
            return
        key = (subject, row.subject_id)
        told = f"{subject} {row.subject_id}: {row.old_state} → {row.new_state}"
        assert row.who, f"{told} by nobody"
        assert row.why, f"{told} without a reason"
        before = self._states.get(key)
        if before is None and row.old_state is None:
            assert row.new_state == BORN[subject], f"{told}, born like that"
        else:
            before = before or "free"
            assert row.old_state == before, f"{told}, but it was {before}"
            if row.new_state != before:
                assert row.new_state in ARROWS[subject].get(before, ()), f"{told}, for which there is no arrow"
        self._states[key] = row.new_state
        if subject is Subject.ATTEMPT and row.new_state == AttemptState.CUSTOMER_DIALLING != row.old_state:
            self._dialled[row.subject_id] += 1
            assert self._dialled[row.subject_id] == 1, f"{told}, for the second time"

    def _is_as_told(self, subject: Subject, rows: Iterable[tuple[int, str]], born_silently: str | None = None) -> None:
        for row_id, state in rows:
            told = self._states.get((subject, row_id), born_silently)
            assert told == state, f"{subject} {row_id} is {state}, and its history ends with {told}"

    def _nobody_is_lost(self, callbacks: Iterable[Callback]) -> None:
        now = {callback.id for callback in callbacks}
        assert now >= self._callbacks, f"call-backs are gone: {self._callbacks - now}"
        self._callbacks = now


def _is_somewhere(callback: Callback, attempt: Attempt | None) -> None:
    """Every open call-back is in somebody's hands: a caller's, the queue's, the clock's, an attempt's or a person's."""
    where = f"call-back {callback.id} is {callback.state} ({callback.why}), its attempt {attempt and attempt.state}"
    state = str(callback.state)
    assert (state in CLOSED) == (callback.closed_at is not None), where
    live = attempt is not None and attempt.state not in CLOSED_ATTEMPTS
    if state == "waiting":
        assert callback.number is not None, where
    if state in {"waiting", "resting"}:
        assert not callback.cancel_requested, f"{where}: it was to be cancelled"
    if state == "resting":
        assert callback.not_before is not None, where
    if state in {"preparing", "active"}:
        assert live, where
        assert attempt is not None, where
        assert attempt.fence == callback.fence, where
    else:
        assert not live, where
    if state == "wrap_up":
        assert attempt is not None, where
        assert attempt.customer_outcome is CustomerOutcome.BRIDGED, where
    if state in CLOSED | {"needs_human", "resting"}:
        assert callback.why, f"{where}: nobody is told why"


def _is_taken_by_something(agent: Agent, attempts: list[Attempt], legs: dict[str, CallLeg]) -> None:
    """An agent is kept by a live attempt, or by a leg of his whose end nobody has told; by nothing else."""
    live = [attempt for attempt in attempts if attempt.state not in CLOSED_ATTEMPTS]
    who = f"{agent.name} is {agent.state}"
    if str(agent.state) in TAKEN:
        known = [legs[attempt.call_sid] for attempt in attempts if attempt.call_sid in legs]
        assert live or any(leg.status not in FINAL_LEGS for leg in known), f"{who}, and nothing keeps him"
    else:
        assert not live, f"{who} while attempt {live[0].id} is {live[0].state}"


def _talks_are_timed(attempts: Iterable[Attempt], entries: Iterable[TimeEntry]) -> None:
    seconds = {entry.attempt_id: entry.seconds for entry in entries}
    talks = {each.id: each.talk_seconds for each in attempts if each.customer_outcome is CustomerOutcome.BRIDGED}
    assert seconds == talks, f"time entries (attempt: seconds) {seconds}, talks {talks}"
    assert Counter(entry.attempt_id for entry in entries).most_common(1)[0][1] == 1 if seconds else True
