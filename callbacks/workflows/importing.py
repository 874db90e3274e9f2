"""Take customers and agents in from a CSV file: the whole file, or nothing of it with every mistake named."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from callbacks.passwords import SHORTEST_IN_FILE, hashed, verified
from callbacks.ports import HouseRules, Services
from callbacks.store import agents, people
from callbacks.store.accounts import BUSY
from callbacks.store.people import AgentEntry, ContactEntry, KnownAgent
from callbacks.store.transitions import Cause
from callbacks.workflows import csv_cells
from callbacks.workflows.csv_rows import Mistakes, Row, read_rows
from models.vocabulary import AgentState, Agreement, Language, Role

CUSTOMER_COLUMNS = ("company", "agreement", "contact", "phone", "email", "language")
AGENT_COLUMNS = ("name", "phone", "email", "role", "languages", "password")


@dataclass(frozen=True)
class Imported:
    """What an import did: rows in the file, and how many of them were new or changed something."""

    rows: int
    added: int
    changed: int


def import_customers(services: Services, path: Path) -> Imported:
    """Take in contacts and their companies. Raises FileRefused with every mistake; then nothing has changed.

    Known contacts are recognised by company and name and brought up to date; who is not in the file stays.
    """
    mistakes = Mistakes(path.name)
    rows = read_rows(path, CUSTOMER_COLUMNS, mistakes)
    with services.database.write() as session:
        entries = _contacts(rows, services.rules, agents.phones(session), mistakes)
        mistakes.refuse_if_any()
        changes = people.save_contacts(session, entries)
    return _told(services, Imported(len(rows), changes.added, changes.changed))


def import_agents(services: Services, path: Path) -> Imported:
    """Take in people of the desk. Raises FileRefused with every mistake; then nothing has changed.

    Known people are recognised by e-mail address, or else by name; who is not in the file stays. An empty password
    leaves the one they have.
    """
    mistakes = Mistakes(path.name)
    rows = read_rows(path, AGENT_COLUMNS, mistakes)
    with services.database.read() as session:
        seen = people.known_agents(session)
    # Hashing takes tens of milliseconds each, so no transaction is open meanwhile.
    hashes = {row.line: _new_hash(row, seen) for row in rows}
    now = services.clock.now()
    with services.database.write() as session:
        known = people.known_agents(session)
        entries = [agent_entry(row, services.rules, known, hashes[row.line], mistakes) for row in rows]
        taken = [(row.line, entry) for row, entry in zip(rows, entries, strict=True) if entry is not None]
        check_apart(session, taken, known, mistakes)
        mistakes.refuse_if_any()
        changes = people.save_agents(session, [entry for _, entry in taken], _cause(now, path))
    return _told(services, Imported(len(rows), changes.added, changes.changed))


def _told(services: Services, imported: Imported) -> Imported:
    if imported.added or imported.changed:
        services.bell.ring("dispatch")
        services.bell.wake_clock()
    return imported


def _cause(now: datetime, path: Path) -> Cause:
    return Cause(now, "import", f"imported from {path.name}")


def _contacts(
    rows: list[Row], rules: HouseRules, agent_numbers: Collection[str], mistakes: Mistakes
) -> list[ContactEntry]:
    entries: list[ContactEntry] = []
    agreements: dict[str, tuple[int, Agreement]] = {}
    names: dict[tuple[str, str], int] = {}
    for row in rows:
        company = csv_cells.name(row, "company", mistakes)
        name = csv_cells.name(row, "contact", mistakes)
        agreement = csv_cells.word(row, "agreement", Agreement, mistakes)
        language = csv_cells.word(row, "language", Language, mistakes, default=Language.NL)
        numbers = csv_cells.numbers(row, rules, agent_numbers, mistakes)
        email = csv_cells.email(row, mistakes, optional=True)
        if not company or not name or agreement is None or language is None:
            continue
        line, other = agreements.setdefault(company, (row.line, agreement))
        if other is not agreement:
            mistakes.add(row.line, f"{company} has agreement {other} on line {line} and {agreement} here")
        if (first := names.setdefault((company, name), row.line)) != row.line:
            mistakes.add(
                row.line, f"{name} of {company} is on line {first} already; put all numbers on one line, with ;"
            )
        entries.append(ContactEntry(company, agreement, name, numbers, email or None, language))
    return entries


def agent_entry(
    row: Row,
    rules: HouseRules,
    known: Collection[KnownAgent],
    new_hash: str | None,
    mistakes: Mistakes,
) -> AgentEntry | None:
    """Return a person of the desk as a row describes him, or None after noting why it does not."""
    name, email = csv_cells.name(row, "name", mistakes), csv_cells.email(row, mistakes, optional=False)
    role = csv_cells.word(row, "role", Role, mistakes)
    languages = csv_cells.languages(row, mistakes)
    phone = csv_cells.agent_phone(row, rules, role, mistakes)
    if not name or not email or role is None or languages is None:
        return None
    by_email = next((agent for agent in known if agent.email == email), None)
    by_name = next((agent for agent in known if agent.name == name), None)
    if by_email and by_name and by_email.id != by_name.id:
        mistakes.add(row.line, f"{name} has another e-mail address, and this one is that of {by_email.name}")
    who = by_email or by_name
    if who is None and new_hash is None and not row.cells["password"]:
        mistakes.add(row.line, f"{name} is new and needs a password")
    if 0 < len(row.cells["password"]) < SHORTEST_IN_FILE:
        mistakes.add(row.line, f"the password is shorter than {SHORTEST_IN_FILE} characters")
    if who and who.role is not role and who.state in BUSY:
        mistakes.add(row.line, f"{who.name} is in a call; his role cannot change before it is over")
    if who and phone is None and who.phone and who.state is not AgentState.OFF_DUTY:
        mistakes.add(row.line, f"{who.name} is on duty; take him off duty before taking his number away")
    return AgentEntry(name, phone, email, role, languages, who.id if who else None, new_hash)


def check_apart(
    session: Session,
    entries: list[tuple[int, AgentEntry]],
    known: Collection[KnownAgent],
    mistakes: Mistakes,
) -> None:
    """Find what two people share: a name, an address, a telephone, or a telephone with a customer."""
    customers = people.customer_numbers(session, [entry.phone for _, entry in entries if entry.phone])
    in_file = {entry.known_id for _, entry in entries}
    elsewhere = {agent.phone: agent.name for agent in known if agent.phone and agent.id not in in_file}
    for what in ("name", "email", "phone"):
        first: dict[str, int] = {}
        for line, entry in entries:
            value = getattr(entry, what)
            if value and first.setdefault(value, line) != line:
                mistakes.add(line, f"the same {what} is on line {first[value]} already")
    _check_supervised(entries, known, mistakes)
    ids: dict[int, int] = {}
    for line, entry in entries:
        if entry.known_id is not None and ids.setdefault(entry.known_id, line) != line:
            mistakes.add(line, f"{entry.name} is the person on line {ids[entry.known_id]} already")
        if entry.phone in customers:
            mistakes.add(line, "this is the number of a customer; agents need one of their own")
        if entry.phone in elsewhere:
            mistakes.add(line, f"this is the number of {elsewhere[entry.phone]}")


def _check_supervised(entries: list[tuple[int, AgentEntry]], known: Collection[KnownAgent], mistakes: Mistakes) -> None:
    """Find a file after which nobody could open the schedule any more."""
    before = {agent.id for agent in known if agent.role is Role.SUPERVISOR}
    demoted = {entry.known_id: line for line, entry in entries if entry.role is not Role.SUPERVISOR}
    added = any(entry.role is Role.SUPERVISOR for _, entry in entries)
    if before and not added and before <= demoted.keys():
        mistakes.add(max(demoted[each] for each in before), "the last supervisor cannot become an agent")


def _new_hash(row: Row, known: Collection[KnownAgent]) -> str | None:
    """Return the hash of a password that is new; None where it is empty or the one he has."""
    password, email = row.cells["password"], row.cells["email"].lower()
    if len(password) < SHORTEST_IN_FILE:
        return None
    who = next((agent for agent in known if agent.email == email), None)
    who = who or next((agent for agent in known if agent.name == csv_cells.folded(row.cells["name"])), None)
    return None if who is not None and verified(who.password_hash, password) else hashed(password, SHORTEST_IN_FILE)
