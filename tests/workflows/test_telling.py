from datetime import timedelta

import pytest

from callbacks.store.legs import LegNews
from callbacks.workflows import telling
from models.history import WebhookEvent
from models.ticket import Ticket
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    LegKind,
    LegStatus,
    Subject,
)
from tests.call_desk import CallDesk, brussels
from tests.phone_stand_in import sid

A, C, G, L = AttemptState, CallbackState, AgentState, LegStatus


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (L.NO_ANSWER, AgentOutcome.NO_ANSWER),
        (L.BUSY, AgentOutcome.BUSY),
        (L.FAILED, AgentOutcome.FAILED),
        (L.COMPLETED, AgentOutcome.NO_ANSWER),
    ],
    ids=["nobody picked up", "busy", "failed", "a voicemail picked up"],
)
def test_an_agent_who_misses_the_call_costs_the_customer_nothing(
    desk: CallDesk,
    status: LegStatus,
    outcome: AgentOutcome,
) -> None:
    bart, customer = desk.agent(), desk.waits(rank=-9)
    desk.ring()
    if status is L.COMPLETED:
        desk.answers()
    desk.agent_leg(status, sequence=2)
    callback = desk.callback(customer)
    assert (callback.state, callback.rank, callback.tries) == (C.WAITING, -9, 0)
    assert (desk.attempt(customer).state, desk.attempt(customer).agent_outcome) == (A.ENDED, outcome)
    assert (desk.doing(bart), desk.person(bart).missed_in_a_row) == (G.FREE, 1)
    assert desk.attempt(customer).customer_outcome is None


def test_a_call_canceled_in_the_provider_s_queue_rang_nobody_and_is_offered_again(
    desk: CallDesk,
) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.agent_leg(L.CANCELED, sequence=2)
    assert desk.attempt(customer).agent_outcome is AgentOutcome.WITHDRAWN
    assert (desk.doing(bart), desk.person(bart).missed_in_a_row) == (G.FREE, 0)
    assert desk.ring() == 1


def test_after_a_miss_the_agent_has_half_a_minute_s_rest_and_another_customer_only(desk: CallDesk) -> None:
    desk.agent()
    missed, other = desk.waits(rank=1), desk.waits(rank=2)
    desk.ring()
    desk.agent_leg(L.NO_ANSWER)
    assert desk.ring() == 0
    desk.clock.move(seconds=29.9)
    assert desk.ring() == 0
    desk.clock.move(seconds=0.1)
    assert desk.ring() == 1
    assert (desk.state(missed), desk.state(other)) == (C.WAITING, C.ACTIVE)


def test_three_misses_in_a_row_pause_the_agent(desk: CallDesk) -> None:
    bart = desk.agent()
    for n in range(3):
        desk.waits()
        assert desk.ring() == 1, n
        desk.agent_leg(L.NO_ANSWER)
        desk.clock.move(seconds=30)
    assert desk.doing(bart) is G.PAUSED
    desk.clock.move(minutes=10)
    desk.tick()
    assert desk.ring() == 0


def test_a_refusal_between_misses_does_not_pause_the_agent_and_an_accepted_call_forgets_them(desk: CallDesk) -> None:
    bart = desk.agent()
    for _ in range(2):
        desk.waits()
        desk.ring()
        desk.agent_leg(L.NO_ANSWER)
        desk.clock.move(seconds=30)
    desk.waits()
    desk.ring()
    desk.answers()
    desk.declines()
    assert (desk.doing(bart), desk.person(bart).missed_in_a_row) == (G.FREE, 2)
    desk.waits()
    desk.ring()
    desk.connects()
    assert desk.person(bart).missed_in_a_row == 0


@pytest.mark.parametrize(
    ("status", "outcome", "minutes"),
    [
        (L.BUSY, CustomerOutcome.BUSY, 5),
        (L.NO_ANSWER, CustomerOutcome.NO_ANSWER, 30),
        (L.FAILED, CustomerOutcome.FAILED, 5),
    ],
)
def test_a_customer_who_is_not_reached_is_tried_again_later(
    desk: CallDesk,
    status: LegStatus,
    outcome: CustomerOutcome,
    minutes: int,
) -> None:
    desk.rules(failed_limit=2)
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.not_reached(status)
    callback = desk.callback(customer)
    assert (callback.state, callback.tries) == (C.RESTING, 1)
    assert callback.not_before == desk.clock.at + timedelta(minutes=minutes)
    assert desk.attempt(customer).customer_outcome is outcome
    assert desk.doing(bart) is G.FREE
    desk.clock.move(minutes=minutes, seconds=-1)
    desk.tick()
    assert desk.ring() == 0
    desk.clock.move(seconds=1)
    desk.tick()
    assert desk.ring() == 1


def test_three_tries_lie_in_two_windows_and_then_the_customer_counts_as_unreached(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    for expected in (brussels("2026-11-24", "10:05:00"), brussels("2026-11-24", "13:00:00")):
        desk.ring()
        desk.not_reached(L.BUSY)
        assert desk.callback(customer).not_before == expected
        desk.clock.at = expected
        desk.tick()
    desk.ring()
    desk.not_reached(L.BUSY)
    assert (desk.state(customer), desk.callback(customer).tries) == (C.UNREACHED, 3)
    desk.clock.move(days=1)
    desk.tick()
    assert desk.ring() == 0
    assert len(desk.phone.placed) == 3


@pytest.mark.parametrize("limit", [1, 2])
def test_a_number_that_fails_as_often_as_the_house_allows_is_shown_to_a_person(desk: CallDesk, limit: int) -> None:
    desk.rules(failed_limit=limit)
    desk.agent()
    customer = desk.waits()
    for _ in range(3):
        if not desk.ring():
            break
        desk.not_reached(L.FAILED)
        desk.clock.move(minutes=6)
        desk.tick()
    assert desk.state(customer) is C.NEEDS_HUMAN
    assert len(desk.phone.placed) == limit


def test_a_number_that_could_not_even_be_dialled_counts_as_failed(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.connects()
    after = desk.dial_action(L.FAILED, bridged=False, child=False)
    assert after is not None
    assert after.customer is CustomerOutcome.FAILED
    assert desk.state(customer) is C.NEEDS_HUMAN


def test_a_talk_is_written_on_the_ticket_and_waits_for_its_outcome(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.talks(seconds=95)
    attempt = desk.attempt(customer)
    assert (attempt.state, attempt.customer_outcome, attempt.talk_seconds) == (A.ENDED, CustomerOutcome.BRIDGED, 95)
    assert (desk.state(customer), desk.doing(bart)) == (C.WRAP_UP, G.ON_CALL)
    [entry] = desk.times(customer)
    assert (entry.seconds, entry.agent_id, entry.started_at) == (95, bart, desk.clock.at - timedelta(seconds=95))
    assert desk.ticket(customer).owner_id == bart
    assert "bridged" in desk.history(Subject.ATTEMPT, attempt.id)


def test_the_time_is_written_once_however_often_the_end_is_told(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.talks(seconds=95)
    for _ in range(3):
        desk.customer_leg(L.COMPLETED, sequence=3, seconds=95)
        desk.dial_action(L.COMPLETED, seconds=95, bridged=True)
        desk.hangs_up(seconds=120)
    assert [entry.seconds for entry in desk.times(customer)] == [95]
    assert desk.callback(customer).tries == 1


def test_the_leg_s_own_length_corrects_the_one_first_told(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.connects()
    desk.customer_answers()
    desk.dial_action(L.COMPLETED, seconds=90, bridged=True)
    assert [entry.seconds for entry in desk.times(customer)] == [90]
    desk.customer_leg(L.COMPLETED, sequence=3, seconds=97)
    assert [entry.seconds for entry in desk.times(customer)] == [97]
    assert desk.attempt(customer).talk_seconds == 97


def test_a_customer_who_hangs_up_during_his_whisper_is_called_again(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.connects()
    desk.customer_answers()
    desk.customer_leg(L.COMPLETED, sequence=3, seconds=7)
    after = desk.dial_action(L.COMPLETED, seconds=7, bridged=False)
    assert after is not None
    assert after.customer is CustomerOutcome.NO_ANSWER
    assert desk.state(customer) is C.RESTING
    assert desk.times(customer) == []


def test_a_customer_s_leg_may_end_before_its_beginning_is_told(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.connects()
    desk.customer_leg(L.BUSY, sequence=2)
    desk.customer_leg(L.RINGING, sequence=1)
    desk.customer_leg(L.DIALLING, sequence=0)
    assert desk.attempt(customer).customer_outcome is CustomerOutcome.BUSY
    assert desk.leg(desk.child_of()).status is L.BUSY


def test_an_agent_who_hangs_up_while_the_customer_s_phone_rings_costs_one_try(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.connects()
    desk.hangs_up()
    assert (desk.state(customer), desk.doing(bart)) == (C.ACTIVE, G.ON_CALL)
    desk.customer_leg(L.CANCELED)
    assert (desk.state(customer), desk.doing(bart)) == (C.RESTING, G.FREE)


def test_the_same_event_arriving_twice_is_taken_in_once(desk: CallDesk) -> None:
    bart = desk.agent()
    desk.waits()
    desk.ring()
    for _ in range(3):
        desk.agent_leg(L.NO_ANSWER, sequence=2, event=f"{sid(1)}|callback|2")
    assert desk.person(bart).missed_in_a_row == 1
    with desk.services.database.read() as session:
        assert session.query(WebhookEvent).count() == 1


def test_an_event_with_a_secret_that_is_not_ours_changes_nothing(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    news = LegNews(sid(1), LegKind.AGENT, L.COMPLETED, 3)
    telling.told(desk.services, "guessed", news, "event")
    assert (desk.state(customer), desk.doing(bart)) == (C.ACTIVE, G.ON_CALL)
    with desk.services.database.read() as session:
        assert session.query(WebhookEvent).count() == 0


def test_the_dial_action_of_another_leg_is_turned_away(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.connects()
    result = telling.DialResult(L.COMPLETED, sid(77), 60, bridged=True)
    assert telling.dial_ended(desk.services, desk.token(), sid(99), result) is None
    assert desk.attempt(customer).state is A.CUSTOMER_DIALLING


def test_the_ticket_s_first_owner_keeps_it(desk: CallDesk) -> None:
    first = desk.agent("First", state=G.OFF_DUTY)
    desk.agent("Second")
    customer = desk.waits(owner=first)
    desk.ring()
    desk.talks()
    with desk.services.database.read() as session:
        assert session.get_one(Ticket, desk.callback(customer).ticket_id).owner_id == first


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=3)])
def test_a_clock_that_jumps_while_they_talk_ends_no_talk_and_rings_nobody(desk: CallDesk, jump: timedelta) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.connects()
    desk.customer_answers()
    desk.clock.at += jump
    desk.tick()
    assert desk.ring() == 0
    assert (desk.state(customer), desk.doing(bart)) == (C.ACTIVE, G.ON_CALL)
    desk.customer_leg(L.COMPLETED, sequence=3, seconds=60)
    desk.dial_action(L.COMPLETED, seconds=60, bridged=True)
    desk.hangs_up()
    assert [entry.seconds for entry in desk.times(customer)] == [60]
    assert (desk.state(customer), desk.doing(bart)) == (C.WRAP_UP, G.WRAP_UP)
