import pytest

from callbacks.errors import PhoneUncertain
from callbacks.workflows import bridging, reconciling
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    LegStatus,
)
from tests.call_desk import CallDesk
from tests.phone_stand_in import sid
from tests.workflows.conftest import CUSTOMER

A, C, G, L = AttemptState, CallbackState, AgentState, LegStatus


def sweep(desk: CallDesk) -> dict[str, int]:
    return reconciling.sweep(desk.services)


def test_a_ringing_phone_is_not_asked_about_before_its_time(desk: CallDesk, customer: int) -> None:
    desk.agent_leg(L.RINGING, sequence=1)
    desk.clock.move(seconds=40)
    assert not any(sweep(desk).values())
    assert desk.phone.fetched == []
    assert desk.attempt(customer).state is A.AGENT_RINGING


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(L.NO_ANSWER, AgentOutcome.NO_ANSWER), (L.BUSY, AgentOutcome.BUSY), (L.COMPLETED, AgentOutcome.NO_ANSWER)],
)
def test_an_agent_s_call_whose_end_nobody_told_is_found_by_asking(
    desk: CallDesk,
    bart: int,
    customer: int,
    status: LegStatus,
    outcome: AgentOutcome,
) -> None:
    desk.agent_leg(L.RINGING, sequence=1)
    desk.phone.has(sid(1), status)
    desk.clock.move(seconds=41)
    assert sweep(desk)["silent_legs"] == 1
    assert (desk.state(customer), desk.doing(bart)) == (C.WAITING, G.FREE)
    assert desk.attempt(customer).agent_outcome is outcome


def test_a_question_without_an_answer_changes_nothing(desk: CallDesk, bart: int, customer: int) -> None:
    desk.agent_leg(L.RINGING, sequence=1)
    desk.clock.move(seconds=60)
    desk.phone.trouble = PhoneUncertain("503")
    assert not any(sweep(desk).values())
    assert (desk.attempt(customer).state, desk.doing(bart)) == (A.AGENT_RINGING, G.ON_CALL)


def test_a_call_still_queued_after_ten_seconds_is_cancelled_and_the_customer_keeps_his_place(
    desk: CallDesk,
    bart: int,
    customer: int,
) -> None:
    desk.phone.has(sid(1), L.QUEUED)
    desk.clock.move(seconds=11)
    sweep(desk)
    assert desk.phone.hung_up == [sid(1)]
    assert (desk.state(customer), desk.doing(bart), desk.callback(customer).tries) == (C.WAITING, G.FREE, 0)


def test_a_call_that_rings_without_having_told_so_is_not_hung_up(desk: CallDesk, customer: int) -> None:
    desk.phone.has(sid(1), L.RINGING)
    desk.clock.move(seconds=11)
    sweep(desk)
    assert desk.phone.hung_up == []
    assert desk.attempt(customer).state is A.AGENT_RINGING


def test_a_talk_of_which_nothing_was_told_is_found_with_its_length(desk: CallDesk, bart: int, customer: int) -> None:
    desk.connects()
    desk.customer_answers()
    desk.phone.has(sid(1), L.COMPLETED, seconds=120)
    desk.phone.has(desk.child_of(), L.COMPLETED, to=CUSTOMER, parent=sid(1), seconds=95)
    desk.clock.move(seconds=61)
    sweep(desk)
    assert desk.attempt(customer).customer_outcome is CustomerOutcome.BRIDGED
    assert [entry.seconds for entry in desk.times(customer)] == [95]
    assert (desk.state(customer), desk.doing(bart)) == (C.WRAP_UP, G.WRAP_UP)


def test_a_talk_that_goes_on_is_left_alone_however_often_it_is_asked_about(
    desk: CallDesk, bart: int, customer: int
) -> None:
    desk.connects()
    desk.customer_answers()
    desk.phone.has(sid(1), L.IN_PROGRESS)
    desk.phone.has(desk.child_of(), L.IN_PROGRESS, to=CUSTOMER, parent=sid(1))
    for _ in range(10):
        desk.clock.move(minutes=10)
        sweep(desk)
    assert (desk.state(customer), desk.doing(bart), desk.phone.hung_up) == (C.ACTIVE, G.ON_CALL, [])


def test_a_customer_whose_phone_rang_in_vain_unnoticed_is_tried_later(desk: CallDesk, customer: int) -> None:
    desk.connects()
    desk.phone.has(sid(1), L.COMPLETED)
    desk.phone.has(desk.child_of(), L.NO_ANSWER, to=CUSTOMER, parent=sid(1))
    desk.clock.move(seconds=36)
    sweep(desk)
    assert desk.state(customer) is C.RESTING


def test_an_answered_document_that_never_reached_the_network_is_no_try_at_the_customer(
    desk: CallDesk,
    bart: int,
    customer: int,
) -> None:
    desk.connects()
    desk.phone.has(sid(1), L.COMPLETED)
    desk.clock.move(seconds=36)
    sweep(desk)
    assert desk.state(customer) is C.ACTIVE
    desk.clock.move(seconds=90)
    sweep(desk)
    assert desk.attempt(customer).customer_outcome is CustomerOutcome.NOT_DIALLED
    assert (desk.state(customer), desk.callback(customer).tries, desk.doing(bart)) == (C.WAITING, 0, G.FREE)


def test_an_agent_whose_line_went_dead_after_he_declined_comes_free(desk: CallDesk, bart: int, customer: int) -> None:
    desk.answers()
    bridging.declined(desk.services, desk.token(), sid(1))
    desk.phone.has(sid(1), L.COMPLETED)
    desk.clock.move(seconds=11)
    assert desk.doing(bart) is G.ON_CALL
    sweep(desk)
    assert (desk.doing(bart), desk.state(customer)) == (G.FREE, C.WAITING)


def test_a_call_nobody_can_be_asked_about_is_handed_to_a_person_long_after_it_must_be_over(
    desk: CallDesk,
    bart: int,
    customer: int,
) -> None:
    desk.connects()
    desk.customer_answers()
    desk.clock.move(seconds=7200 + 119)
    for _ in range(10):
        sweep(desk)
        desk.clock.move(seconds=0.1)
    assert desk.state(customer) is C.ACTIVE
    for _ in range(7):
        desk.clock.move(seconds=61)
        sweep(desk)
    assert (desk.state(customer), desk.doing(bart)) == (C.ACTIVE, G.ON_CALL)
    desk.clock.move(seconds=61)
    sweep(desk)
    assert desk.state(customer) is C.NEEDS_HUMAN
    assert desk.attempt(customer).state is A.ENDED
    assert desk.doing(bart) is G.FREE
    assert desk.times(customer) == []


def test_a_talk_is_asked_about_once_a_minute(desk: CallDesk, customer: int) -> None:
    del customer
    desk.connects()
    desk.customer_answers()
    desk.phone.has(sid(1), L.IN_PROGRESS)
    desk.phone.has(desk.child_of(), L.IN_PROGRESS, parent=sid(1))
    for _ in range(30):
        desk.clock.move(seconds=10)
        sweep(desk)
    assert desk.phone.fetched.count(sid(1)) in {4, 5}


def test_one_call_that_cannot_be_asked_about_does_not_stop_the_others(desk: CallDesk, customer: int) -> None:
    desk.agent("An")
    other = desk.waits()
    desk.clock.move(seconds=1)
    desk.ring()
    desk.phone.has(sid(2), L.BUSY, to="+32470000003")
    desk.clock.move(seconds=20)
    sweep(desk)
    assert desk.attempt(customer).state is A.PLACED
    assert desk.state(other) is C.WAITING
