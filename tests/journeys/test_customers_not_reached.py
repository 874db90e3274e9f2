"""A customer who cannot be reached is tried again, inside windows, and not for ever."""

from models.vocabulary import CallbackState, CustomerOutcome
from tests.journeys.desk import Desk
from tests.journeys.kinds import in_turn, on
from tests.journeys.stories import asks_to_be_called, talk_and_solve


@in_turn(
    "behaviour, end, said, outcome, minutes",
    busy=("busy", "busy", "in gesprek", CustomerOutcome.BUSY, 5),
    no_answer=("rings_out", "no-answer", "neemt niet op", CustomerOutcome.NO_ANSWER, 30),
)
def test_a_customer_not_reached_rests_and_is_tried_again(
    desk: Desk, behaviour: str, end: str, said: str, outcome: CustomerOutcome, minutes: int
) -> None:
    peeters, sofie = desk.customer().behaves(behaviour), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen").presses("1")
    peeters.is_rung().ends(end)
    whisper.hears(said).ends()
    row = desk.callback_is(CallbackState.RESTING)
    assert row.attempts[0].customer_outcome is outcome
    desk.agent_is(sofie, "free")
    desk.passes(minutes=minutes - 1).nobody_is_rung()
    peeters.behaves("manual")
    desk.passes(minutes=1)
    talk_and_solve(desk, sofie, peeters)


@on("sqlite")
def test_a_rest_that_ends_in_the_lunch_break_lasts_until_the_afternoon(desk: Desk) -> None:
    desk.at("2026-11-24 11:45:00")
    peeters, sofie = desk.customer().behaves("rings_out"), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().presses("1")
    peeters.is_rung().ends("no-answer")
    whisper.ends()
    desk.callback_is(CallbackState.RESTING)
    peeters.behaves("manual")
    desk.at("2026-11-24 12:20:00").nobody_is_rung()
    desk.at("2026-11-24 12:59:50").nobody_is_rung()
    desk.at("2026-11-24 13:00:00")
    talk_and_solve(desk, sofie, peeters)


@on("sqlite")
def test_three_tries_lie_in_two_windows_and_then_it_is_over(desk: Desk) -> None:
    desk.at("2026-11-24 09:30:00")
    peeters, sofie = desk.customer().behaves("rings_out"), desk.agent()
    asks_to_be_called(peeters)
    for n, moment in enumerate(("09:30:10", "10:01:00", "13:00:00")):
        if n:
            desk.at(f"2026-11-24 {moment}")
        whisper = sofie.is_rung().answers().presses("1")
        peeters.is_rung().ends("no-answer")
        whisper.ends()
        desk.agent_is(sofie, "free")
        if n == 1:
            desk.at("2026-11-24 11:00:00").nobody_is_rung()
    desk.callback_is(CallbackState.UNREACHED)
    desk.at("2026-11-25 10:00:00").nobody_is_rung()
    assert desk.ticket().state == "open"


@on("postgresql")
def test_a_number_that_fails_is_shown_to_a_person_and_its_owner_is_asked_for_another(desk: Desk) -> None:
    peeters, sofie = desk.customer().behaves("fails"), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().presses("1")
    peeters.is_rung().ends("failed")
    whisper.hears("niet bereikbaar").ends()
    desk.agent_is(sofie, "free")
    desk.callback_is(CallbackState.NEEDS_HUMAN)
    assert "een nummer geeft dat wel werkt" in desk.mail_text("We konden u net niet bereiken")
    desk.passes(minutes=60).nobody_is_rung()


def test_a_customer_who_hangs_up_during_the_whisper_was_tried_but_not_talked_to(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen").presses("1")
    talk = peeters.is_rung()
    with desk.stack.frozen(*desk.stack.processes("gunicorn")):
        talk.answers()
        desk.stack.telephones.hangs_up(talk.sid)
    talk.ends()
    whisper.hears("neemt niet op").ends()
    row = desk.callback_is(CallbackState.RESTING)
    assert row.attempts[0].talk_seconds == 0
    desk.passes(minutes=31)
    talk_and_solve(desk, sofie, peeters)
