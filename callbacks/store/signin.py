"""Rows behind the sign-in: whose password is asked, and which browsers are signed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from models.agent import Agent, SigninSession
from models.vocabulary import Language, Role


@dataclass(frozen=True)
class Person:
    """A person of the desk who is signed in; `language` is the first one he speaks that we do too."""

    id: int
    name: str
    role: Role
    language: Language


@dataclass(frozen=True)
class Credentials:
    """Whom an e-mail address belongs to, and the argon2 hash of the password that proves it."""

    agent_id: int
    password_hash: str


def credentials(session: Session, email: str, *, locked: bool = False) -> Credentials | None:
    """Return the hash to check for an address, in any case of its letters; None for a stranger.

    `locked`: nobody changes it before this transaction ends.
    """
    asked = select(Agent.id, Agent.password_hash).where(func.lower(Agent.email) == email.strip().lower())
    row = session.execute(asked.with_for_update() if locked else asked).first()
    return None if row is None else Credentials(row.id, row.password_hash)


def open_session(session: Session, digest: str, agent_id: int, now: datetime, until: datetime) -> None:
    """Remember a signed-in browser by the digest of its secret."""
    session.add(SigninSession(digest=digest, agent_id=agent_id, created_at=now, expires_at=until))


def close_session(session: Session, digest: str) -> None:
    """Forget one browser; one that is unknown already is no error."""
    session.execute(delete(SigninSession).where(SigninSession.digest == digest))


def forget_sessions_over(session: Session, now: datetime) -> None:
    """Delete the rows that count no longer, so that the table does not grow."""
    session.execute(delete(SigninSession).where(or_(SigninSession.expires_at <= now, SigninSession.created_at > now)))


def signed_in(session: Session, digest: str, now: datetime) -> Person | None:
    """Return whose browser this is. It counts only while `created_at <= now < expires_at`, as every stored interval."""
    row = session.execute(
        select(Agent.id, Agent.name, Agent.role, Agent.languages)
        .join(SigninSession, SigninSession.agent_id == Agent.id)
        .where(SigninSession.digest == digest, SigninSession.created_at <= now, SigninSession.expires_at > now),
    ).first()
    return None if row is None else Person(row.id, row.name, row.role, first_language(row.languages))


def first_language(spoken: str) -> Language:
    """Return the first of `fr, nl` that we have texts in; Dutch, the house's own, where there is none."""
    for word in spoken.replace(";", ",").replace(" ", ",").split(","):
        if word.lower() in set(Language):
            return Language(word.lower())
    return Language.NL
