from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.store.transitions import (
    Cause,
    IllegalMove,
    move_agent,
    move_attempt,
    move_callback,
    move_ticket,
    note,
    record_birth,
)
from models.agent import Agent
from models.callback import Attempt, Callback
from models.history import History
from models.sessions import Database
from models.ticket import Ticket
from models.vocabulary import AgentState, AttemptState, CallbackState, Subject, TicketState
from tests.call_desk import TUESDAY_TEN
from tests.stand_ins import add_agent, add_callback, add_ticket

C, A, G, T = CallbackState, AttemptState, AgentState, TicketState
CAUSE = Cause(TUESDAY_TEN, "An", "because")


@pytest.fixture
def waiting(database: Database) -> int:
    """Return the id of a waiting call-back."""
    with database.write() as session:
        return add_callback(session, TUESDAY_TEN, add_ticket(session, TUESDAY_TEN)).id


def trail(database: Database) -> list[tuple[str, int, int | None, str | None, str, str, str]]:
    with database.read() as session:
        return [
            (row.subject, row.subject_id, row.callback_id, row.old_state, row.new_state, row.who, row.why)
            for row in session.scalars(select(History).order_by(History.id))
        ]


def test_a_move_changes_the_row_and_leaves_its_trail(database: Database, waiting: int) -> None:
    with database.write() as session:
        assert move_callback(session, waiting, {C.WAITING}, C.PREPARING, CAUSE, fence=1)
    with database.read() as session:
        row = session.get_one(Callback, waiting)
        assert (row.state, row.fence, row.why, row.closed_at) == (C.PREPARING, 1, "because", None)
    assert trail(database) == [("callback", waiting, waiting, "waiting", "preparing", "An", "because")]


def test_a_move_that_nobody_drew_is_refused_before_anything_happens(database: Database, waiting: int) -> None:
    with database.write() as session, pytest.raises(IllegalMove, match="no arrow from waiting to done"):
        move_callback(session, waiting, {C.WAITING}, C.DONE, CAUSE)
    with database.read() as session:
        assert session.get_one(Callback, waiting).state is C.WAITING
    assert trail(database) == []


def test_one_illegal_origin_among_legal_ones_is_refused(database: Database, waiting: int) -> None:
    with database.write() as session, pytest.raises(IllegalMove, match="done"):
        move_callback(session, waiting, {C.WAITING, C.DONE}, C.CANCELLED, CAUSE)


def move_a_ticket(session: Session) -> bool:
    return move_ticket(session, 1, {T.CLOSED}, T.WAITING_CUSTOMER, CAUSE)


@pytest.mark.parametrize(
    "illegal",
    [
        lambda session: move_attempt(session, 1, {A.PLACED}, A.SENDING, CAUSE),
        lambda session: move_attempt(session, 1, {A.UNKNOWN}, A.RESERVED, CAUSE),
        lambda session: move_attempt(session, 1, {A.ENDED}, A.PLACED, CAUSE),
        lambda session: move_agent(session, 1, {G.PAUSED}, G.RESERVED, CAUSE),
        lambda session: move_agent(session, 1, {G.OFF_DUTY}, G.ON_CALL, CAUSE),
        move_a_ticket,
    ],
)
def test_attempts_agents_and_tickets_have_their_own_arrows(
    database: Database, illegal: Callable[[Session], bool]
) -> None:
    with database.write() as session, pytest.raises(IllegalMove):
        illegal(session)


def test_whoever_comes_second_changes_nothing_and_writes_nothing(database: Database, waiting: int) -> None:
    with database.write() as session:
        assert move_callback(session, waiting, {C.WAITING}, C.CANCELLED, CAUSE)
        assert not move_callback(session, waiting, {C.WAITING}, C.PREPARING, CAUSE)
    assert [row[4] for row in trail(database)] == ["cancelled"]


@pytest.mark.parametrize("guard", [Callback.fence == 7, Callback.cancel_requested.is_(True)])
def test_a_guard_that_does_not_hold_changes_nothing_and_writes_nothing(
    database: Database, waiting: int, guard: Any
) -> None:
    with database.write() as session:
        assert not move_callback(session, waiting, {C.WAITING}, C.PREPARING, CAUSE, guard, fence=99)
    with database.read() as session:
        assert (session.get_one(Callback, waiting).state, session.get_one(Callback, waiting).fence) == (C.WAITING, 0)
    assert trail(database) == []


def test_a_row_that_does_not_exist_is_no_error(database: Database) -> None:
    with database.write() as session:
        assert not move_callback(session, 4711, {C.WAITING}, C.PREPARING, CAUSE)
    assert trail(database) == []


def test_the_trail_is_rolled_back_with_the_move(database: Database, waiting: int) -> None:
    with pytest.raises(ZeroDivisionError):
        _move_and_fail(database, waiting)
    with database.read() as session:
        assert session.get_one(Callback, waiting).state is C.WAITING
    assert trail(database) == []


def _move_and_fail(database: Database, callback_id: int) -> None:
    with database.write() as session:
        assert move_callback(session, callback_id, {C.WAITING}, C.PREPARING, CAUSE)
        raise ZeroDivisionError


def test_nobody_else_sees_a_move_without_its_trail(database: Database, waiting: int) -> None:
    with database.write() as session:
        move_callback(session, waiting, {C.WAITING}, C.PREPARING, CAUSE)
        with database.read() as other:
            assert other.get_one(Callback, waiting).state is C.WAITING
            assert other.query(History).count() == 0


@pytest.mark.parametrize("end", [C.CANCELLED, C.DONE])
def test_an_end_is_stamped(database: Database, waiting: int, end: CallbackState) -> None:
    with database.write() as session:
        session.get_one(Callback, waiting).state = C.NEEDS_HUMAN
        session.flush()
        move_callback(session, waiting, {C.NEEDS_HUMAN}, end, CAUSE)
    with database.read() as session:
        assert session.get_one(Callback, waiting).closed_at == TUESDAY_TEN


def test_a_reopened_ticket_loses_its_stamp(database: Database, waiting: int) -> None:
    del waiting
    with database.write() as session:
        [ticket] = session.scalars(select(Ticket))
        assert move_ticket(session, ticket.id, {T.OPEN}, T.CLOSED, CAUSE)
        assert ticket.closed_at == TUESDAY_TEN
        assert move_ticket(session, ticket.id, {T.CLOSED}, T.OPEN, CAUSE)
        assert ticket.closed_at is None


def test_rows_read_before_a_move_show_what_the_move_made_of_them(database: Database, waiting: int) -> None:
    with database.write() as session:
        row = session.get_one(Callback, waiting)
        states = [row.state]
        move_callback(session, waiting, {C.WAITING}, C.PREPARING, CAUSE)
        states.append(row.state)
    assert states == [C.WAITING, C.PREPARING]


def test_an_attempt_s_trail_hangs_on_its_call_back_and_an_agent_s_on_none(database: Database, waiting: int) -> None:
    with database.write() as session:
        agent = add_agent(session, TUESDAY_TEN)
        attempt = Attempt(
            callback_id=waiting,
            n=1,
            fence=1,
            state=A.RESERVED,
            state_since=TUESDAY_TEN,
            agent_id=agent.id,
            agent_phone="+32470000001",
            customer_number="+32470111111",
            reserved_at=TUESDAY_TEN,
            ring_at=TUESDAY_TEN,
            lease_until=TUESDAY_TEN,
        )
        session.add(attempt)
        session.flush()
        record_birth(session, Subject.ATTEMPT, attempt.id, A.RESERVED, CAUSE, waiting)
        move_attempt(session, attempt.id, {A.RESERVED}, A.WITHDRAWN, CAUSE)
        note(session, Subject.ATTEMPT, attempt.id, A.WITHDRAWN, CAUSE, waiting)
        move_agent(session, agent.id, {G.FREE}, G.BREAK, CAUSE)
        assert (attempt.ended_at, attempt.why) == (TUESDAY_TEN, "because")
    assert [row[2:5] for row in trail(database)] == [
        (waiting, None, "reserved"),
        (waiting, "reserved", "withdrawn"),
        (waiting, "withdrawn", "withdrawn"),
        (None, "free", "break"),
    ]


def test_a_long_reason_is_cut_and_not_refused(database: Database, waiting: int) -> None:
    with database.write() as session:
        move_callback(session, waiting, {C.WAITING}, C.CANCELLED, Cause(TUESDAY_TEN, "An", "x" * 500))
    assert len(trail(database)[0][-1]) == 200


def test_of_many_who_move_the_same_row_at_once_exactly_one_wins(database: Database, waiting: int) -> None:
    start = Barrier(6)

    def move(_n: int) -> bool:
        start.wait()
        with database.write() as session:
            return move_callback(session, waiting, {C.WAITING}, C.PREPARING, CAUSE)

    with ThreadPoolExecutor(6) as crowd:
        assert sorted(crowd.map(move, range(6))) == [False] * 5 + [True]
    assert len(trail(database)) == 1


def test_an_agent_s_new_state_says_since_when_and_until_when(database: Database) -> None:
    with database.write() as session:
        agent = add_agent(session, TUESDAY_TEN, state=G.ON_CALL)
        move_agent(session, agent.id, {G.ON_CALL}, G.WRAP_UP, CAUSE, until=TUESDAY_TEN)
        assert (agent.state_since, agent.state_until) == (TUESDAY_TEN, TUESDAY_TEN)
        move_agent(session, agent.id, {G.WRAP_UP}, G.FREE, CAUSE)
        assert session.get_one(Agent, agent.id).state_until is None
