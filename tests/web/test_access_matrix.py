"""Every route of the whole application, asked by nobody, an agent, a supervisor, a screen without its secret."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from models.sessions import Database
from models.vocabulary import Role
from tests.web.access_table import ACCESS, IN_A_DEMO, Who
from tests.web.conftest import token
from tests.web.desk import PASSWORD, Desk
from web import wall_door
from web.access import COOKIE

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OPEN_TO = {
    "nobody": {Who.EVERYBODY},
    "a screen without its secret": {Who.EVERYBODY},
    "an agent": {Who.EVERYBODY, Who.STAFF, Who.WALL, Who.AGENTS},
    "a supervisor": {Who.EVERYBODY, Who.STAFF, Who.WALL, Who.SUPERVISORS},
}
SIGNED_IN = {"an agent": "ann", "a supervisor": "els"}
BROKEN = 500
NOT_READY = 503
"""What /readyz answers here, where no worker gives a sign of life."""


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path) -> Iterator[Desk]:
    """A desk with a supervisor and an agent; who may do what does not depend on the database."""
    shutil.copy(sqlite_template, tmp_path / "ringback.db")
    desk = Desk(Database(f"sqlite:///{tmp_path / 'ringback.db'}"))
    desk.open()
    desk.person("Els Wouters", Role.SUPERVISOR)
    desk.person("Ann De Smet", phone="+32470000001")
    yield desk
    desk.database.close()


def whose(rule: Rule) -> Who | None:
    """Return whom the table opens a route to; None where it has no line."""
    room = rule.endpoint.partition(".")[0]
    return {"voice": Who.PROVIDER, "sounds": Who.HOLDER}.get(room) or ACCESS.get(rule.endpoint)


def path_of(rule: Rule, number: str = "1", word: str = "x" * 32) -> str:
    """Return an address of this route; what it names does not exist."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda part: number if part[1] == "int" else word, rule.rule)


def visitor(app: Flask, who: str) -> tuple[FlaskClient, str]:
    """Return a new browser of somebody, and a token for its forms: what one form ended must not help the next."""
    browser = app.test_client()
    if who == "a screen without its secret":
        browser.set_cookie(COOKIE, "x" * 43)
        browser.set_cookie(wall_door.COOKIE, f"nl.{'x' * 43}")
    form = token(browser.get("/sign-in").text)
    if who in SIGNED_IN:
        filled = {"email": f"{SIGNED_IN[who]}@accel.example", "password": PASSWORD, "csrf_token": form}
        assert browser.post("/sign-in", data=filled).status_code == 303
        form = token(browser.get("/account").text)
    return browser, form


def asked(app: Flask) -> list[tuple[Rule, str]]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    # Looking comes first: it ends nobody's session.
    return [(rule, method) for method in METHODS for rule in rules if method in (rule.methods or ())]


def test_every_route_has_its_line_and_every_line_its_route(desk: Desk) -> None:
    app = desk.app()
    assert {rule.endpoint for rule in app.url_map.iter_rules() if whose(rule) is None} == set()
    assert set(ACCESS) - {rule.endpoint for rule in app.url_map.iter_rules()} == set()


def test_a_demo_has_the_routes_of_its_own_table_besides_and_no_other(desk: Desk) -> None:
    plain = {(rule.endpoint, rule.rule) for rule in desk.app().url_map.iter_rules()}
    demo = {(rule.endpoint, rule.rule) for rule in desk.demo().url_map.iter_rules()}
    assert plain < demo
    assert {endpoint for endpoint, _ in demo - plain} == set(IN_A_DEMO)
    assert {path for _, path in demo - plain} == {"/demo/clock", "/demo/enter/<person>"}


@pytest.mark.parametrize("who", OPEN_TO)
def test_each_route_opens_to_those_of_its_line_and_to_nobody_else(desk: Desk, who: str) -> None:
    app = desk.app()
    wrong = []
    browser, form = visitor(app, who)
    for rule, method in asked(app):
        if method != "GET":
            browser, form = visitor(app, who)
        sent = None if method == "GET" else {"csrf_token": form}
        with browser.open(path_of(rule), method=method, data=sent) as answer:
            if not fits(whose(rule), who, answer.status_code, answer.headers.get("Location", "")):
                wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert wrong == []


def fits(line: Who | None, who: str, status: int, leads_to: str) -> bool:
    """Say whether an answer is the one the table promises."""
    if line is Who.PROVIDER:
        return status == 403
    if line is Who.HOLDER:
        return status in {404, 410}
    if line in OPEN_TO[who]:
        return status != 403 and (status < BROKEN or status == NOT_READY)
    if line is Who.WALL and who not in {"nobody", *SIGNED_IN}:
        return status == 403
    return status == 403 if who in SIGNED_IN else status == 303 and leads_to.startswith("/sign-in")


def test_a_new_route_without_a_line_is_found_out(desk: Desk) -> None:
    app = desk.app()
    app.add_url_rule("/made-up/<int:number>", "made_up", str, methods=["POST"])
    assert [rule.endpoint for rule in app.url_map.iter_rules() if whose(rule) is None] == ["made_up"]
    assert not fits(Who.SUPERVISORS, "an agent", 200, "")
    assert not fits(Who.SUPERVISORS, "nobody", 200, "")
    assert not fits(Who.STAFF, "an agent", 500, "")
