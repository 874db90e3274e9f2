"""The calls-per-second that all dial workers share, and which reserved attempt takes the next slot."""

from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from models.callback import Attempt
from models.upkeep import DialPace
from models.vocabulary import AttemptState

PACE_ROW = 1


def take_due(session: Session, rules: HouseRules, now: datetime) -> tuple[int, datetime] | None:
    """Give the longest due reserved attempt the next slot; return its id and the instant it may be sent.

    Taking the slot is taking the attempt: `slot_at` is set where it was empty, so that two workers never wait for the
    same one. The lease runs from the slot. Returns None when nothing is due.
    """
    attempt_id = session.scalar(
        select(Attempt.id)
        .where(
            Attempt.state == AttemptState.RESERVED,
            Attempt.slot_at.is_(None),
            # An instant to ring that lies before its own reservation's past was set by another wall clock: ring now.
            or_(Attempt.ring_at <= now, Attempt.reserved_at > now),
        )
        .order_by(Attempt.ring_at, Attempt.id)
        .limit(1)
        .with_for_update(skip_locked=True),
    )
    if attempt_id is None:
        return None
    slot = _next_slot(session, rules, now)
    taken = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.RESERVED, Attempt.slot_at.is_(None))
        .values(slot_at=slot, lease_until=slot + timedelta(seconds=rules.lease))
        .returning(Attempt.id),
    ).all()
    return (attempt_id, slot) if taken else None


def due_count(session: Session, now: datetime) -> int:
    """Return how many reserved attempts wait for a dial worker."""
    statement = (
        select(func.count())
        .select_from(Attempt)
        .where(
            and_(Attempt.state == AttemptState.RESERVED, Attempt.slot_at.is_(None)),
            or_(Attempt.ring_at <= now, Attempt.reserved_at > now),
        )
    )
    return session.scalar(statement) or 0


def _next_slot(session: Session, rules: HouseRules, now: datetime) -> datetime:
    step = round(1000 / rules.calls_per_second)
    now_ms = round(now.timestamp() * 1000)
    _lock(session, now_ms)
    queued = session.scalar(
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.state == AttemptState.RESERVED, Attempt.slot_at.is_not(None)),
    )
    # No honest queue is longer than the attempts that wait in it; a longer one was left by a clock set back since.
    believable = now_ms + step * ((queued or 0) + 2)
    next_ms = session.scalars(
        update(DialPace)
        .where(DialPace.id == PACE_ROW)
        .values(
            next_ms=case((DialPace.next_ms.between(now_ms, believable), DialPace.next_ms), else_=now_ms) + step,
        )
        .returning(DialPace.next_ms),
    ).one()
    return now + timedelta(milliseconds=next_ms - step - now_ms)


def _lock(session: Session, now_ms: int) -> None:
    """Let one worker at a time take a slot, up to its commit.

    How many wait has to be counted after the one before has committed: counted too early, an honest queue of several
    workers looks like one that a clock set back has left, and two calls leave at once.
    """
    row = select(DialPace.id).where(DialPace.id == PACE_ROW).with_for_update()
    if session.scalar(row) is not None:
        return
    try:
        with session.begin_nested():
            session.add(DialPace(id=PACE_ROW, next_ms=now_ms))
    except IntegrityError:
        # The very first call of two workers at once: whoever was first has written the row.
        session.scalar(row)
