"""Every route of the composed application stands behind a door: the provider's signature, or a person and a token."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from werkzeug.routing import Rule

from ivr.blueprint import voice
from models.schema import METADATA
from models.sessions import Database
from models.vocabulary import Language, Role
from tests.web.conftest import token
from tests.web.desk import PASSWORD, Desk

BASE = "http://127.0.0.1:8000"
OURS, FOREIGN = "AC" + "0" * 32, "AC" + "f" * 32
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
WITHOUT_SIGN_IN = {
    "/sign-in": "whoever wants to sign in is not signed in yet",
    "/sign-out": "it ends the session of its own cookie and no other",
    "/theme": "it sets a cookie of the reader's own browser",
    f"/moment/{'x' * 32}": "whoever holds the secret of a call-back may move that one, and no other",
}
"""The only forms that are taken from anybody; a token they need all the same."""

OPENED_BY_A_SECRET = {
    "/voice/agent/<token>/message/<recording_sid>": "played with a plain GET, of which nobody promises a signature",
}
"""What the telephone network fetches without the signed door; it changes nothing."""


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path) -> Iterator[Desk]:
    """A desk with a supervisor; one database is enough, since nobody refused comes as far as it."""
    shutil.copy(sqlite_template, tmp_path / "ringback.db")
    database = Database(f"sqlite:///{tmp_path / 'ringback.db'}")
    desk = Desk(database)
    desk.open()
    desk.person("Els Wouters", Role.SUPERVISOR)
    yield desk
    database.close()


def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with desk.database.read() as session:
        return {table.name: [tuple(row) for row in session.execute(select(table))] for table in METADATA.sorted_tables}


def rules(app: Flask, *, voice: bool) -> list[Rule]:
    """Return the routes behind the signed door, or those that are no telephone's."""
    every = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/voice") is voice]
    return [rule for rule in every if rule.rule not in OPENED_BY_A_SECRET]


def path_of(rule: Rule) -> str:
    """Return a path that leads to this route."""
    path: str = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<{name}>", "x" * 32).replace(f"<path:{name}>", "x" * 32).replace(f"<int:{name}>", "1")
    return path


def sign(path: str, form: dict[str, str], secret: str) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(secret).compute_signature(BASE + path, form)}


def test_every_telephone_route_belongs_to_the_signed_door_and_nothing_else_does(desk: Desk) -> None:
    app = desk.app()
    assert len(rules(app, voice=True)) > 10
    assert {rule.endpoint.partition(".")[0] for rule in rules(app, voice=True)} == {"voice"}
    assert "voice" not in {rule.endpoint.partition(".")[0] for rule in rules(app, voice=False)}


def test_what_a_secret_opens_is_shut_to_everybody_else_and_changes_nothing(desk: Desk) -> None:
    app = desk.app()
    browser, before = app.test_client(), everything(desk)
    locked = [rule for rule in app.url_map.iter_rules() if rule.rule in OPENED_BY_A_SECRET]
    assert {rule.rule for rule in locked} == set(OPENED_BY_A_SECRET)
    for rule in locked:
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}
        answer = browser.get(path_of(rule))
        assert (answer.status_code, answer.data) == (404, b"")
    assert everything(desk) == before


def test_every_telephone_route_refuses_whoever_is_not_the_provider_and_changes_nothing(desk: Desk) -> None:
    app = desk.app()
    browser, before = app.test_client(), everything(desk)
    ours = {"CallSid": "CA" + "1" * 32, "AccountSid": OURS, "From": "+32470123456", "Digits": "1"}
    foreign = {**ours, "AccountSid": FOREIGN}
    for rule in rules(app, voice=True):
        path = path_of(rule)
        wrong: list[tuple[dict[str, str], dict[str, str]]] = [
            (ours, {}),
            (ours, sign(path, ours, "somebody-elses-token")),
            (ours, sign(f"{path}?round=2", ours, "token")),
            (foreign, sign(path, foreign, "token")),
        ]
        answers = [browser.post(path, data=form, headers=headers) for form, headers in wrong]
        genuine = sign(path, ours, "token")
        others = (rule.methods or set()) - {"POST"}
        answers += [browser.open(path, method=method, data=ours, headers=genuine) for method in others]
        assert {(answer.status_code, answer.data) for answer in answers} == {(403, b"")}, path
    assert everything(desk) == before


def test_what_is_refused_above_for_its_signature_alone_is_let_in_with_it(desk: Desk) -> None:
    services = desk.services()
    webhooks = replace(services.webhooks, voices=dict.fromkeys(Language, ("nl-BE", "Polly.Lisa-Neural")))
    app = Flask("whole")
    app.register_blueprint(voice(replace(services, webhooks=webhooks)))
    form = {"CallSid": "CA" + "1" * 32, "AccountSid": OURS, "From": "+32470123456", "Digits": "1"}
    paths = {path_of(rule) for rule in rules(desk.app(), voice=True)}
    browser = app.test_client()
    answers = {path: browser.post(path, data=form, headers=sign(path, form, "token")).status_code for path in paths}
    assert answers == dict.fromkeys(paths, 200)


def changing(app: Flask) -> list[tuple[str, str]]:
    """Return path and method of every route outside the telephone's that may change something."""
    every = [(path_of(rule), method) for rule in rules(app, voice=False) for method in rule.methods or ()]
    return sorted((path, method) for path, method in every if method in CHANGING)


def signed_in(desk: Desk, first_name: str = "els") -> tuple[FlaskClient, str]:
    browser = desk.app().test_client()
    page = browser.get("/sign-in").text
    form = {"email": f"{first_name}@accel.example", "password": PASSWORD, "csrf_token": token(page)}
    assert browser.post("/sign-in", data=form, follow_redirects=True).status_code == 200
    return browser, token(browser.get("/", follow_redirects=True).text)


def test_no_form_is_taken_without_its_token_not_even_from_whoever_may_send_it(desk: Desk) -> None:
    desk.person("Ann De Smet", phone="+32470000001")
    browsers = [signed_in(desk, first_name)[0] for first_name in ("els", "ann")]
    before = everything(desk)
    forms = list(changing(desk.app()))
    assert forms
    for path, method in forms:
        data = {"theme": "dark", "email": "els@accel.example"}
        answers = {browser.open(path, method=method, data=data).status_code for browser in browsers}
        # 403 to whom it is not for; whose it is misses the token.
        assert answers - {403} == {400}, path
    assert everything(desk) == before


def test_no_form_but_the_listed_ones_is_taken_from_somebody_who_is_not_signed_in(desk: Desk) -> None:
    app = desk.app()
    # A route of tomorrow, whose view forgot to say who may use it.
    app.add_url_rule("/made-up", "made_up", lambda: "done", methods=["POST"])
    reached: set[str] = set()
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = noting(view, reached)
    taken, before = set(), everything(desk)
    for path, method in changing(app):
        browser = app.test_client()
        form = {"csrf_token": token(browser.get("/sign-in").text)}
        reached.clear()
        browser.open(path, method=method, data=form)
        taken |= reached
    assert ("/made-up", "POST") in changing(app)
    assert taken == set(WITHOUT_SIGN_IN)
    assert everything(desk) == before


def test_in_a_demo_the_only_form_without_token_and_sign_in_is_that_of_its_clock(desk: Desk) -> None:
    app = desk.demo()
    reached: set[str] = set()
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = noting(view, reached)
    for path, method in changing(app):
        app.test_client().open(path, method=method, json={})
    assert reached == {"/demo/clock"}


def noting(view: Callable[..., Any], reached: set[str]) -> Callable[..., Any]:
    """Wrap a view, its mark included, so that it tells when a request comes as far as it."""

    @wraps(view)
    def noted(**values: Any) -> Any:
        reached.add(request.path)
        return view(**values)

    return noted


@pytest.mark.parametrize("first_name", ["els", "ann"])
def test_looking_at_a_page_changes_nothing(desk: Desk, first_name: str) -> None:
    desk.person("Ann De Smet", phone="+32470000001")
    browser, _ = signed_in(desk, first_name)
    before = everything(desk)
    for rule in rules(desk.app(), voice=False):
        if "GET" in (rule.methods or ()):
            with browser.get(path_of(rule)) as answer:
                assert answer.status_code in {200, 303, 403, 404, 503}, rule.rule
    assert everything(desk) == before
