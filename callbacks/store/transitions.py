"""The one writer of state. Every move names the old state in its WHERE and leaves a history row beside it.

Zero rows changed means that somebody else was first, which is no error: the functions say so with False, and the
caller decides whether to leave or to roll back. An arrow that is not in rules/lifecycle is a mistake of ours and
raises IllegalMove before the database is asked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.rules.lifecycle import (
    AGENT_ARROWS,
    ATTEMPT_ARROWS,
    CALLBACK_ARROWS,
    MAIL_ARROWS,
    TICKET_ARROWS,
)
from models.agent import Agent
from models.callback import Attempt, Callback
from models.history import History
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import (
    OPEN_CALLBACKS,
    AgentState,
    AttemptState,
    CallbackState,
    MailState,
    Subject,
    TicketState,
)

WHY_LIMIT = 200


class IllegalMove(RingbackError):
    """The table of arrows has no such move."""


@dataclass(frozen=True)
class Cause:
    """When, by whom and why a state changes. `who` is a person's name or the part of the program that acted."""

    at: datetime
    who: str
    why: str


def move_callback(
    session: Session,
    callback_id: int,
    origin: Collection[CallbackState],
    target: CallbackState,
    cause: Cause,
    *guard: ColumnElement[bool],
    **columns: Any,  # noqa: ANN401 - columns of the row, of their own types
) -> bool:
    """Move a call-back, with `columns` in the same statement; `guard` adds conditions such as the fence."""
    _check(CALLBACK_ARROWS, origin, target)
    if target not in OPEN_CALLBACKS:
        columns["closed_at"] = cause.at
    columns["why"] = cause.why[:WHY_LIMIT]
    return _move(session, Callback, Subject.CALLBACK, callback_id, origin, target, cause, guard, columns)


def move_attempt(
    session: Session,
    attempt_id: int,
    origin: Collection[AttemptState],
    target: AttemptState,
    cause: Cause,
    *guard: ColumnElement[bool],
    **columns: Any,  # noqa: ANN401 - as above
) -> bool:
    """Move an attempt to the right, with `columns` in the same statement."""
    _check(ATTEMPT_ARROWS, origin, target)
    columns["state_since"] = cause.at
    if target in {AttemptState.ENDED, AttemptState.WITHDRAWN, AttemptState.REJECTED, AttemptState.NOT_PLACED}:
        columns["ended_at"] = cause.at
        columns["why"] = cause.why[:WHY_LIMIT]
    return _move(session, Attempt, Subject.ATTEMPT, attempt_id, origin, target, cause, guard, columns)


def move_agent(
    session: Session,
    agent_id: int,
    origin: Collection[AgentState],
    target: AgentState,
    cause: Cause,
    *guard: ColumnElement[bool],
    until: datetime | None = None,
    **columns: Any,  # noqa: ANN401 - as above
) -> bool:
    """Move an agent; `until` ends the new state by itself (wrap-up, the rest after a missed call)."""
    _check(AGENT_ARROWS, origin, target)
    columns.update(state_since=cause.at, state_until=until)
    return _move(session, Agent, Subject.AGENT, agent_id, origin, target, cause, guard, columns)


def move_ticket(
    session: Session,
    ticket_id: int,
    origin: Collection[TicketState],
    target: TicketState,
    cause: Cause,
    **columns: Any,  # noqa: ANN401 - as above
) -> bool:
    """Move a ticket; closing it stamps `closed_at`, reopening takes the stamp away."""
    _check(TICKET_ARROWS, origin, target)
    columns["closed_at"] = cause.at if target is TicketState.CLOSED else None
    return _move(session, Ticket, Subject.TICKET, ticket_id, origin, target, cause, (), columns)


def move_mail(
    session: Session,
    mail_id: int,
    origin: Collection[MailState],
    target: MailState,
    cause: Cause,
    *guard: ColumnElement[bool],
    **columns: Any,  # noqa: ANN401 - as above
) -> bool:
    """Move a mail of the outbox; `guard` holds its number of tries, which every claim raises."""
    _check(MAIL_ARROWS, origin, target)
    return _move(session, OutboxMail, Subject.MAIL, mail_id, origin, target, cause, guard, columns)


def record_birth(
    session: Session,
    subject: Subject,
    subject_id: int,
    state: StrEnum,
    cause: Cause,
    callback_id: int | None = None,
) -> None:
    """Write the history row of something that did not exist before."""
    session.add(_history(subject, subject_id, None, state, cause, callback_id))


def note(
    session: Session,
    subject: Subject,
    subject_id: int,
    state: StrEnum,
    cause: Cause,
    callback_id: int | None = None,
) -> None:
    """Write down something worth knowing that changes no state (an extra leg, a reclassification)."""
    session.add(_history(subject, subject_id, state, state, cause, callback_id))


def _check(arrows: Any, origin: Collection[StrEnum], target: StrEnum) -> None:  # noqa: ANN401 - four tables of four types
    illegal = [str(state) for state in origin if target not in arrows[state]]
    if illegal:
        message = f"no arrow from {', '.join(illegal)} to {target}"
        raise IllegalMove(message)


def _move(  # noqa: PLR0913, PLR0917 - a move is its origin, its target, its cause and its guard
    session: Session,
    table: Any,  # noqa: ANN401 - one of four mapped classes
    subject: Subject,
    row_id: int,
    origin: Collection[StrEnum],
    target: StrEnum,
    cause: Cause,
    guard: tuple[ColumnElement[bool], ...],
    columns: dict[str, Any],
) -> bool:
    # The lock saves PostgreSQL a lost race and SQLite drops it (its writers are alone anyway); what makes the move
    # right is the old state in the WHERE below.
    state = session.scalar(select(table.state).where(table.id == row_id).with_for_update())
    if state not in origin:
        return False
    statement = (
        update(table)
        .where(table.id == row_id, table.state == state, *guard)
        .values(state=target, **columns)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    if not session.execute(statement).all():
        return False
    session.add(_history(subject, row_id, state, target, cause, _callback_of(session, subject, row_id)))
    session.flush()
    session.expire_all()
    return True


def _callback_of(session: Session, subject: Subject, row_id: int) -> int | None:
    if subject is Subject.CALLBACK:
        return row_id
    if subject is Subject.ATTEMPT:
        return session.scalar(select(Attempt.callback_id).where(Attempt.id == row_id))
    return None


def _history(
    subject: Subject,
    subject_id: int,
    old: StrEnum | None,
    new: StrEnum,
    cause: Cause,
    callback_id: int | None,
) -> History:
    return History(
        at=cause.at,
        subject=subject,
        subject_id=subject_id,
        callback_id=callback_id,
        old_state=None if old is None else str(old),
        new_state=str(new),
        who=cause.who,
        why=cause.why[:WHY_LIMIT],
    )
