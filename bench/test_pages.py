"""What a page costs the server: an unchanged poll (target 5 ms), and the whole page with 5,000 waiting (150 ms).

Printed, not promised: other programs run on the same machine. It fails on nonsense only, such as a page without rows.
"""

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from callbacks.store import hours, signin
from callbacks.workflows.signing_in import digest
from models import migrate
from models.agent import Agent, Shift
from models.base import Base
from models.callback import Attempt, Callback, Promise
from models.customer import Customer
from models.history import History
from models.sessions import Database
from models.ticket import Ticket
from models.vocabulary import (
    AgentState,
    Agreement,
    AttemptState,
    CallbackState,
    Channel,
    CustomerOutcome,
    Language,
    Option,
    PromiseResult,
    Role,
    Subject,
    TicketState,
)
from tests.databases import Missing, Postgres, skip_or_fail
from tests.web.desk import Desk

NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
WAITING, AGENTS, ENDED = 5_000, 20, 100_000
COMPANIES = 400
ROUNDS = 20
SECRET = "s" * 43
PAST = timedelta(days=730)

pytestmark = pytest.mark.timeout(600)
"""Filling the database takes its time."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk where 5,000 wait, 20 work, and 100,000 call-backs ended within two years."""
    cluster = None
    if request.param == "sqlite":
        url = f"sqlite:///{_folder(tmp_path_factory) / 'bench.db'}"
    else:
        try:
            cluster = Postgres()
        except Missing as missing:
            skip_or_fail(str(missing))
        url = cluster.url(cluster.create())
    migrate.upgrade(url)
    desk = Desk(Database(url))
    desk.clock.at = NOW
    with desk.database.write() as session:
        _fill(session, desk)
    with desk.database.write() as session:
        session.execute(text("ANALYZE"))
    yield desk
    desk.database.close()
    if cluster:
        cluster.stop()


@pytest.fixture(scope="module")
def browser(desk: Desk) -> FlaskClient:
    """A supervisor's browser."""
    browser = desk.app().test_client()
    browser.set_cookie("ringback_signed_in", SECRET)
    return browser


@pytest.mark.parametrize(
    ("path", "target"),
    [("/schedule/live", 5), ("/schedule/wall/live", 5)],
)
def test_an_unchanged_poll(desk: Desk, browser: FlaskClient, path: str, target: int) -> None:
    tag = browser.get(path).headers["ETag"]

    def poll() -> None:
        assert browser.get(path, headers={"If-None-Match": tag}).status_code == 304

    _report(desk, f"{path}, unchanged", target, poll, ROUNDS * 5)


@pytest.mark.parametrize(
    ("path", "target"),
    [("/schedule", 150), ("/schedule?page=90", 150), ("/schedule/wall", 150), ("/schedule/figures", 1000)],
)
def test_a_whole_page(desk: Desk, browser: FlaskClient, path: str, target: int) -> None:
    def load() -> None:
        page = browser.get(path)
        assert page.status_code == 200
        assert len(page.data) > 4_000

    _report(desk, path, target, load, ROUNDS)


def _report(desk: Desk, what: str, target: int, work: Callable[[], None], rounds: int) -> None:
    work()
    took, ours = [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        work()
        took.append((time.perf_counter() - began) * 1000)
        ours.append((time.process_time() - worked) * 1000)
    kind = "SQLite" if desk.database.is_sqlite else "PostgreSQL"
    print(
        f"\n{kind}, {what}: median {median(took):.1f} ms, fastest {min(took):.1f} ms, "
        f"of which the web process worked {median(ours):.1f} ms (target {target} ms)",
        end="",
    )


def _folder(made: pytest.TempPathFactory) -> Path:
    return made.mktemp("pages")


def _insert(session: Session, table: type[Base], rows: list[dict[str, object]]) -> None:
    # Past the ORM, which would part the rows by which of their values are None.
    session.connection().execute(insert(table.__table__), rows)


def _fill(session: Session, desk: Desk) -> None:
    luck = random.Random(1)
    hours.settle(session, desk.rules, NOW)
    session.add_all([_agent(n) for n in range(1, AGENTS + 1)])
    session.add(_agent(AGENTS + 1, role=Role.SUPERVISOR))
    session.flush()
    signin.open_session(session, digest(SECRET), AGENTS + 1, NOW - timedelta(hours=1), NOW + timedelta(days=1))
    spans = ({"starts_at": "09:00", "ends_at": "12:00"}, {"starts_at": "13:00", "ends_at": "17:00"})
    _insert(session, Shift, [{"agent_id": n, **_SHIFT, **span} for n in range(1, AGENTS + 1) for span in spans])
    companies = [{"id": n, "name": f"Company {n}", "agreement": Agreement.MANAGED} for n in range(1, COMPANIES + 1)]
    _insert(session, Customer, companies)
    total = WAITING + ENDED
    asked = {n: NOW - timedelta(minutes=n) if n <= WAITING else NOW - luck.random() * PAST for n in range(1, total + 1)}
    tickets = [
        {"id": n, "number": 10_000 + n, "opened_at": asked[n], "customer_id": 1 + n % COMPANIES, **_TICKET}
        for n in asked
    ]
    _insert(session, Ticket, tickets)
    common = [{"id": n, "ticket_id": n, "rank": n, "number": f"+3247{n:07}", "arrived_at": asked[n]} for n in asked]
    promised = {"promise_from": NOW, "promise_to": NOW + timedelta(hours=2)}
    _insert(session, Callback, [{**row, **_WAITS, **promised} for row in common[:WAITING]])
    _insert(session, Callback, [{**row, **_DONE} for row in common[WAITING:]])
    for first in range(WAITING + 1, total + 1, 10_000):
        some = range(first, first + 10_000)
        _insert(session, Attempt, [{"id": n, "callback_id": n, **_talk(n, asked[n])} for n in some])
        _insert(session, Promise, [{"callback_id": n, **_kept(asked[n])} for n in some])
        _insert(session, History, [row for n in some for row in _history(n, asked[n])])


def _agent(n: int, role: Role = Role.AGENT) -> Agent:
    return Agent(
        name=f"Agent {n}", phone=f"+3248{n:07}", email=f"agent{n}@accel.test", role=role, languages="nl",
        password_hash="none", state=AgentState.FREE, state_since=NOW,
    )  # fmt: skip


def _talk(n: int, asked: datetime) -> dict[str, object]:
    at = asked + timedelta(minutes=1 + n % 50)
    return {
        "n": 1, "fence": 1, "state": AttemptState.ENDED, "state_since": at, "agent_id": 1 + n % AGENTS,
        "agent_phone": "+32480000000", "customer_number": f"+3247{n:07}", "reserved_at": at, "ring_at": at,
        "lease_until": at, "dialled_at": at, "ended_at": at + timedelta(minutes=6), "talk_seconds": 300,
        "customer_outcome": CustomerOutcome.NO_ANSWER if n % 5 == 0 else CustomerOutcome.BRIDGED,
        "handled_seconds": 700,
    }  # fmt: skip


def _kept(asked: datetime) -> dict[str, object]:
    ends = asked + timedelta(hours=1)
    return {
        "starts": asked, "ends": ends, "given_at": asked, "told": True, "result": PromiseResult.KEPT,
        "settled_at": asked + timedelta(minutes=30),
    }  # fmt: skip


def _history(n: int, asked: datetime) -> Iterator[dict[str, object]]:
    """Yield what every call-back leaves behind: its own moves, those of its attempt and of its agent."""
    about = {"callback_id": n, "who": "bench", "why": "bench"}
    states = (
        "reserved",
        "sending",
        "placed",
        "agent_ringing",
        "agent_accepted",
        "customer_ringing",
        "bridged",
        "ended",
    )
    for old, new in zip((None, *states), states, strict=False):
        yield {"at": asked, "subject": Subject.ATTEMPT, "subject_id": n, "old_state": old, "new_state": new, **about}
    for old, new in ((None, "waiting"), ("waiting", "preparing"), ("preparing", "active"), ("active", "done")):
        yield {"at": asked, "subject": Subject.CALLBACK, "subject_id": n, "old_state": old, "new_state": new, **about}


_TICKET = {
    "state": TicketState.OPEN, "channel": Channel.HOTLINE, "option": Option.OUTAGE, "language": Language.NL,
    "subject": "Hotline",
}  # fmt: skip
_WAITS = {"state": CallbackState.WAITING, "option": Option.OUTAGE, "language": Language.NL}
_DONE = {**_WAITS, "state": CallbackState.DONE, "closed_at": NOW}
_SHIFT = {
    "rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "first_day": date(2022, 1, 3), "entered_by": "bench",
    "entered_at": NOW,
}  # fmt: skip
