"""The trail: everything that happened about one ticket, who did it and why, in the order in which it happened.

Bounded, and plain facts only: no database object leaves this module. What a state is called is the pages' to say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, and_, or_, select, union
from sqlalchemy.orm import Session

from models.agent import Agent
from models.callback import Attempt, Callback, CallLeg, Promise
from models.history import History
from models.outbox import OutboxMail
from models.ticket import TicketNote, TimeEntry, VoiceMessage
from models.vocabulary import LegKind, LegStatus, MailKind, PromiseResult, Subject, WorkKind

MOST_STEPS = 1000
"""The latest of them: a ticket that was called for weeks still opens at once."""


@dataclass(frozen=True)
class Deed:
    """A change or a note as the history keeps it. `attempt` counts the tries of its call-back, from 1."""

    at: datetime
    subject: Subject
    old: str | None
    new: str
    who: str
    why: str
    attempt: int | None = None
    mail: MailKind | None = None


@dataclass(frozen=True)
class Leg:
    """One telephone call. `seconds` and `ended_at` are None while it goes on, or where nobody told its end."""

    at: datetime
    kind: LegKind
    number: str | None
    status: LegStatus
    seconds: int | None
    ended_at: datetime | None
    call_sid: str


@dataclass(frozen=True)
class Given:
    """A range that was promised, by whom, and whether the customer heard or read of it."""

    at: datetime
    who: str
    starts: datetime
    ends: datetime
    told: bool


@dataclass(frozen=True)
class Settled:
    """What became of a promised range."""

    at: datetime
    starts: datetime
    ends: datetime
    result: PromiseResult


@dataclass(frozen=True)
class Worked:
    """Time written on the ticket. `measured` is what was measured where a person has corrected it."""

    at: datetime
    agent: str
    kind: WorkKind
    seconds: int
    measured: int | None
    why: str | None


@dataclass(frozen=True)
class Noted:
    """What a person of the desk wrote down."""

    at: datetime
    who: str
    body: str


Step = Deed | Leg | Given | Settled | Worked | Noted
_ORDER = (Deed, Leg, Settled, Given, Worked, Noted)
PROMISED = "promised "
"""How the note of a promise begins in the history; its range is told by the promise itself."""


def of_ticket(session: Session, ticket_id: int) -> list[Step]:
    """Return the latest steps of a ticket and its call-backs, in order."""
    callbacks = list(session.scalars(select(Callback.id).where(Callback.ticket_id == ticket_id)))
    deeds = _deeds(session, ticket_id, callbacks)
    promised = {deed.at: deed.who for deed in deeds if deed.old == deed.new and deed.why.startswith(PROMISED)}
    steps: list[Step] = [
        *(deed for deed in deeds if not (deed.old == deed.new and deed.why.startswith(PROMISED))),
        *_legs(session, ticket_id, callbacks),
        *_promises(session, callbacks, promised),
        *worked(session, ticket_id),
        *noted(session, ticket_id),
    ]
    # Stable: what happened at one instant stays in the order in which it was written down.
    return sorted(steps, key=lambda step: (step.at, _ORDER.index(type(step))))[-MOST_STEPS:]


def worked(session: Session, ticket_id: int) -> list[Worked]:
    """Return the time written on a ticket."""
    rows = session.execute(
        select(TimeEntry, Agent.name)
        .join(Agent, Agent.id == TimeEntry.agent_id)
        .where(TimeEntry.ticket_id == ticket_id)
        .order_by(TimeEntry.started_at, TimeEntry.id)
        .limit(MOST_STEPS),
    )
    return [
        Worked(entry.started_at, name, entry.kind, entry.seconds, entry.measured_seconds, entry.why)
        for entry, name in rows
    ]


def noted(session: Session, ticket_id: int) -> list[Noted]:
    """Return the notes on a ticket."""
    rows = session.execute(
        select(TicketNote, Agent.name)
        .join(Agent, Agent.id == TicketNote.agent_id)
        .where(TicketNote.ticket_id == ticket_id)
        .order_by(TicketNote.written_at, TicketNote.id)
        .limit(MOST_STEPS),
    )
    return [Noted(note.written_at, name, note.body) for note, name in rows]


def _deeds(session: Session, ticket_id: int, callbacks: Sequence[int]) -> list[Deed]:
    mails = {row.id: row.kind for row in _mails(session, ticket_id)}
    entries = select(TimeEntry.id).where(TimeEntry.ticket_id == ticket_id)
    tries = {row.id: row.n for row in _tries(session, callbacks)}
    about = or_(
        History.callback_id.in_(callbacks),
        and_(History.subject == Subject.TICKET, History.subject_id == ticket_id),
        and_(History.subject == Subject.MAIL, History.subject_id.in_(mails)),
        and_(History.subject == Subject.TIME_ENTRY, History.subject_id.in_(entries)),
    )
    newest = session.scalars(select(History).where(about).order_by(History.id.desc()).limit(MOST_STEPS)).all()
    return [
        Deed(
            row.at,
            row.subject,
            row.old_state,
            row.new_state,
            row.who,
            row.why,
            tries.get(row.subject_id) if row.subject is Subject.ATTEMPT else None,
            mails.get(row.subject_id) if row.subject is Subject.MAIL else None,
        )
        for row in reversed(newest)
    ]


def _mails(session: Session, ticket_id: int) -> Sequence[OutboxMail]:
    rows = select(OutboxMail).where(OutboxMail.ticket_id == ticket_id).order_by(OutboxMail.id.desc())
    return session.scalars(rows.limit(MOST_STEPS)).all()


def _tries(session: Session, callbacks: Sequence[int]) -> Sequence[Attempt]:
    rows = select(Attempt).where(Attempt.callback_id.in_(callbacks)).order_by(Attempt.id.desc())
    return session.scalars(rows.limit(MOST_STEPS)).all()


def _legs(session: Session, ticket_id: int, callbacks: Sequence[int]) -> list[Leg]:
    """Return the telephone calls: of its attempts, the one it came in by, and those of who rang again about it.

    Each kind by an index of its own, joined afterwards: the calls of years are not read. Who rings again is known by a
    number of his, so that his calls are found by it.
    """
    tries = select(Attempt.id).where(Attempt.callback_id.in_(callbacks))
    inbound = select(Callback.inbound_sid).where(Callback.id.in_(callbacks), Callback.inbound_sid.is_not(None))
    with_message = select(VoiceMessage.call_sid).where(VoiceMessage.ticket_id == ticket_id)
    numbers = {
        *session.scalars(select(Callback.number).where(Callback.id.in_(callbacks))),
        *session.scalars(select(CallLeg.number).where(CallLeg.call_sid.in_(inbound))),
    }
    sids: CompoundSelect[Any] = union(
        select(CallLeg.call_sid).where(CallLeg.attempt_id.in_(tries)),
        select(CallLeg.call_sid).where(CallLeg.number.in_(numbers - {None}), CallLeg.about_id.in_(callbacks)),
        inbound,
        with_message,
    )
    legs = select(CallLeg).where(CallLeg.call_sid.in_(sids)).order_by(CallLeg.started_at.desc()).limit(MOST_STEPS)
    return [
        Leg(row.started_at, row.kind, row.number, row.status, row.seconds, row.ended_at, row.call_sid)
        for row in reversed(session.scalars(legs).all())
    ]


def _promises(
    session: Session, callbacks: Sequence[int], promised: Mapping[datetime, str]
) -> Iterator[Given | Settled]:
    """Yield each promise twice: when it was given, and when it was settled."""
    rows = select(Promise).where(Promise.callback_id.in_(callbacks)).order_by(Promise.id.desc()).limit(MOST_STEPS)
    for row in reversed(session.scalars(rows).all()):
        yield Given(row.given_at, promised.get(row.given_at, ""), row.starts, row.ends, row.told)
        if row.result is not None:
            yield Settled(row.settled_at or row.given_at, row.starts, row.ends, row.result)
