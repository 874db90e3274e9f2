"""`ringback shifts` and `ringback absences`, as a supervisor types them."""

from datetime import UTC, datetime

import pytest

from models.sessions import Database
from models.vocabulary import Role
from tests.cli.run import Run
from tests.stand_ins import add_agent

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    """Bart takes calls, Els watches."""
    with database.write() as session:
        add_agent(session, NOW)
        add_agent(session, NOW, name="Els", phone=None, role=Role.SUPERVISOR)


def test_a_shift_is_entered_listed_and_taken_away(ringback: Run) -> None:
    assert ringback("shifts")[1] == "There are no shifts: agents are on duty until they say otherwise.\n"
    code, out, _ = ringback("shifts", "add", "bart", "09:00-12:00,13:00-17:00", "--from", "2026-11-30")
    assert (code, out.count("Entered as number")) == (0, 2)
    listed = ringback("shifts")[1].splitlines()
    assert listed[1].split() == ["1", "Bart", "09:00-12:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-30"]
    assert ringback("shifts", "remove", "1")[0] == 0
    assert len(ringback("shifts")[1].splitlines()) == 2


def test_days_may_be_named_or_given_by_a_rule(ringback: Run) -> None:
    assert ringback("shifts", "add", "Bart", "09:00-12:00", "--days", "Sa", "--every", "2")[0] == 0
    assert ringback("shifts", "add", "Bart", "09:00-12:00", "--rule", "freq=monthly;byday=1mo")[0] == 0
    printed = ringback("shifts")[1]
    assert "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA" in printed
    assert "FREQ=MONTHLY;BYDAY=1MO" in printed


def test_an_absence_is_entered_listed_and_taken_away(ringback: Run) -> None:
    assert ringback("absences")[1] == "Nobody is away.\n"
    assert ringback("absences", "add", "Bart", "2098-12-24", "2098-12-31", "--why", "verlof")[0] == 0
    assert "2098-12-24 00:00  2099-01-01 00:00  verlof" in ringback("absences")[1]
    assert ringback("absences", "remove", "1")[0] == 0
    assert ringback("absences")[1] == "Nobody is away.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("shifts", "add", "Els", "09:00-17:00"), "Els takes no calls"),
        (("shifts", "add", "Nobody", "09:00-17:00"), "there is no agent"),
        (("shifts", "add", "Bart", "9-5"), "write them as 09:00-17:00"),
        (("shifts", "add", "Bart", "09:00-17:00", "--days", "maandag"), "write them as Mo-Fr"),
        (("shifts", "add", "Bart", "09:00-17:00", "--rule", "FREQ=HOURLY"), "write one such as FREQ=WEEKLY"),
        (("shifts", "add", "Bart", "09:00-17:00", "--from", "morgen"), "write it as 2026-12-01"),
        (("shifts", "add", "Bart", "09:00-17:00", "--every", "0"), "from 1"),
        (("shifts", "remove", "9"), "there is no shift number 9"),
        (("absences", "add", "Bart", "2026-12-31", "2026-12-24", "--why", "verlof"), "after the start"),
        (("absences", "add", "Bart", "2026-12-24", "2026-12-31", "--why", ""), "give a reason"),
        (("absences", "remove", "9"), "there is no absence number 9"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_write(ringback: Run, words: tuple[str, ...], says: str) -> None:
    code, out, err = ringback(*words)
    assert (code, out) == (1, "")
    assert says in err
    assert len(err.splitlines()) == 1
