"""Agents who do not take a call, and what becomes of them and of it."""

from models.vocabulary import AgentOutcome, CallbackState
from tests.journeys.desk import Desk
from tests.journeys.kinds import in_turn, on
from tests.journeys.stories import are_joined, asks_to_be_called, talk_and_solve


@on("sqlite")
def test_a_declined_call_goes_to_a_colleague_at_once_and_never_reached_the_customer(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent("Sofie Claes")
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen")
    bart = desk.agent("Bart Wouters")
    whisper.presses("2").hears("een collega neemt over").ends()
    talk_and_solve(desk, bart, peeters)
    outcomes = [attempt.agent_outcome for attempt in desk.callback().attempts]
    assert outcomes == [AgentOutcome.DECLINED, AgentOutcome.ACCEPTED]
    desk.agent_is(sofie, "free")


@in_turn(
    "behaviour, end",
    does_not_answer=("rings_out", "no-answer"),
    is_busy=("busy", "busy"),
    cannot_be_reached=("fails", "failed"),
    voicemail=("voicemail", "completed"),
)
def test_a_call_that_an_agent_does_not_take_is_offered_to_a_colleague(desk: Desk, behaviour: str, end: str) -> None:
    peeters, sofie = desk.customer(), desk.agent("Sofie Claes").behaves(behaviour)
    asks_to_be_called(peeters)
    sofie.is_rung().ends(end)
    desk.agent_is(sofie, "free")
    bart = desk.agent("Bart Wouters")
    talk_and_solve(desk, bart, peeters)
    assert desk.state_of(sofie).missed_in_a_row == 1


@on("sqlite")
def test_the_red_button_and_the_repeat_key_are_understood(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent("Sofie Claes")
    asks_to_be_called(peeters)
    sofie.is_rung().declines().ends("no-answer")
    desk.passes(seconds=310)
    whisper = sofie.is_rung().answers().hears("Bakkerij Peeters").presses("3").hears("Bakkerij Peeters").presses("1")
    talk = peeters.is_rung().answers().is_joined_with(whisper)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    desk.ticket_is("closed")


@on("postgresql")
def test_who_misses_three_calls_in_a_row_is_rung_no_more_until_he_says_so(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent().behaves("rings_out")
    asks_to_be_called(peeters)
    for _ in range(3):
        sofie.is_rung().ends("no-answer")
        desk.passes(seconds=310)
    desk.agent_is(sofie, "paused")
    desk.passes(minutes=30).nobody_is_rung()
    assert desk.callback().state is CallbackState.WAITING
    sofie.behaves("manual")
    desk.stack.command("agents", "on", sofie.name)
    talk_and_solve(desk, sofie, peeters)


@on("sqlite")
def test_an_agent_who_hangs_up_before_his_key_has_not_accepted(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    sofie.is_rung().answers().hears("Aannemen").hangs_up()
    desk.callback_is(CallbackState.WAITING)
    desk.nobody_is_rung()
    desk.passes(seconds=310)
    talk_and_solve(desk, sofie, peeters)


@on("postgresql")
def test_an_agent_off_duty_after_his_call_is_not_rung_again(desk: Desk) -> None:
    peeters, maes, sofie = desk.customer(), desk.customer("Drukkerij Maes", contact="Jef Maes"), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    desk.goes_off_duty(sofie)
    asks_to_be_called(maes)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    desk.agent_is(sofie, "off_duty")
    desk.nobody_is_rung()
