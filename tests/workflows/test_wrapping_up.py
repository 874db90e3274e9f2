from datetime import datetime, timedelta

import pytest

from callbacks.workflows import reclassifying, wrapping_up
from models.agent import Agent
from models.callback import Callback
from models.outbox import OutboxMail
from models.sessions import Database
from models.vocabulary import AgentState, CallbackState, Language, LegStatus, Option, Subject, TalkOutcome, TicketState
from tests.call_desk import CallDesk, brussels

C, G, T = CallbackState, AgentState, TalkOutcome


@pytest.mark.parametrize(
    ("outcome", "state", "ticket"),
    [
        (T.SOLVED, C.DONE, TicketState.CLOSED),
        (T.VISIT, C.DONE, TicketState.OPEN),
        (T.CALL_AGAIN, C.RESTING, TicketState.OPEN),
        (T.WRONG_PERSON, C.RESTING, TicketState.OPEN),
    ],
)
def test_what_the_agent_keys_after_the_talk_decides_what_follows(
    desk: CallDesk,
    outcome: TalkOutcome,
    state: CallbackState,
    ticket: TicketState,
) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.talks()
    assert desk.outcome(outcome) is Language.NL
    assert (desk.state(customer), desk.callback(customer).outcome) == (state, outcome)
    assert (desk.ticket(customer).state, desk.ticket(customer).outcome) == (ticket, outcome)
    assert desk.doing(bart) is G.ON_CALL
    desk.hangs_up()
    assert desk.doing(bart) is G.FREE


@pytest.mark.parametrize(
    ("at", "again"),
    [
        (brussels("2026-11-24", "10:00:00"), brussels("2026-11-24", "13:00:00")),
        (brussels("2026-11-24", "16:00:00"), brussels("2026-11-25", "09:00:00")),
        (brussels("2026-11-27", "16:00:00"), brussels("2026-11-30", "09:00:00")),
        (brussels("2026-11-10", "16:00:00"), brussels("2026-11-12", "09:00:00")),
    ],
    ids=["after lunch", "tomorrow", "after the weekend", "after the holiday"],
)
def test_call_again_means_in_the_next_window(database: Database, at: datetime, again: datetime) -> None:
    desk = CallDesk(database, at)
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.talks()
    desk.outcome(T.CALL_AGAIN)
    assert desk.callback(customer).not_before == again
    desk.hangs_up()
    desk.clock.at = again - timedelta(microseconds=1)
    desk.tick()
    assert desk.ring() == 0
    desk.clock.at = again
    desk.tick()
    assert desk.ring() == 1


def test_call_again_said_after_the_window_has_closed_means_when_it_next_opens(database: Database) -> None:
    desk = CallDesk(database, brussels("2026-11-24", "11:50:00"))
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.talks(seconds=1200)
    desk.outcome(T.CALL_AGAIN)
    assert desk.callback(customer).not_before == brussels("2026-11-24", "13:00:00")


def test_an_outcome_keyed_twice_counts_once(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.talks()
    desk.outcome(T.VISIT)
    desk.outcome(T.SOLVED)
    assert (desk.callback(customer).outcome, desk.ticket(customer).state) == (T.VISIT, TicketState.OPEN)
    assert desk.history(Subject.CALLBACK, customer)[-1] == "done"


def test_an_outcome_from_another_leg_is_turned_away(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.talks()
    assert wrapping_up.outcome_by_key(desk.services, desk.token(), "CA-other", T.SOLVED) is None
    assert desk.state(customer) is C.WRAP_UP


def test_a_solved_ticket_with_another_promise_stays_open(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    other = desk.waits(rank=99)
    desk.change(Callback, other, ticket_id=desk.callback(customer).ticket_id)
    desk.ring()
    desk.talks()
    desk.outcome(T.SOLVED)
    assert (desk.state(customer), desk.ticket(customer).state) == (C.DONE, TicketState.OPEN)


def test_the_fifth_key_changes_what_it_is_about_once_for_one_press(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits(option=Option.OUTAGE, rank=0)
    desk.ring()
    desk.talks()

    def press(event: str) -> tuple[Language, Option] | None:
        return reclassifying.reclassify_by_key(desk.services, desk.token(), desk.sid_of(), event)

    assert press("first") == (Language.NL, Option.QUESTION)
    assert press("first") == (Language.NL, Option.QUESTION)
    assert (desk.callback(customer).option, desk.ticket(customer).option) == (Option.QUESTION, Option.QUESTION)
    as_question = desk.callback(customer).rank
    assert press("second") == (Language.NL, Option.OUTAGE)
    assert as_question - desk.callback(customer).rank == 14 * 3600
    assert desk.history(Subject.CALLBACK, customer)[-2:] == ["wrap_up", "wrap_up"]


def test_without_a_word_from_the_agent_the_talk_has_no_outcome_after_two_minutes(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.talks()
    desk.hangs_up()
    assert (desk.doing(bart), desk.state(customer)) == (G.WRAP_UP, C.WRAP_UP)
    desk.waits()
    desk.clock.move(seconds=119.9)
    desk.tick()
    assert desk.ring() == 0
    desk.clock.move(seconds=0.1)
    desk.tick()
    assert (desk.doing(bart), desk.state(customer)) == (G.FREE, C.DONE)
    assert desk.callback(customer).outcome is T.UNSTATED
    assert desk.ticket(customer).state is TicketState.OPEN
    assert desk.ring() == 1


def test_who_says_that_he_is_ready_is_free_at_once_and_the_talk_has_no_outcome(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.talks()
    assert wrapping_up.is_ready(desk.services, bart) is False
    desk.hangs_up()
    assert desk.doing(bart) is AgentState.WRAP_UP
    assert wrapping_up.is_ready(desk.services, bart) is True
    assert desk.doing(bart) is AgentState.FREE
    assert (desk.state(customer), desk.callback(customer).outcome) == (CallbackState.DONE, TalkOutcome.UNSTATED)
    assert desk.ticket(customer).state is TicketState.OPEN
    assert wrapping_up.is_ready(desk.services, bart) is False


def test_an_outcome_keyed_after_his_two_minutes_comes_too_late(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.talks()
    desk.hangs_up()
    desk.clock.move(seconds=120)
    desk.tick()
    desk.outcome(T.SOLVED)
    assert desk.callback(customer).outcome is T.UNSTATED


def test_an_agent_who_wants_to_go_home_leaves_when_he_comes_free(desk: CallDesk) -> None:
    bart, _customer = desk.agent(), desk.waits()
    desk.ring()
    desk.talks()
    desk.change(Agent, bart, wants_off_duty=True)
    desk.hangs_up()
    assert desk.doing(bart) is G.WRAP_UP
    desk.clock.move(seconds=120)
    desk.tick()
    assert (desk.doing(bart), desk.person(bart).wants_off_duty) == (G.OFF_DUTY, False)


def test_an_agent_who_wants_to_go_home_and_misses_his_last_call_goes_home(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.change(Agent, bart, wants_off_duty=True)
    desk.agent_leg(LegStatus.NO_ANSWER)
    assert (desk.doing(bart), desk.state(customer)) == (G.OFF_DUTY, C.WAITING)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=3)])
def test_a_clock_that_jumps_during_the_wrap_up_keeps_the_agent_from_nobody(desk: CallDesk, jump: timedelta) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.talks()
    desk.hangs_up()
    desk.clock.at += jump
    desk.tick()
    assert (desk.doing(bart), desk.state(customer)) == (G.FREE, C.DONE)
    desk.waits()
    assert desk.ring() == 1


def test_no_mail_is_promised_to_a_customer_without_an_address(desk: CallDesk) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    desk.talks()
    desk.outcome(T.SOLVED)
    with desk.services.database.read() as session:
        assert session.query(OutboxMail).count() == 0
