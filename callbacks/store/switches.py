"""What is switched off for the whole desk: dialling and intake by a person, breaker and daily limit by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.store.rows import put
from callbacks.store.transitions import WHY_LIMIT, Cause, note
from models.upkeep import Switch
from models.vocabulary import Subject

DIALLING = "dialling"
INTAKE = "intake"
BREAKER = "breaker"
DAILY_LIMIT = "daily_limit"
PROBE_SECONDS = 60
NO_CALLS = "no calls are placed"
NOT_DONE = {INTAKE: "only outages are taken from callers"}


class Hand(StrEnum):
    """What a person may switch off."""

    DIALLING = DIALLING
    INTAKE = INTAKE


NUMBERS = {Hand.DIALLING: 1, Hand.INTAKE: 2}
"""Under which number the history knows a switch."""


class Turned(StrEnum):
    """How a person left a switch, for the history."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True)
class Off:
    """A switch that is off: why, since when, and whose hand it was; nobody's where it tripped by itself."""

    name: str
    why: str
    who: str | None
    at: datetime


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


def takes_all(session: Session) -> bool:
    """Say whether the hotline takes every question; if not, outages alone."""
    row = session.get(Switch, INTAKE)
    return row is None or row.is_on


def all_off(session: Session) -> list[Off]:
    """Return everything that is switched off, the longest first."""
    rows = session.scalars(select(Switch).where(Switch.is_on.is_(False)).order_by(Switch.at, Switch.name))
    return [Off(row.name, row.why, row.who, row.at) for row in rows]


def is_switched_off() -> ColumnElement[bool]:
    """Return a condition for the statement that dials the customer: a person has stopped all dialling."""
    return exists().where(Switch.name == DIALLING, Switch.is_on.is_(False))


def reasons_off(session: Session) -> list[str]:
    """Return what is not done at present and why, a sentence a switch: for people to read."""
    rows = session.scalars(select(Switch).where(Switch.is_on.is_(False)).order_by(Switch.name))
    return [f"{row.name.replace('_', ' ')}: {NOT_DONE.get(row.name, NO_CALLS)} ({row.why})" for row in rows]


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


def turn(session: Session, hand: Hand, cause: Cause, *, on: bool) -> None:
    """Switch something off or on by a person's hand, with his name and his reason.

    Raises RuleRefused where it stands so already: the name and the reason of whoever was first are kept.
    """
    standing = select(Switch).where(Switch.name == hand).with_for_update()
    row = session.scalar(standing.execution_options(populate_existing=True))
    if (row is None or row.is_on) is on:
        message = f"{hand} is {Turned.ON if on else Turned.OFF} already"
        raise RuleRefused(Rule.STANDS_SO, message)
    _turn(session, hand, cause.why, cause.at, on=on, who=cause.who)
    note(session, Subject.SWITCH, NUMBERS[hand], Turned.ON if on else Turned.OFF, cause)


def _turn(session: Session, name: str, why: str, now: datetime, *, on: bool, who: str | None = None) -> None:
    put(session, Switch, str(name), is_on=on, why=why[:WHY_LIMIT], who=who, at=now)
    session.expire_all()
