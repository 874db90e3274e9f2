"""The screen on the wall: what it shows, what it never shows, and the link that opens it and nothing else."""

import logging
import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from callbacks.logs import masked
from models.history import History
from models.vocabulary import AgentState, Agreement, AlarmKind, AttemptState, CallbackState, Option, Subject
from models.wall_link import WallLink
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.loud import raised
from tests.web.tuesday import busy_tuesday

HOSTILE = "<script>alert(1)</script>"


def read(page: str) -> str:
    body = page[page.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def make_link(browser: FlaskClient, name: str = "Gent", language: str = "nl") -> str:
    """Make a link as a supervisor does, and return its path as the page shows it."""
    form = {"csrf_token": token(browser.get("/schedule/walls").text), "name": name, "language": language}
    assert browser.post("/schedule/walls", data=form).status_code == 303
    found = re.search(r'id="link" readonly value="([^"]+)"', browser.get("/schedule/walls").text)
    assert found is not None
    address = urlsplit(found[1].replace("&amp;", "&"))
    return f"{address.path}?{address.query}"


def revoke(browser: FlaskClient, link_id: int = 1) -> str:
    form = {"csrf_token": token(browser.get("/schedule/walls").text), "back": "/schedule/walls"}
    return browser.post(f"/schedule/walls/{link_id}/revoke", data=form, follow_redirects=True).text


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """A supervisor's browser."""
    del staffed
    return signed_in("els")


@pytest.fixture
def screen(els: FlaskClient, anonymous: FlaskClient) -> FlaskClient:
    """A screen that was hung up with a link of Els's."""
    assert anonymous.get(make_link(els)).status_code == 303
    return anonymous


def test_the_link_leads_to_the_wall_and_its_secret_is_gone_from_the_address(
    els: FlaskClient, anonymous: FlaskClient
) -> None:
    answer = anonymous.get(make_link(els))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/schedule/wall")
    cookie = answer.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Lax", "Max-Age=31536000", "Path=/"):
        assert word in cookie
    assert anonymous.get("/schedule/wall").status_code == 200


def test_over_https_the_cookie_is_bound_to_this_host(desk: Desk, els: FlaskClient) -> None:
    browser = desk.app("https://desk.accel.example").test_client()
    answer = browser.get(make_link(els), base_url="https://desk.accel.example")
    assert answer.headers["Set-Cookie"].startswith("__Host-ringback_wall=")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_screen_opens_the_wall_and_nothing_else(desk: Desk, screen: FlaskClient) -> None:
    open_to_it = set()
    for rule in desk.app().url_map.iter_rules():
        path = re.sub(r"<int:\w+>", "1", re.sub(r"<(?!int)[^>]+>", "x" * 32, rule.rule))
        if "GET" in (rule.methods or ()) and rule.rule.startswith(("/schedule", "/desk", "/messages")):
            with screen.get(path) as answer:
                if answer.status_code != 303:
                    open_to_it.add(rule.rule)
    assert open_to_it == {"/schedule/wall", "/schedule/wall/live"}
    # Nor does it do anything, even with a token of its own.
    form = {"csrf_token": token(screen.get("/schedule/wall").text), "name": "mine", "language": "nl"}
    assert screen.post("/schedule/walls", data=form).status_code == 303
    assert screen.post("/schedule/walls/1/revoke", data=form).headers["Location"].startswith("/sign-in")
    assert screen.get("/schedule/wall").status_code == 200


def test_a_screen_whose_link_was_taken_back_is_shut_at_its_next_poll(els: FlaskClient, screen: FlaskClient) -> None:
    assert screen.get("/schedule/wall/live", headers={"HX-Request": "true"}).status_code == 200
    assert "ingetrokken" in revoke(els)
    answer = screen.get("/schedule/wall/live", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.data) == (401, "/schedule/wall", b"")
    page = screen.get("/schedule/wall")
    assert page.status_code == 403
    assert "Dit scherm is afgesloten" in page.text
    assert "Wachtend" not in page.text


def test_a_link_that_was_taken_back_opens_nothing_any_more(els: FlaskClient, anonymous: FlaskClient) -> None:
    link = make_link(els)
    revoke(els)
    assert anonymous.get(link).status_code == 404
    assert anonymous.get("/schedule/wall").status_code == 303


@pytest.mark.usefixtures("els")
@pytest.mark.parametrize("secret", ["x", "x" * 43, "x" * 500])
def test_a_wrong_secret_is_no_page(anonymous: FlaskClient, secret: str) -> None:
    answer = anonymous.get(f"/wall/{secret}")
    assert answer.status_code == 404
    assert anonymous.get_cookie("ringback_wall") is None


@pytest.mark.usefixtures("els")
@pytest.mark.parametrize("value", ["", ".", "nl.", "nl." + "x" * 43, "garbage"])
def test_a_made_up_cookie_opens_nothing(anonymous: FlaskClient, value: str) -> None:
    anonymous.set_cookie("ringback_wall", value)
    assert anonymous.get("/schedule/wall").status_code == 403


def test_the_secret_is_shown_once_kept_nowhere_and_never_logged(
    desk: Desk, els: FlaskClient, anonymous: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        link = make_link(els)
        anonymous.get(link)
        anonymous.get("/schedule/wall")
    secret = urlsplit(link).path.removeprefix("/wall/")
    assert len(secret) == 43
    assert secret not in els.get("/schedule/walls").text
    assert secret not in caplog.text
    assert secret not in masked(f'"GET /wall/{secret}?language=nl HTTP/1.1" 303')
    with desk.database.read() as session:
        row = session.scalars(select(WallLink)).one()
        assert secret not in "".join(str(value) for value in vars(row).values())


def test_making_and_taking_back_a_link_is_remembered_with_the_name(desk: Desk, els: FlaskClient) -> None:
    make_link(els, "  Gent,   boven de koffie ")
    revoke(els)
    with desk.database.read() as session:
        rows = session.scalars(select(History).where(History.subject == Subject.WALL_LINK).order_by(History.id)).all()
        assert [(row.new_state, row.who, row.why) for row in rows] == [
            ("open", "Els Wouters", "Gent, boven de koffie"),
            ("revoked", "Els Wouters", "revoked"),
        ]


def test_taking_back_twice_is_refused_with_a_sentence(els: FlaskClient) -> None:
    make_link(els)
    revoke(els)
    assert "Deze link is al ingetrokken." in revoke(els)
    assert "Deze link is al ingetrokken." in revoke(els, 99)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_screen_without_a_name_is_refused_beside_the_field(desk: Desk, els: FlaskClient, name: str) -> None:
    form = {"csrf_token": token(els.get("/schedule/walls").text), "name": name, "language": "fr"}
    answer = els.post("/schedule/walls", data=form)
    assert answer.status_code == 422
    assert "Geef het scherm een naam van hoogstens 100 tekens." in answer.text
    assert '<option value="fr" selected>' in answer.text
    with desk.database.read() as session:
        assert session.scalars(select(WallLink)).all() == []


def test_the_wall_shows_how_it_stands(desk: Desk, signed_in: SignIn) -> None:
    busy_tuesday(desk)
    raised(desk, AlarmKind.OUTAGE_WAITING, 1)
    raised(desk, AlarmKind.ALL_PAUSED, seen=True)
    page = read(signed_in("ann").get("/schedule/wall").text)
    assert "Storing wacht te lang: ticket 10001" in page
    assert "Alle agenten" not in page
    assert "dinsdag 24 november Open tot 12:00" in page
    assert "Wachtend 13 Langste wachttijd (open uren) 2 u 20 Storingen wachtend 4 Belofte voorbij 0" in page
    assert "Agenten vrij / bezig / pauze 1 / 3 / 2" in page
    assert "Eerstvolgende 10006 Drukkerij Sint-Joris Storing 10:28 10001 Bakkerij Peeters Storing 10:36" in page
    assert page.count("10009 Onbekende beller Storing") == 1
    assert "Ann De Smet 10014 Drukkerij Sint-Joris In gesprek 10:32" in page


def test_the_wall_names_no_customers_person_and_no_number(desk: Desk, signed_in: SignIn) -> None:
    busy_tuesday(desk)
    page = signed_in("ann").get("/schedule/wall").text
    for name in ("Lien", "Vandamme, K", "Koen", "Sophie", "Maes", "Greet", "Nadia", "Dirk", "+32", "0470"):
        assert name not in read(page), name


def test_a_promise_that_is_past_counts_as_late_and_says_so(desk: Desk, els: FlaskClient) -> None:
    now = desk.clock.now()
    desk.promise(None, "+32470111111", 90, promise_from=now.replace(hour=8), promise_to=now.replace(minute=30))
    page = read(els.get("/schedule/wall").text)
    assert "Belofte voorbij 1" in page
    assert "10001 Onbekende beller Te laat 09:10" in page


def test_a_closed_desk_says_when_it_opens_again(desk: Desk, els: FlaskClient) -> None:
    desk.clock.move(hours=7)
    assert "Gesloten, weer open wo 25/11 09:00" in read(els.get("/schedule/wall").text)


@pytest.mark.parametrize(("language", "word"), [("nl", "Niemand wacht."), ("fr", "attend"), ("en", "Nobody is wa")])
def test_a_screen_speaks_the_language_chosen_for_it(
    els: FlaskClient, anonymous: FlaskClient, language: str, word: str
) -> None:
    anonymous.get(make_link(els, language=language))
    assert word in anonymous.get("/schedule/wall").text


def test_a_hostile_company_is_read_and_does_not_run(desk: Desk, screen: FlaskClient) -> None:
    who = desk.customer(f"Bakkerij {HOSTILE}", Agreement.MANAGED, "Lien", "+32470111111")
    desk.promise(who, "+32470111111", 5, Option.OUTAGE)
    row = desk.promise(who, "+32470111112", 5, state=CallbackState.ACTIVE)
    desk.attempt(row, desk.person(HOSTILE, state=AgentState.ON_CALL), 1, AttemptState.BRIDGED)
    page = screen.get("/schedule/wall").text
    assert HOSTILE not in page
    assert page.count("&lt;script&gt;") >= 3


def test_an_unchanged_wall_is_not_drawn_again_and_a_screen_has_a_tag_of_its_own(
    desk: Desk, els: FlaskClient, screen: FlaskClient
) -> None:
    tag = screen.get("/schedule/wall/live").headers["ETag"]
    assert screen.get("/schedule/wall/live", headers={"If-None-Match": tag}).status_code == 304
    assert els.get("/schedule/wall/live", headers={"If-None-Match": tag}).status_code == 200
    desk.promise(None, "+32470111111", 1)
    assert screen.get("/schedule/wall/live", headers={"If-None-Match": tag}).status_code == 200


def test_a_screen_that_has_a_link_gets_no_second_one_before_that_is_taken_back(els: FlaskClient) -> None:
    make_link(els)
    form = {"csrf_token": token(els.get("/schedule/walls").text), "name": " Gent ", "language": "nl"}
    answer = els.post("/schedule/walls", data=form)
    assert (answer.status_code, "Er is al een link voor een scherm met deze naam." in answer.text) == (422, True)
    revoke(els)
    make_link(els)
