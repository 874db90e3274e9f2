"""The switches of the whole desk and the announcement, as a supervisor turns them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from callbacks.store.switches import Hand
from callbacks.workflows import announcing, deciding
from models.history import History
from models.upkeep import Switch
from models.vocabulary import Language, Subject
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk

PAGE = "/schedule/switches"


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """Els, signed in."""
    del staffed
    return signed_in("els")


def send(browser: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    """Send a form, and return the status and the page that is read after it."""
    answer = browser.post(path, data={"csrf_token": token(browser.get(PAGE).text), **fields})
    return answer.status_code, browser.get(PAGE).text if answer.status_code == 303 else answer.text


def mark(page: str) -> str:
    """Return what the page sends along of the announcement it shows."""
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


@pytest.mark.parametrize("name", ["dialling", "intake"])
def test_a_switch_is_turned_with_a_reason_and_recorded_with_the_name(els: FlaskClient, desk: Desk, name: str) -> None:
    status, page = send(els, f"{PAGE}/{name}", to="off", why="  brandoefening ")
    assert status == 303
    assert "brandoefening" in page
    assert "Els Wouters, sinds 10:40" in page
    with desk.database.read() as session:
        row = session.get_one(Switch, name)
        assert (row.is_on, row.why, row.who) == (False, "brandoefening", "Els Wouters")
    assert send(els, f"{PAGE}/{name}", to="on", why="klaar")[0] == 303
    with desk.database.read() as session:
        rows = session.scalars(select(History).where(History.subject == Subject.SWITCH).order_by(History.id)).all()
        assert [(row.new_state, row.who, row.why) for row in rows] == [
            ("off", "Els Wouters", "brandoefening"),
            ("on", "Els Wouters", "klaar"),
        ]


def test_without_a_reason_nothing_is_turned_and_the_field_says_so(els: FlaskClient, desk: Desk) -> None:
    status, page = send(els, f"{PAGE}/intake", to="off", why="  ")
    assert status == 422
    assert 'id="intake-why-problem" class="problem" role="alert">Schrijf een reden op.' in page
    with desk.database.read() as session:
        assert session.get(Switch, "intake") is None


@pytest.mark.parametrize(("name", "to"), [("breaker", "on"), ("intake", "perhaps"), ("intake", "")])
def test_no_other_switch_and_no_other_way_can_be_turned(els: FlaskClient, name: str, to: str) -> None:
    assert send(els, f"{PAGE}/{name}", to=to, why="x")[0] == 404


def test_an_announcement_is_heard_until_it_is_taken_away(els: FlaskClient, desk: Desk) -> None:
    status, page = send(
        els, "/schedule/announcement", nl="De mailserver ligt plat.", en="Mail is down.", until="2026-11-24T12:00"
    )
    assert (status, "tot 12:00" in page) == (303, True)
    heard = announcing.what_is_heard(desk.services())
    assert [(each.language, each.entered_by) for each in heard] == [
        (Language.NL, "Els Wouters"),
        (Language.EN, "Els Wouters"),
    ]
    assert send(els, "/schedule/announcement/clear", seen=mark(page))[0] == 303
    assert announcing.what_is_heard(desk.services()) == []


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({}, "nl", "in minstens één taal"),
        ({"fr": "..."}, "fr", "niets dat uitgesproken kan worden"),
        ({"en": "x" * 301}, "en", "hoogstens 300 tekens"),
        ({"nl": "Storing.", "until": "2026-11-24T09:00"}, "until", "al voorbij"),
        ({"nl": "Storing.", "until": "morgen"}, "until", "niet lezen"),
    ],
)
def test_what_cannot_be_announced_says_why_beside_its_field_and_keeps_what_was_typed(
    els: FlaskClient, desk: Desk, fields: dict[str, str], field: str, words: str
) -> None:
    status, page = send(els, "/schedule/announcement", **fields)
    assert status == 422
    assert f'id="{field}-problem"' in page
    assert words in page
    assert all(value in page for value in fields.values())
    assert announcing.what_is_heard(desk.services()) == []


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("path", [f"{PAGE}/intake", "/schedule/announcement", "/schedule/announcement/clear"])
def test_an_agent_turns_nothing(signed_in: SignIn, path: str) -> None:
    ann = signed_in("ann")
    form = {"csrf_token": token(ann.get("/desk").text), "to": "off", "why": "x", "nl": "x"}
    assert ann.post(path, data=form).status_code == 403


def test_a_switch_that_is_off_already_keeps_the_name_and_reason_of_whoever_was_first(
    els: FlaskClient, desk: Desk
) -> None:
    deciding.switch(desk.services(), Hand.INTAKE, "te veel oproepen", "Lies Claes", on=False)
    status, page = send(els, f"{PAGE}/intake", to="off", why="brandoefening")
    assert (status, "Dat staat al zo." in page, "te veel oproepen" in page) == (422, True, True)
    with desk.database.read() as session:
        row = session.get_one(Switch, "intake")
        assert (row.why, row.who) == ("te veel oproepen", "Lies Claes")


def test_an_announcement_that_came_after_the_page_was_read_is_not_taken_away(els: FlaskClient, desk: Desk) -> None:
    send(els, "/schedule/announcement", nl="De mailserver ligt plat.")
    seen = mark(els.get(PAGE).text)
    announcing.announce(desk.services(), {Language.NL: "Internet weg."}, None, "Lies Claes")
    status, page = send(els, "/schedule/announcement/clear", seen=seen)
    assert (status, "Er is intussen iets veranderd." in page, "Internet weg." in page) == (422, True, True)
    assert [each.text for each in announcing.what_is_heard(desk.services())] == ["Internet weg."]
