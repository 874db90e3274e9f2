"""The desk of a journey: its clock, its people, what the service knows of them, and what must not happen there."""

import csv
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from callbacks.ports import Movable
from callbacks.workflows import duty, importing, moving_time
from models.vocabulary import AttemptState
from tests.journeys.phones import Person
from tests.journeys.records import Records
from tests.journeys.stack import Stack
from tests.journeys.watching import Watcher, until

BRUSSELS = ZoneInfo("Europe/Brussels")
CUSTOMER_COLUMNS = ("company", "agreement", "contact", "phone", "email", "language")
AGENT_COLUMNS = ("name", "phone", "email", "role", "languages", "password")
UNDER_WAY = frozenset({AttemptState.RESERVED, AttemptState.SENDING, AttemptState.UNKNOWN})

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Moved:
    """The clocks were set to `instant`, at some moment between two readings of the machine's monotonic clock."""

    began: float
    done: float
    instant: datetime


@dataclass
class Desk(Records):
    """Begins on an ordinary Tuesday at ten, with nobody there."""

    first_entry: int
    first_log: int
    people: list[Person] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    closures: list[tuple[datetime, datetime]] = field(default_factory=list)
    trouble_expected: bool = False
    """Something is broken on purpose: warnings, unanswered requests and spoken errors are no mistake by themselves."""
    faults: dict[int, str] = field(default_factory=dict)
    extra_legs: int = 0
    """Legs that no attempt wants and that the story accounts for: requests sent by somebody given up for dead."""

    def __post_init__(self) -> None:
        """Begin."""
        self.watcher = Watcher(self.stack.services)
        self._harmed_before = self.stack.harmed
        self.stack.post_office.mails.clear()
        self.at("2026-11-24 10:00:00")

    # ---- Time

    def at(self, wall: str) -> Self:
        """Let it be this time in Brussels, for the service and for the telephone network."""
        return self._move(_wall(datetime.fromisoformat(wall)))

    def passes(self, **span: float) -> Self:
        """Let time pass: `passes(minutes=5)`."""
        return self._move(self.now() + timedelta(**span))

    def now(self) -> datetime:
        """Return what time the service believes it is, aware UTC."""
        return self.stack.services.clock.now()

    def service_is_at(self, wall: str) -> Self:
        """Move the service's clock alone: no telephone runs into a time-out of its own network."""
        return self._move(_wall(datetime.fromisoformat(wall)), network=False)

    def _move(self, instant: datetime, *, network: bool = True) -> Self:
        began = time.monotonic()
        if network:
            self.stack.telephones.set_now(instant)
        # The service's clock is set to whole seconds; half a second more, and it is never a moment too early.
        moving_time.move_to(self.stack.services, instant + timedelta(seconds=0.5))
        self.moves.append(Moved(began, time.monotonic(), self.now()))
        return self

    def is_closed(self, start: str, end: str) -> Self:
        """Enter a closure, as a supervisor does."""
        self.stack.command("hours", "close", start, end, "--why", "teamdag")
        ends = datetime.fromisoformat(end)
        ends += timedelta(days=1) if len(end) == len("2026-11-24") else timedelta()
        self.closures.append((_wall(datetime.fromisoformat(start)), _wall(ends)))
        return self

    # ---- People

    def customer(
        self,
        company: str = "Bakkerij Peeters",
        *,
        contact: str = "An Peeters",
        agreement: str = "managed",
        language: str = "nl",
        email: str | None = None,
        number: str | None = None,
    ) -> Person:
        """Take in a customer with one contact."""
        person = self.stranger(contact, number)
        address = f"klant{len(self.people)}@klant.example" if email is None else email
        cells = (company, agreement, contact, person.number, address, language)
        path = self.stack.folder / "customers.csv"
        _write(path, CUSTOMER_COLUMNS, cells)
        importing.import_customers(self.stack.services, path)
        return person

    def stranger(self, name: str = "een onbekende", number: str | None = None) -> Person:
        """Give a telephone to somebody the service does not know."""
        return self._person(name, number or f"+3247{next(_numbers):07}")

    def agent(self, name: str = "Sofie Claes", *, languages: str = "nl;fr") -> Person:
        """Take an agent on; he is on duty at once."""
        person = self._person(name, f"+3248{next(_numbers):07}")
        path = self.stack.folder / "agents.csv"
        email = f"{name.split(maxsplit=1)[0].lower()}@desk.example"
        _write(path, AGENT_COLUMNS, (name, person.number, email, "agent", languages, "een-lang-wachtwoord"))
        importing.import_agents(self.stack.services, path)
        return person

    def comes_on_duty(self, agent: Person) -> None:
        """Let an agent say that he may be rung."""
        duty.come_on_duty(self.stack.services, agent.name, agent.name)

    def goes_off_duty(self, agent: Person) -> None:
        """Let an agent say that he is not to be rung any more."""
        duty.go_off_duty(self.stack.services, agent.name, agent.name)

    def _person(self, name: str, number: str) -> Person:
        person = Person(self.stack.telephones, name, number)
        self.people.append(person)
        return person

    # ---- Telephones

    def rung_first(self, agents: Sequence[Person]) -> Person:
        """Wait until the telephone of one of them rings, and return whose."""

        def ringing() -> list[Person]:
            legs = [leg for leg in self.stack.telephones.calls()[-10:] if leg["status"] == "ringing"]
            return [agent for agent in agents if any(leg["to"] == agent.number for leg in legs)]

        return until("one of the agents' telephones rings", ringing)[0]

    def everything_is_told(self) -> None:
        """Wait until the service has answered every status callback so far."""
        sids = {str(entry["sid"]) for entry in self.entries() if entry["kind"] == "leg"}
        network = self.stack.telephones
        until("all is told", lambda: not any(network.call(sid, wait=0)["undelivered"] for sid in sids))

    # ---- Trouble

    def goes_wrong(self, on: str, do: str, match: dict[str, str] | None = None, **how: float | str) -> None:
        """Let something go wrong in the telephone network (see `simulator.faults`) until it `works_again`."""
        self.trouble_expected = True
        rule = self.stack.telephones.goes_wrong(on, do, match, **how)
        self.faults[rule] = f"{do} on {on} {match or ''} {how or ''}"

    def works_again(self) -> None:
        """Let nothing go wrong any more; what never happened would make its journey prove nothing."""
        for rule, applied in self.stack.telephones.works_again().items():
            assert applied, f"this never happened: {self.faults[rule]}"

    def has_gone_wrong(self, times: int = 1) -> None:
        """Wait until it has happened so often."""
        network = self.stack.telephones
        until(f"it went wrong {times} times", lambda: sum(network.faults().values()) >= times)

    def was_harmed(self) -> bool:
        """Say whether processes were killed, or Redis emptied under them, which may leave tracebacks in the log."""
        return self.stack.harmed > self._harmed_before

    # ---- Silence

    def log(self) -> str:
        """Return what the processes wrote since the journey began."""
        with self.stack.log.open("rb") as file:
            file.seek(self.first_log)
            return file.read().decode(errors="replace")

    def nobody_is_rung(self) -> Self:
        """Let clock and dispatcher look at everything as it is now, and make sure that no telephone rings after it."""
        self.watcher.everybody_has_looked()
        soon = [row for row in self.callbacks() for attempt in row.attempts if attempt.state in UNDER_WAY]
        assert not soon, f"somebody is about to be rung: {soon}"
        self.nothing_unexpected_rang()
        return self

    def nothing_unexpected_rang(self) -> None:
        """Make sure that every call we placed was one that the story told of."""
        told = {sid for person in self.people for sid in person.claimed}
        surprises = [
            f"{entry['to']} at {entry['at']}"
            for entry in self.entries()
            if entry["kind"] == "leg" and entry["direction"] != "inbound" and entry["sid"] not in told
        ]
        names = {person.number: person.name for person in self.people}
        assert not surprises, f"a telephone rang unexpectedly: {surprises}; the story has {names}"

    def entries(self) -> list[dict[str, object]]:
        """Return the network's journal since the journey began."""
        return self.stack.telephones.journal(after=self.first_entry)


def begin(stack: Stack) -> Desk:
    """Open the desk for one journey."""
    assert isinstance(stack.services.clock, Movable)
    entries = stack.telephones.journal()
    return Desk(stack, entries[-1]["n"] if entries else 0, stack.log.stat().st_size)


def _wall(local: datetime) -> datetime:
    return local.replace(tzinfo=BRUSSELS).astimezone(UTC)


def _write(path: object, columns: Sequence[str], cells: Sequence[str]) -> None:
    with open(str(path), "w", newline="", encoding="utf-8") as file:  # noqa: PTH123 - one line
        csv.writer(file).writerows([columns, cells])
