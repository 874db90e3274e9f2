"""`ringback user`, as whoever runs the service types it."""

import getpass
import io
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from callbacks.passwords import verified
from models.agent import Agent
from models.sessions import Database
from models.vocabulary import AgentState, Role
from tests.cli.run import Run
from tests.stand_ins import add_agent

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
PASSWORD = "klaproos-en-korenbloem"


def row(database: Database, name: str) -> Agent:
    with database.read() as session:
        found = session.scalars(select(Agent).where(Agent.name == name)).one()
        session.expunge_all()
    return found


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Type these answers on a terminal, or hand over the first line of standard input."""

    def types(*answers: str, terminal: bool = True) -> None:
        left = list(answers)
        stdin = io.StringIO("" if terminal else f"{answers[0]}\n")
        monkeypatch.setattr(stdin, "isatty", lambda: terminal, raising=False)
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(getpass, "getpass", lambda _prompt: left.pop(0))

    return types


def test_the_first_person_is_added_with_a_password_that_is_asked_twice_and_shown_never(
    ringback: Run, database: Database, typed: Any
) -> None:
    assert ringback("user")[1] == "There is nobody yet; `ringback user add` adds the first.\n"
    typed(PASSWORD, PASSWORD)
    code, out, err = ringback("user", "add", "Els Wouters", "--email", "els@accel.test", "--role", "supervisor")
    assert (code, out, err) == (0, "Els Wouters is added, and may sign in as supervisor.\n", "")
    assert verified(row(database, "Els Wouters").password_hash, PASSWORD)
    assert ringback("user", "list")[1].splitlines()[1].split() == [
        "Els",
        "Wouters",
        "supervisor",
        "els@accel.test",
        "0",
    ]


def test_a_script_hands_the_password_over_on_standard_input(ringback: Run, database: Database, typed: Any) -> None:
    typed(PASSWORD, terminal=False)
    words = ("--email", "bart@accel.test", "--role", "agent", "--phone", "0470 00 00 01", "--languages", "fr,nl")
    assert ringback("user", "add", "Bart", *words, "--password-stdin")[0] == 0
    bart = row(database, "Bart")
    assert (bart.phone, bart.languages, bart.state) == ("+32470000001", "fr,nl", AgentState.FREE)
    assert verified(bart.password_hash, PASSWORD)
    typed("een heel ander woord", terminal=False)
    assert ringback("user", "passwd", "bart", "--password-stdin") == (
        0, "Bart has a new password, and is signed out everywhere.\n", "",
    )  # fmt: skip
    assert verified(row(database, "Bart").password_hash, "een heel ander woord")


def test_a_role_is_changed_and_somebody_is_signed_out(ringback: Run, database: Database) -> None:
    with database.write() as session:
        add_agent(session, NOW)
    assert ringback("user", "role", "Bart", "supervisor") == (0, "Bart is supervisor.\n", "")
    assert row(database, "Bart").role is Role.SUPERVISOR
    assert ringback("user", "sign-out", "Bart")[1] == "Bart was signed in in 0 browsers, and is in none now.\n"


@pytest.mark.parametrize(
    ("words", "answers", "complaint"),
    [
        (("passwd", "Bart"), ("kort", "kort"), "shorter than 12 characters"),
        (("passwd", "Bart"), (PASSWORD, "iets anders dan dat"), "not the same password twice"),
        (("passwd", "Niemand"), (PASSWORD, PASSWORD), "there is no agent 'Niemand'"),
        (("role", "Els", "agent"), (), "Els is the last supervisor"),
        (("role", "Bart", "owner"), (), "invalid choice: 'owner'"),
        (("sign-out", "Niemand"), (), "there is no agent 'Niemand'"),
        (("add", "Bart", "--email", "b@accel.test", "--role", "agent"), (PASSWORD, PASSWORD), "can do without"),
        (("add", "Cem", "--role", "agent"), (), "--email"),
        (("add", "Cem", "--email", "bart@accel.test", "--role", "supervisor"), (PASSWORD, PASSWORD), "known already"),
        (("passwd", "Bart", "--password", PASSWORD), (), "unrecognized arguments"),
    ],
)
def test_what_cannot_be_is_one_line_and_changes_nothing(
    ringback: Run,
    database: Database,
    typed: Any,
    words: tuple[str, ...],
    answers: tuple[str, ...],
    complaint: str,
) -> None:
    with database.write() as session:
        add_agent(session, NOW)
        add_agent(session, NOW, name="Els", phone="+32470000009", role=Role.SUPERVISOR)
    typed(*answers)
    code, out, err = ringback("user", *words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert complaint in err
    with database.read() as session:
        assert [(each.name, each.role, each.password_hash) for each in session.scalars(select(Agent))] == [
            ("Bart", Role.AGENT, "none"),
            ("Els", Role.SUPERVISOR, "none"),
        ]


def test_without_a_terminal_nothing_is_asked(ringback: Run, typed: Any) -> None:
    typed("", terminal=False)
    complaint = "ringback: there is no terminal to ask for the password on; give it with --password-stdin\n"
    assert ringback("user", "passwd", "Bart") == (1, "", complaint)
