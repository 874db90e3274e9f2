"""The moment a customer chose, or rang back at, as it stands in a call-back's row; and all moments chosen."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from callbacks.rules.windows import Span
from callbacks.store import hours
from models.calendar import CalendarState
from models.callback import Callback

NO_LONGER_NOW: dict[str, Any] = {"called_now_at": None, "called_now_why": None}
"""Who was called now has had his turn; the head start that he was given before counts again."""


def taken(session: Session, but: int | None = None) -> list[Span]:
    """Return the moments of all open call-backs, but of one where it is named."""
    rows = session.execute(
        select(Callback.id, Callback.booked_from, Callback.booked_to).where(
            Callback.closed_at.is_(None), Callback.booked_from.is_not(None)
        ),
    )
    return [(row.booked_from, row.booked_to) for row in rows if row.booked_to is not None and row.id != but]


def one_at_a_time(session: Session) -> None:
    """Let nobody else choose a moment before this transaction ends: two would both take the last place.

    On SQLite a writing transaction is alone anyway.
    """
    session.execute(select(CalendarState.revision).where(CalendarState.id == hours.CALENDAR_ROW).with_for_update())


def keep(session: Session, rules: HouseRules, callback: Callback, starts: datetime, ends: datetime) -> None:
    """Put a call-back at a moment, and before everybody from then on. Raises what the calendar raises.

    Who rang back and then chooses another moment stands by that one, and whoever is there calls him.
    """
    moment = {"booked_from": starts, "booked_to": ends, "rang_back_at": None, "pinned_agent_id": None}
    session.execute(update(Callback).where(Callback.id == callback.id).values(**moment, **NO_LONGER_NOW))
    session.refresh(callback)
    callback.rank = hours.reckon(session, rules, callback)
    session.flush()


def over(session: Session, rules: HouseRules, callback: Callback) -> dict[str, Any]:
    """Return the columns of a call-back whose chosen moment, or ringing back, is over: it stands by its arrival again.

    Without that, who did not pick up once would come before everybody for ever.
    """
    return {
        "booked_from": None,
        "booked_to": None,
        "rang_back_at": None,
        "pinned_agent_id": None,
        "rank": hours.reckon(session, rules, callback, by_arrival=True),
        **NO_LONGER_NOW,
    }
