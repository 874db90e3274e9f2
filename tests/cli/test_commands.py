"""The commands as a person or a program runs them: what is printed, where, and the exit code."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callbacks.cli import COMMANDS, main
from models.callback import Attempt
from models.sessions import Database
from models.ticket import TimeEntry
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Option,
    Role,
    WorkKind,
)
from tests.cli.run import Run
from tests.stand_ins import add_agent, add_callback, add_contact, add_ticket

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)


@pytest.fixture
def a_day(database: Database) -> None:
    """Two call-backs: a known caller's outage that was talked about, and a stranger's question that waits."""
    with database.write() as session:
        contact = add_contact(session)
        agent = add_agent(session, NOW)
        known = add_ticket(session, NOW, contact=contact, subject="Kassa \x1b[31mstuk")
        stranger = add_ticket(session, NOW, number=10002, option=Option.QUESTION)
        done = add_callback(
            session, NOW, known, state=CallbackState.WRAP_UP, promise=(NOW, NOW + timedelta(minutes=30))
        )
        add_callback(session, NOW, stranger, number="+32471222222", rank=7)
        attempts = [
            Attempt(
                callback_id=done.id,
                agent_id=agent.id,
                n=n,
                fence=n,
                state=AttemptState.ENDED,
                state_since=NOW,
                agent_phone="+32470000001",
                customer_number="+32470111111",
                reserved_at=NOW + timedelta(minutes=n),
                ring_at=NOW,
                lease_until=NOW,
                sending_at=sending,
                agent_outcome=outcome,
                customer_outcome=customer,
                talk_seconds=seconds,
            )
            for n, sending, outcome, customer, seconds in (
                (2, NOW + timedelta(minutes=5), AgentOutcome.ACCEPTED, CustomerOutcome.BRIDGED, 61),
                (1, None, AgentOutcome.DECLINED, None, 0),
            )
        ]
        session.add_all(attempts)
        for seconds in (61, 30):
            session.add(
                TimeEntry(ticket_id=known.id, agent_id=agent.id, kind=WorkKind.TALK, started_at=NOW, seconds=seconds)
            )


@pytest.mark.usefixtures("a_day")
def test_callbacks_as_json_have_the_promised_keys_and_words(ringback: Run) -> None:
    code, out, err = ringback("callbacks", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == [
        {
            "ticket": 10001,
            "state": "wrap_up",
            "option": 1,
            "company": "Bakkerij Peeters",
            "contact": "An Peeters",
            "number": "+32470111111",
            "rank": 0,
            "promise_from": "2026-10-12T11:30:00+02:00",
            "promise_to": "2026-10-12T12:00:00+02:00",
            "not_before": None,
            "attempts": [
                {
                    "started_at": "2026-10-12T11:31:00+02:00",
                    "agent": "Bart",
                    "agent_outcome": "declined",
                    "customer_outcome": None,
                    "talk_seconds": 0,
                },
                {
                    "started_at": "2026-10-12T11:35:00+02:00",
                    "agent": "Bart",
                    "agent_outcome": "accepted",
                    "customer_outcome": "bridged",
                    "talk_seconds": 61,
                },
            ],
            "created_at": "2026-10-12T11:30:00+02:00",
        },
        {
            "ticket": 10002,
            "state": "waiting",
            "option": 2,
            "company": None,
            "contact": None,
            "number": "+32471222222",
            "rank": 7,
            "promise_from": None,
            "promise_to": None,
            "not_before": None,
            "attempts": [],
            "created_at": "2026-10-12T11:30:00+02:00",
        },
    ]


@pytest.mark.usefixtures("a_day")
def test_tickets_as_json_have_the_promised_keys_and_count_every_minute_begun(ringback: Run) -> None:
    code, out, err = ringback("tickets", "--json")
    assert (code, err) == (0, "")
    first, second = json.loads(out)
    assert first == {
        "number": 10001,
        "state": "open",
        "channel": "hotline",
        "option": 1,
        "company": "Bakkerij Peeters",
        "contact": "An Peeters",
        "subject": "Kassa \x1b[31mstuk",
        "opened_at": "2026-10-12T11:30:00+02:00",
        "closed_at": None,
        "minutes_worked": 2,
    }
    assert (second["company"], second["contact"], second["minutes_worked"]) == (None, None, 0)


@pytest.mark.usefixtures("a_day")
def test_callbacks_for_people_say_why_each_stands_where_it_stands(ringback: Run) -> None:
    code, out, _ = ringback("callbacks")
    assert code == 0
    lines = out.splitlines()
    assert [line.split()[:2] for line in lines] == [["TICKET", "STATE"], ["10001", "wrap_up"], ["10002", "waiting"]]
    assert lines[2].endswith("in order of arrival")


@pytest.mark.usefixtures("a_day")
def test_what_a_customer_wrote_cannot_move_the_cursor(ringback: Run) -> None:
    _, out, _ = ringback("tickets")
    assert "stuk" in out
    assert "\x1b" not in out


@pytest.mark.parametrize("state", [AgentState.OFF_DUTY, AgentState.BREAK, AgentState.PAUSED])
def test_an_agent_comes_back_on_duty_with_his_missed_calls_forgotten(
    ringback: Run,
    database: Database,
    state: AgentState,
) -> None:
    with database.write() as session:
        add_agent(session, NOW, state=state, missed_in_a_row=3)
    assert ringback("agents", "on", "bart")[:2] == (0, "bart: on duty.\n")
    _, out, _ = ringback("agents", "--json")
    (agent,) = json.loads(out)
    assert (agent["state"], agent["missed_in_a_row"]) == ("free", 0)


def test_a_free_agent_goes_off_duty_at_once_and_twice_is_no_error(ringback: Run, database: Database) -> None:
    with database.write() as session:
        add_agent(session, NOW)
    assert ringback("agents", "off", "Bart")[:2] == (0, "Bart: off duty.\n")
    assert ringback("agents", "off", "Bart")[:2] == (0, "Bart: off duty already.\n")


@pytest.mark.parametrize("state", [AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP])
def test_a_busy_agent_goes_off_duty_after_his_call_and_may_think_better_of_it(
    ringback: Run,
    database: Database,
    state: AgentState,
) -> None:
    with database.write() as session:
        add_agent(session, NOW, state=state)
    assert ringback("agents", "off", "Bart")[:2] == (0, "Bart: off duty after this call.\n")
    assert json.loads(ringback("agents", "--json")[1])[0]["wants_off_duty"] is True
    assert ringback("agents", "on", "Bart")[0] == 0
    (agent,) = json.loads(ringback("agents", "--json")[1])
    assert (agent["state"], agent["wants_off_duty"]) == (str(state), False)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("agents", "on", "Nobody"), "there is no agent 'Nobody'; there is Sofie"),
        (("agents", "on", "Sofie"), "Sofie has no telephone number"),
        (("hours", "close", "yesterday", "today"), "'yesterday' is no time; write it as"),
        (("hours", "close", "2026-12-24", "2026-12-23"), "the end must come after the start"),
        (("hours", "close", "2027-03-28 02:30", "2027-03-28 04:00"), "does not exist: the clocks go forward"),
        (("hours", "open", "2026-12-24 20:00", "2026-12-24 21:00"), "The opening leaves the envelope"),
        (("hours", "remove", "99"), "there is no closure or opening number 99"),
        (("hours", "remove", "x"), "argument ID: 'x' is no number"),
        (("import", "customers", "/none.csv"), "/none.csv: No such file"),
        (("nonsense",), "invalid choice: 'nonsense'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_1(
    ringback: Run,
    database: Database,
    words: tuple[str, ...],
    complaint: str,
) -> None:
    with database.write() as session:
        add_agent(session, NOW, name="Sofie", phone=None, role=Role.SUPERVISOR, state=AgentState.OFF_DUTY)
    code, out, err = ringback(*words)
    assert (code, out) == (1, "")
    assert err.startswith("ringback: ")
    assert complaint in err
    assert err.count("\n") == 1


def test_a_closure_is_shown_with_its_note_until_it_is_taken_back(ringback: Run) -> None:
    days = [line[4:14] for line in ringback("hours")[1].splitlines()]
    assert len(days) == 15
    tomorrow = days[1]
    code, out, _ = ringback("hours", "close", tomorrow, tomorrow, "--why", "teambuilding")
    assert code == 0
    number = re.findall(r"number (\d+)", out)[0]
    closed = ringback("hours")[1].splitlines()
    assert re.search(r"closed .*teambuilding", closed[1])
    assert "teambuilding" not in closed[0] + closed[2]
    assert ringback("hours", "remove", number)[0] == 0
    assert "teambuilding" not in ringback("hours")[1]


def test_a_file_with_two_mistakes_is_two_lines_and_the_same_file_twice_is_said(ringback: Run, tmp_path: Path) -> None:
    path = tmp_path / "agents.csv"
    header = "name,phone,email,role,languages,password\n"
    path.write_text(
        header + "Bart,12,bart@accel.test,agent,nl,welkombijons1\nSofie,,sofie,supervisor,nl,welkombijons2\n"
    )
    code, out, err = ringback("import", "agents", str(path))
    assert (code, out) == (1, "")
    assert [line.split(":")[1] for line in err.splitlines()] == [" agents.csv, line 2", " agents.csv, line 3"]
    path.write_text(header + "Bart,0470000001,bart@accel.test,agent,nl,welkombijons1\n")
    assert ringback("import", "agents", str(path))[1] == "agents.csv: 1 agents, 1 added, 0 changed.\n"
    assert ringback("import", "agents", str(path))[1] == "agents.csv: 1 agents, nothing changed.\n"


def test_migrate_makes_a_database_and_takes_the_hours_into_force(
    environment: pytest.MonkeyPatch,
    empty_database_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment.setenv("DATABASE_URL", empty_database_url)
    assert main(["tickets"]) == 1
    assert "has `ringback migrate` been run?" in capsys.readouterr().err
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    opened = Database(empty_database_url)
    with opened.read() as session:
        from models.calendar import CalendarState  # noqa: PLC0415 - asked in this test alone

        assert session.scalars(select(CalendarState.revision)).all() == [1]
    opened.close()


def test_every_command_has_help_and_the_list_tells_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, (_, line) in COMMANDS.items():
        assert main([name, "--help"]) == 0
        assert f"ringback {name}" in capsys.readouterr().out
        assert (f"\n    {name}" in shown) == bool(line)


def test_help_loads_no_library_that_it_does_not_need() -> None:
    # Whoever asks for help waits for nothing: the telephone library alone takes half a second.
    script = (
        "import sys; from callbacks.cli import main; main(['--help']); print([m for m in sys.modules if '.' not in m])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert not {"sqlalchemy", "twilio", "rq", "pydantic", "flask", "argon2"} & set(
        re.findall(r"'(\w+)'", told.splitlines()[-1])
    )


def test_a_home_that_cannot_be_made_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    words = [sys.executable, "-c", "import sys; from callbacks.cli import main; sys.exit(main(['migrate']))"]
    home = {"RINGBACK_HOME": str(tmp_path / "file" / "home")}
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, **home}, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("ringback: ")
