"""Who rings again is asked whether it is about the same: he cancels and nobody is rung, or asks something new."""

from models.vocabulary import CallbackState, TicketState
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.stories import are_joined, asks_to_be_called, talk_and_solve


@on("sqlite")
def test_who_cancels_by_telephone_is_not_called_and_gets_a_mail_that_says_so(desk: Desk) -> None:
    desk.at("2026-11-24 08:40:00")
    dubois, _sofie = desk.customer("Garage Dubois", contact="Luc Dubois", language="fr"), desk.agent()
    call = dubois.dials_in().hears("bonjour", language="fr").presses("2").hears("C'est bien ça").presses("1")
    call.hears("enregistrée").ends()
    again = dubois.dials_in().hears("Une demande est déjà ouverte", language="fr")
    again.never_heard("Dubois").presses("1").hears("Annuler : tapez 3", language="fr").presses("3")
    again.hears("Vraiment annuler", language="fr").presses("1").hears("La demande est annulée", language="fr").ends()
    assert desk.callback_is(CallbackState.CANCELLED).why == "the caller cancelled by telephone"
    assert desk.ticket().state is TicketState.CLOSED
    desk.mail_about("annulée")
    desk.at("2026-11-24 09:00:00").nobody_is_rung()
    assert desk.missed_calls() == []


@on("postgresql")
def test_who_asks_something_new_gets_two_tickets_and_is_called_twice_one_after_the_other(desk: Desk) -> None:
    desk.at("2026-11-24 08:40:00")
    baker = desk.customer("Peeters Bakery", contact="Ann Baker", language="en")
    agents = [desk.agent("Sofie Claes", languages="nl;en"), desk.agent("Bart Wouters", languages="nl;en")]
    baker.dials_in().hears("Welcome", language="en").presses("1").hears("Correct").presses("1").hears("ticket").ends()
    again = baker.dials_in().hears("already has an open request", language="en").presses("2")
    again.hears("Anything else", language="en").presses("2").hears("Correct").presses("1").hears("ticket").ends()
    assert len(desk.callbacks()) == 2
    desk.at("2026-11-24 09:00:00")
    first = desk.rung_first(agents)
    whisper, talk = are_joined(first, baker)
    desk.nobody_is_rung()
    desk.passes(seconds=95)
    talk.hangs_up()
    whisper.hears("Hoe is het afgelopen").presses("1").hears("gesloten").ends()
    talk_and_solve(desk, desk.rung_first(agents), baker)
    assert [row.state for row in desk.callbacks()] == [CallbackState.DONE] * 2


@on("sqlite")
def test_who_missed_our_call_and_rings_back_is_called_by_the_agent_who_had_prepared(desk: Desk) -> None:
    peeters = desk.customer().behaves("rings_out")
    agents = [desk.agent("Sofie Claes"), desk.agent("Bart Wouters")]
    asks_to_be_called(peeters)
    prepared = desk.rung_first(agents)
    whisper = prepared.is_rung().answers().hears("Aannemen").presses("1")
    peeters.is_rung().ends("no-answer")
    whisper.hears("neemt niet op").ends()
    desk.callback_is(CallbackState.RESTING)
    for agent in agents:
        desk.agent_is(agent, "free")
    peeters.behaves("manual")
    desk.passes(minutes=2).nobody_is_rung()
    call = peeters.dials_in().hears("We probeerden u te bellen").hears("Leg gerust in")
    desk.nobody_is_rung()
    call.hangs_up()
    # The other one has been idle longer: it is he who had prepared that is waited for.
    talk_and_solve(desk, prepared, peeters)
