"""When something will next be due, and what is due now: the clock process's view of the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import HouseRules
from callbacks.rules.calendar import Calendar
from callbacks.store import agents, hours, pace
from models.agent import Agent
from models.callback import Attempt, Callback
from models.outbox import OutboxMail
from models.vocabulary import AgentState, AttemptState, CallbackState, MailState

RESTING_BATCH = 200


@dataclass(frozen=True)
class Due:
    """What there is to do now, and the next instant at which that may change (None: nothing known)."""

    resting: tuple[int, ...]
    dispatch: bool
    dial: bool
    mail: bool
    doubt: bool
    next_at: datetime | None


def look(session: Session, rules: HouseRules, now: datetime) -> Due:
    """Return what is due at `now`."""
    calendar = hours.calendar(session, rules)
    resting = session.scalars(
        select(Callback.id)
        .where(Callback.state == CallbackState.RESTING, or_(Callback.not_before.is_(None), Callback.not_before <= now))
        .order_by(Callback.not_before)
        .limit(RESTING_BATCH),
    )
    open_now, opens_at = _openness(calendar, now, rules.last_call_margin)
    moments = [
        session.scalar(select(func.min(Callback.not_before)).where(Callback.state == CallbackState.RESTING)),
        session.scalar(
            select(func.min(Attempt.ring_at)).where(Attempt.state == AttemptState.RESERVED, Attempt.slot_at.is_(None)),
        ),
        session.scalar(select(func.min(Attempt.lease_until)).where(Attempt.state == AttemptState.RESERVED)),
        session.scalar(select(func.min(Agent.state_until)).where(Agent.state_until > now)),
        session.scalar(
            select(func.min(OutboxMail.due_at)).where(OutboxMail.state == MailState.PENDING, OutboxMail.due_at > now),
        ),
        opens_at,
    ]
    future = [moment for moment in moments if moment is not None and moment > now]
    return Due(
        resting=tuple(resting),
        dispatch=open_now and _can_dispatch(session, now),
        dial=pace.due_count(session, now) > 0,
        mail=_mail_is_due(session, now),
        doubt=_exists(session, select(Attempt.id).where(Attempt.state == AttemptState.UNKNOWN)),
        next_at=min(future, default=None),
    )


def _openness(calendar: Calendar, now: datetime, margin: int) -> tuple[bool, datetime | None]:
    """Say whether agents may be rung, and when it opens where it is closed.

    A calendar that cannot answer stops the calls, and nothing but the calls: mails and sweeps go on.
    """
    try:
        return calendar.may_ring_agent(now, margin), None if calendar.is_open(now) else calendar.next_open(now)
    except RingbackError:
        return False, None


def _can_dispatch(session: Session, now: datetime) -> bool:
    waiting = _exists(session, select(Callback.id).where(Callback.state == CallbackState.WAITING))
    return waiting and _exists(session, select(Agent.id).where(Agent.state == AgentState.FREE, agents.rested(now)))


def _mail_is_due(session: Session, now: datetime) -> bool:
    statement = select(OutboxMail.id).where(
        OutboxMail.state.in_((MailState.PENDING, MailState.SENDING)),
        OutboxMail.due_at <= now,
    )
    return _exists(session, statement)


def _exists(session: Session, statement: Select[int]) -> bool:
    return session.scalar(statement.limit(1)) is not None
