"""The from-to ranges that were given, what became of them, and what they are reckoned from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, exists, func, null, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules, Uptime
from callbacks.rules.calendar import Calendar
from callbacks.rules.day_plan import Expected, Post, Turn, turns
from callbacks.rules.promise import Range, handling_seconds, range_for
from callbacks.store import hours, roster
from callbacks.store.queue import is_waiting
from callbacks.store.transitions import Cause, note
from models.callback import Attempt, Callback, Promise
from models.vocabulary import CallbackState, Option, PromiseResult, Subject

IN_THE_QUEUE = (CallbackState.HELD, CallbackState.WAITING, CallbackState.RESTING)
PROMISED = (CallbackState.WAITING, CallbackState.RESTING)
MOST_PLANNED = 20_000
MEASURED = 400
"""The latest talks, of whatever option, from which the handling times are taken."""


@dataclass(frozen=True)
class Outlook:
    """Everything a promise is reckoned from, at one moment."""

    now: datetime
    calendar: Calendar
    margin: timedelta
    posts: list[Post]
    calls: list[Expected]
    handling: dict[Option, float]

    def turns(self) -> Iterator[Turn]:
        """Return the calls in the order in which they will begin."""
        return turns(self.posts, self.calls, self.handling)

    def range_for(self, turn: Turn, renewals: int = 0) -> Range:
        """Return what may be promised of a turn, `renewals` times after it was promised first. Raises NeverOpen."""
        handling = self.handling[Option(turn.option)]
        return range_for(turn, self.posts, handling, self.calendar, self.now, self.margin, renewals)


@dataclass(frozen=True)
class Given:
    """A promise in force."""

    id: int
    callback_id: int
    range: Range
    told: bool
    doubted_boot: str | None
    doubted_ms: int | None


@dataclass(frozen=True)
class Planned:
    """When a call is foreseen, aware UTC, and whose telephone will ring for it."""

    at: datetime
    agent: str


def outlook(session: Session, rules: HouseRules, now: datetime) -> Outlook:
    """Look at queue, agents and hours as they are now."""
    calendar = hours.calendar(session, rules)
    handling = handling_seconds(_measured(session))
    posts = roster.posts(session, rules, calendar, max(handling.values()), now)
    margin = timedelta(seconds=rules.last_call_margin)
    return Outlook(now, calendar, margin, posts, _queue(session, now) if posts else [], handling)


def in_force(session: Session, callback_id: int) -> Given | None:
    """Return the promise that stands for a call-back."""
    row = session.scalar(select(Promise).where(Promise.callback_id == callback_id, Promise.result.is_(None)))
    return _given(row) if row else None


def all_in_force(session: Session) -> dict[int, Given]:
    """Return the promises that stand, of those who wait or rest, by call-back."""
    rows = session.scalars(
        select(Promise)
        .join(Callback, Callback.id == Promise.callback_id)
        .where(Promise.result.is_(None), Callback.state.in_(PROMISED)),
    )
    return {row.callback_id: _given(row) for row in rows}


def without(session: Session) -> list[int]:
    """Return call-backs that wait or rest and were promised nothing that stands, in order of rank."""
    stands = exists().where(Promise.callback_id == Callback.id, Promise.result.is_(None))
    rows = select(Callback.id).where(Callback.closed_at.is_(None), Callback.state.in_(PROMISED), ~stands)
    return list(session.scalars(rows.order_by(Callback.rank, Callback.id).limit(MOST_PLANNED)))


def renewals(session: Session, callback_id: int) -> int:
    """Return how often what was promised of a call-back could not hold."""
    rows = select(func.count()).select_from(Promise)
    return session.scalar(rows.where(Promise.callback_id == callback_id, Promise.result == PromiseResult.RENEWED)) or 0


def was_let_down(session: Session, callback_id: int) -> bool:
    """Say whether the customer was told of a promise that ended without a call, and of none since."""
    last = session.scalar(
        select(Promise).where(Promise.callback_id == callback_id).order_by(Promise.id.desc()).limit(1),
    )
    return last is not None and last.told and last.result is PromiseResult.LAPSED


def give(session: Session, callback_id: int, given: Range, cause: Cause, *, told: bool) -> None:
    """Put a promise in force; the one before it must have been settled."""
    callback = session.get_one(Callback, callback_id)
    session.add(
        Promise(callback_id=callback_id, starts=given.starts, ends=given.ends, given_at=cause.at, told=told),
    )
    callback.promise_from, callback.promise_to = given.starts, given.ends
    session.flush()
    note(session, Subject.CALLBACK, callback_id, callback.state, cause, callback_id)


def tell(session: Session, callback_id: int) -> None:
    """Write down that the customer has heard or will read of the promise in force."""
    session.execute(
        update(Promise).where(Promise.callback_id == callback_id, Promise.result.is_(None)).values(told=True),
    )


def settle(session: Session, callback_id: int, now: datetime, result: PromiseResult | None = None) -> None:
    """Say what became of the promise in force; without a result, by the customer's phone ringing now."""
    given = in_force(session, callback_id)
    if given is not None:
        session.execute(
            update(Promise)
            .where(Promise.id == given.id, Promise.result.is_(None))
            .values(result=result or given.range.result_at(now), settled_at=now),
        )


def reopen(session: Session, callback_id: int, settled_at: datetime) -> None:
    """Take back what was settled at this moment: the customer's phone did not ring after all."""
    if in_force(session, callback_id) is None:
        session.execute(
            update(Promise)
            .where(Promise.callback_id == callback_id, Promise.settled_at == settled_at)
            .values(result=None, settled_at=None),
        )


def doubt(session: Session, promise_id: int, since: Uptime | None) -> None:
    """Write down since when, by monotonic time, a promise seems not to hold; None: it seems to hold again."""
    session.execute(
        update(Promise)
        .where(Promise.id == promise_id, Promise.result.is_(None))
        .values(doubted_boot=since.boot if since else None, doubted_ms=since.ms if since else None),
    )


def forlorn(session: Session) -> list[int]:
    """Return the promises of call-backs that nobody is going to call as they are."""
    over = or_(Callback.closed_at.is_not(None), Callback.state == CallbackState.NEEDS_HUMAN)
    rows = select(Promise.id).join(Callback, Callback.id == Promise.callback_id).where(Promise.result.is_(None), over)
    return list(session.scalars(rows.limit(MOST_PLANNED)))


def lapse(session: Session, promise_id: int, now: datetime) -> bool:
    """End one promise that nobody will keep."""
    statement = update(Promise).where(Promise.id == promise_id, Promise.result.is_(None))
    ended = statement.values(result=PromiseResult.LAPSED, settled_at=now).returning(Promise.id)
    return bool(session.execute(ended.execution_options(synchronize_session=False)).all())


def _given(row: Promise) -> Given:
    return Given(row.id, row.callback_id, Range(row.starts, row.ends), row.told, row.doubted_boot, row.doubted_ms)


def _measured(session: Session) -> dict[Option, list[int]]:
    """Return how long the latest talks took, by option; of thousands only these are read."""
    latest = (
        select(Attempt.id, Attempt.callback_id, Attempt.handled_seconds)
        .where(Attempt.handled_seconds.is_not(None))
        .order_by(Attempt.id.desc())
        .limit(MEASURED)
        .subquery()
    )
    found: dict[Option, list[int]] = {option: [] for option in Option}
    for row in session.execute(
        select(Callback.option, latest.c.handled_seconds).join(latest, latest.c.callback_id == Callback.id)
    ):
        found[row.option].append(row.handled_seconds)
    return found


def _queue(session: Session, now: datetime) -> list[Expected]:
    """Return everybody who is to be called, in order of rank.

    Who waits may be thousands, and a caller waits on the line for the answer: they come as plain numbers, out of the
    index of the queue alone. That one waits for the agent who had prepared is left out: it lasts for a wrap-up at most.
    A moment that was chosen counts from its beginning, whatever its state.
    """
    columns = (Callback.rank, Callback.id, type_coerce(Callback.option, Integer))
    connection = session.connection()
    waiting = connection.execute(
        select(*columns, null(), null()).where(is_waiting()).order_by(Callback.rank, Callback.id).limit(MOST_PLANNED),
    )
    calls = list(map(Expected._make, waiting))
    others = connection.execute(
        select(*columns, Callback.not_before, Callback.booked_from, Callback.state)
        .where(Callback.closed_at.is_(None), Callback.state.in_((CallbackState.HELD, CallbackState.RESTING)))
        .limit(MOST_PLANNED),
    )
    for rank, callback_id, option, not_before, booked_from, state in others:
        rest = not_before if state is CallbackState.RESTING else booked_from
        calls.append(Expected(rank, callback_id, option, rest.timestamp() if rest and rest > now else None, None))
    calls.sort()
    return calls
