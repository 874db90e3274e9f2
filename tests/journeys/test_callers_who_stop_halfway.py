"""Whoever hangs up, stays silent or hears the menu again: what was chosen is kept, and nothing is made up."""

from models.vocabulary import CallbackState
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.stories import asks_to_be_called, silences, talk_and_solve


@on("postgresql")
def test_hanging_up_during_the_greeting_leaves_a_missed_call_and_no_ticket(desk: Desk) -> None:
    peeters, _sofie = desk.customer(), desk.agent()
    peeters.dials_in().hears("Welkom").hangs_up()
    assert desk.missed_calls() == [peeters.number]
    assert desk.callbacks() == []
    desk.nobody_is_rung()


@on("postgresql")
def test_hanging_up_right_after_the_key_keeps_the_choice_and_the_callers_own_number(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    peeters.dials_in().presses("1").hears("Klopt dat").hangs_up()
    talk_and_solve(desk, sofie, peeters)
    assert desk.missed_calls() == []
    desk.mail_about("geregistreerd")


@on("sqlite")
def test_hanging_up_while_another_number_is_asked_keeps_the_callers_own(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    peeters.dials_in().presses("2").hears("Klopt dat").presses("2").hears("Op welk nummer").hangs_up()
    talk_and_solve(desk, sofie, peeters)


@on("postgresql")
def test_a_number_keyed_in_but_not_confirmed_is_never_rung(desk: Desk) -> None:
    peeters, wrong, sofie = desk.customer(), desk.stranger("een vreemde"), desk.agent()
    call = peeters.dials_in().presses("1").hears("Klopt dat").presses("2").hears("Op welk nummer")
    call.presses("0" + wrong.number.removeprefix("+32") + "#").hears("U toetste").hangs_up()
    talk_and_solve(desk, sofie, peeters)
    assert wrong.claimed == []


def test_hanging_up_before_the_farewell_is_heard_keeps_the_confirmed_call_back(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    call = peeters.dials_in().presses("1").hears("Klopt dat")
    with desk.stack.frozen(*desk.stack.processes("gunicorn")):
        # The answer to his key is not there yet when he hangs up: key and end arrive at the service together.
        call.presses("1")
        desk.stack.telephones.hangs_up(call.sid)
    call.is_reported()
    talk_and_solve(desk, sofie, peeters)
    desk.mail_about("geregistreerd")


@on("sqlite")
def test_a_withheld_caller_who_leaves_no_number_waits_for_a_person_and_nobody_is_rung(desk: Desk) -> None:
    stranger, sofie = desk.stranger(), desk.agent()
    stranger.dials_in(withheld=True).presses("1").hears("Op welk nummer").hangs_up()
    assert desk.callback_is(CallbackState.NEEDS_HUMAN).number is None
    desk.nobody_is_rung()
    ticket = str(desk.ticket().number)
    number = "0" + stranger.number.removeprefix("+32")
    desk.stack.command("callbacks", "resolve", ticket, "waiting", "--number", number, "--why", "hij mailde ons")
    talk_and_solve(desk, sofie, stranger)


@on("sqlite")
def test_the_star_repeats_the_menu(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    call = peeters.dials_in().hears("Welkom").hears("storing").presses("*").hears("storing").presses("1")
    call.hears("Klopt dat").presses("1").hears("ticket").stays_silent().ends()
    talk_and_solve(desk, sofie, peeters)


@on("sqlite")
def test_three_rounds_of_silence_end_politely_on_the_missed_calls_list(desk: Desk) -> None:
    peeters, _sofie = desk.customer(), desk.agent()
    silences(peeters.dials_in().hears("Welkom"), 3).hears("geen keuze ontvangen").ends()
    assert desk.missed_calls() == [peeters.number]
    assert desk.callbacks() == []


@on("postgresql")
def test_silence_after_the_choice_takes_the_callers_own_number(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    silences(peeters.dials_in().presses("1").hears("Klopt dat"), 3).hears("geregistreerd: ticket").stays_silent().ends()
    talk_and_solve(desk, sofie, peeters)


@on("postgresql")
def test_a_customer_on_the_hotline_again_is_not_rung_meanwhile(desk: Desk) -> None:
    desk.at("2026-11-24 08:50:00")
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    desk.at("2026-11-24 08:59:00")
    again = peeters.dials_in().hears("loopt al een oproep")
    desk.at("2026-11-24 09:00:00").nobody_is_rung()
    again.hangs_up()
    talk_and_solve(desk, sofie, peeters)
