"""What no person sends: characters and numbers that a database chokes on, to every address, on both databases."""

from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.test_access_matrix import path_of
from web.row_numbers import LARGEST, row_number
from web.spans import typed_minute

OWN_DOORS = ("voice", "sounds")
"""The telephone's, which have rules of their own."""
NUL = "a\x00b"
TOO_LARGE = (str(LARGEST + 1), "9" * 20, "9" * 5000)
BROKEN = 500


def routes(app: Flask) -> list[Rule]:
    every = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] not in OWN_DOORS]
    return sorted(every, key=lambda rule: rule.rule)


@pytest.mark.usefixtures("staffed")
def test_a_nul_is_a_bad_request_in_every_address_question_and_form(desk: Desk, signed_in: SignIn) -> None:
    els, app = signed_in("els"), desk.app()
    fields = {"csrf_token": token(els.get("/account").text)}
    taken = []
    for rule in routes(app):
        plain, strange = path_of(rule), quote(path_of(rule, word=NUL))
        answers = [els.get(f"{plain}?q=a%00b")] if "GET" in (rule.methods or ()) else []
        if "POST" in (rule.methods or ()):
            answers.append(els.post(plain, data={**fields, "why": NUL}))
        if "%00" in strange:
            answers.append(els.get(strange))
        taken += [f"{each.request.method} {each.request.path}" for each in answers if each.status_code != 400]
    assert taken == []


def test_a_nul_from_somebody_who_has_not_signed_in_breaks_nothing(staffed: Desk) -> None:
    browser = staffed.app().test_client()
    form = {"csrf_token": token(browser.get("/sign-in").text), "email": "a\x00", "password": "x"}
    answer = browser.post("/sign-in", data=form)
    assert (answer.status_code, "Traceback" in answer.text) == (400, False)
    assert "csrf_token" in browser.get("/sign-in").text


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("who", ["els", "ann"])
def test_a_number_that_no_row_can_have_is_no_address(desk: Desk, signed_in: SignIn, who: str) -> None:
    browser, app = signed_in(who), desk.app()
    form = {"csrf_token": token(browser.get("/account").text)}
    wrong = []
    for rule in (rule for rule in routes(app) if "<int:" in rule.rule):
        for method in {"GET", "POST"} & (rule.methods or set()):
            for number in TOO_LARGE:
                answer = browser.open(path_of(rule, number), method=method, data=form)
                wrong += [f"{method} {rule.rule} {number[:20]}: {answer.status_code}"] * (answer.status_code != 404)
            answer = browser.open(path_of(rule, str(LARGEST)), method=method, data=form)
            wrong += [f"{method} {rule.rule} largest: {answer.status_code}"] * (answer.status_code >= BROKEN)
    assert wrong == []


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("number", ["1", *TOO_LARGE, "-1", "١", "one"])
def test_a_number_in_a_form_that_no_row_can_have_is_refused_in_words(signed_in: SignIn, number: str) -> None:
    els = signed_in("els")
    form = {"csrf_token": token(els.get("/account").text), "number": number}
    for path in ("/schedule/hours/remove", "/schedule/team/shifts/remove", "/schedule/team/absences/remove"):
        assert els.post(path, data={**form, "back": "/schedule/team"}).status_code == 303
        assert "Dat is al weggehaald." in els.get("/schedule/team").text


def test_a_number_is_the_one_that_was_typed_or_none() -> None:
    assert row_number("10001") == 10_001
    assert row_number(str(LARGEST)) == LARGEST
    # Cut off, it would be somebody else's.
    for text in (*TOO_LARGE, "10001" + "0" * 12, "", None, "-1", "1.0", "١"):
        assert row_number(text) is None
    assert typed_minute("٢") is typed_minute("9" * 9) is typed_minute("") is None
