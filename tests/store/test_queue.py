from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from callbacks.ports import HouseRules
from callbacks.rules.dispatch_plan import Pair
from callbacks.store import queue
from models.agent import Agent
from models.callback import Attempt, Callback
from models.history import History
from models.sessions import Database
from models.vocabulary import AgentOutcome, AgentState, AttemptState, CallbackState
from tests.call_desk import TUESDAY_TEN
from tests.stand_ins import add_agent, add_callback, add_ticket

C, A, G = CallbackState, AttemptState, AgentState
RULES = HouseRules()


def people(database: Database, agents: int, numbers: Sequence[str]) -> None:
    """Add agents 1, 2, … and a waiting call-back for each number."""
    with database.write() as session:
        for n in range(agents):
            add_agent(session, TUESDAY_TEN, name=f"Agent{n}", phone=f"+3247000000{n}")
        for n, number in enumerate(numbers):
            ticket = add_ticket(session, TUESDAY_TEN, number=10001 + n)
            add_callback(session, TUESDAY_TEN, ticket, number=number, rank=n)


def at_once(database: Database, pairs: list[Pair]) -> list[bool]:
    """Claim all pairs in the same moment, each in a thread and a transaction of its own."""
    start = Barrier(len(pairs))

    def claim(pair: Pair) -> bool:
        start.wait()
        try:
            with database.write() as session:
                queue.claim(session, pair, RULES, TUESDAY_TEN)
        except (queue.LostRace, IntegrityError):
            return False
        return True

    with ThreadPoolExecutor(len(pairs)) as crowd:
        return list(crowd.map(claim, pairs))


@pytest.mark.parametrize(
    ("numbers", "pairs"),
    [
        (["+3225550001"], [Pair(1, 0, 1), Pair(1, 0, 2), Pair(1, 0, 3), Pair(1, 0, 4)]),
        (["+3225550001", "+3225550002", "+3225550003"], [Pair(1, 0, 1), Pair(2, 0, 1), Pair(3, 0, 1)]),
        (["+3225550001"] * 3, [Pair(1, 0, 1), Pair(2, 0, 2), Pair(3, 0, 3)]),
        (["+3225550001"], [Pair(1, 0, 1)] * 4),
    ],
    ids=["the same call-back", "the same agent", "the same customer's number", "the same pair"],
)
def test_of_several_claims_of_the_same_thing_in_the_same_moment_exactly_one_wins(
    database: Database,
    numbers: list[str],
    pairs: list[Pair],
) -> None:
    people(database, 4, numbers)
    assert sorted(at_once(database, pairs)) == [False] * (len(pairs) - 1) + [True]
    with database.read() as session:
        [attempt] = session.scalars(select(Attempt))
        reserved = list(session.scalars(select(Agent.id).where(Agent.state == G.RESERVED)))
        preparing = list(session.scalars(select(Callback.id).where(Callback.state == C.PREPARING)))
        assert (reserved, preparing) == ([attempt.agent_id], [attempt.callback_id])
        assert sorted(session.scalars(select(History.subject))) == ["agent", "attempt", "callback"]


def test_claims_that_share_nothing_all_win(database: Database) -> None:
    people(database, 3, ["+3225550001", "+3225550002", "+3225550003"])
    assert all(at_once(database, [Pair(1, 0, 1), Pair(2, 0, 2), Pair(3, 0, 3)]))


def test_a_claim_planned_before_the_last_one_is_lost(database: Database) -> None:
    people(database, 1, ["+3225550001"])
    with database.write() as session:
        session.get_one(Callback, 1).fence = 3
    with pytest.raises(queue.LostRace), database.write() as session:
        queue.claim(session, Pair(1, 2, 1), RULES, TUESDAY_TEN)
    with database.read() as session:
        assert session.get_one(Agent, 1).state is G.FREE


def test_an_agent_who_left_meanwhile_gives_the_whole_claim_back(database: Database) -> None:
    people(database, 1, ["+3225550001"])
    with database.write() as session:
        session.get_one(Agent, 1).state = G.BREAK
    with pytest.raises(queue.LostRace), database.write() as session:
        queue.claim(session, Pair(1, 0, 1), RULES, TUESDAY_TEN)
    with database.read() as session:
        assert (session.get_one(Callback, 1).state, session.get_one(Callback, 1).fence) == (C.WAITING, 0)
        assert session.query(History).count() == 0


def test_at_most_twenty_call_backs_are_looked_at_in_order_of_rank(database: Database) -> None:
    people(database, 0, [f"+32255500{n:02}" for n in range(25)])
    with database.write() as session:
        session.get_one(Callback, 25).rank = -1
    with database.read() as session:
        head = queue.head(session, RULES, frozenset({"+3225550000"}), TUESDAY_TEN)
    assert [one.id for one in head] == [25, *range(2, 21)]


def test_a_number_on_a_live_attempt_is_busy_until_the_attempt_is_over(database: Database) -> None:
    people(database, 1, ["+3225550001"])
    with database.write() as session:
        attempt_id = queue.claim(session, Pair(1, 0, 1), RULES, TUESDAY_TEN)
    with database.read() as session:
        assert queue.busy_numbers(session) == {"+3225550001"}
    with database.write() as session:
        session.get_one(Attempt, attempt_id).state = A.ENDED
    with database.read() as session:
        assert queue.busy_numbers(session) == frozenset()


@pytest.mark.parametrize(
    ("outcome", "barred"),
    [
        (AgentOutcome.DECLINED, True),
        (AgentOutcome.NO_ANSWER, True),
        (AgentOutcome.BUSY, True),
        (AgentOutcome.FAILED, True),
        (AgentOutcome.ACCEPTED, False),
    ],
)
def test_whoever_did_not_take_a_call_back_is_barred_from_it_for_a_while(
    database: Database,
    outcome: AgentOutcome,
    barred: bool,
) -> None:
    people(database, 1, ["+3225550001"])
    with database.write() as session:
        attempt = session.get_one(Attempt, queue.claim(session, Pair(1, 0, 1), RULES, TUESDAY_TEN))
        attempt.state, attempt.agent_outcome, attempt.ended_at = A.ENDED, outcome, TUESDAY_TEN
        session.get_one(Callback, 1).state = C.WAITING

    def bars(seconds: float) -> bool:
        with database.read() as session:
            now = TUESDAY_TEN + timedelta(seconds=seconds)
            [call] = queue.head(session, RULES, frozenset(), now)
            return call.barred == {1}

    assert (bars(0), bars(300)) == (barred, barred)
    # Afterwards, and before it: the wall clock was set back since.
    assert (bars(300.001), bars(-0.001)) == (False, False)


@pytest.mark.parametrize(
    ("since", "until", "free"),
    [(-30, 0, True), (-30, 1, False), (0, 30, False), (1, 30, True), (-30, None, True)],
    ids=["over", "not over", "just begun", "begun in a future taken back", "none"],
)
def test_an_agent_s_rest_counts_only_between_its_beginning_and_its_end(
    database: Database,
    since: int,
    until: int | None,
    free: bool,
) -> None:
    people(database, 1, [])
    with database.write() as session:
        agent = session.get_one(Agent, 1)
        agent.state_since = TUESDAY_TEN + timedelta(seconds=since)
        agent.state_until = None if until is None else TUESDAY_TEN + timedelta(seconds=until)
    with database.read() as session:
        assert bool(queue.free_agents(session, TUESDAY_TEN)) is free


def test_the_head_of_the_queue_is_read_from_its_index_without_sorting(database: Database) -> None:
    with database.read() as session:
        statement = select(Callback.id).where(queue.is_waiting()).order_by(Callback.rank, Callback.id)
        if session.get_bind().dialect.name == "postgresql":
            # Too small a table is read whole, whatever its indexes.
            session.execute(text("SET LOCAL enable_seqscan = off"))
            session.execute(text("SET LOCAL enable_sort = off"))
        prefix = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
        compiled = statement.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
        assert "'waiting'" in str(compiled)
        plan = str(session.execute(text(f"{prefix} {compiled}"), dict(compiled.params)).all())
    assert "ix_callback_queue" in plan
    assert "TEMP B-TREE" not in plan
