from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from callbacks.errors import PhoneUncertain
from callbacks.ports import NewCall, Uptime
from callbacks.store import legs
from callbacks.workflows import doubting, reconciling, telling
from models.callback import Attempt, CallLeg
from models.vocabulary import AgentState, AttemptState, CallbackState, LegKind, LegStatus
from tests.call_desk import CallDesk
from tests.phone_stand_in import sid
from tests.set_clock import SetClock

A, C, G, L = AttemptState, CallbackState, AgentState, LegStatus


@pytest.fixture
def bart(desk: CallDesk) -> int:
    return desk.agent()


@pytest.fixture
def customer(desk: CallDesk, bart: int) -> int:
    """Somebody of whose agent's phone nobody knows whether it rings."""
    del bart
    waiting = desk.waits(rank=-9)
    in_doubt(desk)
    return waiting


def in_doubt(desk: CallDesk) -> None:
    desk.phone.answers = [PhoneUncertain("read time-out")]
    desk.ring()


@dataclass
class OtherMachine:
    """The same wall clock, and another machine's monotonic time."""

    clock: SetClock

    def now(self) -> datetime:
        return self.clock.now()

    def uptime(self) -> Uptime:
        return Uptime("another machine", 777_000 + self.clock.passed_ms)


def asks(desk: CallDesk, times: int, apart: float = 15) -> None:
    for _ in range(times):
        desk.clock.move(seconds=apart)
        doubting.resolve_unknown(desk.services)


def test_a_request_under_way_for_longer_than_any_answer_takes_is_doubted(desk: CallDesk, bart: int) -> None:
    customer = desk.waits()
    desk.phone.answers = [_dies]
    with pytest.raises(SystemExit):
        desk.ring()
    assert desk.attempt(customer).state is A.SENDING
    desk.clock.move(seconds=20)
    desk.tick()
    assert desk.attempt(customer).state is A.SENDING
    desk.clock.move(seconds=0.1)
    desk.tick()
    assert (desk.attempt(customer).state, desk.doing(bart)) == (A.UNKNOWN, G.RESERVED)
    assert "upkeep" in desk.bell.rung


def test_a_webhook_ends_the_doubt(desk: CallDesk, bart: int, customer: int) -> None:
    news = legs.LegNews(sid(5), LegKind.AGENT, L.RINGING, 1)
    telling.told(desk.services, desk.token(), news, "event")
    assert (desk.attempt(customer).state, desk.attempt(customer).call_sid) == (A.AGENT_RINGING, sid(5))
    assert (desk.state(customer), desk.doing(bart)) == (C.ACTIVE, G.ON_CALL)
    desk.answers()
    assert desk.accepts() == f"dial {desk.callback(customer).number} for 20"


def test_the_agent_who_picks_up_ends_the_doubt(desk: CallDesk, customer: int) -> None:
    desk.answers(call_sid=sid(5))
    assert (desk.attempt(customer).state, desk.attempt(customer).call_sid) == (A.AGENT_ANSWERED, sid(5))


@pytest.mark.parametrize("status", [L.QUEUED, L.RINGING, L.IN_PROGRESS])
def test_exactly_one_unknown_call_to_the_agent_is_the_one(desk: CallDesk, customer: int, status: LegStatus) -> None:
    desk.phone.has(sid(5), status)
    asks(desk, 1)
    assert desk.attempt(customer).call_sid == sid(5)
    assert desk.state(customer) is C.ACTIVE
    assert desk.phone.hung_up == []


def test_a_found_call_that_is_over_already_gives_the_customer_his_place_back(
    desk: CallDesk, bart: int, customer: int
) -> None:
    desk.phone.has(sid(5), L.NO_ANSWER)
    asks(desk, 1)
    assert desk.state(customer) is C.PREPARING, "it may be an old call, and ours not listed yet"
    desk.clock.move(seconds=desk.services.rules.horizon)
    asks(desk, 1)
    assert (desk.state(customer), desk.callback(customer).rank, desk.doing(bart)) == (C.WAITING, -9, G.FREE)


def test_of_two_unknown_calls_the_living_one_is_kept_and_the_other_hung_up(desk: CallDesk, customer: int) -> None:
    desk.phone.has(sid(5), L.RINGING)
    desk.phone.has(sid(6), L.RINGING)
    desk.phone.has(sid(7), L.COMPLETED)
    asks(desk, 1)
    kept = desk.attempt(customer).call_sid
    assert kept in {sid(5), sid(6)}
    assert desk.phone.hung_up == sorted({sid(5), sid(6)} - {kept})
    assert {desk.leg(sid(n)).kind for n in (5, 6, 7) if sid(n) != kept} == {LegKind.EXTRA}


def test_an_extra_call_that_cannot_be_hung_up_now_is_hung_up_later(
    desk: CallDesk,
    customer: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.phone.has(sid(5), L.RINGING)
    desk.phone.has(sid(6), L.RINGING)
    with monkeypatch.context() as broken:
        broken.setattr(type(desk.phone), "hang_up", _fails)
        asks(desk, 1)
    reconciling.hang_up_extras(desk.services)
    assert len(desk.phone.hung_up) == 1
    assert desk.phone.hung_up != [desk.attempt(customer).call_sid]


def _dies(_call: NewCall) -> str:
    raise SystemExit


def _fails(_phone: object, _call_sid: str) -> None:
    message = "503"
    raise PhoneUncertain(message)


@pytest.mark.parametrize("why", ["of an earlier attempt", "to somebody else", "not placed by us"])
def test_a_call_that_is_not_ours_is_never_taken_for_it(desk: CallDesk, customer: int, why: str) -> None:
    if why == "of an earlier attempt":
        desk.phone.has(sid(5), L.COMPLETED)
        with desk.services.database.write() as session:
            leg = CallLeg(call_sid=sid(5), kind=LegKind.AGENT, status=L.COMPLETED, started_at=desk.clock.at)
            session.add(leg)
    elif why == "to somebody else":
        desk.phone.has(sid(5), L.RINGING, to="+32470999999")
    else:
        desk.phone.has(sid(5), L.RINGING, parent=sid(4))
    asks(desk, 1)
    assert (desk.attempt(customer).state, desk.attempt(customer).empty_listings) == (A.UNKNOWN, 1)


def test_after_eight_empty_listings_and_the_horizon_it_counts_as_never_placed(
    desk: CallDesk, bart: int, customer: int
) -> None:
    asks(desk, 7)
    assert (desk.attempt(customer).state, desk.doing(bart)) == (A.UNKNOWN, G.RESERVED)
    asks(desk, 1)
    assert desk.attempt(customer).state is A.NOT_PLACED
    assert (desk.state(customer), desk.callback(customer).rank, desk.doing(bart)) == (C.WAITING, -9, G.FREE)


def test_eight_empty_listings_before_the_horizon_prove_nothing(desk: CallDesk, customer: int) -> None:
    desk.rules(horizon=600)
    asks(desk, 20)
    assert desk.attempt(customer).state is A.UNKNOWN
    asks(desk, 20)
    assert desk.attempt(customer).state is A.NOT_PLACED


def test_a_clock_set_forward_does_not_shorten_the_asking(desk: CallDesk, customer: int) -> None:
    desk.clock.move(days=3)
    asks(desk, 7)
    assert desk.attempt(customer).state is A.UNKNOWN
    asks(desk, 1)
    assert desk.attempt(customer).state is A.NOT_PLACED


def test_a_clock_set_back_does_not_lengthen_the_asking_by_hours(desk: CallDesk, customer: int) -> None:
    desk.clock.move(hours=-1)
    asks(desk, 8)
    assert desk.attempt(customer).state is A.NOT_PLACED


def test_a_clock_that_jumps_between_the_listings_makes_none_of_them_count(desk: CallDesk, customer: int) -> None:
    for _ in range(30):
        desk.clock.at += timedelta(hours=1)
        desk.clock.passed_ms += 5_000
        doubting.resolve_unknown(desk.services)
    assert (desk.attempt(customer).state, desk.attempt(customer).empty_listings) == (A.NOT_PLACED, 8)
    assert desk.phone.listings == 8, "150 seconds have really passed"


def test_after_a_restart_of_the_machine_the_counting_goes_on_and_nothing_counts_twice(
    desk: CallDesk, customer: int
) -> None:
    asks(desk, 3)
    desk.change(Attempt, desk.attempt(customer).id, counted_boot="before the restart", counted_ms=9_999_999)
    asks(desk, 3)
    assert desk.attempt(customer).empty_listings == 3, "another machine may be counting"
    asks(desk, 1, apart=60)
    assert desk.attempt(customer).empty_listings == 3, "what passed since the restart is anybody's guess"
    asks(desk, 1, apart=14)
    assert desk.attempt(customer).empty_listings == 3
    asks(desk, 1)
    assert desk.attempt(customer).empty_listings == 4


def test_two_machines_that_ask_in_turn_come_to_an_end(desk: CallDesk, customer: int) -> None:
    mine = desk.services
    other = replace(mine, clock=OtherMachine(desk.clock))
    for n in range(40):
        desk.clock.move(seconds=10)
        doubting.resolve_unknown(other if n % 2 else mine)
    assert desk.attempt(customer).state is A.NOT_PLACED


def test_a_person_who_wants_to_know_now_gets_an_answer_that_counts_for_nothing(desk: CallDesk, customer: int) -> None:
    asks(desk, 1)
    for _ in range(20):
        doubting.resolve_unknown(desk.services, at_once=True)
    assert (desk.phone.listings, desk.attempt(customer).empty_listings) == (21, 1)
    desk.phone.has(sid(5), L.RINGING)
    assert doubting.resolve_unknown(desk.services, at_once=True) == 1
    assert desk.attempt(customer).call_sid == sid(5)


def test_bells_in_quick_succession_count_as_one_question(desk: CallDesk, customer: int) -> None:
    asks(desk, 20, apart=1)
    assert desk.attempt(customer).empty_listings == 2


def test_a_listing_that_fails_counts_for_nothing(desk: CallDesk, customer: int) -> None:
    desk.phone.trouble = PhoneUncertain("503")
    asks(desk, 30)
    assert (desk.attempt(customer).state, desk.attempt(customer).empty_listings) == (A.UNKNOWN, 0)


def test_a_second_doubt_in_a_row_is_for_a_person(desk: CallDesk, bart: int, customer: int) -> None:
    asks(desk, 8)
    in_doubt(desk)
    assert [one.state for one in desk.attempts(customer)] == [A.NOT_PLACED, A.UNKNOWN]
    asks(desk, 8)
    assert desk.doing(bart) is G.RESERVED, "his phone may ring as long as a call rings, after the horizon"
    asks(desk, 2)
    assert desk.state(customer) is C.NEEDS_HUMAN
    assert desk.attempt(customer).state is A.ENDED
    assert desk.doing(bart) is G.FREE
    desk.clock.move(minutes=10)
    assert desk.ring() == 0
    assert len(desk.phone.asked) == 2


def test_two_doubts_with_a_real_call_between_them_are_not_two_in_a_row(desk: CallDesk, customer: int) -> None:
    asks(desk, 8)
    desk.ring()
    desk.answers()
    desk.declines()
    desk.clock.move(seconds=301)
    in_doubt(desk)
    asks(desk, 8)
    assert desk.state(customer) is C.WAITING


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=3)])
def test_in_doubt_nobody_is_rung_again_whatever_the_clock_does(desk: CallDesk, customer: int, jump: timedelta) -> None:
    desk.agent("An")
    desk.clock.at += jump
    for _ in range(7):
        desk.clock.move(seconds=15)
        desk.tick()
        desk.ring()
        doubting.resolve_unknown(desk.services)
        reconciling.sweep(desk.services)
    assert len(desk.phone.asked) == 1
    assert desk.state(customer) is C.PREPARING


def test_a_call_that_turns_up_after_it_was_given_up_is_hung_up_and_heard_by_nobody(
    desk: CallDesk, customer: int
) -> None:
    asks(desk, 8)
    desk.phone.has(sid(9), L.IN_PROGRESS)
    assert str(desk.answers(call_sid=sid(9))) == "gone"
    assert desk.leg(sid(9)).kind is LegKind.EXTRA
    assert desk.attempt(customer).state is A.NOT_PLACED
    reconciling.sweep(desk.services)
    assert desk.phone.hung_up == [sid(9)]
