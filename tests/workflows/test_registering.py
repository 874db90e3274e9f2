"""Registering under concurrency and at its edges, on the real database."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from callbacks.ports import HouseRules, Services, Webhooks
from callbacks.rules.calendar import Calendar
from callbacks.store.tickets import FIRST_NUMBER, Report, open_ticket
from callbacks.store.transitions import Cause
from callbacks.texts import Catalogs
from callbacks.workflows import registering, releasing
from models.callback import Callback
from models.history import History, WebhookEvent
from models.sessions import Database
from models.ticket import Ticket
from models.vocabulary import CallbackState, Channel, Language, Option, TicketState

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AT_ONCE = 8
REPORT = Report(Channel.PORTAL, Option.QUESTION, Language.NL, "Vraag")
CAUSE = Cause(NOW, "test", "a question")


class Bell:
    """Writes down who was woken."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def ring(self, queue: str, item: int | None = None) -> None:
        assert item is None
        self.rung.append(queue)

    def wake_clock(self) -> None:
        self.rung.append("clock")

    def ping(self) -> bool:
        return True


@pytest.fixture
def bell() -> Bell:
    """Nobody woken yet."""
    return Bell()


@pytest.fixture
def services(database: Database, bell: Bell) -> Services:
    """The desk on Tuesday at ten, without telephone or mail server."""
    nobody: Any = SimpleNamespace()
    clock: Any = SimpleNamespace(now=lambda: NOW)
    webhooks = Webhooks("https://desk.example", "AC1", ("t",), {})
    return Services(clock, database, bell, nobody, nobody, Catalogs(), HouseRules(), webhooks)


def sid(n: int) -> str:
    return f"CA{n:032x}"


def together(*jobs: Callable[[], Any]) -> Iterator[Any]:
    """Run all jobs at the same instant, each in a thread of its own."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        yield from pool.map(run, jobs)


def test_tickets_begin_at_five_digits_and_count_on(database: Database) -> None:
    with database.write() as session:
        numbers = [open_ticket(session, REPORT, CAUSE).number for _ in range(3)]
    assert numbers == [FIRST_NUMBER, FIRST_NUMBER + 1, FIRST_NUMBER + 2]
    with database.read() as session:
        births = session.execute(select(History.old_state, History.new_state, History.who)).all()
    assert births == [(None, TicketState.OPEN, "test")] * 3


def test_tickets_made_at_once_have_numbers_of_their_own(database: Database) -> None:
    def make() -> int:
        with database.write() as session:
            return open_ticket(session, REPORT, CAUSE).number

    numbers = list(together(*[make] * AT_ONCE))
    assert sorted(numbers) == list(range(FIRST_NUMBER, FIRST_NUMBER + AT_ONCE))


def test_a_number_given_back_by_a_rollback_leaves_no_ticket(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            open_ticket(session, REPORT, CAUSE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as session:
        assert session.scalars(select(Ticket)).all() == []


def test_another_broken_rule_is_not_taken_for_a_lost_race(database: Database) -> None:
    stranger = Report(Channel.PORTAL, Option.QUESTION, Language.NL, "Vraag", customer_id=999)
    with pytest.raises(IntegrityError), database.write() as session:
        open_ticket(session, stranger, CAUSE)


def test_one_key_told_many_times_at_once_makes_one_ticket(services: Services, database: Database) -> None:
    line = registering.meets(services, sid(1), "+32470123456")
    event = f"{sid(1)}|menu|1|1"
    lines = list(together(*[lambda: registering.chooses(services, line, Option.OUTAGE, event)] * AT_ONCE))
    assert {each.ticket for each in lines} == {FIRST_NUMBER}
    with database.read() as session:
        assert len(session.scalars(select(Callback)).all()) == 1
        assert session.scalars(select(WebhookEvent.key)).all() == [event]
        assert len(session.scalars(select(Ticket)).all()) == 1


def test_a_line_heard_of_many_times_at_once_is_one_line(services: Services) -> None:
    lines = list(together(*[lambda: registering.meets(services, sid(2), "anonymous")] * AT_ONCE))
    assert set(lines) == {registering.Line(sid(2), Language.NL, None, None)}


def test_callers_at_once_all_get_tickets(services: Services) -> None:
    def call(n: int) -> Callable[[], int | None]:
        def job() -> int | None:
            line = registering.meets(services, sid(n), "+32470123456")
            return registering.chooses(services, line, Option.QUESTION, f"{sid(n)}|menu|1|2").ticket

        return job

    assert len(set(together(*[call(n) for n in range(AT_ONCE)]))) == AT_ONCE


def test_the_end_told_many_times_at_once_queues_once(services: Services, bell: Bell) -> None:
    line = registering.meets(services, sid(3), "+32470123456")
    registering.chooses(services, line, Option.QUESTION, f"{sid(3)}|menu|1|2")
    freed = list(together(*[lambda: releasing.release(services, sid(3), "upkeep", "the caller hung up")] * AT_ONCE))
    assert freed.count(True) == 1
    assert bell.rung == ["dispatch"]


def test_a_call_back_that_somebody_rings_for_keeps_its_number(services: Services, database: Database) -> None:
    line = registering.meets(services, sid(4), "+32470123456")
    line = registering.chooses(services, line, Option.QUESTION, f"{sid(4)}|menu|1|2")
    releasing.release(services, sid(4), "upkeep", "the caller hung up")
    with database.write() as session:
        session.query(Callback).update({Callback.state: CallbackState.PREPARING})
    registering.keys_in(services, line, "0475222222", f"{sid(4)}|typed|1")
    registering.concludes(services, line, f"{sid(4)}|read-back|1|1", confirmed=True)
    with database.read() as session:
        assert session.scalar(select(Callback.number)) == "+32470123456"


def test_without_a_choice_there_is_nothing_to_conclude_or_release(services: Services, bell: Bell) -> None:
    line = registering.meets(services, sid(5), "+32470123456")
    assert registering.concludes(services, line, "e", confirmed=True) is None
    assert releasing.release(services, sid(5), "upkeep", "the caller hung up") is False
    assert bell.rung == []


def test_the_rank_is_kept_with_the_instant_of_arrival(services: Services, database: Database) -> None:
    line = registering.meets(services, sid(6), "+32470123456")
    registering.chooses(services, line, Option.OUTAGE, f"{sid(6)}|menu|1|1")
    with database.read() as session:
        kept = session.execute(select(Callback.arrived_at, Callback.rank, Callback.promise_from, Callback.why)).one()
    assert kept.arrived_at == NOW
    expected = Calendar(HouseRules().opening_hours, HouseRules().envelope, HouseRules().zone).open_seconds_at(NOW)
    assert kept.rank == expected - HouseRules().head_start_outage
    assert (kept.promise_from, kept.why) == (None, "pressed 1: outage")
