"""An agent at his desk page before his phone rings."""

from datetime import timedelta

import pytest

from callbacks.errors import Rule, RuleRefused
from callbacks.store import switches
from callbacks.store.switches import Hand
from callbacks.store.transitions import Cause
from callbacks.workflows import preparing
from models.agent import Agent
from models.callback import Attempt
from models.vocabulary import AgentOutcome, AgentState, AttemptState, CallbackState, Subject
from tests.call_desk import CallDesk, brussels

C, G = CallbackState, AgentState


def test_an_open_desk_gives_him_time_to_prepare_and_his_phone_rings_only_then(desk: CallDesk, bart: int) -> None:
    waiting = desk.waits()
    preparing.is_here(desk.services, bart)
    assert (desk.ring(), desk.state(waiting)) == (0, C.PREPARING)
    assert desk.attempt(waiting).ring_at == desk.clock.at + timedelta(seconds=30)
    desk.clock.move(seconds=29)
    assert desk.dial() == 0
    desk.clock.move(seconds=1)
    assert desk.dial() == 1


@pytest.mark.parametrize("seconds", [None, 15, 3600, -60])
def test_without_one_his_phone_rings_at_once(desk: CallDesk, bart: int, seconds: int | None) -> None:
    if seconds is not None:
        preparing.is_here(desk.services, bart)
        desk.clock.move(seconds=seconds)
    desk.waits()
    assert desk.ring() == 1


def test_another_agents_open_desk_is_not_his(desk: CallDesk, bart: int) -> None:
    del bart
    elsewhere = desk.agent("An", state=G.BREAK)
    preparing.is_here(desk.services, elsewhere)
    desk.waits()
    assert desk.ring() == 1


def test_an_open_desk_is_written_down_once_in_three_seconds_and_without_history(desk: CallDesk, bart: int) -> None:
    first = desk.clock.at
    preparing.is_here(desk.services, bart)
    desk.clock.move(seconds=2)
    preparing.is_here(desk.services, bart)
    assert desk.person(bart).desk_seen_at == first
    preparing.is_here(desk.services, bart)
    desk.clock.move(seconds=1)
    preparing.is_here(desk.services, bart)
    assert desk.person(bart).desk_seen_at == first + timedelta(seconds=3)
    assert desk.history(Subject.AGENT, bart) == []


def test_a_clock_set_back_does_not_close_his_desk_for_an_hour(desk: CallDesk, bart: int) -> None:
    preparing.is_here(desk.services, bart)
    desk.clock.at -= timedelta(minutes=50)
    preparing.is_here(desk.services, bart)
    assert desk.person(bart).desk_seen_at == desk.clock.at


@pytest.fixture
def prepares(desk: CallDesk, bart: int) -> int:
    """The try that Bart prepares; his phone rings in half a minute."""
    waiting = desk.waits()
    preparing.is_here(desk.services, bart)
    desk.dispatch()
    return desk.attempt(waiting).id


def attempt(desk: CallDesk, attempt_id: int) -> Attempt:
    with desk.services.database.read() as session:
        found = session.get_one(Attempt, attempt_id)
        session.expunge(found)
        return found


def test_call_now_lets_his_phone_ring_at_once_and_only_once(desk: CallDesk, bart: int, prepares: int) -> None:
    desk.clock.move(seconds=4)
    assert desk.dial() == 0
    desk.bell.rung.clear()
    preparing.call_now(desk.services, bart, prepares)
    assert desk.bell.rung == ["dial"]
    assert (desk.dial(), desk.doing(bart)) == (1, G.ON_CALL)
    desk.clock.move(seconds=60)
    assert desk.dial() == 0
    assert desk.history(Subject.ATTEMPT, prepares)[:3] == ["reserved", "reserved", "sending"]


def test_call_now_said_twice_is_no_mistake(desk: CallDesk, bart: int, prepares: int) -> None:
    preparing.call_now(desk.services, bart, prepares)
    preparing.call_now(desk.services, bart, prepares)
    assert desk.dial() == 1


def refused(desk: CallDesk, agent: int, attempt_id: int) -> Rule:
    with pytest.raises(RuleRefused) as refusal:
        preparing.call_now(desk.services, agent, attempt_id)
    return refusal.value.rule


@pytest.mark.parametrize("time", ["11:58:01", "12:30:00", "18:00:00"])
def test_no_phone_rings_outside_the_hours_whoever_wants_it(desk: CallDesk, bart: int, prepares: int, time: str) -> None:
    before = attempt(desk, prepares).ring_at
    desk.clock.at = brussels("2026-11-24", time)
    assert refused(desk, bart, prepares) is Rule.NO_RINGING_NOW
    assert attempt(desk, prepares).ring_at == before


def test_none_rings_while_a_supervisor_has_stopped_dialling(desk: CallDesk, bart: int, prepares: int) -> None:
    with desk.services.database.write() as session:
        switches.turn(session, Hand.DIALLING, Cause(desk.clock.at, "Els", "storm"), on=False)
    assert refused(desk, bart, prepares) is Rule.RINGING_STOPPED
    assert desk.dial() == 0


def test_nobody_lets_a_colleagues_phone_ring_or_refuses_for_him(desk: CallDesk, prepares: int) -> None:
    an = desk.agent("An", state=G.BREAK)
    assert refused(desk, an, prepares) is Rule.OFFER_GONE
    with pytest.raises(RuleRefused):
        preparing.decline(desk.services, an, prepares)
    assert attempt(desk, prepares).state is AttemptState.RESERVED


def test_what_rings_already_or_is_over_can_neither_ring_nor_be_refused(
    desk: CallDesk, bart: int, prepares: int
) -> None:
    preparing.call_now(desk.services, bart, prepares)
    desk.dial()
    for _ in range(2):
        assert refused(desk, bart, prepares) is Rule.OFFER_GONE
        with pytest.raises(RuleRefused):
            preparing.decline(desk.services, bart, prepares)
        desk.declines()
    assert refused(desk, bart, 4711) is Rule.OFFER_GONE


def test_after_its_lease_it_waits_for_the_clock_and_rings_no_more(desk: CallDesk, bart: int, prepares: int) -> None:
    desk.clock.move(seconds=76)
    assert refused(desk, bart, prepares) is Rule.OFFER_GONE


def test_the_providers_pause_is_not_his_to_shorten(desk: CallDesk, bart: int, prepares: int) -> None:
    desk.change(Attempt, prepares, sent_times=1)
    assert refused(desk, bart, prepares) is Rule.OFFER_GONE


def test_not_now_puts_the_customer_back_in_his_place_and_is_no_try_and_no_miss(
    desk: CallDesk, bart: int, prepares: int
) -> None:
    waiting = attempt(desk, prepares).callback_id
    rank = desk.callback(waiting).rank
    preparing.decline(desk.services, bart, prepares)
    row = desk.callback(waiting)
    assert (row.state, row.rank, row.tries) == (C.WAITING, rank, 0)
    assert (desk.doing(bart), desk.person(bart).missed_in_a_row) == (G.FREE, 0)
    ended = attempt(desk, prepares)
    assert (ended.state, ended.agent_outcome, ended.call_sid) == (AttemptState.ENDED, AgentOutcome.DECLINED, None)
    assert desk.dial() == 0


def test_who_said_not_now_is_not_offered_it_again_for_five_minutes_and_a_colleague_is(
    desk: CallDesk, bart: int, prepares: int
) -> None:
    waiting = attempt(desk, prepares).callback_id
    preparing.decline(desk.services, bart, prepares)
    assert desk.dispatch() == 0
    an = desk.agent("An")
    assert desk.dispatch() == 1
    assert desk.attempt(waiting).agent_id == an
    desk.change(Agent, an, state=G.RESERVED)
    preparing.decline(desk.services, an, desk.attempt(waiting).id)
    desk.clock.move(seconds=301)
    assert desk.dispatch() == 1
    assert desk.attempt(waiting).agent_id in {bart, an}


def test_who_said_not_now_may_still_be_given_another_customer(desk: CallDesk, bart: int, prepares: int) -> None:
    other = desk.waits(rank=9)
    preparing.decline(desk.services, bart, prepares)
    assert desk.dispatch() == 1
    assert desk.attempt(other).agent_id == bart


def test_who_wants_to_leave_is_off_duty_once_he_has_said_not_now(desk: CallDesk, bart: int, prepares: int) -> None:
    desk.change(Agent, bart, wants_off_duty=True)
    preparing.decline(desk.services, bart, prepares)
    assert desk.doing(bart) is G.OFF_DUTY
