"""What a supervisor has every caller hear, by language."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from callbacks.store.transitions import Cause, note
from models.announcement import Announcement
from models.history import History
from models.vocabulary import Language, Subject

ONLY_ONE = 0
"""There is one announcement at a time; the history knows it under this number."""


class Heard(StrEnum):
    """Whether callers hear an announcement, for the history."""

    HEARD = "heard"
    SILENT = "silent"


def standing(session: Session, now: datetime) -> dict[Language, Announcement]:
    """Return the texts that are heard now."""
    rows = session.scalars(
        select(Announcement).where(or_(Announcement.until.is_(None), Announcement.until > now)),
    )
    return {row.language: row for row in rows}


def first_text(session: Session, now: datetime) -> str | None:
    """Return what is heard now, in the first language it was given in."""
    heard = standing(session, now)
    return next((heard[each].text for each in Language if each in heard), None)


def mark(session: Session) -> int:
    """Return a number that is another one after each change of what is heard."""
    changes = select(func.max(History.id)).where(
        History.subject == Subject.ANNOUNCEMENT, History.subject_id == ONLY_ONE
    )
    return session.scalar(changes) or 0


def replace(session: Session, texts: Mapping[Language, str], until: datetime | None, cause: Cause) -> None:
    """Put these texts in the place of whatever was heard before."""
    session.execute(delete(Announcement))
    session.add_all(
        Announcement(language=language, text=text, entered_by=cause.who, entered_at=cause.at, until=until)
        for language, text in texts.items()
    )
    session.flush()
    note(session, Subject.ANNOUNCEMENT, ONLY_ONE, Heard.HEARD if texts else Heard.SILENT, cause)
