"""A supervisor says who calls a customer, how soon, and now."""

from datetime import timedelta

import pytest

from callbacks.errors import Rule
from callbacks.rules.queue_order import HOUR
from callbacks.store import hours
from callbacks.workflows import deciding, moving, ranking, registering
from models.agent import Agent
from models.vocabulary import (
    AgentState,
    CallbackState,
    Language,
    LegStatus,
    Option,
    OverrideKind,
    TalkOutcome,
)
from tests.call_desk import CallDesk, brussels
from tests.workflows.hands import DAY, refused, sentence, wish

C = CallbackState


def test_a_pinned_customer_is_called_by_nobody_else_and_after_that_by_anybody(desk: CallDesk) -> None:
    idle = desk.clock.at - timedelta(hours=1)
    desk.agent("Ann", idle_since=idle)
    bart, customer = desk.agent("Bart"), desk.waits()
    assert ranking.pin(desk.services, wish(desk, customer), bart) is AgentState.FREE
    desk.ring()
    assert desk.attempt(customer).agent_id == bart


def test_who_is_pinned_to_somebody_off_duty_is_told_so_and_does_not_wait_for_him(desk: CallDesk) -> None:
    ann, bart, customer = desk.agent("Ann"), desk.agent("Bart", state=AgentState.OFF_DUTY), desk.waits()
    assert ranking.pin(desk.services, wish(desk, customer), bart) is AgentState.OFF_DUTY
    desk.ring()
    assert desk.attempt(customer).agent_id == ann


def test_nobody_is_pinned_to_a_person_who_takes_no_calls(desk: CallDesk) -> None:
    customer, desk_less = desk.waits(), desk.agent("Cis")
    desk.change(Agent, desk_less, phone=None)
    assert (
        refused(desk, customer, ranking.pin, desk.services, wish(desk, customer), desk_less).rule is Rule.TAKES_NO_CALLS
    )


def test_a_pin_is_taken_away_again(desk: CallDesk) -> None:
    customer = desk.waits(pinned=desk.agent("Bart"))
    ranking.unpin(desk.services, wish(desk, customer))
    assert desk.callback(customer).pinned_agent_id is None


def test_a_given_head_start_puts_a_customer_first_and_says_why_and_outlives_other_hours(desk: CallDesk) -> None:
    desk.agent()
    customer, outage = desk.waits(option=Option.QUESTION), desk.waits(option=Option.OUTAGE)
    ranking.prioritise(desk.services, wish(desk, customer, "VIP"), Option.QUESTION, 15 * HOUR)
    assert sentence(desk, customer) == "telt als 15 uur vroeger: vraag; Els: VIP"
    rank = desk.callback(customer).rank
    with desk.services.database.write() as session:
        at = brussels("2026-11-26", "09:00:00")
        hours.add_override(
            session, desk.services.rules, OverrideKind.CLOSURE, at, at + timedelta(hours=1), "x", "Jan", desk.clock.at
        )
    assert desk.callback(customer).rank == rank
    desk.ring()
    assert (desk.state(customer), desk.state(outage)) == (C.ACTIVE, C.WAITING)


def test_a_question_made_an_outage_counts_as_one_on_its_ticket_too(desk: CallDesk) -> None:
    customer = desk.waits(option=Option.QUESTION)
    ranking.prioritise(desk.services, wish(desk, customer, "server down"), Option.OUTAGE, -2 * HOUR)
    assert desk.ticket(customer).option is Option.OUTAGE
    assert sentence(desk, customer) == "telt als 12 uur vroeger: storing; Els: server down"
    ranking.prioritise(desk.services, wish(desk, customer, "no"), Option.QUESTION, -2 * HOUR)
    assert sentence(desk, customer, Language.EN) == "counts as 2 hours later: question; Els: no"
    ranking.prioritise(desk.services, wish(desk, customer, "as usual"), Option.QUESTION, 0)
    assert (sentence(desk, customer, Language.FR), desk.callback(customer).given_why) == (
        "dans l'ordre d'arrivée",
        None,
    )


def test_nobody_is_given_more_than_500_hours(desk: CallDesk) -> None:
    customer = desk.waits()
    assert (
        refused(desk, customer, ranking.prioritise, desk.services, wish(desk, customer), Option.OUTAGE, 501 * HOUR).rule
        is Rule.TOO_MUCH
    )


def booked(desk: CallDesk, customer: int) -> None:
    moving.move(desk.services, wish(desk, customer), brussels(DAY, "10:15:00"), beside_others=True)


@pytest.mark.parametrize("state", [C.WAITING, C.RESTING, C.NEEDS_HUMAN])
def test_who_is_called_now_goes_before_outages_and_appointments_from_wherever_he_was(
    desk: CallDesk, state: CallbackState
) -> None:
    customer = desk.waits(option=Option.QUESTION, state=state, not_before=desk.clock.at + timedelta(hours=1))
    appointment = desk.waits()
    booked(desk, appointment)
    desk.clock.at = brussels(DAY, "10:15:00")
    desk.tick()
    desk.agent()
    ranking.call_now(desk.services, wish(desk, customer))
    assert sentence(desk, customer) == "nu bellen, voor alle anderen; Els: asked for it"
    assert desk.ring() == 1
    assert (desk.state(customer), desk.state(appointment)) == (C.ACTIVE, C.WAITING)


def test_who_is_called_now_and_not_reached_rests_and_no_longer_comes_first(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    ranking.call_now(desk.services, wish(desk, customer))
    desk.ring()
    desk.not_reached(LegStatus.BUSY)
    row = desk.callback(customer)
    assert (row.state, row.given_head_start, row.given_why) == (C.RESTING, 0, None)


def test_who_is_called_now_gives_his_appointment_up_and_is_rung_once(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    moving.move(desk.services, wish(desk, customer), brussels(DAY, "11:00:00"))
    ranking.call_now(desk.services, wish(desk, customer))
    assert desk.ring() == 1
    desk.clock.at = brussels(DAY, "11:00:00")
    desk.tick()
    assert desk.ring() == 0
    assert len(desk.phone.placed) == 1


@pytest.mark.parametrize("time", ["12:30:00", "11:58:30", "17:00:00", "06:00:00"])
def test_nobody_is_called_now_while_we_are_closed_or_about_to_close(desk: CallDesk, time: str) -> None:
    desk.agent()
    customer = desk.waits()
    desk.clock.at = brussels(DAY, time)
    assert refused(desk, customer, ranking.call_now, desk.services, wish(desk, customer)).rule is Rule.OUTSIDE_HOURS
    assert desk.ring() == 0


def test_nobody_is_called_now_while_dialling_is_stopped_or_nobody_is_free(desk: CallDesk) -> None:
    customer = desk.waits()
    assert refused(desk, customer, ranking.call_now, desk.services, wish(desk, customer)).rule is Rule.NOBODY_FREE
    desk.agent()
    deciding.pause_dialling(desk.services, "power cut", on=False)
    error = refused(desk, customer, ranking.call_now, desk.services, wish(desk, customer))
    assert (error.rule, error.values["why"]) == (Rule.NO_DIALLING, "power cut")
    assert desk.ring() == 0


@pytest.mark.parametrize("picks_up", [True, False])
def test_what_was_given_before_counts_again_after_a_call_now(desk: CallDesk, picks_up: bool) -> None:
    desk.agent()
    customer = desk.waits(option=Option.QUESTION)
    ranking.prioritise(desk.services, wish(desk, customer, "VIP"), Option.QUESTION, 10 * HOUR)
    given, rank = sentence(desk, customer), desk.callback(customer).rank
    ranking.call_now(desk.services, wish(desk, customer, "he is angry"))
    assert sentence(desk, customer) == "nu bellen, voor alle anderen; Els: he is angry"
    with desk.services.database.write() as session:
        at = brussels("2026-11-26", "09:00:00")
        hours.add_override(
            session, desk.services.rules, OverrideKind.CLOSURE, at, at + timedelta(hours=1), "x", "Jan", desk.clock.at
        )
    assert desk.callback(customer).rank < rank, "other hours change nothing about who is called now"
    desk.ring()
    if picks_up:
        desk.talks()
        desk.outcome(TalkOutcome.CALL_AGAIN)
        desk.hangs_up()
    else:
        desk.not_reached(LegStatus.BUSY)
    row = desk.callback(customer)
    assert (sentence(desk, customer), row.rank, row.called_now_at, row.called_now_why) == (given, rank, None, None)


def test_a_call_back_that_needs_a_person_is_not_called_now_without_his_reason(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits(state=C.NEEDS_HUMAN)
    error = refused(desk, customer, ranking.call_now, desk.services, wish(desk, customer, " "))
    assert (error.rule, error.field, desk.state(customer)) == (Rule.NO_REASON, "why", C.NEEDS_HUMAN)


def test_an_agent_who_is_on_the_line_with_the_hotline_is_not_about_to_be_free(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    registering.meets(desk.services, "CA" + "e" * 32, str(desk.person(bart).phone))
    assert refused(desk, customer, ranking.call_now, desk.services, wish(desk, customer)).rule is Rule.NOBODY_FREE
