"""What an agent says of his duty, in every state he may be in."""

import pytest
from sqlalchemy import select

from callbacks.workflows import duty
from callbacks.workflows.duty import Duty
from models.agent import Agent
from models.history import History
from models.vocabulary import AgentState, Subject
from tests.call_desk import CallDesk

G = AgentState
SAY = {"on": duty.come_on_duty, "off": duty.go_off_duty, "break": duty.take_a_break}


@pytest.mark.parametrize(
    ("state", "wish", "becomes", "said"),
    [
        (G.OFF_DUTY, "on", G.FREE, Duty.ON),
        (G.BREAK, "on", G.FREE, Duty.ON),
        (G.PAUSED, "on", G.FREE, Duty.ON),
        (G.FREE, "on", G.FREE, Duty.STAYS_ON),
        (G.FREE, "off", G.OFF_DUTY, Duty.OFF),
        (G.BREAK, "off", G.OFF_DUTY, Duty.OFF),
        (G.PAUSED, "off", G.OFF_DUTY, Duty.OFF),
        (G.OFF_DUTY, "off", G.OFF_DUTY, Duty.STAYS_OFF),
        (G.FREE, "break", G.BREAK, Duty.BREAK),
        (G.BREAK, "break", G.BREAK, Duty.STAYS_AWAY),
        (G.OFF_DUTY, "break", G.OFF_DUTY, Duty.STAYS_OFF),
        (G.PAUSED, "break", G.PAUSED, Duty.STAYS_PAUSED),
    ],
)
def test_he_becomes_what_he_says_or_stays_what_he_is(
    desk: CallDesk, bart: int, state: AgentState, wish: str, becomes: AgentState, said: Duty
) -> None:
    desk.change(Agent, bart, state=state, missed_in_a_row=2)
    assert SAY[wish](desk.services, "Bart", "Bart") is said
    assert desk.doing(bart) is becomes
    assert desk.history(Subject.AGENT, bart) == ([] if becomes is state else [becomes])
    assert desk.person(bart).missed_in_a_row == (0 if said is Duty.ON else 2)


@pytest.mark.parametrize("state", [G.RESERVED, G.ON_CALL, G.WRAP_UP])
def test_a_break_in_the_middle_of_a_call_is_off_duty_after_it(desk: CallDesk, bart: int, state: AgentState) -> None:
    desk.change(Agent, bart, state=state)
    assert duty.take_a_break(desk.services, "Bart", "Bart") is Duty.OFF_AFTER_CALL
    assert (desk.doing(bart), desk.person(bart).wants_off_duty) == (state, True)
    assert duty.come_on_duty(desk.services, "Bart", "Bart") is Duty.STAYS_ON
    assert desk.person(bart).wants_off_duty is False


def test_nobody_is_rung_during_his_break(desk: CallDesk, bart: int) -> None:
    duty.take_a_break(desk.services, "Bart", "Bart")
    desk.waits()
    desk.clock.move(hours=1)
    desk.tick()
    assert desk.ring() == 0
    duty.come_on_duty(desk.services, "Bart", "Bart")
    assert desk.ring() == 1
    assert desk.doing(bart) is G.ON_CALL


def test_the_reason_of_a_break_is_kept_as_long_as_the_break_and_stands_in_the_trail(desk: CallDesk, bart: int) -> None:
    duty.take_a_break(desk.services, "Bart", "Bart", "lunch")
    assert desk.person(bart).away_why == "lunch"
    with desk.services.database.read() as session:
        assert session.scalars(select(History.why).order_by(History.id)).all()[-1] == "took a break: lunch"
    duty.come_on_duty(desk.services, "Bart", "Bart")
    assert desk.person(bart).away_why is None
    duty.take_a_break(desk.services, "Bart", "Bart", "x" * 500)
    assert desk.person(bart).away_why == "x" * 200
