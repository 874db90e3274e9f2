"""What a customer is promised: heard, mailed, kept, and told again where it cannot hold."""

import json

from models.vocabulary import CallbackState
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.stories import are_joined, asks_to_be_called, talk_and_solve
from tests.journeys.watching import until


def test_who_is_not_reached_before_closing_reads_of_the_next_morning_and_is_called_then(desk: Desk) -> None:
    desk.at("2026-11-24 16:40:00")
    peeters, maes, sofie = desk.customer(), desk.customer("Drukkerij Maes", contact="Jef Maes"), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    call = maes.dials_in().presses("2").hears("Klopt dat").presses("1")
    call.hears("We bellen u deze namiddag terug, tussen kwart voor vijf en vijf uur").stays_silent().ends()
    (promised,) = [row for row in printed(desk) if row["company"] == "Drukkerij Maes"]
    assert (promised["promise_from"], promised["promise_to"]) == (
        "2026-11-24T16:45:00+01:00",
        "2026-11-24T17:00:00+01:00",
    )
    desk.at("2026-11-24 17:00:30")
    # It must seem broken for fifteen seconds of real time before anybody is written to.
    assert "tussen 9 en 9.45 uur" in desk.mail_text("We bellen u op een ander moment", seconds=60)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()
    desk.nobody_is_rung()
    desk.at("2026-11-25 09:00:00")
    talk_and_solve(desk, sofie, maes)


@on("sqlite")
def test_an_agent_comes_on_duty_with_his_shift_and_promises_know_it(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent("Sofie Claes")
    desk.stack.command("shifts", "add", "Sofie Claes", "14:00-17:00", "--days", "Tu", "--from", "2026-11-01")
    desk.agent_is(sofie, "off_duty")
    call = peeters.dials_in().presses("1").hears("Klopt dat").presses("1")
    call.hears("We bellen u deze namiddag terug, tussen twee uur en half drie").stays_silent().ends()
    desk.at("2026-11-24 13:59:50").nobody_is_rung()
    desk.at("2026-11-24 14:00:00")
    talk_and_solve(desk, sofie, peeters)
    desk.at("2026-11-24 17:00:00")
    desk.agent_is(sofie, "off_duty")


@on("postgresql")
def test_after_the_last_try_in_vain_the_customer_is_written_to(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    peeters.behaves("busy")
    asks_to_be_called(peeters)
    for moment in ("2026-11-24 10:06:00", "2026-11-24 13:00:00", ""):
        whisper = sofie.is_rung().answers().hears("Bakkerij Peeters").presses("1")
        peeters.is_rung().ends("busy")
        whisper.hears("in gesprek").ends()
        if moment:
            desk.callback_is(CallbackState.RESTING)
            desk.at(moment)
    desk.callback_is(CallbackState.UNREACHED)
    assert "3 keer" in desk.mail_text("We konden u niet bereiken")
    desk.nobody_is_rung()


@on("postgresql")
def test_with_nobody_on_duty_no_time_is_named_and_it_is_promised_as_soon_as_somebody_comes(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    desk.goes_off_duty(sofie)
    call = peeters.dials_in().presses("1").hears("Klopt dat").presses("1").hears("zodra een medewerker vrij is")
    call.stays_silent().ends()
    assert printed(desk)[0]["promise_to"] is None
    sofie.behaves("busy")
    desk.comes_on_duty(sofie)
    desk.stack.services.bell.ring("upkeep")
    until("something is promised", lambda: printed(desk)[0]["promise_to"])
    sofie.is_rung().ends("busy")


def printed(desk: Desk) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(desk.stack.command("callbacks", "--json"))
    return rows
