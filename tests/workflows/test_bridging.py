from datetime import timedelta

import pytest

from callbacks.store import hours, switches
from callbacks.store.switches import Hand
from callbacks.store.transitions import Cause
from callbacks.workflows.briefing import Briefing
from callbacks.workflows.ringing_customer import Refusal
from callbacks.workflows.screening import Step
from models.callback import Callback, CallLeg
from models.sessions import Database
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Language,
    LegKind,
    LegStatus,
    Option,
    OverrideKind,
)
from tests.call_desk import CallDesk, brussels
from tests.phone_stand_in import sid

A, C, G = AttemptState, CallbackState, AgentState


def test_the_agent_who_picks_up_hears_who_waits_and_why(desk: CallDesk) -> None:
    desk.agent(languages="nl")
    customer = desk.waits(option=Option.QUESTION, language=Language.FR)
    desk.ring()
    briefing = desk.answers()
    assert isinstance(briefing, Briefing)
    assert (briefing.ticket, briefing.option) == (desk.ticket(customer).number, Option.QUESTION)
    assert (briefing.language, briefing.customer_language, briefing.speaks_it) == (Language.NL, Language.FR, False)
    assert desk.attempt(customer).state is A.AGENT_ANSWERED


def test_the_customer_s_phone_rings_only_after_the_agent_pressed_one(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits(number="+3225551234")
    desk.ring()
    desk.answers()
    assert desk.attempt(customer).dialled_at is None
    assert desk.accepts() == "dial +3225551234 for 20"
    attempt = desk.attempt(customer)
    assert (attempt.state, attempt.agent_outcome, attempt.dialled_at) == (
        A.CUSTOMER_DIALLING,
        AgentOutcome.ACCEPTED,
        desk.clock.at,
    )
    assert desk.doing(bart) is G.ON_CALL


def test_the_same_leg_asking_again_gets_the_same_document_and_no_second_call(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    first = desk.connects()
    desk.clock.move(seconds=9)
    assert desk.accepts() == first
    assert desk.attempt(customer).dialled_at == desk.clock.at - timedelta(seconds=9)


@pytest.mark.parametrize("status", [LegStatus.BUSY, LegStatus.COMPLETED])
def test_a_key_pressed_after_the_customers_side_is_over_rings_nobody(desk: CallDesk, status: LegStatus) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    desk.connects()
    desk.customer_answers()
    desk.customer_leg(status, seconds=1)
    assert desk.accepts() is Refusal.GONE, "his leg fell back to its first document: nobody answered after the talk"


def test_a_key_pressed_again_long_after_the_first_rings_nobody_though_nothing_was_told_of_the_customer(
    desk: CallDesk,
) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    first = desk.connects()
    desk.clock.move(seconds=15)
    assert desk.accepts() == first
    desk.clock.move(seconds=1)
    assert desk.accepts() is Refusal.GONE


def test_a_clock_set_back_between_two_requests_rings_nobody_again(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    desk.connects()
    desk.clock.at -= timedelta(hours=1)
    assert desk.accepts() is Refusal.GONE


def test_another_leg_with_the_same_secret_is_turned_away_and_becomes_an_extra_one(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.answers()
    assert desk.answers(call_sid=sid(99)) is Refusal.GONE
    assert desk.accepts(call_sid=sid(99)) is Refusal.GONE
    assert desk.attempt(customer).dialled_at is None
    assert desk.leg(sid(99)).kind is LegKind.EXTRA
    assert desk.accepts() == f"dial {desk.callback(customer).number} for 20"


def test_a_leg_with_a_secret_that_never_was_ours_learns_nothing(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    desk.phone.placed[-1] = desk.phone.placed[-1].__class__("", "", "https://x/guessed", "", 1, 1)
    assert desk.answers(call_sid=sid(99)) is Refusal.GONE
    assert desk.accepts(call_sid=sid(99)) is Refusal.GONE
    with desk.services.database.read() as session:
        assert session.get(CallLeg, sid(99)) is None


@pytest.mark.parametrize(
    ("at", "ring_seconds"),
    [
        ("11:59:00", 20),
        ("11:59:35", 20),
        ("11:59:36", 19),
        ("11:59:49.500", 5),
        ("11:59:50", 5),
        ("11:59:50.001", None),
        ("11:59:59", None),
        ("12:00:00", None),
        ("12:30:00", None),
    ],
)
def test_the_customer_s_phone_stops_ringing_before_the_window_closes(
    database: Database,
    at: str,
    ring_seconds: int | None,
) -> None:
    desk = CallDesk(database, brussels("2026-11-24", "11:57:50"))
    desk.agent()
    customer = desk.waits(rank=-5)
    desk.ring()
    desk.answers()
    desk.clock.at = brussels("2026-11-24", at)
    if ring_seconds is not None:
        assert desk.accepts() == f"dial {desk.callback(customer).number} for {ring_seconds}"
        return
    assert desk.accepts() is Refusal.CLOSED
    attempt = desk.attempt(customer)
    assert (attempt.dialled_at, attempt.answered_with, attempt.customer_outcome) == (
        None,
        None,
        CustomerOutcome.NOT_DIALLED,
    )
    assert (desk.state(customer), desk.callback(customer).rank, desk.callback(customer).tries) == (C.WAITING, -5, 0)


def test_a_closure_that_comes_into_force_during_the_whisper_keeps_the_customer_s_phone_silent(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    desk.answers()
    with desk.services.database.write() as session:
        rules, now = desk.services.rules, desk.clock.at
        hours.add_override(session, rules, OverrideKind.CLOSURE, now, now + timedelta(hours=1), "fire", "An", now)
    assert desk.accepts() is Refusal.CLOSED


def test_after_dialling_was_stopped_the_agent_hears_so_and_the_customer_keeps_his_place(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.answers()
    with desk.services.database.write() as session:
        switches.turn(session, Hand.DIALLING, Cause(desk.clock.at, "Els", "maintenance"), on=False)
    assert desk.accepts() is Refusal.PAUSED
    assert desk.state(customer) is C.WAITING


def test_a_call_back_cancelled_during_the_whisper_is_not_dialled(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.answers()
    desk.change(Callback, customer, cancel_requested=True)
    assert desk.accepts() is Refusal.CANCELLED
    desk.hangs_up()
    assert (desk.state(customer), desk.doing(bart)) == (C.CANCELLED, G.FREE)


def test_a_customer_who_calls_the_hotline_during_the_whisper_is_not_dialled(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits(number="+3225551234")
    desk.ring()
    desk.answers()
    with desk.services.database.write() as session:
        line = CallLeg(call_sid=sid("line"), kind=LegKind.INBOUND, number="+3225551234", status=LegStatus.IN_PROGRESS)
        line.started_at = desk.clock.at
        session.add(line)
    assert desk.accepts() is Refusal.ON_THE_LINE
    assert desk.state(customer) is C.WAITING


def test_an_agent_who_declines_gives_the_customer_his_place_back_and_is_not_asked_again_for_five_minutes(
    desk: CallDesk,
) -> None:
    bart, customer = desk.agent(), desk.waits(rank=-9)
    desk.ring()
    desk.answers()
    desk.declines()
    assert (desk.state(customer), desk.callback(customer).rank, desk.callback(customer).tries) == (C.WAITING, -9, 0)
    assert (desk.doing(bart), desk.person(bart).missed_in_a_row) == (G.FREE, 0)
    assert desk.attempt(customer).agent_outcome is AgentOutcome.DECLINED
    desk.clock.move(seconds=300)
    assert desk.ring() == 0
    desk.clock.move(seconds=1)
    assert desk.ring() == 1


def test_what_one_agent_declined_another_is_offered_at_once(desk: CallDesk) -> None:
    bart, customer = desk.agent("Bart"), desk.waits()
    desk.ring()
    desk.answers()
    an = desk.agent("An")
    desk.declines()
    assert desk.ring() == 1
    assert [one.agent_id for one in desk.attempts(customer)] == [bart, an]


def test_an_agent_who_declined_stays_taken_until_his_own_line_is_down(desk: CallDesk) -> None:
    bart, _customer, other = desk.agent(), desk.waits(), desk.waits()
    desk.ring()
    desk.answers()
    from callbacks.workflows import bridging  # noqa: PLC0415 - the key alone, without the end of the leg

    bridging.declined(desk.services, desk.token(), desk.sid_of())
    assert desk.doing(bart) is G.ON_CALL
    assert desk.ring() == 0
    desk.hangs_up()
    assert desk.ring() == 1
    assert desk.state(other) is C.ACTIVE


def test_a_key_pressed_after_the_call_was_given_up_dials_nobody(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.answers()
    desk.agent_leg(LegStatus.COMPLETED, sequence=3, seconds=4)
    assert desk.accepts() is Refusal.GONE
    assert desk.attempt(customer).dialled_at is None


def test_the_customer_who_picks_up_hears_his_own_ticket_in_his_own_language(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits(language=Language.FR)
    desk.ring()
    desk.connects()
    heard = desk.customer_answers()
    assert heard is not None
    assert (heard.language, heard.ticket, heard.step) == (Language.FR, desk.ticket(customer).number, Step.GREET)
    assert desk.attempt(customer).state is A.CUSTOMER_ANSWERED


def test_a_customer_s_leg_that_nobody_waits_for_is_hung_up(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    desk.answers()
    assert desk.customer_answers() is None
    desk.accepts()
    desk.customer_leg(LegStatus.NO_ANSWER)
    assert desk.customer_answers() is None


def test_a_cancellation_asked_for_after_the_customer_was_dialled_comes_too_late(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.connects()
    desk.change(Callback, customer, cancel_requested=True)
    desk.customer_answers()
    desk.clock.move(seconds=30)
    desk.dial_action(LegStatus.COMPLETED, seconds=30, bridged=True)
    assert desk.state(customer) is C.WRAP_UP
