"""Who gets in where, what every answer carries, and that no form is taken from elsewhere."""

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from web.headers import POLICY

# What nobody, an agent and a supervisor get.
ACCESS = {
    "/": (303, 303, 303),
    "/healthz": (200, 200, 200),
    "/readyz": (503, 503, 503),
    "/sign-in": (200, 303, 303),
    "/desk": (303, 200, 403),
    "/desk/live": (303, 200, 403),
    "/desk/day": (303, 200, 403),
    "/schedule": (303, 403, 200),
    "/schedule/live": (303, 403, 200),
    "/schedule/week": (303, 403, 200),
    "/schedule/tickets/new": (303, 200, 200),
    "/schedule/numbers/link": (303, 403, 200),
    "/schedule/switches": (303, 403, 200),
    "/schedule/incidents": (303, 403, 200),
    "/schedule/hours": (303, 403, 200),
    "/schedule/team": (303, 403, 200),
    "/schedule/team/live": (303, 403, 200),
    "/account": (303, 200, 200),
    "/schedule/figures": (303, 403, 200),
    "/schedule/wall": (303, 200, 200),
    "/schedule/wall/live": (303, 200, 200),
    "/schedule/walls": (303, 403, 200),
    "/static/ringback.css": (200, 200, 200),
    "/no-such-page": (404, 404, 404),
}


@pytest.mark.parametrize("path", ACCESS)
@pytest.mark.usefixtures("staffed")
def test_each_page_opens_for_its_readers_alone(
    anonymous: FlaskClient, signed_in: SignIn, path: str,
) -> None:  # fmt: skip
    statuses = []
    for browser in (anonymous, signed_in("ann"), signed_in("els")):
        with browser.get(path) as answer:
            statuses.append(answer.status_code)
    assert tuple(statuses) == ACCESS[path]


def test_every_page_is_in_the_table_above(desk: Desk) -> None:
    pages = {
        rule.rule
        for rule in desk.app().url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith("/voice/")
    }
    assert pages <= set(ACCESS)


def test_every_view_says_who_may_see_it(desk: Desk) -> None:
    app = desk.app()
    elsewhere = ("voice.", "sounds.", "static")
    pages = {name: view for name, view in app.view_functions.items() if not name.startswith(elsewhere)}
    unmarked = {name for name, view in pages.items() if not hasattr(view, "roles")}
    assert unmarked == set()


@pytest.mark.usefixtures("staffed")
def test_an_agent_is_told_in_dutch_why_not_and_can_sign_out(signed_in: SignIn) -> None:
    page = signed_in("ann").get("/schedule").text
    assert "Deze pagina is voor supervisors." in page
    assert "Afmelden" in page


@pytest.mark.usefixtures("staffed")
def test_a_supervisor_on_a_page_of_agents_reads_whose_it_is_and_finds_his_own(signed_in: SignIn) -> None:
    els = signed_in("els")
    page = els.get("/desk").text
    assert "Deze pagina is voor de agenten die zelf bellen." in page
    assert "voor supervisors" not in page
    assert '<a class="button" href="/">Naar uw eigen pagina</a>' in page
    assert els.get("/").location == "/schedule"


@pytest.mark.usefixtures("staffed")
def test_a_poll_of_somebody_signed_out_sends_the_browser_to_the_sign_in(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/schedule/live", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=schedule.page")
    assert answer.data == b""


@pytest.mark.parametrize("path", [*ACCESS, "/voice/incoming", "/sign-out"])
@pytest.mark.usefixtures("staffed")
def test_every_answer_carries_the_strict_headers(signed_in: SignIn, path: str) -> None:
    with signed_in("els").get(path) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_the_policy_makes_no_exception() -> None:
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert "unsafe" not in POLICY


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/theme"])
@pytest.mark.usefixtures("staffed")
def test_no_form_is_taken_without_its_token(signed_in: SignIn, path: str) -> None:
    browser = signed_in("els")
    assert browser.post(path, data={"theme": "dark", "email": "els@accel.example"}).status_code == 400
    assert browser.get("/schedule").status_code == 200
    assert browser.get_cookie("theme") is None


@pytest.mark.usefixtures("staffed")
def test_the_telephones_door_asks_for_a_signature_and_not_for_a_token(anonymous: FlaskClient) -> None:
    answer = anonymous.post("/voice/incoming", data={"CallSid": "CA" + "0" * 32})
    assert answer.status_code == 403
    assert answer.data == b""


@pytest.mark.usefixtures("staffed")
def test_a_slash_too_many_is_no_redirect_for_the_telephone(anonymous: FlaskClient) -> None:
    assert anonymous.post("/voice/incoming/").status_code == 403


@pytest.mark.usefixtures("staffed")
def test_a_form_of_more_than_64_kilobytes_is_refused(anonymous: FlaskClient) -> None:
    form = {"email": "x" * 70_000, "csrf_token": token(anonymous.get("/sign-in").text)}
    assert anonymous.post("/sign-in", data=form).status_code == 413


@pytest.mark.usefixtures("staffed")
def test_the_theme_is_kept_in_a_cookie_and_unknown_ones_refused(anonymous: FlaskClient) -> None:
    form = {"csrf_token": token(anonymous.get("/sign-in").text)}
    assert anonymous.post("/theme", data={**form, "theme": "dark"}).status_code == 303
    assert 'data-theme="dark"' in anonymous.get("/sign-in").text
    assert anonymous.post("/theme", data={**form, "theme": "pink"}).status_code == 400


@pytest.mark.usefixtures("staffed")
def test_a_page_that_fails_says_so_without_a_trace(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in("els")
    monkeypatch.setattr("web.schedule.overview.days.read", lambda *_args, **_more: 1 // 0)
    answer = browser.get("/schedule")
    assert answer.status_code == 500
    assert "Er loopt bij ons iets mis" in answer.text
    assert "ZeroDivisionError" not in answer.text
