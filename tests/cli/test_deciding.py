"""Commands by which a person decides, when something is wrong with what he typed or with what can be known."""

from datetime import UTC, datetime

import pytest

from models.callback import Attempt
from models.sessions import Database
from models.upkeep import Switch
from models.vocabulary import AttemptState, CallbackState
from tests.cli.run import Run
from tests.stand_ins import add_agent, add_callback, add_ticket

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
HUGE = "99999999999999999999999"


@pytest.fixture
def account(environment: pytest.MonkeyPatch) -> None:
    """A provider's account, at an address where nobody answers."""
    environment.setenv("PUBLIC_BASE_URL", "http://127.0.0.1:9")
    environment.setenv("TWILIO_BASE_URL", "http://127.0.0.1:9")
    environment.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    environment.setenv("TWILIO_AUTH_TOKEN", "secret-token")


def test_without_an_account_nobody_is_asked_and_the_command_says_what_is_missing(ringback: Run) -> None:
    code, out, err = ringback("reconcile")
    assert (code, out) == (1, "")
    assert "Not set: PUBLIC_BASE_URL, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN" in err


@pytest.mark.usefixtures("account")
def test_with_nothing_in_doubt_the_command_says_so(ringback: Run) -> None:
    assert ringback("reconcile")[:2] == (0, "Nothing was in doubt.\n")


@pytest.mark.usefixtures("account")
def test_what_is_still_in_doubt_is_said_when_the_provider_does_not_answer(ringback: Run, database: Database) -> None:
    with database.write() as session:
        agent = add_agent(session, NOW)
        callback = add_callback(session, NOW, add_ticket(session, NOW), state=CallbackState.PREPARING)
        attempt = Attempt(
            callback_id=callback.id,
            agent_id=agent.id,
            n=1,
            fence=1,
            state=AttemptState.UNKNOWN,
            state_since=NOW,
            agent_phone="+32470000001",
            customer_number="+32470111111",
            reserved_at=NOW,
            ring_at=NOW,
            lease_until=NOW,
            sending_at=NOW,
        )
        session.add(attempt)
    code, out, _ = ringback("reconcile")
    assert code == 0
    assert "1 still in doubt" in out
    assert "Nothing" not in out


@pytest.mark.parametrize(
    "words",
    [
        ("shifts", "remove", HUGE),
        ("absences", "remove", HUGE),
        ("hours", "remove", HUGE),
        ("callbacks", "cancel", HUGE, "--why", "x"),
        ("callbacks", "resolve", HUGE, "done", "--why", "x"),
        ("hours", "close", "9999-12-31", "9999-12-31", "--why", "x"),
    ],
)
def test_a_number_or_a_day_beyond_all_measure_is_one_line(ringback: Run, words: tuple[str, ...]) -> None:
    code, out, err = ringback(*words)
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("name", ["dialling", "intake"])
def test_a_switch_is_turned_with_a_reason_and_a_name(ringback: Run, database: Database, name: str) -> None:
    assert ringback(name, "off", "--why", "brandoefening")[:2] == (0, f"{name.capitalize()} is off.\n")
    with database.read() as session:
        row = session.get_one(Switch, name)
        assert (row.is_on, row.why, bool(row.who)) == (False, "brandoefening", True)
    assert ringback(name, "on", "--why", " ")[0] == 1
    assert ringback(name, "on", "--why", "klaar")[:2] == (0, f"{name.capitalize()} is on.\n")
