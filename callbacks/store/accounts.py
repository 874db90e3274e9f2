"""Who may sign in, as whom, and where he is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from callbacks.store.transitions import Cause, note
from models.agent import Agent, SigninSession
from models.vocabulary import AgentState, Role, Subject

HANDLE = 16
"""How many characters of a digest name a browser: nobody has so many that two begin alike, and none is a secret."""
MOST_BROWSERS = 50
BUSY = frozenset({AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP})


@dataclass(frozen=True)
class Account:
    """A person as he signs in; `browsers` counts those that are signed in."""

    id: int
    name: str
    email: str
    role: Role
    browsers: int


@dataclass(frozen=True)
class SignedIn:
    """One browser: what names it in a form, and since when until when it is signed in."""

    handle: str
    since: datetime
    until: datetime


def everybody(session: Session, now: datetime) -> list[Account]:
    """Return everybody of the desk by name."""
    counts = browsers_of_all(session, now)
    rows = session.scalars(select(Agent).order_by(Agent.name))
    return [Account(row.id, row.name, row.email, row.role, counts.get(row.id, 0)) for row in rows]


def browsers_of_all(session: Session, now: datetime) -> dict[int, int]:
    """Return in how many browsers each person is signed in; who is in none is left out."""
    counted = (
        select(SigninSession.agent_id, func.count().label("browsers"))
        .where(SigninSession.created_at <= now, SigninSession.expires_at > now)
        .group_by(SigninSession.agent_id)
    )
    return {row.agent_id: row.browsers for row in session.execute(counted)}


def browsers(session: Session, agent_id: int, now: datetime) -> list[SignedIn]:
    """Return where one person is signed in, the latest first."""
    rows = session.scalars(
        select(SigninSession)
        .where(SigninSession.agent_id == agent_id, SigninSession.created_at <= now, SigninSession.expires_at > now)
        .order_by(SigninSession.created_at.desc(), SigninSession.digest)
        .limit(MOST_BROWSERS),
    )
    return [SignedIn(row.digest[:HANDLE], row.created_at, row.expires_at) for row in rows]


def email_of(session: Session, agent_id: int) -> str:
    """Return the address somebody signs in with."""
    return session.get_one(Agent, agent_id).email


def hash_of(session: Session, agent_id: int) -> str:
    """Return the hash of somebody's password."""
    return session.get_one(Agent, agent_id).password_hash


def keep_password(session: Session, agent_id: int, new_hash: str, cause: Cause, *, old_hash: str | None = None) -> bool:
    """Change a password and sign its owner out everywhere; False where it is not `old_hash` any more."""
    proven = () if old_hash is None else (Agent.password_hash == old_hash,)
    return _keep(session, agent_id, cause, *proven, password_hash=new_hash)


def keep_role(session: Session, agent_id: int, role: Role, cause: Cause) -> bool:
    """Change a role and sign its owner out everywhere; False while he is in a call."""
    return _keep(session, agent_id, cause, Agent.state.not_in(BUSY), role=role)


def _keep(
    session: Session,
    agent_id: int,
    cause: Cause,
    *guard: ColumnElement[bool],
    **columns: Any,  # noqa: ANN401 - columns of the row, of their own types
) -> bool:
    """Change somebody and sign him out everywhere; False where the guard does not hold any more."""
    changed = session.execute(
        update(Agent)
        .where(Agent.id == agent_id, *guard)
        .values(**columns)
        .returning(Agent.state)
        .execution_options(synchronize_session=False),
    ).all()
    if not changed:
        return False
    session.expire_all()
    _forget(session, agent_id)
    note(session, Subject.AGENT, agent_id, changed[0].state, cause)
    return True


def supervisors(session: Session) -> Sequence[int]:
    """Return who is a supervisor, locked until the transaction ends: of two who demote each other one is second."""
    locked = select(Agent.id).where(Agent.role == Role.SUPERVISOR).order_by(Agent.id).with_for_update()
    return session.scalars(locked).all()


def sign_out(session: Session, agent_id: int, cause: Cause, handle: str = "") -> int:
    """Make one browser's secret worthless, or those of all; return how many there were."""
    gone = _forget(session, agent_id, handle)
    if gone:
        note(session, Subject.AGENT, agent_id, session.get_one(Agent, agent_id).state, cause)
    return gone


def _forget(session: Session, agent_id: int, handle: str = "") -> int:
    ended = delete(SigninSession).where(SigninSession.agent_id == agent_id)
    if handle:
        ended = ended.where(func.substr(SigninSession.digest, 1, HANDLE) == handle)
    return len(session.execute(ended.returning(SigninSession.digest)).all())
