"""Indexes that hold even if the code is wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.agent import Agent
from models.callback import Attempt, Callback
from models.sessions import Database
from models.ticket import Ticket
from models.vocabulary import AgentState, AttemptState, CallbackState, Channel, Language, Option, Role, TicketState

NOW = datetime(2026, 10, 12, 9, 0, 0, 123456, tzinfo=UTC)


def _agent(session: Session, name: str, phone: str) -> int:
    agent = Agent(
        name=name,
        phone=phone,
        email=f"{name}@accel.test",
        role=Role.AGENT,
        languages="nl",
        password_hash="x",
        state=AgentState.FREE,
        state_since=NOW,
    )
    session.add(agent)
    session.flush()
    return agent.id


def _callback(session: Session, number: int, phone: str) -> int:
    ticket = Ticket(
        number=number,
        state=TicketState.OPEN,
        channel=Channel.HOTLINE,
        option=Option.OUTAGE,
        language=Language.NL,
        subject="",
        opened_at=NOW,
    )
    session.add(ticket)
    session.flush()
    callback = Callback(
        ticket_id=ticket.id,
        state=CallbackState.WAITING,
        option=Option.OUTAGE,
        language=Language.NL,
        number=phone,
        arrived_at=NOW,
        rank=0,
    )
    session.add(callback)
    session.flush()
    return callback.id


def _attempt(session: Session, callback_id: int, agent_id: int, **columns: Any) -> int:
    given = {
        "n": 1,
        "state": AttemptState.RESERVED,
        "agent_phone": "+32470000001",
        "customer_number": "+32470111111",
        **columns,
    }
    attempt = Attempt(
        callback_id=callback_id,
        agent_id=agent_id,
        fence=1,
        state_since=NOW,
        reserved_at=NOW,
        ring_at=NOW,
        lease_until=NOW + timedelta(seconds=45),
        **given,
    )
    session.add(attempt)
    session.flush()
    return attempt.id


@pytest.fixture
def two(database: Database) -> tuple[int, int, int]:
    with database.write() as session:
        agent = _agent(session, "an", "+32470000001")
        first, second = _callback(session, 10001, "+32470111111"), _callback(session, 10002, "+32470222222")
        _attempt(session, first, agent)
    return agent, first, second


def test_a_second_live_attempt_for_an_agents_phone_is_refused(database: Database, two: tuple[int, int, int]) -> None:
    agent, _, second = two
    with pytest.raises(IntegrityError), database.write() as session:
        _attempt(session, second, agent, customer_number="+32470222222")


def test_a_second_live_attempt_for_a_callback_is_refused(database: Database, two: tuple[int, int, int]) -> None:
    _, first, _ = two
    with database.write() as session:
        other = _agent(session, "bart", "+32470000002")
    with pytest.raises(IntegrityError), database.write() as session:
        _attempt(session, first, other, n=2, agent_phone="+32470000002", customer_number="+32470333333")


def test_a_second_live_attempt_at_a_customers_number_is_refused(database: Database, two: tuple[int, int, int]) -> None:
    _, _, second = two
    with database.write() as session:
        other = _agent(session, "bart", "+32470000002")
    with pytest.raises(IntegrityError), database.write() as session:
        _attempt(session, second, other, agent_phone="+32470000002")


@pytest.mark.parametrize(
    "over", [AttemptState.ENDED, AttemptState.WITHDRAWN, AttemptState.REJECTED, AttemptState.NOT_PLACED]
)
def test_an_attempt_that_is_over_stands_in_nobodys_way(
    database: Database,
    two: tuple[int, int, int],
    over: AttemptState,
) -> None:
    agent, first, _ = two
    with database.write() as session:
        session.execute(text("UPDATE attempt SET state = :over"), {"over": str(over)})
        assert _attempt(session, first, agent, n=2)


def test_an_instant_comes_back_as_the_same_instant_to_the_microsecond(database: Database) -> None:
    brussels = NOW.astimezone(ZoneInfo("Europe/Brussels"))
    with database.write() as session:
        callback_id = _callback(session, 10001, "+32470111111")
        session.get_one(Callback, callback_id).not_before = brussels
    with database.read() as session:
        stored = session.get_one(Callback, callback_id).not_before
    assert stored == NOW
    assert stored is not None
    assert stored.tzinfo is UTC
