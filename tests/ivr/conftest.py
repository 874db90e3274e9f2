"""A desk with real texts and a real database behind the real door, and callers who only hear and press."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from callbacks.ports import HouseRules, Services, Webhooks
from ivr.blueprint import voice
from models.agent import Agent
from models.callback import Callback, CallLeg
from models.customer import Contact, ContactNumber, Customer
from models.outbox import OutboxMail
from models.sessions import Database
from models.ticket import MissedCall, Ticket
from models.vocabulary import AgentState, Agreement, Language, Role
from tests.recordings_stand_in import KeptRecordings
from tests.set_clock import SetClock
from tests.stand_ins import TEXTS

BASE = "https://desk.example"
ACCOUNT = "AC" + "a" * 32
TOKEN = "primary-token"
NEXT = "next-token"
TUESDAY_TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOBILE = "+32470123456"
VOICES = {
    Language.NL: ("nl-BE", "Polly.Lisa-Neural"),
    Language.FR: ("fr-BE", "Polly.Isabelle-Neural"),
    Language.EN: ("en-GB", "Polly.Amy-Neural"),
}


@dataclass
class ListeningBell:
    """Writes down who was woken."""

    rung: list[str] = field(default_factory=list)

    def ring(self, queue: str, item: int | None = None) -> None:
        assert item is None
        self.rung.append(queue)

    def wake_clock(self) -> None:
        self.rung.append("clock")

    def ping(self) -> bool:
        return True


@dataclass
class Breakable:
    """The real database, until it is broken: then every use of it fails, and is counted."""

    inner: Database
    fails: str = ""
    asked: int = 0
    first: str = ""  # a statement to begin each writing transaction with

    @contextmanager
    def write(self) -> Iterator[Session]:
        self._fail("write")
        with self.inner.write() as session:
            if self.first:
                session.execute(text(self.first))
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        self._fail("read")
        with self.inner.read() as session:
            yield session

    def _fail(self, kind: str) -> None:
        self.asked += 1
        if self.fails in {kind, "both"}:
            statement = f"INSERT INTO call_leg VALUES ('{MOBILE}')"
            raise OperationalError(statement, {}, Exception("server closed the connection"))


def signature(path: str, form: dict[str, str], token: str = TOKEN) -> str:
    """Sign as the telephone provider does."""
    return str(RequestValidator(token).compute_signature(BASE + path, form))


@dataclass
class Caller:
    """Somebody on the telephone: hears documents, presses keys, hangs up."""

    client: FlaskClient
    number: str
    sid: str
    answer: TestResponse | None = None

    def dials_in(self) -> "Caller":
        return self.asks("/voice/incoming")

    def asks(self, url: str, **extra: str) -> "Caller":
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        form = {"CallSid": self.sid, "AccountSid": ACCOUNT, "From": self.number, "To": "+3234603535", **extra}
        self.answer = self.client.post(path, data=form, headers={"X-Twilio-Signature": signature(path, form)})
        assert self.answer.status_code == 200, self.answer.status
        return self

    def presses(self, keys: str) -> "Caller":
        return self.asks(self.gather.get("action", ""), Digits=keys)

    def is_silent(self) -> "Caller":
        return self.presses("")

    def goes_on(self) -> "Caller":
        """Follow the document's last redirect."""
        return self.asks(str(self.document.findall("Redirect")[-1].text).strip())

    def hangs_up(self, **extra: str) -> "Caller":
        return self.asks(
            "/voice/status/inbound", CallStatus="completed", CallDuration="12", SequenceNumber="3", **extra
        )

    @property
    def document(self) -> ET.Element:
        assert self.answer is not None
        assert self.answer.content_type == "text/xml; charset=utf-8"
        return ET.fromstring(self.answer.data)

    @property
    def gather(self) -> ET.Element:
        found = self.document.find("Gather")
        assert found is not None, self.heard
        return found

    @property
    def heard(self) -> str:
        return " ".join(str(say.text) for say in self.document.iter("Say"))

    @property
    def voices(self) -> list[str]:
        return [say.get("voice", "") for say in self.document.iter("Say")]


@pytest.fixture
def clock() -> SetClock:
    """Tuesday at ten, in a window."""
    return SetClock(TUESDAY_TEN)


@pytest.fixture
def bell() -> ListeningBell:
    """Nobody woken yet."""
    return ListeningBell()


@pytest.fixture
def line_to_database(database: Database) -> Breakable:
    """The database as the handlers get it, to be broken in the middle of a call."""
    return Breakable(database)


@pytest.fixture
def services(line_to_database: Breakable, clock: SetClock, bell: ListeningBell) -> Services:
    """The desk; telephone and mail server must not be touched by what a caller hears."""
    nobody: Any = SimpleNamespace()
    webhooks = Webhooks(BASE, ACCOUNT, (TOKEN, NEXT), VOICES)
    return Services(clock, line_to_database, bell, nobody, KeptRecordings(), nobody, TEXTS, HouseRules(), webhooks)


@pytest.fixture
def client(services: Services) -> FlaskClient:
    """The web application with nothing but the voice webhooks."""
    app = Flask("ringback-ears")
    app.register_blueprint(voice(services))
    return app.test_client()


@pytest.fixture
def caller(client: FlaskClient) -> Callable[..., Caller]:
    """Make callers; each call has its own SID."""
    numbers = count(1)
    return lambda number=MOBILE: Caller(client, number, f"CA{next(numbers):032x}")


@pytest.fixture
def people(database: Database, clock: SetClock) -> None:
    """A managed bakery with one French-speaking contact, two people behind one switchboard, and an agent."""
    with database.write() as session:
        bakery = Customer(name="Boulangerie Peeters", agreement=Agreement.MANAGED)
        garage = Customer(name="Garage Maes", agreement=Agreement.HOURS_BUNDLE)
        session.add_all([bakery, garage])
        session.flush()
        luc = Contact(customer_id=bakery.id, name="Luc", email="luc@peeters.example", language=Language.FR)
        an = Contact(customer_id=garage.id, name="An", email="an@maes.example", language=Language.NL)
        bo = Contact(customer_id=garage.id, name="Bo", email=None, language=Language.NL)
        session.add_all([luc, an, bo])
        session.flush()
        session.add_all(
            [
                ContactNumber(contact_id=luc.id, number="+32475111111"),
                ContactNumber(contact_id=an.id, number="+3233445566"),
                ContactNumber(contact_id=bo.id, number="+3233445566"),
                ContactNumber(contact_id=luc.id, number="+3225550000"),
                ContactNumber(contact_id=an.id, number="+3225550000"),
            ],
        )
        session.add(
            Agent(
                name="Els",
                phone="+32486999999",
                email="els@desk.example",
                role=Role.AGENT,
                languages="nl",
                password_hash="-",
                state=AgentState.FREE,
                state_since=clock.now(),
            ),
        )


@dataclass
class Kept:
    """What the database holds, to be looked at from outside."""

    database: Database

    def __call__(self, table: type[Any]) -> list[Any]:
        with self.database.read() as session:
            rows = list(session.scalars(select(table).order_by(*inspect(table).primary_key)))
            session.expunge_all()  # or the rollback would empty them
        return rows

    @property
    def callback(self) -> Callback:
        """The only call-back there is."""
        (only,) = self(Callback)
        return only  # type: ignore[no-any-return]

    @property
    def ticket(self) -> Ticket:
        """The only ticket there is."""
        (only,) = self(Ticket)
        return only  # type: ignore[no-any-return]

    def is_empty(self) -> bool:
        """Say whether nothing at all was written."""
        return not any(self(table) for table in (CallLeg, Callback, Ticket, MissedCall, OutboxMail))


@pytest.fixture
def kept(database: Database) -> Kept:
    """What the database holds."""
    return Kept(database)
