"""The queue as it is searched: by whatever somebody knows of a caller, and the places stay the true ones."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from models.vocabulary import Agreement, Language, Option, Role
from tests.web.conftest import SignIn
from tests.web.desk import Desk
from web.schedule.overview import PAGE_ROWS

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def els(desk: Desk, signed_in: SignIn) -> FlaskClient:
    """Els before a queue of four: 10001 Garage, 10002 Peeters with an outage, 10003 a stranger, 10004 for Ann."""
    desk.person("Els Wouters", Role.SUPERVISOR)
    ann = desk.person("Ann De Smet", phone="+32470000001")
    garage = desk.customer("Garage Élan & Zonen", Agreement.HOURS_BUNDLE, "Koen Vandamme", "+32470222222")
    bakery = desk.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470123456")
    now = desk.clock.now()
    desk.promise(
        garage, "+32470222222", 40, promise_from=now - timedelta(hours=1), promise_to=now - timedelta(minutes=1)
    )
    desk.promise(bakery, "+32470123456", 30, Option.OUTAGE, promise_from=now, promise_to=now + timedelta(minutes=30))
    desk.promise(None, "+33612345678", 20)
    desk.promise(garage, "+32470222222", 10, pinned_agent_id=ann)
    return signed_in("els")


def found(page: str) -> dict[int, int]:
    """Return the tickets in the queue with their places."""
    queue = re.search(r'<section id="queue".*?</section>', page, re.DOTALL)
    assert queue is not None
    rows = re.findall(r'right place">(\d+)</td>.*?">(\d{5})</a>', queue[0], re.DOTALL)
    return {int(ticket): int(place) for place, ticket in rows}


@pytest.mark.parametrize(
    ("typed", "tickets"),
    [
        ("", {10002, 10001, 10003, 10004}),
        ("10003", {10003}),
        ("1000", {10001, 10002, 10003, 10004}),
        ("peeters", {10002}),
        ("PEET lien", {10002}),
        ("vandamme", {10001, 10004}),
        ("élan", {10001, 10004}),
        ("0470 12 34 56", {10002}),
        ("0470/22", {10001, 10004}),
        ("+33 6 12 34 56 78", {10003}),
        ("34 56", {10002, 10003}),
        ("peeters 0470 12", {10002}),
        ("peeters 0470 22", set()),
        ("%", set()),
        ("nobody", set()),
    ],
)
def test_a_caller_is_found_by_whatever_is_known_of_him(els: FlaskClient, typed: str, tickets: set[int]) -> None:
    assert set(found(els.get("/schedule", query_string={"q": typed}).text)) == tickets


@pytest.mark.parametrize(
    ("query", "tickets"),
    [
        ("option=1", {10002}),
        ("option=2", {10001, 10003, 10004}),
        ("agreement=managed", {10002}),
        ("language=nl", {10001, 10002, 10003, 10004}),
        ("language=fr", set()),
        ("agent=2", {10004}),
        ("late=1", {10001}),
        ("option=2&q=garage&agent=2", {10004}),
        ("option=9&agreement=gold&language=xx&agent=²&late=yes", {10001, 10002, 10003, 10004}),
        (f"agent={'9' * 40}", {10001, 10002, 10003, 10004}),
    ],
)
def test_the_queue_is_filtered_by_what_may_be_chosen_and_nothing_else(
    els: FlaskClient, query: str, tickets: set[int]
) -> None:
    assert set(found(els.get(f"/schedule?{query}").text)) == tickets


def test_the_places_are_those_in_the_whole_queue(els: FlaskClient) -> None:
    assert found(els.get("/schedule").text) == {10002: 1, 10001: 2, 10003: 3, 10004: 4}
    assert found(els.get("/schedule?q=garage").text) == {10001: 2, 10004: 4}


def test_the_poll_asks_for_the_same_and_every_filter_has_a_tag_of_its_own(els: FlaskClient) -> None:
    page = els.get("/schedule?q=lien&option=1").text
    poll = re.search(r'hx-get="([^"]+)"', page)
    assert poll is not None
    asked = poll[1].replace("&amp;", "&")
    answer = els.get(asked)
    assert set(found(answer.text)) == {10002}
    assert els.get(asked, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert els.get("/schedule/live", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_a_filtered_queue_says_so_and_leads_back_to_everybody(els: FlaskClient) -> None:
    page = els.get("/schedule?q=garage").text
    assert "2 van 4" in page
    assert "Iedereen tonen" in page
    assert "Iedereen tonen" not in els.get("/schedule?q=&option=").text
    assert "Niemand in de wachtrij past hierbij." in els.get("/schedule?q=nobody").text


def test_pages_are_those_of_what_was_found_and_keep_the_filter(desk: Desk, els: FlaskClient) -> None:
    for n in range(PAGE_ROWS + 1):
        desk.promise(None, f"+324719{n:05}", 1)
    page = els.get("/schedule?q=0471 9").text
    assert "Bladzijde 1 van 2" in page
    assert 'href="/schedule?page=2&amp;q=0471+9#queue"' in page
    last = found(els.get("/schedule?page=2&q=0471 9").text)
    assert list(last.values()) == [4 + PAGE_ROWS + 1]


def test_whom_a_call_is_kept_for_is_said(els: FlaskClient) -> None:
    assert "voor Ann De Smet" in els.get("/schedule").text


def test_what_was_typed_stays_in_its_field_and_does_not_run(els: FlaskClient) -> None:
    page = els.get("/schedule", query_string={"q": f'"{HOSTILE}'}).text
    assert HOSTILE not in page
    assert 'value="&#34;&lt;script&gt;' in page


def test_a_stranger_leads_to_the_page_that_names_him(els: FlaskClient) -> None:
    page = els.get("/schedule").text
    assert 'href="/schedule/numbers/link?number=%2B33612345678"' in page
    assert page.count("Wie is dit?") == 1


def test_the_search_speaks_the_readers_language(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Farid", Role.SUPERVISOR, languages=Language.FR)
    assert "Chercher dans la file" in signed_in("farid").get("/schedule").text
