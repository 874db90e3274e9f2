"""A desk for the page tests: people, customers, and a Tuesday morning with everything a schedule can show."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session

import callbacks
from callbacks.ports import HouseRules, Mailer, Phone, Services, Webhooks
from callbacks.rules.queue_order import HeadStarts, head_start, rank
from callbacks.store.hours import calendar, settle
from models.agent import Agent
from models.callback import Attempt, Callback
from models.customer import Contact, ContactNumber, Customer
from models.history import History
from models.sessions import Database
from models.ticket import MissedCall, Ticket
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    Agreement,
    AttemptState,
    CallbackState,
    Channel,
    CustomerOutcome,
    Language,
    Option,
    Role,
    Subject,
    TalkOutcome,
    TicketState,
)
from web.app import create_app

TUESDAY = datetime(2026, 11, 24, 9, 40, 4, tzinfo=UTC)
"""10:40:04 in Brussels: the first window is open."""

PASSWORD = "klaproos-en-korenbloem"
# One round of the cheapest kind: what is tested is whether it is asked, not how long it takes.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class Catalogs:
    """The texts as they stand in the catalogs."""

    def __init__(self) -> None:
        folder = Path(str(callbacks.__file__)).parent / "catalogs"
        entry = re.compile(r'^msgid "(\w+)"\nmsgstr "(.*)"$', re.MULTILINE)
        self.texts = {each: dict(entry.findall((folder / each / "web.po").read_text())) for each in Language}

    def text(self, language: Language, key: str, **values: object) -> str:
        return str(self.texts[language][key]).replace('\\"', '"').format(**values)


class SettableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = TUESDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Bell:
    """A bell whose Redis answers, until a test says otherwise."""

    answers = True

    def ring(self, queue: str, item: int | None = None) -> None:
        """Nobody listens."""

    def wake_clock(self) -> None:
        """Nobody sleeps."""

    def ping(self) -> bool:
        return self.answers


@dataclass(frozen=True)
class Plain:
    """A secret setting."""

    value: str

    def get_secret_value(self) -> str:
        return self.value


@dataclass(frozen=True)
class Settings:
    """What the web process reads."""

    database_url: str
    public_base_url: str = "http://127.0.0.1:8000"
    secret_key: Plain = Plain("a key for tests only")


@dataclass
class Desk:
    """A database with people, and ways to put things on their desks."""

    database: Database
    clock: SettableClock = field(default_factory=SettableClock)
    bell: Bell = field(default_factory=Bell)
    rules: HouseRules = field(default_factory=HouseRules)
    numbers: int = 10_000

    def services(self) -> Services:
        return Services(
            clock=self.clock,
            database=self.database,
            bell=self.bell,
            phone=cast("Phone", None),
            mailer=cast("Mailer", None),
            texts=Catalogs(),
            rules=self.rules,
            webhooks=Webhooks("http://127.0.0.1:8000", "AC" + "0" * 32, ("token",), {}),
        )

    def app(self, public_base_url: str = "http://127.0.0.1:8000") -> Flask:
        return create_app(self.services(), Settings(self.database.url, public_base_url))

    def open(self) -> None:
        """Take the hours into force, as every start does."""
        with self.database.write() as session:
            settle(session, self.rules, self.clock.now())

    def person(self, name: str, role: Role = Role.AGENT, state: AgentState = AgentState.FREE, **columns: Any) -> int:
        with self.database.write() as session:
            first = name.split()[0].lower()
            row = Agent(
                name=name,
                email=f"{first}@accel.example",
                role=role,
                password_hash=_HASH,
                state=state,
                state_since=self.clock.now() - timedelta(minutes=12),
                **{"languages": "nl,fr", **columns},
            )
            session.add(row)
            session.flush()
            return row.id

    def customer(self, name: str, agreement: Agreement, contact: str, number: str) -> tuple[int, int]:
        with self.database.write() as session:
            company = Customer(name=name, agreement=agreement)
            session.add(company)
            session.flush()
            who = Contact(customer_id=company.id, name=contact, email=None, language=Language.NL)
            session.add(who)
            session.flush()
            session.add(ContactNumber(contact_id=who.id, number=number))
            return company.id, who.id

    def promise(  # noqa: PLR0913 - a call-back has these
        self,
        customer: tuple[int, int] | None,
        number: str | None,
        minutes_ago: float,
        option: Option = Option.QUESTION,
        state: CallbackState = CallbackState.WAITING,
        **columns: Any,
    ) -> int:
        arrived = self.clock.now() - timedelta(minutes=minutes_ago)
        self.numbers += 1
        with self.database.write() as session:
            agreement = None
            if customer is not None and (company := session.get(Customer, customer[0])) is not None:
                agreement = company.agreement
            ticket = Ticket(
                number=self.numbers,
                state=columns.pop("ticket_state", TicketState.OPEN),
                channel=Channel.HOTLINE,
                option=option,
                customer_id=customer and customer[0],
                contact_id=customer and customer[1],
                language=Language.NL,
                subject="Hotline",
                opened_at=arrived,
            )
            session.add(ticket)
            session.flush()
            opened = calendar(session, self.rules).open_seconds_at(arrived)
            row = Callback(
                ticket_id=ticket.id,
                state=state,
                option=option,
                language=Language.NL,
                number=number,
                arrived_at=arrived,
                rank=rank(opened, head_start(option, agreement, HeadStarts())),
                **columns,
            )
            session.add(row)
            session.flush()
            _remember(session, row.id, state, arrived)
            return row.id

    def attempt(  # noqa: PLR0913 - as above
        self,
        callback_id: int,
        agent_id: int,
        minutes_ago: float,
        state: AttemptState,
        since_minutes: float | None = None,
        **columns: Any,
    ) -> int:
        at = self.clock.now() - timedelta(minutes=minutes_ago)
        since = self.clock.now() - timedelta(minutes=minutes_ago if since_minutes is None else since_minutes)
        with self.database.write() as session:
            callback = session.get_one(Callback, callback_id)
            row = Attempt(
                callback_id=callback_id,
                n=columns.pop("n", 1),
                fence=1,
                state=state,
                state_since=since,
                agent_id=agent_id,
                agent_phone=f"+3247000{agent_id:04}",
                customer_number=callback.number or "",
                reserved_at=at,
                ring_at=at,
                lease_until=at + timedelta(seconds=45),
                **columns,
            )
            session.add(row)
            session.flush()
            return row.id

    def missed(self, minutes_ago: float, number: str | None) -> None:
        at = self.clock.now() - timedelta(minutes=minutes_ago)
        with self.database.write() as session:
            sid = f"CA{int(at.timestamp() * 1000):032x}"
            session.add(MissedCall(call_sid=sid, number=number, language=Language.NL, at=at))


def _remember(session: Session, callback_id: int, state: CallbackState, at: datetime) -> None:
    session.add(
        History(
            at=at,
            subject=Subject.CALLBACK,
            subject_id=callback_id,
            callback_id=callback_id,
            new_state=str(state),
            who="test",
            why="test",
        ),
    )


def busy_tuesday(desk: Desk) -> None:
    """Put a busy morning on the desk: twelve waiting, three running, some done, one for a person to decide."""
    desk.open()
    desk.person("Els Wouters", Role.SUPERVISOR, AgentState.OFF_DUTY)
    ann, bram, cem, dora, emma = (
        desk.person("Ann De Smet", state=AgentState.ON_CALL),
        desk.person("Bram Claes", state=AgentState.ON_CALL),
        desk.person("Cem Yilmaz", state=AgentState.RESERVED, languages="nl,en"),
        desk.person("Dora Lambert", state=AgentState.FREE, languages="fr,nl"),
        desk.person("Emma Goossens", state=AgentState.BREAK, languages="nl"),
    )
    desk.person("Farid Benali", state=AgentState.PAUSED, languages="fr,nl,en")
    known = [
        desk.customer(name, agreement, contact, f"+3247{n}123456")
        for n, (name, agreement, contact) in enumerate(
            (
                ("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters"),
                ("Garage Vandamme & Zonen", Agreement.HOURS_BUNDLE, "Koen Vandamme"),
                ("Notariaat Leclercq", Agreement.MANAGED, "Sophie Leclercq"),
                ("Tandartspraktijk De Kies", Agreement.TIME_AND_MATERIALS, "Pieter Maes"),
                ("Bouwwerken Hendrickx", Agreement.TIME_AND_MATERIALS, "Jan Hendrickx"),
                ("Drukkerij Sint-Joris", Agreement.MANAGED, "Greet Aerts"),
                ("Apotheek Centrum", Agreement.HOURS_BUNDLE, "Nadia El Amrani"),
                ("Transport Willems International Logistics", Agreement.MANAGED, "Dirk Willems"),
            ),
        )
    ]
    number = iter(f"+32470{n}{n}" for n in range(111, 999, 7))
    for who, minutes, option in (
        (0, 4, Option.OUTAGE), (1, 55, Option.OUTAGE), (2, 70, Option.QUESTION), (3, 66, Option.QUESTION),
        (4, 61, Option.QUESTION), (5, 12, Option.OUTAGE), (6, 48, Option.QUESTION), (None, 39, Option.QUESTION),
        (None, 22, Option.OUTAGE), (3, 18, Option.QUESTION), (7, 9, Option.QUESTION), (1, 2, Option.QUESTION),
    ):  # fmt: skip
        desk.promise(None if who is None else known[who], next(number), minutes, option)
    tried = desk.promise(known[6], next(number), 1100, tries=1)
    desk.attempt(
        tried, dora, 75, AttemptState.ENDED, agent_outcome=AgentOutcome.ACCEPTED, customer_outcome=CustomerOutcome.BUSY,
    )  # fmt: skip
    for who, agent, minutes, state, since in (
        (5, ann, 9, AttemptState.BRIDGED, 7.5),
        (7, bram, 2, AttemptState.CUSTOMER_RINGING, 0.2),
        (2, cem, 0.4, AttemptState.AGENT_RINGING, 0.1),
    ):
        moving = CallbackState.PREPARING if state is AttemptState.AGENT_RINGING else CallbackState.ACTIVE
        row = desk.promise(known[who], next(number), minutes + 20, Option.OUTAGE, moving)
        desk.attempt(row, agent, minutes, state, since)
    for who, agent, minutes, seconds, outcome in (
        (0, ann, 98, 425, TalkOutcome.SOLVED),
        (3, bram, 91, 1260, TalkOutcome.VISIT),
        (4, dora, 52, 95, TalkOutcome.SOLVED),
        (1, ann, 40, 610, TalkOutcome.UNSTATED),
    ):
        row = desk.promise(
            known[who], next(number), minutes + 30, state=CallbackState.DONE, outcome=outcome, closed_at=desk.clock.now(),
        )  # fmt: skip
        desk.attempt(
            row, agent, minutes, AttemptState.ENDED, talk_seconds=seconds,
            agent_outcome=AgentOutcome.ACCEPTED, customer_outcome=CustomerOutcome.BRIDGED,
        )  # fmt: skip
    resting = desk.promise(
        known[4], next(number), 80, state=CallbackState.RESTING, tries=1, not_before=desk.clock.now() + timedelta(minutes=14),
    )  # fmt: skip
    desk.attempt(
        resting, emma, 16, AttemptState.ENDED, agent_outcome=AgentOutcome.ACCEPTED, customer_outcome=CustomerOutcome.NO_ANSWER,
    )  # fmt: skip
    desk.promise(None, None, 33, state=CallbackState.NEEDS_HUMAN, why="no number that may be dialled")
    desk.promise(known[6], next(number), 0.3, state=CallbackState.HELD)
    desk.missed(64, "+3234871122")
    desk.missed(21, "+32470123456")
