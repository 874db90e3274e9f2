"""The two doors of a demo: its clock, and a way in without a password. Elsewhere there is neither."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from callbacks.errors import RefusedInput
from callbacks.workflows import moving_time, signing_in
from models.vocabulary import Role
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk

DOORS = ("/demo/clock", "/demo/enter/els@accel.example", "/demo/enter/nobody@accel.example")
HOSTS = ("127.0.0.1:8000", "localhost:8000", "bart.localhost:8000", "[::1]:8000", "127.0.0.1")
STRANGERS = ("desk.accel.example", "localhost.accel.example", "127.0.0.1.accel.example", "mylocalhost", "192.168.1.5")
NOON = "2026-11-24T12:00:00+01:00"


@pytest.fixture
def demo(staffed: Desk) -> Flask:
    """The application of a demo with Els, a supervisor, and Ann, an agent; it is Tuesday, 10:40 in Brussels."""
    return staffed.demo()


@pytest.fixture
def browser(demo: Flask) -> FlaskClient:
    """A browser on the demo's own machine."""
    return demo.test_client()


def test_outside_a_demo_neither_door_exists_for_anybody(staffed: Desk, signed_in: SignIn) -> None:
    assert staffed.app().test_client().get("/demo/clock").status_code == 404
    for path in DOORS:
        assert signed_in("els").get(path).status_code == 404
    els = signed_in("els")
    form = {"csrf_token": token(els.get("/account").text), "now": NOON}
    assert els.post("/demo/clock", data=form).status_code == 404
    assert els.post("/demo/clock", json={"now": NOON}).status_code in {400, 404}


@pytest.mark.parametrize("said", ["", "false"])
def test_a_service_that_is_no_demo_has_no_such_route_even_when_its_clock_could_be_moved(
    staffed: Desk, said: str
) -> None:
    staffed.demo()
    plain = staffed.app(demo=said)
    assert [rule.rule for rule in plain.url_map.iter_rules() if rule.rule.startswith("/demo")] == []


def test_a_demo_with_the_machines_own_clock_has_no_such_route(staffed: Desk) -> None:
    app = staffed.app(demo="true")
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")] == []


def test_without_a_demos_clock_nobody_is_let_in_and_no_time_is_moved(staffed: Desk) -> None:
    with pytest.raises(RefusedInput, match="but in a demo"):
        signing_in.sign_in_as(staffed.services(), "els@accel.example")
    with pytest.raises(RefusedInput, match="only be moved in a demo"):
        moving_time.move_to(staffed.services(), datetime.fromisoformat(NOON))


def test_the_clock_is_told_with_the_moments_worth_seeing(browser: FlaskClient) -> None:
    assert browser.get("/demo/clock").json == {
        "now": "2026-11-24T09:40:04+00:00",
        "moments": {
            "next_opening": {"text": "next opening", "at": "2026-11-24T12:00:00+00:00"},
            "next_working_day": {"text": "next working day", "at": "2026-11-25T08:00:00+00:00"},
            "lunch_break": {"text": "lunch break", "at": "2026-11-24T11:10:00+00:00"},
            "end_of_week": {"text": "end of the week", "at": "2026-11-27T15:50:00+00:00"},
        },
    }


def test_the_clock_is_moved_and_told_anew_without_a_token(staffed: Desk, browser: FlaskClient) -> None:
    answer = browser.post("/demo/clock", json={"now": "2026-11-24T12:05:00+01:00"})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    assert told["now"] == "2026-11-24T11:05:00+00:00" == staffed.clock.now().isoformat()
    assert told["moments"]["lunch_break"]["at"] == "2026-11-25T11:10:00+00:00"


@pytest.mark.parametrize(
    "sent",
    [{}, {"now": None}, {"now": 5}, {"now": "tomorrow"}, {"now": "2026-11-24T12:00:00"}, [NOON], "noon", None]
    + [{"now": f"{year}-11-24T12:00:00+01:00"} for year in (1970, 2024, 2100, 9999)],
)
def test_nonsense_does_not_move_the_clock(staffed: Desk, browser: FlaskClient, sent: object) -> None:
    before = staffed.clock.now()
    answer = browser.post("/demo/clock", data=json.dumps(sent), content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["error"]
    assert staffed.clock.now() == before


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""])
def test_what_a_page_from_elsewhere_may_send_does_not_move_the_clock(
    staffed: Desk, browser: FlaskClient, kind: str
) -> None:
    before = staffed.clock.now()
    answer = browser.post("/demo/clock", data=f'{{"now": "{NOON}"}}', content_type=kind)
    assert (answer.status_code, staffed.clock.now()) == (415, before)


@pytest.mark.parametrize("host", HOSTS)
def test_both_doors_open_under_every_name_of_this_machine(demo: Flask, host: str) -> None:
    for path in DOORS[:2]:
        assert demo.test_client().get(path, headers={"Host": host}).status_code in {200, 303}


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("host", STRANGERS)
def test_no_door_opens_under_another_name(staffed: Desk, demo: Flask, host: str, path: str) -> None:
    answer = demo.test_client().get(path, headers={"Host": host})
    assert (answer.status_code, "this machine alone" in answer.get_json()["error"]) == (403, True)
    assert "Set-Cookie" not in answer.headers
    moved = demo.test_client().post("/demo/clock", json={"now": NOON}, headers={"Host": host})
    assert (moved.status_code, staffed.clock.now().isoformat()) == (403, "2026-11-24T09:40:04+00:00")


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("address", ["192.168.1.5", "10.0.0.1", "2001:db8::1", ""])
def test_no_door_opens_to_another_machine(demo: Flask, address: str, path: str) -> None:
    answer = demo.test_client().get(path, environ_overrides={"REMOTE_ADDR": address})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://localhost:8001", "http://localhost"])
def test_no_door_opens_for_a_page_from_elsewhere(browser: FlaskClient, origin: str) -> None:
    headers = {"Host": "localhost:8000", "Origin": origin}
    assert browser.post("/demo/clock", json={"now": NOON}, headers=headers).status_code == 403
    own = headers | {"Origin": "http://localhost:8000"}
    assert browser.post("/demo/clock", json={"now": NOON}, headers=own).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_an_image_of_another_page_signs_nobody_in_and_a_link_that_is_followed_does(
    browser: FlaskClient, site: str
) -> None:
    path = "/demo/enter/els@accel.example"
    image = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    answers = [browser.get(path, headers=headers) for headers in (image, link)]
    assert [(answer.status_code, "Set-Cookie" in answer.headers) for answer in answers] == [(403, False), (303, True)]


@pytest.mark.parametrize(("person", "home"), [("els", "/schedule"), ("ann", "/desk"), ("ELS", "/schedule")])
def test_a_sample_person_is_let_in_and_stands_on_the_page_where_he_works(
    browser: FlaskClient, person: str, home: str
) -> None:
    answer = browser.get(f"/demo/enter/{person}@accel.example")
    assert (answer.status_code, answer.location) == (303, home)
    assert browser.get(home).status_code == 200


@pytest.mark.parametrize("person", ["nobody@accel.example", "els", "0", "%20", "els@accel.example%00"])
def test_a_stranger_is_told_in_words_that_nobody_has_this_address(browser: FlaskClient, person: str) -> None:
    answer = browser.get(f"/demo/enter/{person}")
    assert answer.status_code in {400, 404}
    assert answer.status_code == 400 or "Nobody here has the address" in answer.text
    assert browser.get("/schedule").status_code == 303


def test_under_three_names_three_people_work_side_by_side_in_one_browser(staffed: Desk, browser: FlaskClient) -> None:
    staffed.person("Bart Maes", phone="+32470000002")
    homes = {"127.0.0.1": ("els", "/schedule"), "localhost": ("ann", "/desk"), "bart.localhost": ("bart", "/desk")}
    for host, (person, _) in homes.items():
        assert browser.get(f"/demo/enter/{person}@accel.example", base_url=f"http://{host}:8000").status_code == 303
    for host, (person, home) in homes.items():
        page = browser.get(home, base_url=f"http://{host}:8000")
        assert page.status_code == 200
        form = {"csrf_token": token(page.text), "theme": "dark"}
        sent = {"base_url": f"http://{host}:8000", "headers": {"Referer": f"http://{host}:8000{home}"}}
        assert browser.post("/theme", data=form, **sent).status_code == 303, person
        assert browser.post("/sign-out", data=form, **sent).status_code == 303, person


def test_whoever_was_let_in_stays_in_when_the_clock_goes_on_by_weeks_and_back_again(
    staffed: Desk, browser: FlaskClient
) -> None:
    now = staffed.clock.now()
    browser.post("/demo/clock", json={"now": (now + timedelta(days=20)).isoformat()})
    browser.get("/demo/enter/els@accel.example")
    for days in (60, 20, 0):
        browser.post("/demo/clock", json={"now": (now + timedelta(days=days)).isoformat()})
        assert browser.get("/schedule").status_code == 200, days


def test_a_form_of_whoever_was_in_before_is_not_taken_any_more(staffed: Desk, browser: FlaskClient) -> None:
    staffed.person("Rik Supervisor", Role.SUPERVISOR)
    browser.get("/demo/enter/els@accel.example")
    old = token(browser.get("/account").text)
    browser.get("/demo/enter/rik@accel.example")
    assert browser.post("/theme", data={"csrf_token": old, "theme": "dark"}).status_code == 400
