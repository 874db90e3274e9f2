"""A supervisor moves a call-back in time, or puts it aside."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks.errors import Rule
from callbacks.store import in_hand
from callbacks.workflows import deciding, moving
from models.callback import Callback, Promise
from models.vocabulary import (
    CallbackState,
    MailKind,
    PromiseResult,
)
from tests.call_desk import CallDesk, brussels
from tests.workflows.hands import DAY, knows_him, mails, refused, wish

C = CallbackState


def test_a_moved_customer_is_written_to_and_called_at_his_moment_and_not_before(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    knows_him(desk, customer)
    moment = brussels(DAY, "11:00:00")
    moving.move(desk.services, wish(desk, customer), moment)
    kept = desk.callback(customer)
    assert (kept.state, kept.booked_from, kept.not_before, kept.promise_from) == (C.RESTING, moment, moment, moment)
    assert mails(desk) == [MailKind.BOOKING]
    desk.tick()
    assert desk.ring() == 0
    desk.clock.at = moment
    desk.tick()
    assert desk.ring() == 1


@pytest.mark.parametrize("time", ["12:30:00", "17:00:00", "16:59:00", "08:00:00"])
def test_no_customer_is_moved_to_a_moment_at_which_nobody_would_be_rung(desk: CallDesk, time: str) -> None:
    customer = desk.waits()
    at = brussels(DAY if time != "08:00:00" else "2026-11-25", time)
    assert (
        refused(desk, customer, moving.move, desk.services, wish(desk, customer), at, beside_others=True).rule
        is Rule.OUTSIDE_HOURS
    )
    assert desk.state(customer) is C.WAITING


def test_a_moment_that_is_past_or_taken_is_refused_and_a_supervisor_may_put_two_beside_each_other(
    desk: CallDesk,
) -> None:
    desk.agent()
    first, second = desk.waits(), desk.waits()
    moment = brussels(DAY, "11:00:00")
    assert refused(desk, first, moving.move, desk.services, wish(desk, first), desk.clock.at).rule is Rule.PAST
    moving.move(desk.services, wish(desk, first), moment)
    assert refused(desk, second, moving.move, desk.services, wish(desk, second), moment).rule is Rule.SLOT_TAKEN
    moving.move(desk.services, wish(desk, second), moment, beside_others=True)
    assert desk.callback(second).booked_from == moment


def test_a_customer_without_a_number_is_moved_nowhere(desk: CallDesk) -> None:
    customer = desk.waits()
    desk.change(Callback, customer, number=None)
    assert (
        refused(desk, customer, moving.move, desk.services, wish(desk, customer), brussels(DAY, "11:00:00")).rule
        is Rule.NO_NUMBER
    )


def test_who_is_put_off_is_silent_until_then_and_gives_his_appointment_up(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    moving.move(desk.services, wish(desk, customer), brussels(DAY, "10:30:00"))
    moving.put_off(desk.services, wish(desk, customer), brussels(DAY, "11:00:00"))
    desk.clock.at = brussels(DAY, "10:45:00")
    desk.tick()
    assert (desk.ring(), desk.callback(customer).booked_from) == (0, None)
    desk.clock.at = brussels(DAY, "11:00:00")
    desk.tick()
    assert desk.ring() == 1


def test_who_is_put_off_into_the_lunch_break_rests_until_we_are_open_again(desk: CallDesk) -> None:
    customer = desk.waits()
    moving.put_off(desk.services, wish(desk, customer), brussels(DAY, "12:20:00"))
    assert desk.callback(customer).not_before == brussels(DAY, "13:00:00")
    assert refused(desk, customer, moving.put_off, desk.services, wish(desk, customer), desk.clock.at).rule is Rule.PAST


@pytest.mark.parametrize("state", [C.WAITING, C.RESTING])
def test_what_is_put_aside_rings_nobody_until_a_person_decides(desk: CallDesk, state: CallbackState) -> None:
    desk.agent()
    customer = desk.waits(state=state)
    with desk.services.database.write() as session:
        at = desk.clock.at
        session.add(Promise(callback_id=customer, starts=at, ends=at + timedelta(hours=1), given_at=at, told=True))
    moving.hold(desk.services, wish(desk, customer))
    assert (desk.state(customer), desk.callback(customer).why) == (C.NEEDS_HUMAN, "put aside: asked for it")
    desk.tick()
    assert desk.ring() == 0
    with desk.services.database.read() as session:
        assert session.scalars(select(Promise.result)).all() == [PromiseResult.LAPSED]
    number = desk.ticket(customer).number
    deciding.resolve(desk.services, number, C.WAITING, "go on", "Els", seen=in_hand.mark(desk.callback(customer)))
    assert desk.ring() == 1


@pytest.mark.parametrize(("days", "taken"), [(28, True), (35, False), (364, False)])
def test_nobody_is_promised_a_moment_beyond_what_is_planned(desk: CallDesk, days: int, taken: bool) -> None:
    desk.agent()
    customer, at = desk.waits(), desk.clock.at + timedelta(days=days)
    if taken:
        moving.move(desk.services, wish(desk, customer), at, beside_others=True)
        assert desk.callback(customer).booked_from == at
        return
    error = refused(desk, customer, moving.move, desk.services, wish(desk, customer), at, beside_others=True)
    assert (error.rule, error.field, error.values["days"]) == (Rule.MOMENT_TOO_FAR, "at", 28)
