"""Alarms, from the first suspicion until they are over. Each step is a guarded update with a history row beside it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Update, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from callbacks.ports import Uptime
from callbacks.rules.alarm_ladder import Step
from callbacks.store.alarm_causes import Alarming
from callbacks.store.signin import first_language
from callbacks.store.transitions import Cause, note
from models.agent import Agent
from models.alarm import Alarm
from models.base import Word
from models.callback import Callback
from models.customer import Customer
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import AlarmKind, Language, MailKind, Role, Subject

MOST = 2000


class Told(StrEnum):
    """What became of an alarm, for the history."""

    RAISED = "raised"
    TOLD = "told"
    MAILED = "mailed"
    OVER = "over"
    SEEN = "seen"


@dataclass(frozen=True)
class Open:
    """An alarm that is not over."""

    id: int
    key: str
    kind: AlarmKind
    since_boot: str
    since_ms: int
    step: Step


@dataclass(frozen=True)
class Shown:
    """An alarm as people read it; ticket and company where it is about a call-back of somebody known."""

    id: int
    kind: AlarmKind
    raised_at: datetime
    told_at: datetime | None
    ticket: int | None
    company: str | None
    number: str | None
    arrived_at: datetime | None
    promised_until: datetime | None
    pinned_to: int | None

    @property
    def since(self) -> datetime:
        """Return since when it is so, as people see it: the end of what was promised, the call, or the alarm itself."""
        if self.kind is AlarmKind.PROMISE_PAST:
            return self.promised_until or self.raised_at
        return self.arrived_at or self.raised_at


@dataclass(frozen=True)
class Reader:
    """A supervisor, as a mail meets him."""

    name: str
    email: str
    language: Language


def unfinished(session: Session) -> list[Open]:
    """Return every alarm that is not over, suspicions included."""
    rows = session.scalars(select(Alarm).where(Alarm.cleared_at.is_(None)).order_by(Alarm.id).limit(MOST))
    return [
        Open(
            row.id,
            row.key,
            row.kind,
            row.since_boot,
            row.since_ms,
            # Each step is taken after the one before it.
            Step(sum(at is not None for at in (row.raised_at, row.told_at, row.mailed_at))),
        )
        for row in rows
    ]


def never_told(session: Session, keys: Collection[str]) -> set[str]:
    """Return those causes of which there never was an alarm."""
    return set(keys) - set(session.scalars(select(Alarm.key).where(Alarm.key.in_(keys)))) if keys else set()


def suspect(session: Session, cause: Alarming, since: Uptime) -> bool:
    """Remember a cause that is seen for the first time; False where somebody else was first."""
    row = Alarm(kind=cause.kind, key=cause.key, callback_id=cause.callback_id, since_boot=since.boot, since_ms=since.ms)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return False
    return True


def start_again(session: Session, alarm_id: int, since: Uptime) -> None:
    """Count from now: nobody knows how long ago the machine was that counted before."""
    session.execute(update(Alarm).where(Alarm.id == alarm_id).values(since_boot=since.boot, since_ms=since.ms))


def raise_it(session: Session, alarm_id: int, cause: Cause) -> bool:
    """Show it to the agents; False where it is shown already, or over."""
    return _step(session, alarm_id, Alarm.raised_at, Told.RAISED, cause)


def tell_supervisors(session: Session, alarm_id: int, cause: Cause) -> bool:
    """Show it to the supervisors; False where it is shown already, or over, or not to the agents yet."""
    return _step(session, alarm_id, Alarm.told_at, Told.TOLD, cause, Alarm.raised_at.is_not(None))


def mark_mailed(session: Session, alarm_id: int, cause: Cause) -> bool:
    """Take the writing of its mail for oneself; False where it is mailed already, or over, or not shown to them yet."""
    return _step(session, alarm_id, Alarm.mailed_at, Told.MAILED, cause, Alarm.told_at.is_not(None))


def end(session: Session, alarm_id: int, cause: Cause) -> bool:
    """Let an alarm be over because its cause is gone; a mere suspicion leaves no trace."""
    doubt = delete(Alarm).where(Alarm.id == alarm_id, Alarm.raised_at.is_(None)).returning(Alarm.id)
    if session.execute(doubt.execution_options(synchronize_session=False)).all():
        return False
    return _clear(session, alarm_id, Told.OVER, cause)


def see(session: Session, alarm_id: int, cause: Cause) -> bool:
    """Let an alarm be over because somebody has seen it; False where it was over already, or never shown."""
    return _clear(session, alarm_id, Told.SEEN, cause, cleared_by=cause.who)


def shown(session: Session, *, to_supervisors: bool, ids: Collection[int] | None = None) -> list[Shown]:
    """Return the alarms on the pages of a role, the oldest first; of `ids` alone where they are given."""
    step = Alarm.told_at if to_supervisors else Alarm.raised_at
    statement = (
        select(Alarm, Callback, Ticket.number.label("ticket"), Customer.name.label("company"))
        .outerjoin(Callback, Callback.id == Alarm.callback_id)
        .outerjoin(Ticket, Ticket.id == Callback.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(Alarm.cleared_at.is_(None), step.is_not(None))
        .order_by(step, Alarm.id)
        .limit(MOST)
    )
    if ids is not None:
        statement = statement.where(Alarm.id.in_(ids))
    return [
        Shown(
            id=row.Alarm.id,
            kind=row.Alarm.kind,
            raised_at=row.Alarm.raised_at,
            told_at=row.Alarm.told_at,
            ticket=row.ticket,
            company=row.company,
            number=row.Callback.number if row.Callback else None,
            arrived_at=row.Callback.arrived_at if row.Callback else None,
            promised_until=row.Callback.promise_to if row.Callback else None,
            pinned_to=row.Callback.pinned_agent_id if row.Callback else None,
        )
        for row in session.execute(statement)
    ]


def supervisors(session: Session) -> list[Reader]:
    """Return everybody who is written to about an alarm."""
    rows = session.scalars(select(Agent).where(Agent.role == Role.SUPERVISOR).order_by(Agent.id))
    return [Reader(row.name, row.email, first_language(row.languages)) for row in rows]


def wrote_between(session: Session, start: datetime, end: datetime) -> bool:
    """Say whether a mail about alarms was written in (start, end]."""
    # The word stands in the statement itself: SQLite takes a partial index for no parameter.
    word = bindparam(None, MailKind.ALARM, Word(MailKind), literal_execute=True)
    statement = select(OutboxMail.id).where(
        OutboxMail.kind == word, OutboxMail.written_at > start, OutboxMail.written_at <= end
    )
    return session.scalar(statement.limit(1)) is not None


def _step(
    session: Session,
    alarm_id: int,
    column: InstrumentedAttribute[datetime | None],
    told: Told,
    cause: Cause,
    *after: ColumnElement[bool],
) -> bool:
    untaken = update(Alarm).where(Alarm.id == alarm_id, column.is_(None), Alarm.cleared_at.is_(None), *after)
    return _noted(session, alarm_id, untaken.values({column.key: cause.at}), told, cause)


def _clear(session: Session, alarm_id: int, told: Told, cause: Cause, cleared_by: str | None = None) -> bool:
    standing = update(Alarm).where(Alarm.id == alarm_id, Alarm.cleared_at.is_(None), Alarm.raised_at.is_not(None))
    return _noted(session, alarm_id, standing.values(cleared_at=cause.at, cleared_by=cleared_by), told, cause)


def _noted(session: Session, alarm_id: int, change: Update, told: Told, cause: Cause) -> bool:
    """Make the change, with its history row; False where it changes nothing."""
    row = session.execute(change.returning(Alarm.callback_id).execution_options(synchronize_session=False)).first()
    if row is None:
        return False
    session.expire_all()
    note(session, Subject.ALARM, alarm_id, told, cause, row.callback_id)
    return True
