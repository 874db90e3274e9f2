"""An extension behind a switchboard, and a number that is never dialled."""

from models.vocabulary import CallbackState
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.stories import asks_to_be_called, talk_and_solve


def tones(desk: Desk) -> list[tuple[object, object]]:
    """Return what was keyed on the network, and to whom."""
    return [(entry["to"], entry["tones"]) for entry in desk.entries() if entry["kind"] == "tones"]


@on("sqlite")
def test_a_caller_behind_a_switchboard_is_reached_on_his_extension(desk: Desk) -> None:
    dubois = desk.customer("Imprimerie Dubois", contact="Claire Dubois", language="fr")
    switchboard, sofie = desk.stranger("le standard", "+3234601234"), desk.agent()
    call = dubois.dials_in().presses("2").hears("C'est bien ça").presses("2").hears("numéro interne")
    call.presses("034601234*123#").hears("numéro interne 1 2 3").presses("1").hears("enregistrée").ends()
    talk_and_solve(desk, sofie, switchboard)
    assert tones(desk) == [("+3234601234", "wwww123")]


@on("postgresql")
def test_a_number_without_an_extension_is_keyed_nothing(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    talk_and_solve(desk, sofie, peeters)
    assert tones(desk) == []


@on("postgresql")
def test_a_number_that_is_blocked_while_its_caller_waits_is_never_rung_and_a_person_sees_why(desk: Desk) -> None:
    desk.at("2026-11-24 08:30:00")
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    desk.stack.command("numbers", "block", peeters.number, "--why", "threatened us")
    desk.at("2026-11-24 09:00:00")
    set_aside = desk.callback_is(CallbackState.NEEDS_HUMAN)
    assert set_aside.why == "the number is never dialled: threatened us"
    desk.nobody_is_rung()
    desk.agent_is(sofie, "free")
    call = peeters.dials_in().presses("1").hears("Op welk nummer")
    call.presses("0" + peeters.number.removeprefix("+32") + "#").hears("Op dat nummer bellen we niet terug")
    call.never_heard("threatened").hangs_up()
    desk.nobody_is_rung()
