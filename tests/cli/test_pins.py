"""`ringback agents pin` and `break`, as a supervisor types them."""

import getpass
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from callbacks.passwords import verified
from models.agent import Agent
from models.history import History
from models.sessions import Database
from models.vocabulary import AgentState
from tests.cli.run import Run
from tests.stand_ins import add_agent

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def bart(database: Database) -> None:
    """An agent whose PIN is locked, and a supervisor without a telephone."""
    with database.write() as session:
        agent = add_agent(session, NOW)
        agent.pin_failures, agent.pin_locked_at = 3, NOW
        add_agent(session, NOW, name="Mieke", phone=None)


def row(database: Database) -> Agent:
    with database.read() as session:
        agent = session.scalars(select(Agent).where(Agent.name == "Bart")).one()
        session.expunge_all()
    return agent


def whys(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(History.why).order_by(History.id)))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Type these answers without showing them."""

    def types(*answers: str) -> None:
        left = list(answers)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(getpass, "getpass", lambda _prompt: left.pop(0))

    return types


def test_a_pin_for_scripts_is_kept_as_a_hash_and_ends_a_lock(ringback: Run, database: Database) -> None:
    code, out, err = ringback("agents", "pin", "bart", "--pin", "2580")
    assert (code, out, err) == (0, "Bart has a new PIN.\n", "")
    agent = row(database)
    assert verified(agent.pin_hash, "2580")
    assert not verified(agent.pin_hash, "2581")
    assert (agent.pin_failures, agent.pin_locked_at) == (0, None)
    assert whys(database) == ["has a new PIN for the telephone"]


def test_a_pin_is_asked_twice_without_being_shown(ringback: Run, database: Database, terminal: Any) -> None:
    terminal("2580", "2580")
    code, out, _ = ringback("agents", "pin", "Bart")
    assert code == 0
    assert "2580" not in out
    assert verified(row(database).pin_hash, "2580")


def test_two_different_answers_change_nothing(ringback: Run, database: Database, terminal: Any) -> None:
    terminal("2580", "2508")
    code, _, err = ringback("agents", "pin", "Bart")
    assert (code, err) == (1, "ringback: that was not the same PIN twice; nothing is changed\n")
    assert row(database).pin_hash is None
    assert row(database).pin_failures == 3


def test_without_a_terminal_nothing_is_asked(ringback: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    code, _, err = ringback("agents", "pin", "Bart")
    assert (code, err) == (1, "ringback: there is no terminal to ask for the PIN on; give it with --pin\n")


def test_a_pin_is_taken_away(ringback: Run, database: Database) -> None:
    ringback("agents", "pin", "Bart", "--pin", "2580")
    assert ringback("agents", "pin", "Bart", "--remove") == (0, "Bart has no PIN any more.\n", "")
    assert row(database).pin_hash is None


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("Bart", "--pin", "1234"), "too easy to guess"),
        (("Bart", "--pin", "25"), "4 to 8 digits"),
        (("Bart", "--pin", "0000"), "too easy to guess"),
        (("Mieke", "--pin", "2580"), "no telephone number"),
        (("Niemand", "--pin", "2580"), "there is no agent 'Niemand'"),
        (("Bart", "--pin", "2580", "--remove"), "not allowed with"),
    ],
)
def test_what_cannot_be_is_one_line_and_changes_nothing(
    ringback: Run, database: Database, words: tuple[str, ...], complaint: str
) -> None:
    code, out, err = ringback("agents", "pin", *words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert complaint in err
    assert (row(database).pin_hash, whys(database)) == (None, [])


def test_a_break_is_taken_and_ended(ringback: Run, database: Database) -> None:
    assert ringback("agents", "break", "Bart", "--why", "tandarts")[:2] == (0, "Bart: on a break.\n")
    assert (row(database).state, row(database).away_why) == (AgentState.BREAK, "tandarts")
    assert ringback("agents", "break", "Bart")[1] == "Bart: on a break already.\n"
    assert ringback("agents", "on", "Bart")[1] == "Bart: on duty.\n"
    assert row(database).state is AgentState.FREE
