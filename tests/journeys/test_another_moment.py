"""A customer who cannot be called when we would: he chooses another moment, by keypad or on the page of his mail."""

import re

import requests

from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.stories import asks_to_be_called, talk_and_solve


@on("sqlite")
def test_a_caller_chooses_a_later_moment_by_key_and_is_called_then_and_not_before(desk: Desk) -> None:
    desk.at("2026-11-23 17:30:00")
    dubois, sofie = desk.customer("Imprimerie Dubois", contact="Claire Dubois", language="fr"), desk.agent()
    call = dubois.dials_in().presses("2").hears("C'est bien ça").presses("1").hears("Tapez 9")
    call.presses("9").hears("Pour demain entre neuf heures et neuf heures trente, tapez 1")
    call.presses("9").hears("Pour demain entre dix heures trente et onze heures, tapez 1").presses("1")
    call.hears("C'est noté, nous vous appelons demain entre dix heures trente et onze heures").ends()
    assert "entre 10 h 30 et 11 h" in desk.mail_text("au moment que vous avez choisi")
    for moment in ("09:00:00", "10:00:00", "10:29:50"):
        desk.at(f"2026-11-24 {moment}").nobody_is_rung()
    desk.at("2026-11-24 10:30:00")
    whisper = sofie.is_rung().answers().hears("Imprimerie Dubois").presses("1")
    dubois.is_rung().answers().is_joined_with(whisper).hangs_up()
    whisper.hears("afgelopen").presses("1").ends()


@on("postgresql")
def test_a_customer_chooses_on_the_page_of_his_mail_and_is_called_then_and_not_before(desk: Desk) -> None:
    desk.at("2026-11-23 17:30:00")
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters, "2")
    link = re.search(r"http\S+/moment/\S+", desk.mail_text("geregistreerd"))
    assert link is not None
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(link[0], timeout=10).text
        assert "Dinsdag 24 november, tussen 9 en 9.30 uur" in page
        chosen = re.search(r'value="(\d+)" required><span>14:00–14:30<', page)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert chosen is not None
        assert token is not None
        form = {"moment": chosen[1], "csrf_token": token[1]}
        answer = browser.post(link[0], data=form, timeout=10)
        assert "Dinsdag 24 november, tussen 14 en 14.30 uur" in answer.text
    assert "tussen 14 en 14.30 uur" in desk.mail_text("op het moment dat u koos")
    for moment in ("09:00:00", "13:59:50"):
        desk.at(f"2026-11-24 {moment}").nobody_is_rung()
    desk.at("2026-11-24 14:00:00")
    talk_and_solve(desk, sofie, peeters)
