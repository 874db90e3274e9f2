"""What every look of the clock and every open page asks begins at an index: the years behind us cost nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from callbacks.store import alarm_causes, alarms, day, needy, revision, talks, work
from callbacks.workflows import customer_side
from models.agent import Agent
from models.sessions import Database
from models.vocabulary import AgentState
from tests.call_desk import TUESDAY_TEN, CallDesk

GROWING = ("attempt", "callback", "history", "missed_call", "outbox_mail", "ticket", "time_entry")
"""Tables that grow for ever."""
YESTERDAY = TUESDAY_TEN - timedelta(days=1)
ASKED: dict[str, Callable[[Session], object]] = {
    "alarm mails": lambda session: alarms.wrote_between(session, YESTERDAY, TUESDAY_TEN),
    "all paused": lambda session: list(alarm_causes._all_paused(session)),
    "doubts": needy._doubts,
    "last talk": lambda session: customer_side.last_talk(session, 1),
    "owed": lambda session: talks.owed(session, 1),
    "revision": revision.revision,
    "running": day.running,
    "time of a day": lambda session: work.entries_between(session, 1, YESTERDAY, TUESDAY_TEN),
    "without outcome": day._without_outcome,
}
SMALL = ("ix_attempt_live",)
"""Indexes of what goes on now: a scan of them is short."""


@pytest.mark.parametrize("asked", ASKED)
def test_no_table_that_grows_is_read_from_end_to_end(desk: CallDesk, database: Database, asked: str) -> None:
    desk.change(Agent, desk.agent(), state=AgentState.PAUSED)
    if not database.is_sqlite:
        # It plans by what the tables hold, which here is nothing.
        with database.read() as session:
            ASKED[asked](session)
        return
    read: list[str] = []

    def look(connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        plan = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", given)
        read.extend(row[3] for row in plan.fetchall() if row[3].startswith("SCAN"))

    event.listen(database.reader, "before_cursor_execute", look)
    with database.read() as session:
        ASKED[asked](session)
    event.remove(database.reader, "before_cursor_execute", look)
    whole = [step for step in read if step.split()[1].rstrip("_0123456789") in GROWING and not step.endswith(SMALL)]
    assert whole == []


@pytest.fixture
def desk(database: Database) -> CallDesk:
    return CallDesk(database)
