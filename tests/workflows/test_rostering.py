"""Shifts as they are entered: none twice, and one that was damaged stops nobody."""

from datetime import date, time

import pytest
from sqlalchemy import select

from callbacks.errors import RuleRefused
from callbacks.rules.shifts import Shift
from callbacks.workflows import rostering
from models import agent as tables
from models.vocabulary import AgentState
from tests.call_desk import CallDesk


@pytest.fixture
def bart(desk: CallDesk) -> int:
    """Bart works on Tuesdays to Thursdays from nine to one."""
    agent = desk.agent("Bart")
    shift = Shift("FREQ=WEEKLY;BYDAY=TU,WE,TH", date(2026, 11, 1), time(9), time(13))
    rostering.add_shifts(desk.services, "Bart", [shift], "Els")
    return agent


@pytest.mark.parametrize(
    ("rule", "first_day", "again"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,WE,TH", date(2026, 11, 1), True),
        ("FREQ=WEEKLY;BYDAY=TU,WE,TH", date(2027, 1, 1), True),
        ("FREQ=WEEKLY;BYDAY=TU,WE,TH", date(2026, 10, 1), False),
        ("FREQ=WEEKLY;BYDAY=TU,WE", date(2026, 11, 1), False),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,WE,TH", date(2026, 11, 1), False),
    ],
)
def test_a_shift_that_only_repeats_another_is_refused_by_its_number(
    desk: CallDesk, bart: int, rule: str, first_day: date, *, again: bool
) -> None:
    del bart
    shift = Shift(rule, first_day, time(9), time(13))
    if again:
        with pytest.raises(RuleRefused, match="already: shift number 1"):
            rostering.add_shifts(desk.services, "Bart", [shift], "Els")
    else:
        rostering.add_shifts(desk.services, "Bart", [shift], "Els")
        with pytest.raises(RuleRefused, match="already: shift number"):
            rostering.add_shifts(desk.services, "Bart", [shift], "Els")
    assert len(rostering.shifts(desk.services)) == (1 if again else 2)


def test_of_several_shifts_one_repetition_refuses_all(desk: CallDesk, bart: int) -> None:
    del bart
    afternoon = Shift("FREQ=WEEKLY;BYDAY=MO", date(2026, 11, 1), time(14), time(17))
    with pytest.raises(RuleRefused, match="already"):
        rostering.add_shifts(desk.services, "Bart", [afternoon, afternoon], "Els")
    assert len(rostering.shifts(desk.services)) == 1


def test_a_shift_that_cannot_be_read_is_told_to_the_log_once(
    desk: CallDesk, bart: int, caplog: pytest.LogCaptureFixture
) -> None:
    with desk.services.database.write() as session:
        (row,) = session.scalars(select(tables.Shift))
        row.rule = "FREQ=SOMETIMES"
    for second in range(3):
        desk.clock.move(seconds=5 * second)
        desk.tick()
    assert [record.getMessage() for record in caplog.records if "cannot be read" in record.getMessage()] == [
        "shift number 1 cannot be read; it counts for nothing until it is entered anew"
    ]
    assert desk.doing(bart) is AgentState.FREE
