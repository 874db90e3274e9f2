from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from callbacks.ports import HouseRules
from callbacks.store import pace
from models.callback import Attempt
from models.sessions import Database
from models.vocabulary import AttemptState
from tests.call_desk import TUESDAY_TEN
from tests.stand_ins import add_agent, add_callback, add_ticket

RULES = HouseRules()


def due(database: Database, count: int, at: datetime = TUESDAY_TEN, *, first: int = 0) -> None:
    """Reserve so many attempts, due at `at`."""
    with database.write() as session:
        for n in range(first, first + count):
            agent = add_agent(session, at, name=f"Agent{n}", phone=f"+324700000{n:02}")
            number = f"+324711111{n:02}"
            callback = add_callback(session, at, add_ticket(session, at, number=10001 + n), number=number)
            session.add(
                Attempt(
                    callback_id=callback.id,
                    n=1,
                    fence=1,
                    state=AttemptState.RESERVED,
                    state_since=at,
                    agent_id=agent.id,
                    agent_phone=agent.phone,
                    customer_number=number,
                    reserved_at=at,
                    ring_at=at,
                    lease_until=at + timedelta(seconds=45),
                ),
            )


def take(database: Database, now: datetime, rules: HouseRules = RULES) -> tuple[int, datetime] | None:
    with database.write() as session:
        return pace.take_due(session, rules, now)


def sent(database: Database, attempt_id: int) -> None:
    with database.write() as session:
        session.get_one(Attempt, attempt_id).state = AttemptState.SENDING


@pytest.mark.parametrize(("cps", "milliseconds"), [(1.0, 1000), (4.0, 250), (0.5, 2000), (100.0, 10)])
def test_slots_lie_one_second_divided_by_the_allowed_rate_apart(
    database: Database, cps: float, milliseconds: int
) -> None:
    due(database, 4)
    taken = [take(database, TUESDAY_TEN, HouseRules(calls_per_second=cps)) for _ in range(4)]
    assert taken == [(n + 1, TUESDAY_TEN + n * timedelta(milliseconds=milliseconds)) for n in range(4)]


def test_after_a_pause_the_first_call_leaves_at_once(database: Database) -> None:
    due(database, 2)
    take(database, TUESDAY_TEN)
    sent(database, 1)
    later = TUESDAY_TEN + timedelta(minutes=10)
    assert take(database, later) == (2, later)


def test_nothing_is_taken_before_its_time(database: Database) -> None:
    due(database, 1)
    assert take(database, TUESDAY_TEN - timedelta(microseconds=1)) is not None
    with database.write() as session:
        attempt = session.get_one(Attempt, 1)
        attempt.slot_at, attempt.ring_at = None, TUESDAY_TEN + timedelta(seconds=30)
    assert take(database, TUESDAY_TEN + timedelta(seconds=29.999)) is None
    assert take(database, TUESDAY_TEN + timedelta(seconds=30)) is not None


def test_the_longest_due_goes_first(database: Database) -> None:
    due(database, 1)
    due(database, 1, TUESDAY_TEN - timedelta(seconds=9), first=1)
    taken = take(database, TUESDAY_TEN)
    assert taken is not None
    assert taken[0] == 2


def test_an_attempt_that_has_its_slot_is_not_taken_again(database: Database) -> None:
    due(database, 1)
    assert take(database, TUESDAY_TEN) is not None
    assert take(database, TUESDAY_TEN) is None
    with database.read() as session:
        assert pace.due_count(session, TUESDAY_TEN) == 0


def test_the_lease_runs_from_the_slot(database: Database) -> None:
    due(database, 3)
    slots = [take(database, TUESDAY_TEN) for _ in range(3)]
    with database.read() as session:
        leases = list(session.scalars(select(Attempt.lease_until).order_by(Attempt.id)))
    assert leases == [slot[1] + timedelta(seconds=45) for slot in slots if slot is not None]


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=3)])
def test_a_clock_set_back_makes_nobody_wait_for_the_old_time_to_come_again(database: Database, back: timedelta) -> None:
    due(database, 3)
    take(database, TUESDAY_TEN)
    sent(database, 1)
    now = TUESDAY_TEN - back
    assert take(database, now) == (2, now)
    assert take(database, now) == (3, now + timedelta(seconds=1))


def test_a_clock_set_forward_makes_nobody_wait_and_nobody_hurry(database: Database) -> None:
    due(database, 3)
    take(database, TUESDAY_TEN)
    now = TUESDAY_TEN + timedelta(days=3)
    assert take(database, now) == (2, now)
    assert take(database, now) == (3, now + timedelta(seconds=1))


def test_workers_that_ask_in_the_same_moment_get_different_attempts_and_slots(database: Database) -> None:
    due(database, 6)
    start = Barrier(3)

    def work(_n: int) -> list[tuple[int, datetime]]:
        start.wait()
        taken = (take(database, TUESDAY_TEN) for _ in range(2))
        return [one for one in taken if one is not None]

    with ThreadPoolExecutor(3) as crowd:
        taken = [one for some in crowd.map(work, range(3)) for one in some]
    with database.read() as session:
        left = pace.due_count(session, TUESDAY_TEN)
    while left and (one := take(database, TUESDAY_TEN)):
        taken.append(one)
    assert sorted(number for number, _ in taken) == [1, 2, 3, 4, 5, 6]
    assert sorted(slot for _, slot in taken) == [TUESDAY_TEN + timedelta(seconds=n) for n in range(6)]
