"""Outage mode, as a supervisor works it: open, mark, answer, close."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from callbacks.workflows import announcing, incidents
from models.customer import Contact
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import Agreement, CallbackState, Language, MailKind, Option, TicketState
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk

LIST = "/schedule/incidents"
ONE = "/schedule/incidents/1"


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """Els, signed in; a bakery with an address and a garage without one wait, and a stranger."""
    bakery = staffed.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien", "+32470111111")
    garage = staffed.customer("Garage Maes", Agreement.MANAGED, "Koen", "+32470222222")
    with staffed.database.write() as session:
        session.get_one(Contact, bakery[1]).email = "lien@peeters.example"
    staffed.promise(bakery, "+32470111111", 5, Option.OUTAGE)
    staffed.promise(garage, "+32470222222", 4, Option.QUESTION)
    staffed.promise(None, "+32470333333", 3, Option.OUTAGE)
    return signed_in("els")


def send(browser: FlaskClient, path: str, *ticks: int, read: str = ONE, **fields: str) -> tuple[int, str]:
    """Send a form, and return the status and the page that is read after it."""
    data: dict[str, object] = {"csrf_token": token(browser.get(LIST).text), "tick": list(map(str, ticks)), **fields}
    answer = browser.post(path, data=data)
    return answer.status_code, browser.get(read).text if answer.status_code == 303 else answer.text


def shown(browser: FlaskClient) -> dict[str, str]:
    """Return what the form that closes the incident sends along of what is shown."""
    form = browser.get(ONE).text.split(f'action="{ONE}/close"')[1].split("</form>")[0]
    return {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seen", "announcement")}


def begun(browser: FlaskClient) -> None:
    assert send(browser, LIST, title="Mailserver plat")[0] == 303


def test_an_incident_is_opened_marked_answered_and_closed(els: FlaskClient, desk: Desk) -> None:
    status, page = send(els, LIST, title="Mailserver plat", nl="De mailserver ligt plat.")
    assert (status, "Mailserver plat" in page) == (303, True)
    status, page = send(els, f"{ONE}/mark", 10001, ticket="10003, 10002")
    assert (status, "Nieuw aangeduid: 3." in page) == (303, True)
    assert "3 meldingen, 3 nog open" in els.get("/schedule").text
    status, page = send(els, f"{ONE}/answer", times="0", **{"answer-nl": "We werken eraan."})
    assert "Mails klaargezet: 1. Geen e-mailadres voor 10002, 10003: bel hen." in page
    status, page = send(els, f"{ONE}/close", silence="yes", **shown(els))
    assert "Afgesloten tickets: 3." in page
    assert "Bellers horen eerst" not in els.get("/schedule").text
    with desk.database.read() as session:
        assert set(session.scalars(select(Ticket.state))) == {TicketState.CLOSED}
        kinds = list(session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)))
    assert kinds == [MailKind.ANSWER, MailKind.CLOSING]


def test_whoever_is_being_called_is_named_and_stays(els: FlaskClient, desk: Desk) -> None:
    desk.promise(None, "+32470444444", 3, Option.OUTAGE, CallbackState.ACTIVE)
    begun(els)
    send(els, f"{ONE}/mark", 10001, 10004)
    page = send(els, f"{ONE}/close", **shown(els))[1]
    assert "Afgesloten tickets: 1. Nog open: 10004. Daar wordt net mee gebeld" in page
    assert "Opgelost: 1 tickets afsluiten" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ticket": "99999"}, "Er is geen ticket 99999."),
        ({"ticket": "<b>x"}, "Er is geen ticket &lt;b&gt;x."),
        ({"ticket": ""}, "Duid een ticket aan, of typ een nummer."),
    ],
)
def test_what_cannot_be_marked_says_why_and_keeps_what_was_typed(
    els: FlaskClient, fields: dict[str, str], words: str
) -> None:
    begun(els)
    status, page = send(els, f"{ONE}/mark", **fields)
    assert status == 422
    assert words in page
    assert 'id="ticket-problem"' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {10001, 10002, 10003}),
        ("q=peeters", {10001}),
        ("q=KOEN", {10002}),
        ("q=10003", {10003}),
        ("q=0470+22", {10002}),
        ("q=%25", set()),
        ("q=_", set()),
        ("option=1", {10001, 10003}),
        ("option=1&q=peeters", {10001}),
        ("option=nonsense", {10001, 10002, 10003}),
    ],
)
def test_candidates_are_found_by_what_is_shown_of_them(els: FlaskClient, query: str, found: set[int]) -> None:
    begun(els)
    page = els.get(f"{ONE}?{query}").text
    assert {number for number in range(10001, 10004) if f'name="tick" value="{number}"' in page} == found


def test_a_ticket_can_be_taken_out_again(els: FlaskClient) -> None:
    begun(els)
    send(els, f"{ONE}/mark", 10001)
    status, page = send(els, f"{ONE}/leave/10001")
    assert (status, "Ticket 10001 hoort niet meer bij dit incident." in page) == (303, True)
    assert 'name="tick" value="10001"' in page


def test_an_answer_sent_twice_is_one_answer(els: FlaskClient, desk: Desk) -> None:
    begun(els)
    send(els, f"{ONE}/mark", 10001)
    text = {"times": "0", "answer-nl": "We werken eraan."}
    assert send(els, f"{ONE}/answer", **text)[0] == 303
    status, page = send(els, f"{ONE}/answer", **text)
    assert (status, "Er is net al een antwoord gestuurd." in page) == (422, True)
    with desk.database.read() as session:
        assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_an_empty_answer_and_an_empty_title_say_so_beside_their_fields(els: FlaskClient) -> None:
    begun(els)
    status, page = send(els, f"{ONE}/answer", times="0")
    assert (status, 'id="answer-nl-problem"' in page) == (422, True)
    status, page = send(els, LIST, title=" ", fr="Panne.")
    assert (status, 'id="title-problem"' in page, "Panne." in page) == (422, True, True)


def test_an_incident_that_never_was_is_not_found(els: FlaskClient) -> None:
    assert els.get("/schedule/incidents/77").status_code == 404


@pytest.mark.parametrize("deed", ["", "/1/mark", "/1/answer", "/1/close", "/1/leave/10001"])
def test_an_agent_does_none_of_it(els: FlaskClient, signed_in: SignIn, deed: str) -> None:
    begun(els)
    ann = signed_in("ann")
    form = {"csrf_token": token(ann.get("/desk").text), "title": "x", "ticket": "10001"}
    assert ann.post(f"{LIST}{deed}", data=form).status_code == 403
    assert ann.get(ONE).status_code == 403


def test_a_ticket_is_added_to_an_open_incident_from_its_own_page(els: FlaskClient) -> None:
    ticket = "/schedule/tickets/10002"
    assert "Hoort bij een incident" not in els.get(ticket).text
    begun(els)
    page = els.get(ticket).text
    assert ("Hoort bij een incident" in page, f'action="{ONE}/mark"' in page) == (True, True)
    answer = els.post(f"{ONE}/mark", data={"csrf_token": token(page), "back": ticket, "ticket": "10002"})
    assert answer.headers["Location"] == ticket
    assert "10002" in els.get(ONE).text


def test_a_ticket_that_somebody_marked_meanwhile_is_not_closed_unseen(els: FlaskClient, desk: Desk) -> None:
    begun(els)
    send(els, f"{ONE}/mark", 10001)
    seen = shown(els)
    incidents.mark(desk.services(), 1, {10002}, "Lies Claes")
    status, page = send(els, f"{ONE}/close", **seen)
    assert (status, "Er is intussen iets veranderd." in page, "Opgelost: 2 tickets afsluiten" in page) == (
        422,
        True,
        True,
    )
    with desk.database.read() as session:
        assert TicketState.CLOSED not in set(session.scalars(select(Ticket.state)))
        assert session.scalars(select(OutboxMail)).all() == []


def test_an_announcement_is_taken_away_with_an_incident_only_where_that_is_ticked(els: FlaskClient, desk: Desk) -> None:
    announcing.announce(desk.services(), {Language.NL: "Morgen zijn we gesloten."}, None, "Lies Claes")
    begun(els)
    form = els.get(ONE).text.split(f'action="{ONE}/close"')[1].split("</form>")[0]
    assert ("Morgen zijn we gesloten." in form, "checked" in form) == (True, False)
    seen = shown(els)
    announcing.announce(desk.services(), {Language.NL: "Internet weg."}, None, "Lies Claes")
    assert send(els, f"{ONE}/close", silence="yes", **seen)[0] == 422
    assert send(els, f"{ONE}/close", **seen)[0] == 303
    assert [each.text for each in announcing.what_is_heard(desk.services())] == ["Internet weg."]


def test_an_incident_sent_twice_is_opened_once(els: FlaskClient, desk: Desk) -> None:
    begun(els)
    status, page = send(els, LIST, title=" Mailserver plat ", nl="De mailserver ligt plat.")
    assert (status, "Er is al een open incident met deze titel." in page) == (422, True)
    assert announcing.what_is_heard(desk.services()) == []
    send(els, f"{ONE}/close", **shown(els))
    assert send(els, LIST, title="Mailserver plat")[0] == 303


def test_a_wrong_number_leaves_what_was_ticked_and_looked_for(els: FlaskClient) -> None:
    begun(els)
    status, page = send(els, f"{ONE}/mark", 10001, 10003, ticket="99999", q="", option="1")
    assert status == 422
    assert {number for number in range(10001, 10004) if f'name="tick" value="{number}" checked' in page} == {
        10001,
        10003,
    }
    assert ('value="10002"' in page, '<option value="1" selected>' in page) == (False, True)


def test_what_is_ticked_and_no_longer_listed_is_not_lost(els: FlaskClient) -> None:
    begun(els)
    page = send(els, f"{ONE}/mark", 10002, ticket="99999", option="1")[1]
    assert 'name="tick" value="10002" checked' in page
