from datetime import timedelta
from types import SimpleNamespace

import pytest

from callbacks.errors import PhoneBusy, PhoneNotSent, PhoneRefused, PhoneUncertain
from callbacks.ports import NewCall
from callbacks.store import legs, pace, switches
from callbacks.store.switches import Hand
from callbacks.store.transitions import Cause
from callbacks.workflows import dialing, telling
from models.agent import Agent
from models.callback import Attempt, Callback, CallLeg
from models.sessions import Database
from models.vocabulary import AgentOutcome, AgentState, AttemptState, CallbackState, LegKind, LegStatus, Subject
from tests.call_desk import TUESDAY_TEN, CallDesk, brussels
from tests.phone_stand_in import sid

A, C, G = AttemptState, CallbackState, AgentState


def test_the_agent_s_phone_is_rung_with_the_hotline_s_number_and_a_secret_in_every_address(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    assert desk.ring() == 1
    [call] = desk.phone.placed
    assert (call.to, call.sender) == (desk.person(bart).phone, "+3234603535")
    assert (call.ring_seconds, call.limit_seconds) == (25, 7200)
    token = desk.token()
    assert len(token) == 32
    assert call.url == f"https://desk.accel.test/voice/agent/{token}"
    assert call.status_url == f"https://desk.accel.test/voice/status/agent/{token}"
    attempt = desk.attempt(customer)
    assert attempt.token_digest == legs.digest(token)
    assert (attempt.state, attempt.call_sid) == (A.PLACED, sid(1))
    assert (desk.state(customer), desk.doing(bart)) == (C.ACTIVE, G.ON_CALL)


def test_the_request_leaves_only_after_everybody_can_see_that_it_may_have_left(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    seen = []

    def place(call: NewCall) -> str:
        del call
        seen.append(desk.attempt(customer).state)
        return sid(1)

    desk.phone.answers = [place]
    desk.ring()
    assert seen == [A.SENDING]


def test_requests_leave_one_second_apart(desk: CallDesk) -> None:
    for name in ("An", "Bart", "Chris"):
        desk.agent(name)
        desk.waits()
    desk.dispatch()
    times = []

    def place(call: NewCall) -> str:
        times.append(desk.clock.at)
        return sid(call.to[-2:])

    desk.phone.answers = [place, place, place]
    assert desk.dial() == 3
    assert times == [TUESDAY_TEN + timedelta(seconds=n) for n in range(3)]


@pytest.mark.parametrize(
    ("claimed", "sent"),
    [("11:57:59", "11:58:00"), ("11:57:59", "12:00:00"), ("16:57:59", "17:00:01")],
)
def test_an_agent_reserved_in_time_is_not_rung_once_the_window_s_last_minutes_have_begun(
    database: Database,
    claimed: str,
    sent: str,
) -> None:
    desk = CallDesk(database, brussels("2026-11-24", claimed))
    bart, customer = desk.agent(), desk.waits()
    desk.dispatch()
    desk.clock.at = brussels("2026-11-24", sent)
    assert desk.dial() == 0
    assert desk.phone.asked == []
    assert (desk.state(customer), desk.doing(bart)) == (C.WAITING, G.FREE)
    assert desk.attempt(customer).state is A.WITHDRAWN
    assert desk.attempt(customer).agent_outcome is AgentOutcome.WITHDRAWN


def test_an_agent_is_not_rung_after_somebody_stopped_dialling(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.dispatch()
    with desk.services.database.write() as session:
        switches.turn(session, Hand.DIALLING, Cause(desk.clock.at, "Els", "maintenance"), on=False)
    desk.dial()
    assert desk.phone.asked == []
    assert (desk.state(customer), desk.doing(bart)) == (C.WAITING, G.FREE)


def test_a_call_back_cancelled_while_the_agent_prepares_rings_nobody(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.dispatch()
    desk.change(Callback, customer, cancel_requested=True)
    desk.dial()
    assert desk.phone.asked == []
    assert (desk.state(customer), desk.doing(bart)) == (C.CANCELLED, G.FREE)


def test_an_agent_is_not_rung_for_a_customer_who_is_on_the_hotline_again(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits(number="+3225551234")
    desk.dispatch()
    with desk.services.database.write() as session:
        line = CallLeg(call_sid=sid("line"), kind=LegKind.INBOUND, number="+3225551234", status=LegStatus.IN_PROGRESS)
        line.started_at = desk.clock.at
        session.add(line)
    desk.dial()
    assert desk.phone.asked == []
    assert desk.state(customer) is C.WAITING


@pytest.mark.parametrize("number", ["+32470000001", "+3234603535", "+3290012345", "+12025550123"])
def test_a_number_that_may_not_be_dialled_goes_to_a_person_and_not_round_in_circles(
    desk: CallDesk, number: str
) -> None:
    bart = desk.agent()
    customer = desk.waits(number=number)
    desk.ring()
    assert desk.phone.asked == []
    assert (desk.state(customer), desk.doing(bart)) == (C.NEEDS_HUMAN, G.FREE)


def test_a_worker_that_was_stopped_while_it_waited_for_its_slot_rings_nobody(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.dispatch()
    with desk.services.database.write() as session:
        taken = pace.take_due(session, desk.services.rules, desk.clock.at)
    assert taken is not None
    desk.clock.move(seconds=46)
    dialing._dial(desk.services, taken[0])
    assert desk.phone.asked == []
    assert (desk.state(customer), desk.doing(bart)) == (C.WAITING, G.FREE)


def test_a_process_that_slept_after_it_committed_sends_nothing(desk: CallDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    bart, customer = desk.agent(), desk.waits()
    readings = iter([0.0, 0.0, 0.0, 21.0])
    monkeypatch.setattr("callbacks.workflows.dialing.time", SimpleNamespace(monotonic=lambda: next(readings, 100.0)))
    desk.ring()
    assert desk.phone.asked == []
    assert desk.attempt(customer).state is A.NOT_PLACED
    assert (desk.state(customer), desk.doing(bart)) == (C.WAITING, G.FREE)


def test_a_webhook_that_comes_before_the_answer_to_the_request_binds_the_same_call(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()

    def place(call: NewCall) -> str:
        token = call.url.rsplit("/", 1)[1]
        news = legs.LegNews(sid(5), LegKind.AGENT, LegStatus.RINGING, 1)
        telling.told(desk.services, token, news, "early")
        return sid(5)

    desk.phone.answers = [place]
    desk.ring()
    attempt = desk.attempt(customer)
    assert (attempt.state, attempt.call_sid) == (A.AGENT_RINGING, sid(5))
    assert desk.phone.hung_up == []
    assert desk.leg(sid(5)).status is LegStatus.RINGING


def test_a_second_call_for_the_same_attempt_is_hung_up_and_written_down(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()

    def place(call: NewCall) -> str:
        token = call.url.rsplit("/", 1)[1]
        telling.told(desk.services, token, legs.LegNews(sid(5), LegKind.AGENT, LegStatus.RINGING, 1), "early")
        return sid(6)

    desk.phone.answers = [place]
    desk.ring()
    assert desk.attempt(customer).call_sid == sid(5)
    assert desk.phone.hung_up == [sid(6)]
    assert desk.leg(sid(6)).kind is LegKind.EXTRA
    assert desk.history(Subject.ATTEMPT, desk.attempt(customer).id)[-1] == "agent_ringing"


def test_too_many_requests_send_the_same_attempt_again_a_little_later(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.phone.answers = [PhoneBusy("slow down"), PhoneBusy("slow down")]
    desk.ring()
    assert (desk.attempt(customer).state, desk.doing(bart)) == (A.RESERVED, G.RESERVED)
    assert desk.dial() == 0
    desk.clock.move(seconds=2)
    desk.dial()
    desk.clock.move(seconds=3)
    assert desk.dial() == 0
    desk.clock.move(seconds=1)
    desk.dial()
    assert len(desk.attempts(customer)) == 1
    assert (len(desk.phone.asked), len(desk.phone.placed)) == (3, 1)
    assert desk.attempt(customer).state is A.PLACED


@pytest.mark.parametrize("trouble", [PhoneBusy("slow down"), PhoneNotSent("connection refused")])
def test_a_provider_that_takes_nothing_five_times_over_gets_a_minute_s_rest(
    desk: CallDesk,
    trouble: PhoneBusy | PhoneNotSent,
) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.phone.answers = [trouble] * 5
    desk.dispatch()
    for _ in range(5):
        desk.dial()
        desk.clock.move(seconds=16)
    assert (desk.attempt(customer).state, desk.state(customer)) == (A.NOT_PLACED, C.WAITING)
    assert desk.doing(bart) is G.FREE
    assert desk.phone.placed == []
    assert desk.dispatch() == 0
    desk.clock.move(seconds=60)
    assert desk.ring() == 1


@pytest.mark.parametrize("code", [21211, 21214, 21216, 21217, 13223, 13224])
def test_an_agent_s_number_that_is_refused_pauses_the_agent_and_keeps_the_customer_s_place(
    desk: CallDesk, code: int
) -> None:
    bart, customer = desk.agent(), desk.waits(rank=-9)
    desk.phone.answers = [PhoneRefused("no", code)]
    desk.ring()
    attempt = desk.attempt(customer)
    assert (attempt.state, attempt.error_code) == (A.REJECTED, code)
    assert (desk.doing(bart), desk.state(customer), desk.callback(customer).rank) == (G.PAUSED, C.WAITING, -9)
    desk.agent("An")
    assert desk.ring() == 1


@pytest.mark.parametrize("code", [20003, 10004, 21210, 21215, 21205, None])
def test_a_refusal_that_every_call_would_meet_stops_dialling_but_blames_no_agent(
    desk: CallDesk, code: int | None
) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.phone.answers = [PhoneRefused("no", code)]
    desk.ring()
    assert (desk.state(customer), desk.doing(bart)) == (C.WAITING, G.FREE)
    assert desk.ring() == 0
    desk.clock.move(seconds=60)
    assert desk.ring() == 1
    assert len(desk.phone.placed) == 1


def test_an_answer_that_proves_nothing_is_never_asked_for_a_second_time(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.phone.answers = [PhoneUncertain("read time-out")]
    desk.ring()
    assert (desk.attempt(customer).state, desk.state(customer), desk.doing(bart)) == (
        A.UNKNOWN,
        C.PREPARING,
        G.RESERVED,
    )
    assert "upkeep" in desk.bell.rung
    for _ in range(10):
        desk.clock.move(seconds=60)
        desk.tick()
        desk.ring()
    assert len(desk.phone.asked) == 1


def test_three_calls_in_doubt_in_a_row_stop_dialling(desk: CallDesk) -> None:
    for name in ("An", "Bart", "Chris", "Dirk"):
        desk.agent(name)
    for _ in range(3):
        desk.waits()
    desk.phone.answers = [PhoneUncertain("504")] * 3
    desk.ring()
    desk.waits()
    assert desk.ring() == 0
    assert len(desk.phone.asked) == 3
    desk.clock.move(seconds=60)
    assert desk.dispatch() == 1


def test_two_calls_in_doubt_and_one_placed_stop_nothing(desk: CallDesk) -> None:
    for name in ("An", "Bart", "Chris", "Dirk"):
        desk.agent(name)
        desk.waits()
    desk.phone.answers = [PhoneUncertain("504"), PhoneUncertain("504"), sid(3)]
    assert desk.ring() == 4


def test_a_bell_that_is_rung_twice_rings_one_phone_once(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    desk.dispatch()
    assert desk.dial() + desk.dial() == 1


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=3)])
def test_a_clock_that_jumps_while_an_agent_is_reserved_loses_nobody_and_rings_nobody_twice(
    desk: CallDesk,
    jump: timedelta,
) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.change(Agent, bart, desk_seen_at=desk.clock.at)
    desk.dispatch()
    desk.clock.at += jump + timedelta(minutes=10)
    desk.tick()
    desk.ring()
    assert len(desk.phone.placed) == 1
    assert [one.state for one in desk.attempts(customer)] == [A.WITHDRAWN, A.PLACED]


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=3)])
def test_a_clock_that_jumps_while_a_request_is_under_way_rings_nobody_twice(desk: CallDesk, jump: timedelta) -> None:
    bart, customer = desk.agent(), desk.waits()

    def place(call: NewCall) -> str:
        del call
        desk.clock.at += jump
        desk.tick()
        return sid(1)

    desk.phone.answers = [place]
    desk.ring()
    assert (desk.attempt(customer).state, desk.attempt(customer).call_sid) == (A.PLACED, sid(1))
    assert (desk.state(customer), desk.doing(bart)) == (C.ACTIVE, G.ON_CALL)
    desk.tick()
    desk.ring()
    assert len(desk.phone.asked) == 1


def test_no_two_live_attempts_ever_share_a_telephone(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    with desk.services.database.read() as session:
        assert session.query(Attempt).filter(Attempt.customer_number == desk.callback(customer).number).count() == 1
