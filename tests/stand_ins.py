"""Stand-ins for the outside world that record what they are asked, and rows to begin a test with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import Database, HouseRules, LegReport, Mail, Mailer, NewCall, Services, Webhooks
from callbacks.texts import Catalogs
from models.agent import Agent
from models.callback import Callback
from models.customer import Contact, ContactNumber, Customer
from models.ticket import Ticket
from models.vocabulary import (
    AgentState,
    Agreement,
    CallbackState,
    Channel,
    Language,
    Option,
    Role,
    TicketState,
)
from tests.recordings_stand_in import KeptRecordings
from tests.set_clock import SetClock

TEXTS = Catalogs()
"""Read once a test process: nobody changes them, and reading them takes longer than most tests."""


@dataclass
class RecordingBell:
    """Keeps what was rung."""

    rung: list[str] = field(default_factory=list)
    clock_woken: int = 0

    def ring(self, queue: str) -> None:
        """Keep it."""
        self.rung.append(queue)

    def wake_clock(self) -> None:
        """Count it."""
        self.clock_woken += 1

    def ping(self) -> bool:
        """Say that it can be rung."""
        return True


@dataclass
class RecordingMailer:
    """Takes mails; before that raises the errors it was given, one a mail."""

    troubles: list[Exception] = field(default_factory=list)
    taken: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        """Take or refuse a mail."""
        if self.troubles:
            raise self.troubles.pop(0)
        self.taken.append(mail)


class NoPhone:
    """A telephone that must stay silent: every use fails the test."""

    def place(self, call: NewCall) -> str:
        """Fail."""
        raise UnexpectedCall(str(call))

    def fetch(self, call_sid: str) -> LegReport:
        """Fail."""
        raise UnexpectedCall(call_sid)

    def calls_to(self, number: str, sender: str) -> list[LegReport]:
        """Fail."""
        raise UnexpectedCall(number + sender)

    def children_of(self, call_sid: str) -> list[LegReport]:
        """Fail."""
        raise UnexpectedCall(call_sid)

    def hang_up(self, call_sid: str) -> None:
        """Fail."""
        raise UnexpectedCall(call_sid)

    def recording(self, recording_sid: str) -> bytes:
        """Fail."""
        raise UnexpectedCall(recording_sid)

    def delete_recording(self, recording_sid: str, kept_for: timedelta) -> bool:
        """Fail."""
        raise UnexpectedCall(recording_sid, kept_for)


class UnexpectedCall(RingbackError):
    """The telephone was used where it should have stayed silent."""


def services_with(
    database: Database, clock: SetClock, mailer: Mailer | None = None, rules: HouseRules | None = None
) -> Services:
    """Return services on a real database, with stand-ins for all that leaves the machine."""
    return Services(
        clock=clock,
        database=database,
        bell=RecordingBell(),
        phone=NoPhone(),
        recordings=KeptRecordings(),
        mailer=mailer or RecordingMailer(),
        texts=TEXTS,
        rules=rules or HouseRules(),
        webhooks=Webhooks("https://desk.accel.test", "AC" + "0" * 32, ("secret",), {}),
    )


def add_contact(
    session: Session,
    *,
    company: str = "Bakkerij Peeters",
    name: str = "An Peeters",
    email: str | None = "an@peeters.test",
    phone: str = "+32470111111",
    language: Language = Language.NL,
    agreement: Agreement = Agreement.MANAGED,
) -> Contact:
    """Add a customer with one contact."""
    customer = Customer(name=company, agreement=agreement)
    session.add(customer)
    session.flush()
    contact = Contact(customer_id=customer.id, name=name, email=email, language=language)
    session.add(contact)
    session.flush()
    session.add(ContactNumber(contact_id=contact.id, number=phone))
    session.flush()
    return contact


def add_ticket(
    session: Session,
    now: datetime,
    *,
    number: int = 10001,
    contact: Contact | None = None,
    option: Option = Option.OUTAGE,
    language: Language = Language.NL,
    subject: str = "",
) -> Ticket:
    """Add an open ticket."""
    ticket = Ticket(
        number=number,
        state=TicketState.OPEN,
        channel=Channel.HOTLINE,
        option=option,
        customer_id=contact.customer_id if contact else None,
        contact_id=contact.id if contact else None,
        language=language,
        subject=subject,
        opened_at=now,
    )
    session.add(ticket)
    session.flush()
    return ticket


def add_callback(
    session: Session,
    now: datetime,
    ticket: Ticket,
    *,
    state: CallbackState = CallbackState.WAITING,
    rank: int = 0,
    number: str | None = "+32470111111",
    promise: tuple[datetime, datetime] | None = None,
    not_before: datetime | None = None,
) -> Callback:
    """Add a call-back for a ticket."""
    callback = Callback(
        ticket_id=ticket.id,
        state=state,
        option=ticket.option,
        language=ticket.language,
        number=number,
        arrived_at=now,
        rank=rank,
        promise_from=promise[0] if promise else None,
        promise_to=promise[1] if promise else None,
        not_before=not_before,
    )
    session.add(callback)
    session.flush()
    return callback


def add_agent(
    session: Session,
    now: datetime,
    *,
    name: str = "Bart",
    phone: str | None = "+32470000001",
    state: AgentState = AgentState.FREE,
    role: Role = Role.AGENT,
    missed_in_a_row: int = 0,
) -> Agent:
    """Add a person of the desk."""
    agent = Agent(
        name=name,
        phone=phone,
        email=f"{name.lower()}@accel.test",
        role=role,
        languages="nl,fr",
        password_hash="none",
        state=state,
        state_since=now,
        missed_in_a_row=missed_in_a_row,
    )
    session.add(agent)
    session.flush()
    return agent
