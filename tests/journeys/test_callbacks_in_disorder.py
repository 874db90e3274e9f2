"""What the network tells comes twice, backwards, late or never: the customer's story is the same."""

from typing import Any

from models.vocabulary import AgentOutcome, CallbackState, CustomerOutcome
from tests.journeys.desk import Desk
from tests.journeys.kinds import in_turn, on
from tests.journeys.stories import asks_to_be_called, talk_and_solve


@in_turn(
    "do, how",
    twice=("repeat", {}),
    backwards=("reverse", {}),
    after_the_next_step=("delay", {"seconds": 1.5}),
)
def test_one_talk_of_the_right_length_although_callbacks_come(desk: Desk, do: str, how: dict[str, Any]) -> None:
    desk.goes_wrong("status-callback", do, **how)
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    talk_and_solve(desk, sofie, peeters, seconds=95)
    one_talk(desk, seconds=95)
    desk.agent_is(sofie, "free")


def test_one_talk_and_a_free_agent_although_no_callback_ever_comes(desk: Desk) -> None:
    desk.goes_wrong("status-callback", "lose")
    peeters, maes, sofie = desk.customer(), desk.customer("Drukkerij Maes", contact="Jef Maes"), desk.agent()
    asks_to_be_called(peeters)
    talk_and_solve(desk, sofie, peeters, seconds=95)
    one_talk(desk, seconds=95)
    asks_to_be_called(maes)
    # Nobody told that the agent's own line is free again: only the sweep that asks finds out.
    desk.passes(seconds=11)
    desk.watcher.has_looked("upkeep")
    talk_and_solve(desk, sofie, maes)
    desk.passes(seconds=11)
    desk.watcher.has_looked("upkeep")
    desk.agent_is(sofie, "free")


@in_turn(
    "how",
    is_answered=(None,),
    says_that_there_is_no_such_call=({"code": 20404},),
    breaks_down=({"status": 503},),
)
def test_an_agent_who_did_not_answer_is_found_out_though_nobody_told_when_a_question(
    desk: Desk, how: dict[str, Any] | None
) -> None:
    desk.goes_wrong("status-callback", "lose", {"Direction": "outbound-api"})
    peeters, sofie = desk.customer(), desk.agent("Sofie Claes").behaves("rings_out")
    asks_to_be_called(peeters)
    sofie.is_rung().ends("no-answer")
    desk.callback_is(CallbackState.ACTIVE)
    if how is not None:
        desk.goes_wrong("fetch", "refuse", {"To": sofie.number}, times=1, **how)
        desk.passes(seconds=11)
        desk.watcher.has_looked("upkeep")
        assert desk.callback().state is CallbackState.ACTIVE, "no answer proves nothing"
    desk.passes(seconds=11)
    desk.watcher.has_looked("upkeep")
    assert desk.callback_is(CallbackState.WAITING).attempts[0].agent_outcome is AgentOutcome.NO_ANSWER
    desk.works_again()
    talk_and_solve(desk, desk.agent("Bart Wouters"), peeters)


@on("sqlite")
def test_a_customer_who_did_not_answer_is_tried_again_though_nobody_told(desk: Desk) -> None:
    desk.goes_wrong("status-callback", "lose", {"Direction": "outbound-dial"})
    peeters, sofie = desk.customer().behaves("rings_out"), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen").presses("1")
    peeters.is_rung().ends("no-answer")
    whisper.hears("neemt niet op").ends()
    assert desk.callback_is(CallbackState.RESTING).attempts[0].customer_outcome is CustomerOutcome.NO_ANSWER
    peeters.behaves("manual")
    desk.passes(minutes=31)
    talk_and_solve(desk, sofie, peeters)


@on("postgresql")
def test_a_talk_whose_end_is_never_told_nor_asked_for_still_counts_its_minutes(desk: Desk) -> None:
    desk.goes_wrong("dial-action", "lose", times=2)
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen").presses("1")
    talk = peeters.is_rung().answers().is_joined_with(whisper)
    desk.passes(seconds=61)
    talk.hangs_up()
    whisper.ends()
    desk.callback_is(CallbackState.WRAP_UP)
    desk.passes(minutes=3)
    one_talk(desk, seconds=61)
    assert desk.ticket().minutes_worked == 2


def one_talk(desk: Desk, seconds: int) -> None:
    row = desk.callback_is(CallbackState.DONE)
    assert [attempt.customer_outcome for attempt in row.attempts] == [CustomerOutcome.BRIDGED]
    assert row.attempts[0].talk_seconds in range(seconds, seconds + 15)
