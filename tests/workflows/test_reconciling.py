from datetime import timedelta

import pytest

from callbacks.errors import PhoneUncertain
from callbacks.store import callers
from callbacks.workflows import bridging, reconciling
from callbacks.workflows.bridging import DialOrder
from models.callback import Attempt, CallLeg
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    LegKind,
    LegStatus,
)
from tests.call_desk import CallDesk
from tests.phone_stand_in import sid

A, C, G, L = AttemptState, CallbackState, AgentState, LegStatus
CUSTOMER = "+3225551234"


@pytest.fixture
def bart(desk: CallDesk) -> int:
    return desk.agent()


@pytest.fixture
def customer(desk: CallDesk, bart: int) -> int:
    """Somebody whose agent's phone rings."""
    del bart
    waiting = desk.waits(number=CUSTOMER)
    desk.ring()
    return waiting


def on_the_hotline(desk: CallDesk) -> int:
    """Let a customer be in the middle of his call to the hotline; returns his held call-back."""
    held = desk.waits(number=CUSTOMER, state=C.HELD)
    line = CallLeg(call_sid=sid("in"), kind=LegKind.INBOUND, number=CUSTOMER, status=L.IN_PROGRESS)
    line.started_at = desk.clock.at
    with desk.services.database.write() as session:
        session.add(line)
    desk.change(type(desk.callback(held)), held, inbound_sid=sid("in"), number_confirmed=True)
    return held


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


def test_an_extra_leg_is_hung_up_until_it_is_down(desk: CallDesk, customer: int) -> None:
    desk.answers()
    desk.answers(call_sid=sid(99))
    desk.phone.trouble = PhoneUncertain("503")
    sweep(desk)
    assert desk.leg(sid(99)).status is L.IN_PROGRESS
    desk.phone.trouble = None
    desk.phone.has(sid(99), L.IN_PROGRESS)
    assert sweep(desk)["extra_legs"] == 0, "asked about a moment ago"
    desk.clock.move(seconds=10)
    assert sweep(desk)["extra_legs"] == 1
    assert desk.phone.hung_up == [sid(99)]
    assert desk.leg(sid(99)).status is L.CANCELED
    assert sweep(desk)["extra_legs"] == 0
    assert desk.attempt(customer).state is A.AGENT_ANSWERED


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
        desk.clock.move(seconds=11)
        sweep(desk)
    assert (desk.state(customer), desk.doing(bart)) == (C.ACTIVE, G.ON_CALL)
    desk.clock.move(seconds=11)
    sweep(desk)
    assert desk.state(customer) is C.NEEDS_HUMAN
    assert desk.attempt(customer).state is A.ENDED
    assert desk.doing(bart) is G.FREE
    assert desk.times(customer) == []


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


def test_a_caller_whose_end_was_never_told_is_found_and_called_back(desk: CallDesk) -> None:
    held = on_the_hotline(desk)
    desk.phone.has(sid("in"), L.IN_PROGRESS)
    assert sweep(desk)["dead_lines"] == 0
    assert desk.state(held) is C.HELD
    desk.phone.has(sid("in"), L.COMPLETED)
    assert sweep(desk)["dead_lines"] == 0, "asked about a moment ago"
    desk.clock.move(seconds=10)
    assert sweep(desk)["dead_lines"] == 1
    assert desk.state(held) is C.WAITING


def test_a_leg_the_provider_never_knew_is_given_up_and_keeps_no_other_from_its_turn(desk: CallDesk) -> None:
    with desk.services.database.write() as session:
        for n in range(51):
            strange = CallLeg(call_sid=sid(500 + n), kind=LegKind.EXTRA, status=L.IN_PROGRESS)
            strange.started_at = desk.clock.at + timedelta(seconds=n)
            session.add(strange)
    last = sid(550)
    desk.phone.has(last, L.IN_PROGRESS)
    desk.clock.move(seconds=60)
    assert sweep(desk)["extra_legs"] == 0
    assert last not in desk.phone.hung_up, "fifty at a time, the oldest first"
    assert sweep(desk)["extra_legs"] == 1
    assert desk.leg(last).status is L.CANCELED
    for _ in range(6):
        desk.clock.move(seconds=10)
        assert sweep(desk)["extra_legs"] == 0
    assert desk.leg(sid(500)).status is L.IN_PROGRESS
    desk.clock.move(seconds=10)
    assert sweep(desk)["extra_legs"] == 50
    assert desk.leg(sid(500)).status is L.FAILED
    asked = len(desk.phone.hung_up)
    desk.clock.move(seconds=10)
    sweep(desk)
    assert len(desk.phone.hung_up) == asked


def test_an_extra_leg_of_which_something_was_heard_in_between_is_not_given_up(
    desk: CallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.services.database.write() as session:
        extra = CallLeg(call_sid=sid(500), kind=LegKind.EXTRA, status=L.IN_PROGRESS, started_at=desk.clock.at)
        session.add(extra)
    # It goes on however often it is hung up.
    monkeypatch.setattr(desk.phone, "hang_up", lambda _call_sid: None)
    for trouble in [PhoneUncertain("503")] * 7 + [None] + [PhoneUncertain("503")] * 7:
        desk.phone.trouble = trouble
        desk.phone.has(sid(500), L.IN_PROGRESS)
        assert sweep(desk)["extra_legs"] == 0
        desk.clock.move(seconds=10)
    assert desk.leg(sid(500)).status is L.IN_PROGRESS


@pytest.mark.parametrize("jump", [timedelta(seconds=10), timedelta(days=3), timedelta(hours=-1)])
def test_a_call_back_held_for_a_line_nobody_knows_is_let_go_within_seconds(desk: CallDesk, jump: timedelta) -> None:
    held = desk.waits(number=CUSTOMER, state=C.HELD)
    desk.change(type(desk.callback(held)), held, number_confirmed=True)
    desk.clock.move(seconds=9)
    assert sweep(desk)["overheld"] == 0
    desk.clock.move(seconds=-9)
    desk.clock.at += jump
    assert sweep(desk)["overheld"] == 1
    assert desk.state(held) is C.WAITING


@pytest.mark.parametrize("jump", [timedelta(seconds=10), timedelta(days=3), timedelta(hours=-1)])
def test_a_call_back_whose_release_was_lost_costs_seconds(desk: CallDesk, jump: timedelta) -> None:
    held = on_the_hotline(desk)
    desk.clock.move(minutes=5)
    with desk.services.database.write() as session:
        callers.close_line(session, sid("in"), desk.clock.at)
    desk.clock.move(seconds=9)
    assert sweep(desk)["overheld"] == 0, "whoever told of the end may be releasing it now"
    desk.clock.move(seconds=-9)
    desk.clock.at += jump
    assert sweep(desk)["overheld"] == 1
    assert desk.state(held) is C.WAITING


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=3)])
def test_a_caller_who_is_still_choosing_is_let_finish_however_the_clock_is_moved(
    desk: CallDesk, jump: timedelta
) -> None:
    held = on_the_hotline(desk)
    desk.phone.has(sid("in"), L.IN_PROGRESS)
    desk.clock.at += jump
    assert sweep(desk)["overheld"] == 0
    assert desk.state(held) is C.HELD


def test_a_call_nobody_can_be_asked_about_is_over_once_it_is_old_and_was_asked_about_often(desk: CallDesk) -> None:
    held = on_the_hotline(desk)
    for _ in range(7):
        assert sweep(desk)["dead_lines"] == 0
        desk.clock.move(seconds=10)
    desk.clock.move(seconds=900)
    assert desk.state(held) is C.HELD
    assert sweep(desk)["dead_lines"] == 1
    assert desk.state(held) is C.WAITING


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=3)])
@pytest.mark.parametrize("stage", ["placed", "ringing", "answered", "dialled", "customer rings"])
def test_a_clock_that_jumps_in_the_middle_of_a_call_stalls_nobody_and_dials_nobody_again(
    desk: CallDesk,
    bart: int,
    customer: int,
    jump: timedelta,
    stage: str,
) -> None:
    if stage != "placed":
        desk.agent_leg(L.RINGING, sequence=1)
    if stage not in {"placed", "ringing"}:
        desk.answers()
    if stage in {"dialled", "customer rings"}:
        desk.accepts()
        desk.phone.has(desk.child_of(), L.RINGING, to=CUSTOMER, parent=sid(1))
    if stage == "customer rings":
        desk.customer_leg(L.RINGING, sequence=1)
    desk.phone.has(sid(1), L.RINGING if stage in {"placed", "ringing"} else L.IN_PROGRESS)
    desk.clock.at += jump
    for _ in range(3):
        desk.tick()
        sweep(desk)
        desk.ring()
        desk.clock.move(seconds=11)
    assert (desk.state(customer), desk.doing(bart), len(desk.phone.asked)) == (C.ACTIVE, G.ON_CALL, 1)
    # His phone stops ringing, and nobody tells: within a minute of the new clock it is found.
    desk.phone.has(sid(1), L.COMPLETED)
    if stage in {"dialled", "customer rings"}:
        desk.phone.has(desk.child_of(), L.BUSY, to=CUSTOMER, parent=sid(1))
    desk.clock.move(seconds=101)
    sweep(desk)
    assert desk.doing(bart) is G.FREE
    assert desk.state(customer) in {C.WAITING, C.RESTING}


def test_a_document_written_once_is_the_only_one(desk: CallDesk, customer: int) -> None:
    desk.answers()
    written = []

    def write(order: DialOrder) -> str:
        written.append(order)
        return "<Response/>"

    for _ in range(3):
        assert bridging.accepted(desk.services, desk.token(), sid(1), write) == "<Response/>"
    assert len(written) == 1
    with desk.services.database.read() as session:
        assert session.query(Attempt).filter(Attempt.callback_id == customer).count() == 1
