"""Customers, their contacts and the people of the desk, as an import brings them. Nothing is ever deleted by one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from callbacks.store.transitions import Cause, note, record_birth
from models.agent import Agent, SigninSession
from models.customer import Contact, ContactNumber, Customer
from models.vocabulary import AgentState, Agreement, Language, Role, Subject


@dataclass(frozen=True)
class ContactEntry:
    """One contact of a company as imported; numbers are E.164."""

    company: str
    agreement: Agreement
    name: str
    numbers: tuple[str, ...]
    email: str | None
    language: Language


@dataclass(frozen=True)
class AgentEntry:
    """One person of the desk as imported; `known_id` is who he is already, `new_hash` a password that changes."""

    name: str
    phone: str | None
    email: str
    role: Role
    languages: str
    known_id: int | None
    new_hash: str | None


@dataclass(frozen=True)
class KnownAgent:
    """A person of the desk as stored."""

    id: int
    name: str
    email: str
    phone: str | None
    state: AgentState
    password_hash: str
    role: Role


@dataclass(frozen=True)
class Changes:
    """How many rows an import added and changed."""

    added: int
    changed: int


def customer_numbers(session: Session, among: Collection[str]) -> frozenset[str]:
    """Return those of the numbers that belong to a contact of a customer."""
    return frozenset(session.scalars(select(ContactNumber.number).where(ContactNumber.number.in_(among))))


def known_agents(session: Session) -> list[KnownAgent]:
    """Return everybody of the desk, in the order they came."""
    rows = session.scalars(select(Agent).order_by(Agent.id))
    return [KnownAgent(row.id, row.name, row.email, row.phone, row.state, row.password_hash, row.role) for row in rows]


def name_of(session: Session, agent_id: int) -> str:
    """Return the name of a person of the desk."""
    return session.get_one(Agent, agent_id).name


def save_contacts(session: Session, entries: Iterable[ContactEntry]) -> Changes:
    """Add contacts and companies that are new, and bring known ones up to date; a contact's numbers are replaced."""
    added = changed = 0
    customers = {customer.name: customer for customer in session.scalars(select(Customer))}
    contacts = {(contact.customer_id, contact.name): contact for contact in session.scalars(select(Contact))}
    numbers: dict[int, set[str]] = {}
    for row in session.scalars(select(ContactNumber)):
        numbers.setdefault(row.contact_id, set()).add(row.number)
    for entry in entries:
        customer = customers.get(entry.company)
        if customer is None:
            customer = customers[entry.company] = Customer(name=entry.company, agreement=entry.agreement)
            session.add(customer)
            session.flush()
        company_changed = _update(customer, {"agreement": entry.agreement})
        contact = contacts.get((customer.id, entry.name))
        if contact is None:
            contact = Contact(customer_id=customer.id, name=entry.name, email=entry.email, language=entry.language)
            session.add(contact)
            session.flush()
            _set_numbers(session, contact.id, entry.numbers, set())
            added += 1
            continue
        details_changed = _update(contact, {"email": entry.email, "language": entry.language})
        numbers_changed = _set_numbers(session, contact.id, entry.numbers, numbers.get(contact.id, set()))
        changed += bool(company_changed or details_changed or numbers_changed)
    session.flush()
    return Changes(added, changed)


def save_agents(session: Session, entries: Collection[AgentEntry], cause: Cause) -> Changes:
    """Add people who are new and bring known ones up to date, each with a row in the history.

    A new agent is on duty at once, a new supervisor is not. A changed password or role signs its owner out everywhere.
    """
    known = {agent.id: agent for agent in session.scalars(select(Agent))}
    differing = {entry: _differences(known[entry.known_id], entry) for entry in entries if entry.known_id is not None}
    # Two people may swap telephones in one file: all numbers that change are let go before any is taken.
    for entry, names in differing.items():
        if "phone" in names and entry.known_id is not None:
            known[entry.known_id].phone = None
    session.flush()
    for entry in entries:
        if entry.known_id is None:
            _add_agent(session, entry, cause)
        elif differing[entry]:
            _change_agent(session, known[entry.known_id], entry, differing[entry], cause)
    session.flush()
    return Changes(len(entries) - len(differing), sum(1 for names in differing.values() if names))


def _differences(agent: Agent, entry: AgentEntry) -> list[str]:
    names = [
        name for name in ("name", "phone", "email", "role", "languages") if getattr(agent, name) != getattr(entry, name)
    ]
    return names if entry.new_hash is None else [*names, "password"]


def _change_agent(session: Session, agent: Agent, entry: AgentEntry, names: list[str], cause: Cause) -> None:
    for name in names:
        if name != "password":
            setattr(agent, name, getattr(entry, name))
    if entry.new_hash is not None:
        agent.password_hash = entry.new_hash
    if {"password", "role"} & set(names):
        session.execute(delete(SigninSession).where(SigninSession.agent_id == agent.id))
    session.flush()
    note(
        session,
        Subject.AGENT,
        agent.id,
        agent.state,
        Cause(cause.at, cause.who, f"{cause.why}: new {', '.join(names)}"),
    )


def _add_agent(session: Session, entry: AgentEntry, cause: Cause) -> None:
    state = AgentState.FREE if entry.role is Role.AGENT else AgentState.OFF_DUTY
    agent = Agent(
        name=entry.name,
        phone=entry.phone,
        email=entry.email,
        role=entry.role,
        languages=entry.languages,
        password_hash=entry.new_hash or "",
        state=state,
        state_since=cause.at,
    )
    session.add(agent)
    session.flush()
    record_birth(session, Subject.AGENT, agent.id, state, cause)


def _update(row: Customer | Contact, wanted: Mapping[str, object]) -> list[str]:
    """Set what differs, and return the names of it."""
    different = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, wanted[name])
    return different


def _set_numbers(session: Session, contact_id: int, wanted: Collection[str], known: set[str]) -> bool:
    for number in wanted:
        if number not in known:
            session.add(ContactNumber(contact_id=contact_id, number=number))
    if gone := known - set(wanted):
        session.execute(
            delete(ContactNumber).where(ContactNumber.contact_id == contact_id, ContactNumber.number.in_(gone)),
        )
    return known != set(wanted)
