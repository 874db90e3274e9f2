"""What the schedule costs with 5,000 waiting, whole and searched (targets: 150 ms a page, 5 ms an unchanged poll)."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from callbacks.workflows import signing_in
from models import migrate
from models.callback import Callback, Promise
from models.customer import Contact, ContactNumber, Customer
from models.sessions import Database
from models.ticket import MissedCall, Ticket
from models.vocabulary import Agreement, CallbackState, Channel, Language, Option, Role, TicketState
from tests.web.desk import PASSWORD, Desk

WAITING = 5_000
COMPANIES = 500
ALONE = 10
MISSED = 20_000
"""Calls that were missed and dealt with in some years."""

ROUNDS = 15
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with 5,000 waiting, one in ten of them unknown, and 20 agents."""
    template, path = tmp_path / "template.db", tmp_path / "ringback.db"
    migrate.upgrade(f"sqlite:///{template}")
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    desk = Desk(database)
    desk.open()
    desk.person("Els Wouters", Role.SUPERVISOR)
    for n in range(20):
        desk.person(f"Agent{n} Peeters", phone=f"+324860000{n:02}")
    _fill(desk)
    yield desk
    database.close()


def _fill(desk: Desk) -> None:
    now, everybody = desk.clock.now(), range(1, WAITING + 1)
    companies = range(1, COMPANIES + 1)
    with desk.database.write() as session:
        agreements = list(Agreement)
        session.execute(
            insert(Customer),
            [{"id": n, "name": f"Bakkerij Nummer {n}", "agreement": agreements[n % 3]} for n in companies],
        )
        people = [{"id": n, "customer_id": n, "name": f"Lien {n}", "language": Language.NL} for n in companies]
        session.execute(insert(Contact), people)
        session.execute(insert(ContactNumber), [{"contact_id": n, "number": f"+3247{n:07}"} for n in companies])
        ticket = {"state": TicketState.OPEN, "channel": Channel.HOTLINE, "language": Language.NL, "opened_at": now}
        whose = {n: n % COMPANIES + 1 if n % ALONE else None for n in everybody}
        session.execute(
            insert(Ticket),
            [
                {"id": n, "number": 10_000 + n, "option": Option(n % 2 + 1), "subject": "Hotline", **ticket}
                | {"customer_id": whose[n], "contact_id": whose[n]}
                for n in everybody
            ],
        )
        callback = {"state": CallbackState.WAITING, "language": Language.NL, "arrived_at": now}
        promised = {"promise_from": now - HOUR, "promise_to": now - MINUTE}
        session.execute(
            insert(Callback),
            [
                {"id": n, "ticket_id": n, "option": Option(n % 2 + 1), "number": f"+3247{n:07}", "rank": n}
                | callback
                | promised
                for n in everybody
            ],
        )
        given = {"starts": now, "ends": now, "given_at": now, "told": False}
        session.execute(insert(Promise), [{"callback_id": n, **given} for n in everybody])
        handled = {"language": Language.NL, "at": now, "handled_at": now, "handled_by": "Els"}
        session.execute(insert(MissedCall), [{"call_sid": f"CA{n:032}", **handled} for n in range(MISSED)])


def signed_in(desk: Desk) -> FlaskClient:
    browser = desk.app().test_client()
    secret = signing_in.sign_in(desk.services(), "els@accel.example", PASSWORD)
    assert secret is not None
    browser.set_cookie("ringback_signed_in", secret)
    return browser


def milliseconds(question: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        question()
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def test_the_schedule_with_thousands_waiting(desk: Desk) -> None:
    browser = signed_in(desk)
    tag = browser.get("/schedule/live").headers["ETag"]
    pages = {
        "the whole page": "/schedule",
        "its middle": "/schedule/live",
        "page 100": "/schedule?page=100",
        "a ticket": "/schedule?q=14711",
        "a number": "/schedule?q=0470 00 47 11",
        "a name of many": "/schedule?q=bakkerij",
        "a name of nobody": "/schedule?q=slagerij zebra",
        "late ones of one agreement": "/schedule?late=1&agreement=managed",
    }
    print(f"\n| {WAITING} waiting | ms |\n|---|---|")
    for name, path in pages.items():
        assert browser.get(path).status_code == 200
        print(f"| {name} | {milliseconds(lambda path=path: browser.get(path)):.1f} |")
    poll = milliseconds(lambda: browser.get("/schedule/live", headers={"If-None-Match": tag}))
    assert browser.get("/schedule/live", headers={"If-None-Match": tag}).status_code == 304
    print(f"| an unchanged poll | {poll:.1f} |")
