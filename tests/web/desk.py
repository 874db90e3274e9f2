"""A desk for the page tests: people, customers, and ways to put things on their desks."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules, Mailer, Phone, Services, Webhooks
from callbacks.rules.queue_order import HeadStarts, head_start, rank
from callbacks.store import missed_calls
from callbacks.store.hours import calendar, settle
from callbacks.store.transitions import Cause
from models.agent import Agent
from models.callback import Attempt, Callback
from models.customer import Contact, ContactNumber, Customer
from models.history import History
from models.sessions import Database
from models.ticket import MissedCall, Ticket
from models.vocabulary import (
    AgentState,
    Agreement,
    AttemptState,
    CallbackState,
    Channel,
    Language,
    Option,
    Role,
    Subject,
    TicketState,
)
from tests.recordings_stand_in import KeptRecordings
from tests.set_clock import MovedClock, SetClock
from tests.stand_ins import TEXTS
from tests.web.opened import Opened

TUESDAY = datetime(2026, 11, 24, 9, 40, 4, tzinfo=UTC)
"""10:40:04 in Brussels: the first window is open."""

PASSWORD = "klaproos-en-korenbloem"
# One round of the cheapest kind: what is tested is whether it is asked, not how long it takes.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

WEBHOOKS = Webhooks("http://127.0.0.1:8000", "AC" + "0" * 32, ("token",), {})


class Bell:
    """A bell whose Redis answers, until a test says otherwise."""

    answers = True

    def ring(self, queue: str) -> None:
        """Nobody listens."""

    def wake_clock(self) -> None:
        """Nobody sleeps."""

    def ping(self) -> bool:
        return self.answers


@dataclass
class Desk:
    """A database with people, and ways to put things on their desks."""

    database: Database
    clock: SetClock = field(default_factory=lambda: SetClock(TUESDAY))
    bell: Bell = field(default_factory=Bell)
    rules: HouseRules = field(default_factory=HouseRules)
    phone: Phone | None = None
    recordings: KeptRecordings = field(default_factory=KeptRecordings)
    numbers: int = 10_000
    opened: Opened = field(default_factory=Opened)

    def services(self) -> Services:
        return Services(
            clock=self.clock,
            database=self.database,
            bell=self.bell,
            phone=cast("Phone", self.phone),
            recordings=self.recordings,
            mailer=cast("Mailer", None),
            texts=TEXTS,
            rules=self.rules,
            webhooks=WEBHOOKS,
        )

    def app(self, public_base_url: str = "http://127.0.0.1:8000", demo: str = "") -> Flask:
        return self.opened.app(self.services(), self.database.url, public_base_url, demo)

    def demo(self) -> Flask:
        """The application of a demo, whose clock can be moved."""
        self.clock = MovedClock(self.clock.at)
        return self.app(demo="true")

    def open(self) -> None:
        """Take the hours into force, as every start does."""
        with self.database.write() as session:
            settle(session, self.rules, self.clock.now())

    def person(self, name: str, role: Role = Role.AGENT, state: AgentState = AgentState.FREE, **columns: Any) -> int:
        with self.database.write() as session:
            first = name.split(maxsplit=1)[0].lower()
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

    def promise(
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

    def attempt(
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
            missed_calls.tell(session, missed_calls.Told.MISSED, Cause(at, "telephone", sid))


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
