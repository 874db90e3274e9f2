"""What one promise costs with 10,000 waiting and 50 agents: a caller waits for the answer (target: 20 ms)."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from callbacks.ports import HouseRules
from callbacks.rules.calendar import Calendar
from callbacks.rules.day_plan import Expected, Post, turns
from callbacks.rules.promise import range_for
from callbacks.store import hours, promises
from models import migrate
from models.agent import Agent
from models.callback import Callback
from models.sessions import Database
from models.ticket import Ticket
from models.vocabulary import AgentState, CallbackState, Channel, Language, Option, Role, TicketState

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WAITING = 10_000
AGENTS = 50
ROUNDS = 30
RULES = HouseRules()


def test_the_planner_alone() -> None:
    calendar = Calendar(RULES.opening_hours, RULES.envelope, ZoneInfo("Europe/Brussels"))
    windows = calendar.windows_between(NOW, NOW + timedelta(days=28))
    spells = [(window.opens.timestamp(), window.closes.timestamp() - 120) for window in windows]
    posts = [Post(n, NOW.timestamp(), spells) for n in range(AGENTS)]
    calls = [Expected(n, n, 1 + n % 2) for n in range(WAITING)]
    handling = {Option.OUTAGE: 720.0, Option.QUESTION: 600.0}

    def last() -> None:
        turn = next(turn for turn in turns(posts, calls, handling) if turn.callback_id == WAITING - 1)
        range_for(turn, AGENTS, handling[Option(turn.option)], calendar, NOW)

    _report("planner, the last of 10,000", last)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite file with 10,000 who wait and 50 who work."""
    url = f"sqlite:///{tmp_path / 'bench.db'}"
    migrate.upgrade(url)
    opened = Database(url)
    with opened.write() as session:
        hours.settle(session, RULES, NOW)
        for n in range(AGENTS):
            session.add(_agent(n))
        tickets = [{"id": n, "number": 10_000 + n, **_TICKET} for n in range(1, WAITING + 1)]
        session.execute(insert(Ticket), tickets)
        rows = [
            {"id": n, "ticket_id": n, "rank": n, "number": f"+3247{n:07}", **_CALLBACK} for n in range(1, WAITING + 1)
        ]
        session.execute(insert(Callback), rows)
    yield opened
    opened.close()
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_the_planner_with_all_that_it_reads(database: Database) -> None:
    def last() -> None:
        with database.read() as session:
            outlook = promises.outlook(session, RULES, NOW)
            turn = next(turn for turn in outlook.turns() if turn.callback_id == WAITING)
            outlook.range_for(turn)

    _report("with what it reads from SQLite", last)


def _report(what: str, work: object) -> None:
    assert callable(work)
    work()
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    print(f"{what}: median {median(took):.1f} ms, fastest {min(took):.1f} ms, slowest {max(took):.1f} ms")
    assert median(took) > 0


def _agent(n: int) -> Agent:
    return Agent(
        name=f"Agent {n}",
        phone=f"+3248{n:07}",
        email=f"agent{n}@accel.test",
        role=Role.AGENT,
        languages="nl",
        password_hash="none",
        state=AgentState.FREE,
        state_since=NOW,
    )


_TICKET = {
    "state": TicketState.OPEN,
    "channel": Channel.HOTLINE,
    "option": Option.OUTAGE,
    "language": Language.NL,
    "subject": "Hotline",
    "opened_at": NOW,
}
_CALLBACK = {
    "state": CallbackState.WAITING,
    "option": Option.OUTAGE,
    "language": Language.NL,
    "arrived_at": NOW,
}
