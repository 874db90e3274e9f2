"""Seven days at a glance: hours, the room agents have, what was promised into it, and what was done."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import HouseRules
from callbacks.rules.calendar import OutOfReach, Window
from callbacks.rules.day_grid import bounds
from callbacks.rules.day_plan import Post
from callbacks.rules.room import Room, room
from callbacks.rules.windows import Span
from callbacks.store import hours, roster
from callbacks.store.day import exceptions_between
from callbacks.store.day_rows import HoursException
from callbacks.store.foreseeing import foresee
from callbacks.store.promises import IN_THE_QUEUE
from models.callback import Attempt, Callback
from models.vocabulary import LIVE_ATTEMPTS, CustomerOutcome

DAYS = 7
MOST_PROMISES = 20_000
NOTHING_GOES_ON = 0.0


@dataclass(frozen=True)
class DayLoad:
    """One day of the week. `room` is what is left of it from now on; None for days past, and beyond what is planned.

    `booked` moments were chosen, `promised` ranges told without one, `planned` calls are foreseen; `spoken_for` is the
    agents' time that the first two will take. `tried` attempts have ended, `talked` of them in a talk.
    """

    day: date
    windows: Sequence[Window]
    exceptions: Sequence[HoursException]
    room: Room | None
    booked: int
    promised: int
    planned: int
    spoken_for: timedelta
    tried: int
    talked: int


def read(session: Session, rules: HouseRules, now: datetime, monday: date) -> list[DayLoad]:
    """Return the seven days from `monday` on as they stand at `now`."""
    days = [monday + timedelta(days=n) for n in range(DAYS)]
    spans = [bounds(day, rules.zone) for day in days]
    slot = timedelta(minutes=rules.slot_minutes)
    posts = _posts(session, rules, spans, now)
    foreseen = foresee(session, rules, now)
    handling = timedelta(seconds=max(foreseen.handling.values(), default=0.0))
    booked, promised = _promised(session, spans)
    tried, talked = _done(session, spans)
    return [
        DayLoad(
            day=day,
            windows=_windows(session, rules, span),
            exceptions=exceptions_between(session, *span),
            room=room(posts, span, slot) if posts is not None and _is_planned(span, now) else None,
            booked=booked[n],
            promised=promised[n],
            planned=len(foreseen.between(*span)),
            spoken_for=booked[n] * slot + promised[n] * handling,
            tried=tried[n],
            talked=talked[n],
        )
        for n, (day, span) in enumerate(zip(days, spans, strict=True))
    ]


def _is_planned(span: Span, now: datetime) -> bool:
    return now < span[1] <= now + roster.PLANNED


def _posts(session: Session, rules: HouseRules, spans: Sequence[Span], now: datetime) -> list[Post] | None:
    """Return who takes calls when; None while the calendar cannot answer."""
    if not any(_is_planned(span, now) for span in spans):
        return None
    try:
        return roster.posts(session, rules, hours.calendar(session, rules), NOTHING_GOES_ON, now)
    except RingbackError:
        return None


def _windows(session: Session, rules: HouseRules, span: Span) -> list[Window]:
    try:
        return hours.calendar(session, rules).windows_between(*span)
    except OutOfReach:
        # The first or the last days of all that the calendar knows.
        return []


def _promised(session: Session, spans: Sequence[Span]) -> tuple[list[int], list[int]]:
    """Return how many open call-backs have a moment of their own on each day, and how many a promise without one."""
    begins, ends = spans[0][0], spans[-1][1]
    waiting = Callback.closed_at.is_(None), Callback.state.in_(IN_THE_QUEUE)
    booked = select(Callback.booked_from).where(*waiting, Callback.booked_from >= begins, Callback.booked_from < ends)
    promised = select(Callback.promise_from).where(
        *waiting, Callback.booked_from.is_(None), Callback.promise_from >= begins, Callback.promise_from < ends
    )
    return (
        _by_day(session.scalars(booked.limit(MOST_PROMISES)), spans),
        _by_day(session.scalars(promised.limit(MOST_PROMISES)), spans),
    )


def _done(session: Session, spans: Sequence[Span]) -> tuple[list[int], list[int]]:
    """Return how many attempts ended on each day, and how many of them were talks."""
    rows = session.execute(
        select(Attempt.reserved_at, Attempt.customer_outcome).where(
            Attempt.state.not_in(LIVE_ATTEMPTS),
            Attempt.reserved_at >= spans[0][0],
            Attempt.reserved_at < spans[-1][1],
        )
    ).all()
    talks = (row.reserved_at for row in rows if row.customer_outcome is CustomerOutcome.BRIDGED)
    return _by_day((row.reserved_at for row in rows), spans), _by_day(talks, spans)


def _by_day(moments: Iterable[datetime | None], spans: Sequence[Span]) -> list[int]:
    counts = [0] * len(spans)
    begins = [starts for starts, _ in spans]
    for at in moments:
        if at is not None:
            counts[bisect_right(begins, at) - 1] += 1
    return counts
