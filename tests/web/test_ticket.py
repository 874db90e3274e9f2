"""The page of one ticket: its facts and its trail."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from callbacks.workflows import promising
from models.callback import CallLeg, Promise
from models.ticket import Ticket, TicketNote, TimeEntry
from models.vocabulary import (
    OPEN_CALLBACKS,
    Agreement,
    AttemptState,
    CallbackState,
    LegKind,
    LegStatus,
    Option,
    PromiseResult,
    Role,
    WorkKind,
)
from tests.web.conftest import SignIn
from tests.web.desk import Desk
from tests.web.hands import NUMBER, dead_mail, lay, page, row, waits

HOSTILE = "<script>alert(1)</script>{why}"


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """A browser signed in as a supervisor."""
    del staffed
    return signed_in("els")


def test_the_trail_tells_everything_in_order_and_who_did_it(els: FlaskClient, desk: Desk) -> None:
    company = desk.customer("Bakkerij Peeters", Agreement.MANAGED, "An Peeters", NUMBER)
    callback = desk.promise(company, NUMBER, 30, Option.OUTAGE)
    promising.review(desk.services())
    at = desk.clock.now()
    attempt = desk.attempt(callback, 2, 5, AttemptState.ENDED)
    with desk.database.write() as session:
        ticket = session.get_one(Ticket, row(desk, callback).ticket_id)
        started = at + timedelta(minutes=1)
        session.add_all(
            [
                CallLeg(
                    call_sid="CB" + "1" * 32, kind=LegKind.CUSTOMER, attempt_id=attempt, number=NUMBER,
                    status=LegStatus.COMPLETED, seconds=65, started_at=started, ended_at=started,
                ),
                Promise(
                    callback_id=callback, starts=at, ends=started, given_at=at - timedelta(minutes=20), told=True,
                    result=PromiseResult.LATE, settled_at=at + timedelta(minutes=2),
                ),
                TicketNote(
                    ticket_id=ticket.id, agent_id=2, written_at=at + timedelta(minutes=3), body="Server herstart",
                ),
                TimeEntry(
                    ticket_id=ticket.id, agent_id=2, kind=WorkKind.WORK, started_at=at + timedelta(minutes=4),
                    seconds=600, measured_seconds=480, why="logs bekeken",
                ),
            ],
        )  # fmt: skip
    lay(els, desk, callback, "prioritise", option="1", hours="2", why="VIP")
    trail = page(els).partition('id="trail"')[2]
    told = [
        "In de wachtrij", "Wijziging", "outage, counts 2 h earlier: VIP", "Oproep naar de klant 0470 11 11 11",
        "1 min 05", "Belofte: te laat gebeld", "Server herstart", "Werk: 10 min 00 (gemeten: 8 min 00)",
    ]  # fmt: skip
    places = [trail.find(each) for each in told]
    assert -1 not in places
    assert places == sorted(places)
    assert "Beloofd: " in trail
    assert "planner" in trail


def test_the_trail_speaks_the_readers_language(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR, languages="fr")
    waits(desk, CallbackState.NEEDS_HUMAN)
    assert "Attend une décision" in page(signed_in("els"))


def test_nothing_that_anybody_typed_runs(els: FlaskClient, desk: Desk) -> None:
    callback = waits(desk)
    dead_mail(desk, callback, HOSTILE)
    with desk.database.write() as session:
        ticket_id = row(desk, callback).ticket_id
        session.add(TicketNote(ticket_id=ticket_id, agent_id=2, written_at=desk.clock.now(), body=HOSTILE))
        session.get_one(Ticket, ticket_id).subject = HOSTILE
    lay(els, desk, callback, "prioritise", option="1", hours="2", why=HOSTILE)
    lay(els, desk, callback, "hold", why=HOSTILE)
    refused = lay(els, desk, callback, "pin", agent="2", why=HOSTILE, seen="old")
    for shown in (page(els), els.get("/schedule").text, refused.text):
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{why}" in shown


def test_a_poll_of_an_unchanged_ticket_costs_nothing_and_a_change_is_drawn(els: FlaskClient, desk: Desk) -> None:
    callback = waits(desk)
    first = els.get("/schedule/tickets/10001/live")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert els.get("/schedule/tickets/10001/live", headers=tag).status_code == 304
    assert "csrf" not in first.text
    lay(els, desk, callback, "hold", why="parts")
    assert els.get("/schedule/tickets/10001/live", headers=tag).status_code == 200


@pytest.mark.parametrize("state", CallbackState)
def test_whatever_has_become_of_a_call_back_its_page_can_be_read(
    els: FlaskClient, desk: Desk, state: CallbackState
) -> None:
    waits(desk, state, closed_at=None if state in OPEN_CALLBACKS else desk.clock.now())
    assert page(els).count("<form") >= 3
