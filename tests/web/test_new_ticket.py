"""The pages of what did not come through the hotline: a new ticket, a missed call, a number nobody knows."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.callback import Callback
from models.customer import Contact
from models.outbox import OutboxMail
from models.ticket import MissedCall, Ticket
from models.vocabulary import Agreement, CallbackState, Option
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.test_schedule import text_of

HOSTILE = "<img src=x onerror=alert(1)>"
SHOWN = "&lt;img src=x onerror=alert(1)&gt;"


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """Els, who knows one customer."""
    company = staffed.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470111111")
    with staffed.database.write() as session:
        session.get_one(Contact, company[1]).email = "lien@peeters.example"
    return signed_in("els")


def send(browser: FlaskClient, address: str = "/schedule/tickets/new?contact=1", **typed: str) -> TestResponse:
    """Fill in the form of a page, and send it."""
    page = browser.get(address).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition('id="what"')[2]))
    number = re.search(r'name="number" value="([^"]*)"', page)
    assert number is not None
    filled = {"subject": "De printer", "option": "2", "language": "nl", "number": number[1], "moment": "", "note": ""}
    return browser.post("/schedule/tickets/new", data={**filled, **hidden, **typed})


def test_a_ticket_that_was_taken_down_stands_in_the_queue_with_its_promise_and_its_mail(
    staffed: Desk, els: FlaskClient
) -> None:
    answer = send(els, option="1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/schedule/tickets/10001")
    queue = text_of(els.get("/schedule").text, "queue")
    assert "10001 Bakkerij Peeters Lien Peeters · 0470 11 11 11 Storing Managed" in queue
    assert re.search(r"\d\d:\d\d–\d\d:\d\d gepland", queue), "what is promised"
    with staffed.database.read() as session:
        assert session.scalars(select(OutboxMail.recipient)).all() == ["lien@peeters.example"]


def test_who_has_made_it_is_told_so(els: FlaskClient) -> None:
    send(els)
    assert "Ticket 10001 is gemaakt." in els.get("/schedule").text


def test_the_customer_is_found_by_his_number_and_chosen(els: FlaskClient) -> None:
    page = els.get("/schedule/tickets/new?q=0470+11+11").text
    assert 'name="choose" value="contact-1"' in page
    chosen = els.get("/schedule/tickets/new?contact=1").text
    assert 'name="number" value="0470 11 11 11"' in chosen
    assert "Niemand gevonden." in els.get("/schedule/tickets/new?q=zzz").text
    assert els.get("/schedule/tickets/new?contact=99").status_code == 404
    assert els.get("/schedule/tickets/new?contact=x").status_code == 200


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("0903 12 345", "Dit nummer kost extra."),
        ("0470 00 00 01", "Dit is het nummer van een agent."),
        ("03 460 35 35", "Dit is ons eigen nummer."),
        ("zomaar", "Dit nummer bestaat niet."),
        ("", "Vul het nummer in dat we moeten bellen"),
    ],
)
def test_a_bad_number_is_explained_beside_its_field_and_all_that_was_typed_stays(
    staffed: Desk, els: FlaskClient, number: str, why: str
) -> None:
    answer = send(els, number=number, subject=HOSTILE, note=HOSTILE, option="1")
    assert answer.status_code == 422
    beside = re.search(r'<p id="number-problem"[^>]*>([^<]*)', answer.text)
    assert beside is not None
    assert beside[1].startswith(why)
    assert f'name="number" aria-invalid="true" aria-describedby="number-problem" value="{number}"' in answer.text
    assert f'value="{SHOWN}"' in answer.text
    assert f">{SHOWN}</textarea>" in answer.text
    assert '<option value="1" selected>' in answer.text
    assert "Lien Peeters" in answer.text
    with staffed.database.read() as session:
        assert session.scalars(select(Ticket)).all() == []


def test_a_form_sent_twice_makes_one_ticket_and_the_second_is_told(staffed: Desk, els: FlaskClient) -> None:
    page = els.get("/schedule/tickets/new").text
    form = re.search(r'name="form" value="([^"]+)"', page)
    assert form is not None
    data = {"csrf_token": token(page), "form": form[1], "subject": "X", "number": "0470 22 22 22", "customer": "0"}
    answers = [els.post("/schedule/tickets/new", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "Dit formulier is al verstuurd" in answers[1].text
    with staffed.database.read() as session:
        assert len(session.scalars(select(Ticket)).all()) == 1


def test_a_moment_is_chosen_among_those_that_are_free(staffed: Desk, els: FlaskClient) -> None:
    page = els.get("/schedule/tickets/new").text
    offered = re.findall(r'<option value="(\d{8})">([^<]+)', page)
    assert offered[0] == (offered[0][0], "11:00–11:30")
    send(els, moment=offered[0][0])
    with staffed.database.read() as session:
        made = session.scalars(select(Callback)).one()
        starts = datetime.fromtimestamp(60 * int(offered[0][0]), UTC)
        assert (made.state, made.not_before) == (CallbackState.RESTING, starts)
    again = send(els, number="0470 33 33 33", moment=offered[0][0])
    assert 'id="moment-problem"' in again.text


def test_an_agent_takes_down_what_he_is_told_and_comes_to_his_own_page_of_it(
    staffed: Desk, els: FlaskClient, signed_in: SignIn
) -> None:
    del staffed, els
    answer = send(signed_in("ann"), moment="none", number="")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/tickets/10001")


def call_of(desk: Desk, number: str | None) -> str:
    desk.missed(20, number)
    with desk.database.read() as session:
        return session.scalars(select(MissedCall.call_sid)).one()


def test_a_missed_call_becomes_a_call_back_with_all_that_is_known_filled_in(staffed: Desk, els: FlaskClient) -> None:
    call = call_of(staffed, "+32470111111")
    assert f'href="/schedule/tickets/new?missed={call}"' in els.get("/schedule").text
    send(els, f"/schedule/tickets/new?missed={call}")
    page = els.get("/schedule").text
    assert "Bakkerij Peeters Lien Peeters · 0470 11 11 11" in text_of(page, "queue")
    assert text_of(page, "missed") == "Gemiste oproepen 0 Geen."


def test_the_caller_of_a_missed_call_may_be_somebody_else_than_his_number_says(staffed: Desk, els: FlaskClient) -> None:
    call = call_of(staffed, "+32470111111")
    answer = send(els, f"/schedule/tickets/new?missed={call}&customer=0")
    assert answer.status_code == 303
    with staffed.database.read() as session:
        assert session.scalars(select(Ticket.customer_id)).one() is None


def test_of_two_who_deal_with_a_missed_call_one_does_and_the_other_is_told(
    staffed: Desk, els: FlaskClient, signed_in: SignIn
) -> None:
    call = call_of(staffed, None)
    tom = signed_in("els")
    pages = [(browser, browser.get("/schedule").text) for browser in (els, tom)]
    for browser, page in pages:
        data = {"csrf_token": token(page), "back": "/schedule?page=1"}
        answer = browser.post(f"/schedule/missed/{call}/dealt-with", data=data)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/schedule?page=1")
    assert "De gemiste oproep is van de lijst." in els.get("/schedule").text
    assert "Els Wouters heeft deze gemiste oproep al afgehandeld." in tom.get("/schedule").text


def test_a_poll_sees_that_a_missed_call_is_dealt_with(staffed: Desk, els: FlaskClient) -> None:
    call = call_of(staffed, None)
    tag = els.get("/schedule/live").headers["ETag"]
    els.post(f"/schedule/missed/{call}/dealt-with", data={"csrf_token": token(els.get("/schedule").text)})
    assert els.get("/schedule/live", headers={"If-None-Match": tag}).status_code == 200


def test_a_missed_caller_who_asked_since_says_so(staffed: Desk, els: FlaskClient) -> None:
    staffed.missed(20, "+32470999999")
    staffed.promise(None, "+32470999999", 5, Option.OUTAGE)
    assert "intussen ticket 10001" in text_of(els.get("/schedule").text, "missed")


def test_a_stranger_gets_a_name_and_the_queue_shows_it_at_once(staffed: Desk, els: FlaskClient) -> None:
    staffed.promise(None, "+32470888888", 30)
    staffed.promise(None, "+32470999999", 5)
    tag = els.get("/schedule/live").headers["ETag"]
    page = els.get("/schedule/numbers/link?number=0470+99+99+99&q=lien").text
    assert "deze open tickets gaan mee naar de klant: 10002" in re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
    data = {"csrf_token": token(page), "number": "+32470999999", "contact": "1"}
    assert els.post("/schedule/numbers/link", data=data).headers["Location"] == "/schedule"
    answer = els.get("/schedule/live", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    queue = text_of(answer.text, "queue")
    assert queue.index("Bakkerij Peeters") < queue.index("Onbekende beller"), "managed, so first"
    assert "Open tickets die meegingen: 1." in els.get("/schedule").text


def test_a_number_that_can_be_no_customers_is_refused_beside_its_field(els: FlaskClient) -> None:
    page = els.get("/schedule/numbers/link?number=0470+00+00+01&q=lien").text
    assert "Dit is het nummer van een agent." in page
    assert "Dit is de persoon" not in page
    data = {"csrf_token": token(page), "number": "0470 00 00 01", "contact": "1", "q": "lien"}
    answer = els.post("/schedule/numbers/link", data=data)
    assert answer.status_code == 422
    assert 'value="0470 00 00 01"' in answer.text


def test_whose_a_switchboard_is_already_is_said_before_it_is_somebody_elses_too(
    staffed: Desk, els: FlaskClient
) -> None:
    staffed.customer("Garage", Agreement.HOURS_BUNDLE, HOSTILE, "+32470222222")
    page = els.get("/schedule/numbers/link?number=0470+11+11+11&q=garage").text
    assert "Nu al van" in page
    assert "zoals dat van een telefooncentrale" in page
    assert HOSTILE not in page
    assert SHOWN in page


def test_nothing_that_was_typed_runs(els: FlaskClient) -> None:
    for path in ("/schedule/tickets/new", "/schedule/numbers/link"):
        page = els.get(path, query_string={"q": HOSTILE, "number": HOSTILE}).text
        assert HOSTILE not in page
        assert SHOWN in page
