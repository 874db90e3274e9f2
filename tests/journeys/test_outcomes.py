"""After the talk: who hangs up how, and what the agent's key means."""

from models.vocabulary import CallbackState, TalkOutcome
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.stories import are_joined, asks_to_be_called, talk_and_solve


@on("sqlite")
def test_the_star_ends_the_customers_side_so_that_the_agent_can_say_the_outcome(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    desk.passes(seconds=130)
    whisper.presses("*").hears("Hoe is het afgelopen").presses("1").ends()
    talk.ends()
    assert desk.ticket_is("closed").minutes_worked == 3


def test_an_agent_who_hangs_up_first_has_his_time_counted_and_the_ticket_stays_open(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    desk.passes(seconds=100)
    whisper.hangs_up()
    talk.ends()
    desk.callback_is(CallbackState.WRAP_UP)
    desk.agent_is(sofie, "wrap_up")
    desk.passes(seconds=125)
    desk.callback_is(CallbackState.DONE)
    desk.agent_is(sofie, "free")
    ticket = desk.ticket()
    assert (ticket.state, ticket.minutes_worked) == ("open", 2)


@on("postgresql")
def test_call_again_rests_until_the_next_window_and_solves_there(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    desk.passes(seconds=61)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("2").hears("bij de volgende opening").ends()
    desk.callback_is(CallbackState.RESTING)
    desk.at("2026-11-24 11:30:00").nobody_is_rung()
    desk.at("2026-11-24 13:00:00")
    talk_and_solve(desk, sofie, peeters, 61)
    assert desk.ticket_is("closed").minutes_worked in {3, 4}


@on("sqlite")
def test_a_visit_ends_the_call_back_and_leaves_the_ticket_open(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("3").hears("een bezoek").ends()
    desk.callback_is(CallbackState.DONE)
    assert desk.ticket().state == "open"
    assert len(desk.stack.post_office.mails) <= 1
    desk.nobody_is_rung()


@on("postgresql")
def test_the_wrong_person_is_tried_again_after_half_an_hour(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("4").hears("later opnieuw").ends()
    desk.callback_is(CallbackState.RESTING)
    desk.passes(minutes=29).nobody_is_rung()
    desk.passes(minutes=2)
    talk_and_solve(desk, sofie, peeters)


@on("postgresql")
def test_key_five_turns_an_outage_into_a_question_and_asks_for_the_outcome_again(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("5").hears("Genoteerd als gewone vraag").presses("1").ends()
    assert desk.ticket_is("closed").option == 2
    assert any("reclassified" in row.why and row.who == sofie.name for row in desk.history())


@on("sqlite")
def test_no_key_after_the_talk_is_an_unstated_outcome_when_the_minutes_are_over(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    talk.hangs_up()
    whisper.hears("afgelopen").stays_silent().hears("later ingeven").ends()
    desk.agent_is(sofie, "wrap_up")
    desk.nobody_is_rung()
    desk.passes(seconds=125)
    desk.callback_is(CallbackState.DONE)
    assert desk.outcome_of(0) is TalkOutcome.UNSTATED
    assert desk.ticket().state == "open"
