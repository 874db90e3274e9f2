"""Registering under concurrency and at its edges, on the real database."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules, Services, Webhooks
from callbacks.rules.calendar import Calendar, NeverOpen
from callbacks.store import callers, hours, legs
from callbacks.store.tickets import FIRST_NUMBER, Report, open_ticket
from callbacks.store.transitions import Cause
from callbacks.workflows import deciding, opening, registering, releasing
from ivr import promise_words
from models.callback import Callback, Promise
from models.customer import Contact, ContactNumber, Customer
from models.history import History, WebhookEvent
from models.sessions import Database
from models.ticket import MissedCall, Ticket
from models.vocabulary import Agreement, CallbackState, Channel, Language, LegStatus, Option, TicketState
from tests.stand_ins import TEXTS

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
    return Services(clock, database, bell, nobody, nobody, nobody, TEXTS, HouseRules(), webhooks)


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
            line = registering.meets(services, sid(n), f"+3247012340{n}")
            return registering.chooses(services, line, Option.QUESTION, f"{sid(n)}|menu|1|2").ticket

        return job

    assert len(set(together(*[call(n) for n in range(AT_ONCE)]))) == AT_ONCE


def test_one_number_calling_many_times_at_once_makes_no_more_call_backs_than_it_may_have(
    services: Services, database: Database
) -> None:
    def call(n: int) -> Callable[[], int | None]:
        def job() -> int | None:
            line = registering.meets(services, sid(n), "+32470123456")
            return registering.chooses(services, line, Option.QUESTION, f"{sid(n)}|menu|1|2").callback_id

        return job

    about = list(together(*[call(n) for n in range(AT_ONCE)]))
    with database.read() as session:
        made = set(session.scalars(select(Callback.id)))
    assert len(made) == services.rules.max_open_per_number
    assert set(about) == made


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


def test_a_number_typed_after_the_end_of_the_call_is_not_dialled(services: Services, database: Database) -> None:
    line = registering.meets(services, sid(7), "+32470123456")
    line = registering.chooses(services, line, Option.QUESTION, f"{sid(7)}|menu|1|2")
    releasing.hangs_up(services, sid(7), LegStatus.COMPLETED, 3, 12)
    registering.keys_in(services, line, "0475222222", f"{sid(7)}|typed|1")
    with database.read() as session:
        kept = session.execute(select(Callback.state, Callback.number, Callback.number_confirmed)).one()
    assert tuple(kept) == (CallbackState.WAITING, "+32470123456", False)


def test_a_number_typed_after_the_end_of_a_withheld_call_is_kept_for_a_person(
    services: Services, database: Database
) -> None:
    line = registering.meets(services, sid(7), "anonymous")
    line = registering.chooses(services, line, Option.QUESTION, f"{sid(7)}|menu|1|2")
    releasing.hangs_up(services, sid(7), LegStatus.COMPLETED, 3, 12)
    registering.keys_in(services, line, "0475222222", f"{sid(7)}|typed|1")
    with database.read() as session:
        kept = session.execute(select(Callback.state, Callback.number)).one()
    assert tuple(kept) == (CallbackState.NEEDS_HUMAN, "+32475222222")


def waits_for_a_lock(database: Database) -> bool:
    """Say whether a transaction stands still behind another, as far as PostgreSQL tells."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with database.read() as session:
        return bool(session.scalar(text(query)))


def meanwhile(database: Database, job: Callable[[], Any], work: Callable[[Session], Any]) -> Any:
    """Begin the job while `work` is written and not committed, commit once the job waits for it; return its answer."""
    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            work(session)
            session.flush()
            later = pool.submit(job)
            # On SQLite a writer waits for the other from its first statement: there is nothing to look for.
            give_up = time.monotonic() + 5
            while not database.is_sqlite and not waits_for_a_lock(database):
                assert not later.done(), "it did not wait"
                assert time.monotonic() < give_up, "it neither ended nor waited"
        return later.result(timeout=10)


def test_a_call_that_ends_while_its_key_is_written_down_is_let_go_at_once(
    services: Services, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = registering.meets(services, sid(8), "+32470123456")
    written = threading.Event()
    look = legs.first_time

    def slow(session: Session, key: str, now: datetime) -> bool:
        new = look(session, key, now)
        written.set()
        give_up = time.monotonic() + 5
        while not database.is_sqlite and not waits_for_a_lock(database) and not end.done():
            assert time.monotonic() < give_up, "the end of the call neither came nor waited"
        return new

    monkeypatch.setattr(legs, "first_time", slow)
    with ThreadPoolExecutor(2) as pool:

        def ends() -> None:
            assert written.wait(5)
            releasing.hangs_up(services, sid(8), LegStatus.COMPLETED, 3, 12)

        end = pool.submit(ends)
        pool.submit(registering.chooses, services, line, Option.QUESTION, f"{sid(8)}|menu|1|2").result(10)
        end.result(10)
    with database.read() as session:
        assert session.scalars(select(Callback.state)).all() == [CallbackState.WAITING]
        assert session.scalars(select(MissedCall)).all() == []


def test_a_key_that_comes_while_the_end_is_written_down_is_let_go_and_not_missed(
    services: Services, database: Database
) -> None:
    line = registering.meets(services, sid(8), "+32470123456")

    def ended(session: Session) -> None:
        known = callers.line(session, sid(8), lock=True)
        assert known is not None
        callers.close_line(session, sid(8), NOW)
        callers.miss(session, known, NOW)

    press = partial(registering.chooses, services, line, Option.QUESTION, f"{sid(8)}|menu|1|2")
    assert meanwhile(database, press, ended).ticket == FIRST_NUMBER
    with database.read() as session:
        assert session.scalars(select(Callback.state)).all() == [CallbackState.WAITING]
        assert session.scalars(select(MissedCall)).all() == []


def test_a_number_confirmed_while_the_call_is_let_go_is_the_one_that_is_dialled(
    services: Services, database: Database
) -> None:
    line = registering.meets(services, sid(9), "+32470123456")
    line = registering.chooses(services, line, Option.QUESTION, f"{sid(9)}|menu|1|2")
    registering.keys_in(services, line, "0475222222", f"{sid(9)}|typed|1")

    def confirm(session: Session) -> None:
        session.execute(update(Callback).values(number_confirmed=True))

    assert meanwhile(database, lambda: releasing.release(services, sid(9), "upkeep", "over"), confirm)
    with database.read() as session:
        kept = session.execute(select(Callback.state, Callback.number, Callback.number_confirmed)).one()
    assert tuple(kept) == (CallbackState.WAITING, "+32475222222", True)


@pytest.mark.parametrize("year", [1970, 2024, 2100])
def test_a_key_pressed_while_the_clock_is_lost_is_kept(
    services: Services, database: Database, bell: Bell, year: int
) -> None:
    with database.write() as session:
        bakery = Customer(name="Boulangerie Peeters", agreement=Agreement.HOURS_BUNDLE)
        session.add(bakery)
        session.flush()
        luc = Contact(customer_id=bakery.id, name="Luc", email="luc@peeters.example", language=Language.FR)
        session.add(luc)
        session.flush()
        session.add(ContactNumber(contact_id=luc.id, number="+32470123456"))
    lost: Any = SimpleNamespace(now=lambda: NOW.replace(year=year))
    services = replace(services, clock=lost)
    line = registering.meets(services, sid(10), "+32470123456")
    line = registering.chooses(services, line, Option.OUTAGE, f"{sid(10)}|menu|1|1")
    said = registering.concludes(services, line, f"{sid(10)}|number|1|1", confirmed=True)
    assert said == registering.Farewell(FIRST_NUMBER, "+32470123456", None, True, opening.look(services))
    assert bell.rung == ["mail"]
    with database.read() as session:
        kept = session.execute(select(Callback.state, Callback.rank, Callback.why)).one()
    assert (kept.state, kept.rank) == (CallbackState.HELD, -HouseRules().head_start_outage)
    assert kept.why.startswith("pressed 1: outage; ranked without a calendar: ")
    releasing.says_goodbye(services, sid(10))
    with database.read() as session:
        assert session.scalar(select(Callback.state)) is CallbackState.WAITING


def test_hours_that_never_open_cost_no_caller_his_key(services: Services, database: Database) -> None:
    class Never:
        def open_seconds_at(self, at: datetime) -> int:
            raise NeverOpen(at.isoformat())

    line = registering.meets(services, sid(11), "+32470123456")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hours, "calendar", lambda *_: Never())
        registering.chooses(services, line, Option.QUESTION, f"{sid(11)}|menu|1|2")
    with database.read() as session:
        assert session.scalar(select(Callback.rank)) == 0


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


def test_a_caller_whose_call_back_is_over_already_is_promised_no_call_and_no_mail(
    services: Services, database: Database, bell: Bell
) -> None:
    line = registering.meets(services, sid(12), "+32470123456")
    line = registering.chooses(services, line, Option.QUESTION, f"{sid(12)}|menu|1|2")
    assert line.ticket is not None
    releasing.says_goodbye(services, sid(12))
    deciding.cancel(services, line.ticket, "solved", "Els")
    bell.rung.clear()
    said = registering.concludes(services, line, f"{sid(12)}|number|1|1", confirmed=True)
    assert said == registering.Farewell(line.ticket, None, None, False, opening.look(services))
    assert promise_words.sentences(said) == ["no_number_yet"]
    assert bell.rung == []
    with database.read() as session:
        assert session.scalars(select(Promise).where(Promise.result.is_(None))).all() == []
