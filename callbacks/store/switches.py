"""Whether we may dial at all: the switch a supervisor turns, and the breaker that trips by itself."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from callbacks.store.rows import put
from models.upkeep import Switch

DIALLING = "dialling"
BREAKER = "breaker"
DAILY_LIMIT = "daily_limit"
PROBE_SECONDS = 60


class Dialling(StrEnum):
    """How freely calls may be placed."""

    ON = "on"
    PROBE = "probe"
    OFF = "off"


def dialling(session: Session, now: datetime) -> Dialling:
    """Say whether calls may be placed. After a trip of the breaker one probing call is let through every 60 seconds."""
    off = {row.name: row for row in session.scalars(select(Switch).where(Switch.is_on.is_(False)))}
    if DIALLING in off:
        return Dialling.OFF
    tripped = off.get(BREAKER)
    if tripped is None:
        return Dialling.ON
    # A trip dated after now was made before the wall clock was set back; it is as old as can be known.
    return Dialling.OFF if tripped.at <= now < tripped.at + timedelta(seconds=PROBE_SECONDS) else Dialling.PROBE


def is_stopped(session: Session) -> bool:
    """Say whether a person has stopped all dialling (the breaker only keeps new claims back)."""
    row = session.get(Switch, DIALLING)
    return row is not None and not row.is_on


def places_freely(session: Session, now: datetime) -> bool:
    """Say whether nothing keeps calls back: no person, no breaker, and no calls of the day that are spent."""
    return dialling(session, now) is Dialling.ON and not shows_daily_limit(session)


def is_switched_off() -> ColumnElement[bool]:
    """Return a condition for the statement that dials the customer: a person has stopped all dialling."""
    return exists().where(Switch.name == DIALLING, Switch.is_on.is_(False))


def reasons_off(session: Session) -> list[str]:
    """Return why calls are kept back at present, a sentence a switch: for people to read."""
    rows = session.scalars(select(Switch).where(Switch.is_on.is_(False)).order_by(Switch.name))
    return [f"{row.name.replace('_', ' ')}: no calls are placed ({row.why})" for row in rows]


def shows_daily_limit(session: Session) -> bool:
    """Say whether people are told at present that the day's calls are spent."""
    row = session.get(Switch, DAILY_LIMIT)
    return row is not None and not row.is_on


def show_daily_limit(session: Session, why: str, now: datetime) -> None:
    """Let people see that the day's calls are spent (`why`), or no longer (""). The count is what keeps calls back."""
    _turn(session, DAILY_LIMIT, why or "calls may be placed again", now, on=not why)


def trip_breaker(session: Session, why: str, now: datetime) -> None:
    """Pause dialling: the account, not one number, is at fault."""
    _turn(session, BREAKER, why, now, on=False)


def reset_breaker(session: Session, now: datetime) -> None:
    """Dial freely again after a call was placed; nothing is written while the breaker is closed."""
    row = session.get(Switch, BREAKER)
    if row is not None and not row.is_on:
        _turn(session, BREAKER, "a call was placed", now, on=True)


def turn_dialling(session: Session, why: str, now: datetime, *, on: bool) -> None:
    """Stop or resume all dialling, by a person's hand."""
    _turn(session, DIALLING, why, now, on=on)


def _turn(session: Session, name: str, why: str, now: datetime, *, on: bool) -> None:
    put(session, Switch, name, is_on=on, why=why[:200], at=now)
    session.expire_all()
