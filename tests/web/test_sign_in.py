"""Signing in and out, as a browser sees it."""

import hashlib
import re
from datetime import timedelta

import pytest
from flask import Response
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.agent import SigninSession
from models.vocabulary import Language, Role
from tests.web.conftest import SignIn, token
from tests.web.desk import PASSWORD, Desk
from web import own_language
from web.access import COOKIE
from web.sign_in_limit import MOST_FAILURES, WAIT_SECONDS, SignInLimit


def fill_in(browser: FlaskClient, email: str, password: str, **more: str) -> TestResponse:
    form = {"email": email, "password": password, "csrf_token": token(browser.get("/sign-in").text)}
    return browser.post("/sign-in", data={**form, **more})


def without_tokens(page: str) -> str:
    return re.sub(r'value="[^"]{40,}"', "", page)


@pytest.mark.usefixtures("staffed")
def test_the_right_password_leads_to_the_schedule(anonymous: FlaskClient) -> None:
    answer = fill_in(anonymous, "ELS@accel.example ", PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/schedule")
    assert anonymous.get("/schedule").status_code == 200


@pytest.mark.usefixtures("staffed")
def test_a_wrong_password_and_an_unknown_address_get_the_same_words(anonymous: FlaskClient) -> None:
    wrong = fill_in(anonymous, "els@accel.example", "fout")
    unknown = fill_in(anonymous, "nobody@accel.example", "fout")
    assert wrong.status_code == unknown.status_code == 401
    assert "Dit e-mailadres en wachtwoord horen niet bij elkaar." in wrong.text
    assert without_tokens(wrong.text).replace("els@", "nobody@") == without_tokens(unknown.text)


@pytest.mark.usefixtures("staffed")
def test_a_failed_sign_in_keeps_the_address_and_not_the_password(anonymous: FlaskClient) -> None:
    page = fill_in(anonymous, "els@accel.example", "niet-dit").text
    assert 'value="els@accel.example"' in page
    assert "niet-dit" not in page
    assert 'aria-describedby="problem"' in page


def test_the_database_holds_only_a_digest_of_the_cookie(staffed: Desk, anonymous: FlaskClient) -> None:
    fill_in(anonymous, "els@accel.example", PASSWORD)
    cookie = anonymous.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    with staffed.database.read() as session:
        digests = session.scalars(select(SigninSession.digest)).all()
    assert digests == [hashlib.sha256(cookie.value.encode()).hexdigest()]


@pytest.mark.usefixtures("staffed")
def test_every_sign_in_gets_a_new_secret(signed_in: SignIn) -> None:
    first, second = signed_in("els").get_cookie(COOKIE), signed_in("els").get_cookie(COOKIE)
    assert first is not None
    assert second is not None
    assert first.value != second.value


@pytest.mark.parametrize(("hours", "status"), [(11.99, 200), (12, 303), (-1, 303)])
def test_a_session_lasts_twelve_hours_and_not_before_it_began(
    staffed: Desk, signed_in: SignIn, hours: float, status: int,
) -> None:  # fmt: skip
    browser = signed_in("els")
    staffed.clock.at += timedelta(hours=hours)
    assert browser.get("/schedule").status_code == status


def test_signing_out_makes_a_copied_cookie_worthless(staffed: Desk, signed_in: SignIn) -> None:
    browser = signed_in("els")
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    page = browser.get("/schedule").text
    assert browser.post("/sign-out", data={"csrf_token": token(page)}).headers["Location"] == "/sign-in"
    thief = staffed.app().test_client()
    thief.set_cookie(COOKIE, cookie.value)
    assert thief.get("/schedule").status_code == 303


def test_a_sign_in_never_leads_to_another_site(staffed: Desk) -> None:
    for wanted in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "sign_in.leave"):
        browser = staffed.app().test_client()
        assert fill_in(browser, "els@accel.example", PASSWORD, next=wanted).headers["Location"] == "/schedule"


@pytest.mark.usefixtures("staffed")
def test_after_many_failures_even_the_right_password_has_to_wait(anonymous: FlaskClient) -> None:
    for _ in range(MOST_FAILURES):
        assert fill_in(anonymous, "els@accel.example", "fout").status_code == 401
    answer = fill_in(anonymous, "els@accel.example", PASSWORD)
    assert answer.status_code == 429
    assert "Probeer opnieuw over 10 min." in answer.text


def test_the_wait_is_over_after_its_time_and_others_never_had_it() -> None:
    time = 0.0
    limit = SignInLimit(monotonic=lambda: time)
    for _ in range(MOST_FAILURES):
        limit.failed("Els@accel.example", "10.0.0.1")
    assert limit.seconds_to_wait("els@accel.example", "10.0.0.1") == WAIT_SECONDS
    assert limit.seconds_to_wait("els@accel.example", "10.0.0.2") == 0
    assert limit.seconds_to_wait("ann@accel.example", "10.0.0.1") == 0
    time = WAIT_SECONDS + 1.0
    assert limit.seconds_to_wait("els@accel.example", "10.0.0.1") == 0


def test_the_cookies_are_secure_where_the_address_is_https(staffed: Desk) -> None:
    browser = staffed.app("https://desk.accel.example").test_client()
    page = browser.get("/sign-in", base_url="https://desk.accel.example")
    assert page.headers["Set-Cookie"].startswith("__Host-ringback_form=")
    answer = browser.post(
        "/sign-in",
        base_url="https://desk.accel.example",
        headers={"Referer": "https://desk.accel.example/sign-in"},
        data={"email": "els@accel.example", "password": PASSWORD, "csrf_token": token(page.text)},
    )
    cookies = answer.headers.getlist("Set-Cookie")
    kept = next(each for each in cookies if each.startswith(f"__Host-{COOKIE}="))
    assert "; Secure" in kept
    assert "; HttpOnly" in kept
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize(
    ("address", "secure"), [("https://desk.accel.example", True), ("http://127.0.0.1:8000", False)]
)
def test_language_and_theme_are_kept_securely_behind_a_proxy_that_ends_tls(
    staffed: Desk, address: str, *, secure: bool
) -> None:
    app = staffed.app(address)
    browser = app.test_client()
    # What the proxy hands on is plain http, whatever the browser asked for.
    form = {"csrf_token": token(browser.get("/sign-in").text), "theme": "dark"}
    kept = browser.post("/theme", data=form).headers.getlist("Set-Cookie")
    assert [("Secure" in each) for each in kept if each.startswith("theme=")] == [secure]
    with app.test_request_context("/", base_url="http://127.0.0.1:8000"):
        answer = Response()
        own_language.keep(answer, Language.FR)
    assert ("Secure" in answer.headers["Set-Cookie"]) is secure


def test_the_pages_speak_the_supervisors_first_language(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Odile Renard", Role.SUPERVISOR, languages="fr,nl")
    page = signed_in("odile").get("/schedule").text
    assert '<html lang="fr"' in page
    assert "File d’attente" in page
