"""Whether anything that a page shows has changed since it was drawn."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agent import Agent
from models.announcement import Announcement
from models.calendar import CalendarState
from models.history import History
from models.upkeep import Switch


def revision(session: Session) -> str:
    """Return a word that changes with every row the page shows: what the history tells, calendar, people."""
    asked = (
        select(func.max(History.id)),
        select(func.max(CalendarState.revision)),
        select(func.count()).select_from(Agent),
        select(func.max(Switch.at)),
        select(func.max(Announcement.entered_at)),
    )
    # In one statement, for every open page asks every two seconds.
    found = session.execute(select(*(each.scalar_subquery() for each in asked))).one()
    return "-".join(str(each or 0) for each in found)
