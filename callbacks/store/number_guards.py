"""Numbers that are never dialled: the list, and the question whether a number is on it."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from callbacks.errors import RefusedInput
from callbacks.store.transitions import Cause, note, record_birth
from models.number_guard import NumberGuard
from models.vocabulary import NumberRule, Subject


def guard_of(session: Session, number: str, now: datetime) -> NumberGuard | None:
    """Return the first entry that keeps this number from being dialled now, if there is one."""
    statement = select(NumberGuard).where(_covers(number), _counts(now)).order_by(NumberGuard.id).limit(1)
    return session.scalar(statement)


def is_guarded(number: InstrumentedAttribute[str], now: datetime) -> ColumnElement[bool]:
    """Return a condition for a statement of its own: the number in this column is on the list now."""
    same = and_(NumberGuard.whole, NumberGuard.prefix == number)
    begins = and_(~NumberGuard.whole, func.substr(number, 1, func.length(NumberGuard.prefix)) == NumberGuard.prefix)
    return exists().where(or_(same, begins), _counts(now))


def everything(session: Session) -> list[NumberGuard]:
    """Return every entry, those that have run out among them, in the order they were entered."""
    return list(session.scalars(select(NumberGuard).order_by(NumberGuard.id)))


def add(session: Session, prefix: str, *, whole: bool, expires_at: datetime | None, cause: Cause) -> int:
    """Enter a number (`whole`) or a beginning of numbers, both as E.164; return the entry's number."""
    row = NumberGuard(
        prefix=prefix,
        whole=whole,
        why=cause.why,
        entered_by=cause.who,
        entered_at=cause.at,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    record_birth(session, Subject.NUMBER, row.id, NumberRule.BLOCKED, cause)
    return row.id


def remove(session: Session, guard_id: int, cause: Cause) -> None:
    """Take an entry off the list. Raises RefusedInput when there is none with this number."""
    gone = session.execute(delete(NumberGuard).where(NumberGuard.id == guard_id).returning(NumberGuard.id)).all()
    if not gone:
        message = f"there is no entry number {guard_id}"
        raise RefusedInput(message)
    note(session, Subject.NUMBER, guard_id, NumberRule.ALLOWED, cause)


def _counts(now: datetime) -> ColumnElement[bool]:
    # Up to its end and not at it. When it was entered takes no part: the wall clock may have been set back since.
    return or_(NumberGuard.expires_at.is_(None), NumberGuard.expires_at > now)


def _covers(number: str) -> ColumnElement[bool]:
    """Return the condition that an entry covers this number, as a list the index is asked for."""
    beginnings = [number[:length] for length in range(1, len(number) + 1)]
    return and_(NumberGuard.prefix.in_(beginnings), or_(~NumberGuard.whole, NumberGuard.prefix == number))
