from datetime import timedelta

import pytest

from callbacks.errors import PhoneUncertain
from callbacks.store import callers
from callbacks.workflows import bridging, reconciling
from callbacks.workflows.ringing_customer import DialOrder
from models.callback import Attempt, CallLeg
from models.vocabulary import (
    AgentState,
    AttemptState,
    CallbackState,
    LegKind,
    LegStatus,
)
from tests.call_desk import CallDesk
from tests.phone_stand_in import sid
from tests.workflows.conftest import CUSTOMER

A, C, G, L = AttemptState, CallbackState, AgentState, LegStatus


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
