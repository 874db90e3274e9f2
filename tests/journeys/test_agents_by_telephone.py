"""Agents who have nothing but a mobile: they dial the hotline, key their PIN, and say what must be said."""

from callbacks.workflows import keeping_pins
from models.vocabulary import CallbackState, TalkOutcome
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.phones import Line, Person
from tests.journeys.stories import asks_to_be_called, talk_and_solve

PIN = "2580"


def has_a_pin(desk: Desk, agent: Person) -> Person:
    """Give him one, as a supervisor does."""
    keeping_pins.set_pin(desk.stack.services, agent.name, PIN, "a supervisor")
    return agent


def dials_the_desk(agent: Person, asks: str = "Toets uw pincode") -> Line:
    """Dial the hotline and key the PIN."""
    return agent.dials_in().hears(asks).presses(f"{PIN}#")


@on("sqlite")
def test_who_comes_on_duty_by_telephone_gets_the_call_back_that_waited(desk: Desk) -> None:
    peeters, sofie = desk.customer(), has_a_pin(desk, desk.agent())
    desk.goes_off_duty(sofie)
    asks_to_be_called(peeters)
    desk.nobody_is_rung()
    line = dials_the_desk(sofie).hears("U bent buiten dienst").presses("1").hears("U bent in dienst")
    desk.agent_is(sofie, "free")
    desk.nobody_is_rung()  # he is on the line himself
    line.hangs_up()
    talk_and_solve(desk, sofie, peeters)
    assert desk.missed_calls() == []


@on("postgresql")
def test_nobody_is_rung_during_his_break_and_a_talk_gets_its_outcome_later_by_telephone(desk: Desk) -> None:
    dubois = desk.customer("Imprimerie Dubois", contact="Claire Dubois")
    sofie = has_a_pin(desk, desk.agent(languages="fr;nl"))
    menu = dials_the_desk(sofie, "Introduisez votre code PIN").hears("Vous êtes en service", language="fr")
    menu.presses("3").hears("Vous êtes en pause").hangs_up()
    asks_to_be_called(dubois)
    desk.nobody_is_rung()
    dials_the_desk(sofie, "Introduisez").hears("en pause").presses("1").hears("en service").hangs_up()
    whisper = sofie.is_rung().answers().hears("Imprimerie Dubois").presses("1")
    talk = dubois.is_rung().answers()
    talk.is_joined_with(whisper)
    talk.hangs_up()
    whisper.hangs_up()
    desk.passes(minutes=5)
    desk.callback_is(CallbackState.DONE)
    desk.agent_is(sofie, "free")
    assert desk.outcome_of(0) is TalkOutcome.UNSTATED
    number = " ".join(str(desk.ticket().number))
    later = dials_the_desk(sofie, "Introduisez").hears("Résultat").presses("4").hears(f"Ticket {number}")
    later.presses("1").hears("le ticket est clôturé").hangs_up()
    desk.ticket_is("closed")
    assert desk.outcome_of(0) is TalkOutcome.SOLVED
    desk.mail_about(str(desk.ticket().number), n=2)
    assert desk.missed_calls() == []


@on("sqlite")
def test_who_missed_a_call_hears_whose_it_was_and_a_stranger_with_his_number_hears_nothing(desk: Desk) -> None:
    peeters, sofie = desk.customer(), has_a_pin(desk, desk.agent(languages="en"))
    asks_to_be_called(peeters)
    sofie.is_rung().declines().ends("no-answer")
    line = dials_the_desk(sofie, "Key in your PIN").hears("Customer's file").presses("5")
    line.hears("Bakkerij Peeters").hears("An Peeters").hangs_up()
    forged = sofie.dials_in().hears("Key in your PIN")
    for _ in range(3):
        forged.presses("9999#")
    forged.hears("without your PIN").ends()
    forged.never_heard("Peeters")
    desk.passes(seconds=310)
    whisper, talk = are_joined_in_english(sofie, peeters)
    talk.hangs_up()
    whisper.hears("How did it go").presses("1").ends()


def are_joined_in_english(agent: Person, customer: Person) -> tuple[Line, Line]:
    """Let an English-speaking agent accept, and be joined with the customer."""
    whisper = agent.is_rung().answers().hears("Accept").presses("1")
    talk = customer.is_rung().answers()
    talk.is_joined_with(whisper)
    return whisper, talk
