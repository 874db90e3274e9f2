"""The screens that may look at the desk: by the digest of the secret that each was given."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.store.transitions import Cause, note, record_birth
from models.vocabulary import Subject, WallState
from models.wall_link import WallLink

MOST_LINKS = 200


@dataclass(frozen=True)
class Link:
    """One link as it was made; `revoked_at` is None while it opens the wall."""

    id: int
    name: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None


def opens(session: Session, name: str) -> bool:
    """Say whether a link of this name still opens the wall."""
    same = select(WallLink.id).where(WallLink.name == name, WallLink.revoked_at.is_(None))
    return session.scalars(same.limit(1)).first() is not None


def add(session: Session, digest: str, name: str, cause: Cause) -> int:
    """Let whoever holds the secret of this digest look. Returns the link's id."""
    row = WallLink(digest=digest, name=name, made_by=cause.who, made_at=cause.at)
    session.add(row)
    session.flush()
    record_birth(session, Subject.WALL_LINK, row.id, WallState.OPEN, cause)
    return row.id


def revoke(session: Session, link_id: int, cause: Cause) -> bool:
    """Shut a link for good; False where there is none, or it was shut already."""
    statement = update(WallLink).where(WallLink.id == link_id, WallLink.revoked_at.is_(None))
    if not session.execute(statement.values(revoked_at=cause.at).returning(WallLink.id)).all():
        return False
    note(session, Subject.WALL_LINK, link_id, WallState.REVOKED, cause)
    return True


def opened_by(session: Session, digest: str) -> Link | None:
    """Return the link that this digest belongs to, while it is not revoked."""
    row = session.scalar(select(WallLink).where(WallLink.digest == digest, WallLink.revoked_at.is_(None)))
    return _link(row) if row else None


def every(session: Session) -> list[Link]:
    """Return the links, those that still open first, the newest of them on top."""
    rows = session.scalars(
        select(WallLink).order_by(WallLink.revoked_at.is_not(None), WallLink.id.desc()).limit(MOST_LINKS),
    )
    return [_link(row) for row in rows]


def _link(row: WallLink) -> Link:
    return Link(row.id, row.name, row.made_by, row.made_at, row.revoked_at)
