"""The team: who is on duty, shifts and absences, and who is signed in."""

from datetime import date, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from callbacks.rules.shifts import Shift
from callbacks.workflows import rostering
from models.agent import Agent
from models.history import History
from models.vocabulary import AgentState, Role
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.test_schedule import text_of

HOSTILE = '"><script>alert(1)</script>'
SHIFT = {
    "agent": "Ann De Smet",
    "days": ["mo", "tu", "we"],
    "from_time": "09:00",
    "until_time": "12:30",
    "first_day": "2026-11-23",
    "every": "1",
}
ABSENCE = {"agent": "Ann De Smet", "from_day": "2026-11-24", "until_day": "2026-11-27", "why": "opleiding"}


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """Els in her browser."""
    del staffed
    return signed_in("els")


def send(browser: FlaskClient, deed: str, **fields: object) -> TestResponse:
    form = {"back": "/schedule/team", **fields, "csrf_token": token(browser.get("/schedule/team").text)}
    return browser.post(f"/schedule/team/{deed}", data=form)


def page_of(browser: FlaskClient, section: str) -> str:
    return text_of(browser.get("/schedule/team").text, section)


def state(desk: Desk) -> AgentState:
    with desk.database.read() as session:
        return session.scalars(select(Agent.state).where(Agent.name == "Ann De Smet")).one()


def become(desk: Desk, **columns: object) -> None:
    with desk.database.write() as session:
        session.execute(update(Agent).where(Agent.name == "Ann De Smet").values(**columns))


def test_everybody_is_there_with_what_he_does_since_when_and_where_he_is_signed_in(els: FlaskClient) -> None:
    team = page_of(els, "team")
    assert "Ann De Smet Agent · NL FR Vrij sinds 10:28 zonder vaste uren" in team
    assert "niet aangemeld" in team
    assert "Els Wouters Supervisor · NL FR neemt geen oproepen aan 1× Overal afmelden" in team


def test_a_supervisor_sends_an_agent_on_a_break_home_and_back(staffed: Desk, els: FlaskClient) -> None:
    for wish, became, told in (
        ("break", AgentState.BREAK, "Ann De Smet heeft pauze."),
        ("off", AgentState.OFF_DUTY, "Ann De Smet is niet meer aan het werk."),
        ("on", AgentState.FREE, "Ann De Smet is aan het werk."),
        ("on", AgentState.FREE, "Ann De Smet was al aan het werk."),
    ):
        assert send(els, f"duty/{wish}", agent="Ann De Smet").status_code == 303
        assert state(staffed) is became
        assert told in els.get("/schedule/team").text
    with staffed.database.read() as session:
        assert set(session.scalars(select(History.who))) == {"Els Wouters"}


def test_who_is_in_a_call_leaves_after_it_and_may_be_kept(staffed: Desk, els: FlaskClient) -> None:
    become(staffed, state=AgentState.ON_CALL)
    send(els, "duty/off", agent="Ann De Smet")
    assert state(staffed) is AgentState.ON_CALL
    assert "stopt na dit gesprek" in page_of(els, "team")
    assert "Blijft toch" in page_of(els, "team")
    send(els, "duty/on", agent="Ann De Smet")
    assert "stopt na dit gesprek" not in page_of(els, "team")


def test_the_reason_of_a_break_and_a_locked_pin_are_shown(staffed: Desk, els: FlaskClient) -> None:
    locked = staffed.clock.now() - timedelta(minutes=1)
    become(staffed, state=AgentState.BREAK, away_why="tandarts", pin_failures=5, pin_locked_at=locked)
    assert "Pauze sinds 10:28 · tandarts Pincode geblokkeerd" in page_of(els, "team")
    assert "tandarts" in text_of(els.get("/schedule").text, "agents")
    become(staffed, state=AgentState.FREE)
    assert "tandarts" not in page_of(els, "team"), "a break that is over has no reason any more"


def test_an_unknown_name_and_an_unknown_wish_change_nothing(staffed: Desk, els: FlaskClient) -> None:
    send(els, "duty/off", agent=f"Niemand {HOSTILE}")
    page = els.get("/schedule/team").text
    assert "Er werkt hier niemand die Niemand &#34;&gt;&lt;script&gt;" in page
    assert HOSTILE not in page
    assert send(els, "duty/vanish", agent="Ann De Smet").status_code == 404
    assert state(staffed) is AgentState.FREE


def test_a_shift_is_entered_shown_today_and_taken_away(staffed: Desk, els: FlaskClient) -> None:
    assert send(els, "shifts", **SHIFT).status_code == 303
    assert "Ann De Smet 09:00–12:30 ma, di, wo vanaf maandag 23 november" in page_of(els, "shifts")
    assert "Vrij sinds 10:28 09:00–12:30" in page_of(els, "team")
    number = rostering.shifts(staffed.services())[0].id
    send(els, "shifts/remove", number=str(number))
    assert "Nog geen uurrooster" in page_of(els, "shifts")
    send(els, "shifts/remove", number=str(number))
    assert "Dat is al weggehaald." in els.get("/schedule/team").text


def test_a_shift_of_every_other_week_and_one_by_a_rule_are_read_as_they_are(staffed: Desk, els: FlaskClient) -> None:
    send(els, "shifts", **{**SHIFT, "every": "2"})
    monthly = Shift("FREQ=MONTHLY;BYDAY=1MO", date(2026, 11, 1), time(9), time(12))
    rostering.add_shifts(staffed.services(), "Ann De Smet", [monthly], "Els")
    shifts = page_of(els, "shifts")
    assert "ma, di, wo, om de 2 weken" in shifts
    assert "FREQ=MONTHLY;BYDAY=1MO" in shifts


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"days": []}, "Kies minstens één dag."),
        ({"days": [HOSTILE]}, "Kies minstens één dag."),
        ({"from_time": ""}, "Kies een beginuur en een ander einduur."),
        ({"until_time": "09:00"}, "Kies een beginuur en een ander einduur."),
        ({"first_day": "ooit"}, "Kies een dag, en als u wilt een uur."),
        ({"first_day": "0202-11-23"}, "Zo ver reikt de kalender niet."),
        ({"agent": "Els Wouters"}, "Els Wouters neemt geen oproepen aan"),
        ({"agent": HOSTILE}, "Er werkt hier niemand die"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_and_what_was_typed_stays(
    staffed: Desk, els: FlaskClient, fields: dict[str, object], words: str
) -> None:
    answer = send(els, "shifts", **{**SHIFT, **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert HOSTILE not in answer.text
    assert "<details open>" in answer.text
    if "until_time" not in fields:
        assert 'value="12:30"' in answer.text
    assert rostering.shifts(staffed.services()) == []


def test_the_same_shift_is_not_entered_twice(staffed: Desk, els: FlaskClient) -> None:
    send(els, "shifts", **SHIFT)
    answer = send(els, "shifts", **SHIFT)
    assert answer.status_code == 422
    assert "Ann De Smet werkt op die dagen al van 09:00-12:30." in text_of(answer.text, "shifts")
    assert len(rostering.shifts(staffed.services())) == 1


def test_an_absence_is_entered_shown_and_taken_away(staffed: Desk, els: FlaskClient) -> None:
    assert send(els, "absences", **ABSENCE).status_code == 303
    listed = page_of(els, "absences")
    assert "Ann De Smet dinsdag 24 november – vrijdag 27 november opleiding" in listed
    assert "afwezig: opleiding" in page_of(els, "team")
    send(els, "absences/remove", number=str(rostering.absences(staffed.services())[0].id))
    assert "Niemand is afwezig" in page_of(els, "absences")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"why": ""}, "Schrijf een reden op."),
        ({"until_day": "2026-11-23"}, "Het einde moet na het begin komen."),
        ({"from_day": "ooit"}, "Kies een dag, en als u wilt een uur."),
    ],
)
def test_an_absence_that_cannot_be_is_refused_and_what_was_typed_stays(
    staffed: Desk, els: FlaskClient, fields: dict[str, str], words: str
) -> None:
    answer = send(els, "absences", **{**ABSENCE, "why": HOSTILE, **fields})
    assert answer.status_code == 422
    assert words in text_of(answer.text, "absences")
    assert HOSTILE not in answer.text
    assert "why" in fields or "&#34;&gt;&lt;script&gt;alert(1)" in answer.text
    assert rostering.absences(staffed.services()) == []


def test_hostile_names_and_reasons_are_read_and_never_run(staffed: Desk, els: FlaskClient) -> None:
    become(staffed, name=f"Ann {HOSTILE}", state=AgentState.BREAK, away_why=HOSTILE)
    send(els, "absences", **{**ABSENCE, "agent": f"Ann {HOSTILE}", "why": HOSTILE})
    send(els, "shifts", **{**SHIFT, "agent": f"Ann {HOSTILE}"})
    for path in ("/schedule/team", "/schedule/team/live", "/schedule"):
        page = els.get(path).text
        assert HOSTILE not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_supervisor_signs_somebody_out(staffed: Desk, els: FlaskClient, signed_in: SignIn) -> None:
    ann = signed_in("ann")
    assert "1× Overal" in page_of(els, "team")
    send(els, "sign-out", agent="Ann De Smet")
    assert "Ann De Smet is overal afgemeld (1×)." in els.get("/schedule/team").text
    assert ann.get("/desk").headers["Location"].startswith("/sign-in")
    assert els.get("/schedule/team").status_code == 200
    del staffed


def test_the_live_part_is_drawn_again_for_a_change_and_for_a_sign_in_and_holds_no_token(
    staffed: Desk, els: FlaskClient, signed_in: SignIn
) -> None:
    first = els.get("/schedule/team/live")
    assert "csrf_token" not in first.text
    asked = {"If-None-Match": first.headers["ETag"]}
    assert els.get("/schedule/team/live", headers=asked).status_code == 304
    signed_in("ann")
    second = els.get("/schedule/team/live", headers=asked)
    assert second.status_code == 200
    send(els, "duty/break", agent="Ann De Smet")
    assert els.get("/schedule/team/live", headers={"If-None-Match": second.headers["ETag"]}).status_code == 200
    del staffed


def test_the_team_is_read_in_french_and_in_english(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Odile Renard", Role.SUPERVISOR, languages="fr,nl")
    desk.person("Ed Baker", Role.SUPERVISOR, languages="en")
    assert "Qui fait quoi" in signed_in("odile").get("/schedule/team").text
    assert "Who is doing what" in signed_in("ed").get("/schedule/team").text
    assert "Les 14 prochains jours" in signed_in("odile").get("/schedule/hours").text
    assert "The next 14 days" in signed_in("ed").get("/schedule/hours").text


def test_the_same_absence_sent_twice_is_entered_once(staffed: Desk, els: FlaskClient) -> None:
    assert send(els, "absences", **ABSENCE).status_code == 303
    answer = send(els, "absences", **ABSENCE)
    assert (answer.status_code, "Dat staat er al" in answer.text) == (422, True)
    assert len(rostering.absences(staffed.services())) == 1
