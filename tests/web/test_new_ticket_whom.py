"""Whom a new ticket is about: looked for and chosen beside the form, which keeps what was typed."""

import pytest
from flask.testing import FlaskClient

from models.vocabulary import Agreement
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk

HOSTILE = "<img src=x onerror=alert(1)>"
SHOWN = "&lt;img src=x onerror=alert(1)&gt;"


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """Els, who knows one customer."""
    staffed.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470111111")
    return signed_in("els")


def look(browser: FlaskClient, **typed: str) -> str:
    page = browser.get("/schedule/tickets/new").text
    answer = browser.post("/schedule/tickets/new/look", data={"csrf_token": token(page), **typed})
    assert answer.status_code == 200
    return answer.text


def test_whoever_looks_for_somebody_and_chooses_him_loses_nothing_that_was_typed(els: FlaskClient) -> None:
    typed = {"subject": HOSTILE, "note": "Hij belt al drie keer.", "option": "1", "form": "abc", "language": "nl"}
    found = look(els, q="peeters", number="", **typed)
    chosen = look(els, q="peeters", choose="contact-1", number="", **typed)
    for page in (found, chosen):
        assert f'name="subject" value="{SHOWN}"' in page
        assert ">Hij belt al drie keer.</textarea>" in page
        assert ('name="form" value="abc"' in page, '<option value="1" selected>' in page) == (True, True)
    assert 'name="choose" value="contact-1"' in found
    assert ('name="contact" value="1"' in chosen, 'name="number" value="0470 11 11 11"' in chosen) == (True, True)
    other = look(els, choose="customer-0", contact="1", number="0470 11 11 11", **typed)
    assert ('name="contact"' in other, 'name="number" value="0470 11 11 11"' in other) == (False, False)
    kept = look(els, choose="contact-1", number="0470 99 99 99", **typed)
    assert 'name="number" value="0470 99 99 99"' in kept


def test_a_contact_that_vanished_is_said_beside_the_field_and_what_was_typed_stays(els: FlaskClient) -> None:
    page = els.get("/schedule/tickets/new").text
    typed = {
        "csrf_token": token(page),
        "form": "abc",
        "contact": "99",
        "subject": "De printer",
        "number": "0470 22 22 22",
    }
    answer = els.post("/schedule/tickets/new", data=typed)
    for status, page in (
        (answer.status_code, answer.text),
        (422, look(els, choose="contact-99", subject="De printer")),
    ):
        assert status == 422
        assert 'id="q-problem"' in page
        assert 'name="subject" value="De printer"' in page
        assert 'name="contact"' not in page
