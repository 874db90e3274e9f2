"""The desk of these stories: the real workflows on a real database file, and every worker that rings, one at a time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import select

from callbacks.errors import RefusedInput
from callbacks.ports import HouseRules, Services
from callbacks.store import hours
from callbacks.workflows import (
    changing_hours,
    deciding,
    dialing,
    dispatching,
    doubting,
    duty,
    keeping_time,
    promising,
    reconciling,
)
from models.agent import Agent
from models.callback import Callback
from models.sessions import Database
from models.ticket import Ticket
from models.vocabulary import CallbackState, OverrideKind
from tests.set_clock import SetClock
from tests.stand_ins import add_agent, add_contact, services_with
from tests.stories.clocks import Closure, TwoClocks
from tests.stories.conversations import Conversations
from tests.stories.network import Network
from tests.stories.phonebook import AGENTS, CUSTOMERS
from tests.stories.power import MortalDatabase, Process
from tests.stories.telling import Teller

TUESDAY_TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SUPERVISOR = "Saskia"
MOST_ROUNDS = 4
LISTING_SECONDS = 15.0
"""So often at most the list of calls is asked for here. The rows count by the wall clock, which these stories set."""


@dataclass
class Bells:
    """Bells that were rung and that nobody has heard yet."""

    rung: set[str] = field(default_factory=set)

    def ring(self, queue: str) -> None:
        """Keep it."""
        self.rung.add(queue)

    def wake_clock(self) -> None:
        """Keep it."""
        self.rung.add("clock")

    def ping(self) -> bool:
        """Say that they can be rung."""
        return True


class Desk:
    """Everything a story touches. `cancelled` and `stopped` remember in which step a person decided so."""

    def __init__(self, database: Database) -> None:
        """Open on a Tuesday at ten with Bart and Els on duty, and An in the customers' list."""
        self.clock = TwoClocks(TUESDAY_TEN)
        self.network = Network(self.clock)
        self.bells = Bells()
        self.database = MortalDatabase(database)
        self.services: Services = replace(
            _usual_services(), clock=self.clock, database=self.database, phone=self.network, bell=self.bells
        )
        self.talks = Conversations(self.services, self.network, self.database)
        self.network.on_child_end = self.talks.child_ended
        self.teller = Teller(self.clock)
        self.step = 0
        self.closures: dict[int, Closure] = {}
        self.cancelled: dict[int, int] = {}
        self.stopped: int | None = None
        self._listed_at = -LISTING_SECONDS
        self._looked_at: datetime | None = None
        # Its key is the engine, which all examples share, each with other closures under the same revision.
        hours._known.clear()
        with database.write() as session:
            hours.settle(session, self.services.rules, self.clock.at)
            for name, phone in AGENTS.items():
                add_agent(session, self.clock.at, name=name, phone=phone)
            add_contact(session, phone=CUSTOMERS["An"])

    # ---- The workers

    def clock_looks(self) -> None:
        """Let the clock process look once."""
        self._looked_at = self.clock.at
        self._works(Process.CLOCK, lambda: keeping_time.tick(self.services))

    def clock_goes_on(self) -> None:
        """Let the clock process look where time has passed since it did."""
        if self.clock.at != self._looked_at:
            self.clock_looks()

    def dispatch_worker_looks(self) -> None:
        """Let the dispatch worker hear its bell."""
        self._works(Process.DISPATCH, lambda: dispatching.dispatch(self.services))

    def dial_worker_looks(self) -> None:
        """Let a dial worker hear its bell."""
        self._works(Process.DIAL, lambda: dialing.dial_due(self.services, self.clock.passes))

    def upkeep_worker_looks(self) -> None:
        """Let the upkeep worker hear its bell."""

        def sweep() -> None:
            promising.review(self.services)
            reconciling.sweep(self.services)
            if self.clock.up - self._listed_at >= LISTING_SECONDS:
                self._listed_at = self.clock.up
                doubting.resolve_unknown(self.services)

        self._works(Process.UPKEEP, sweep)

    def everybody_looks(self) -> None:
        """Let each of them hear its bell once."""
        self.clock_looks()
        self.dispatch_worker_looks()
        self.dial_worker_looks()
        self.upkeep_worker_looks()

    def workers_follow(self) -> None:
        """Let whoever was rung look, until it is quiet; the clock first."""
        self.clock_goes_on()
        looks = {
            "dispatch": self.dispatch_worker_looks,
            "dial": self.dial_worker_looks,
            "upkeep": self.upkeep_worker_looks,
        }
        for _ in range(MOST_ROUNDS):
            for queue, look in looks.items():
                if queue in self.bells.rung:
                    self.bells.rung.discard(queue)
                    look()
            if not self.bells.rung & looks.keys():
                break
        self.bells.rung.clear()

    # ---- Time

    def time_passes(self, seconds: float) -> None:
        """Let time pass on both clocks, and in the network."""
        self.clock.passes(seconds)
        self.network.time_passed()

    # ---- What a supervisor does

    def cancels(self, ticket: int) -> None:
        """Cancel a ticket's call-back, where it can still be cancelled."""
        if self._decides(lambda: deciding.cancel(self.services, ticket, "no longer needed", SUPERVISOR)):
            self.cancelled[ticket] = self.step

    def resolves(self, ticket: int, target: CallbackState, number: str = "") -> None:
        """Decide about a call-back that needs a person."""
        work = (ticket, target, "decided", SUPERVISOR, number)
        if number:
            self.talks.words[ticket].add(number)
        if self._decides(lambda: deciding.resolve(self.services, *work)):
            self.cancelled.pop(ticket, None)

    def switches_dialling(self, *, on: bool) -> None:
        """Stop or resume all dialling."""
        if on:
            self.stopped = None
        if self._decides(lambda: deciding.pause_dialling(self.services, "maintenance", on=on)) and not on:
            self.stopped = self.step

    def closes(self, span: timedelta) -> None:
        """Close the desk from now on for so long."""
        starts, ends = self.clock.at, self.clock.at + span
        numbers: list[int] = []

        def close() -> None:
            change = (OverrideKind.CLOSURE, starts, ends, "closed", SUPERVISOR)
            numbers.append(changing_hours.change(self.services, *change))

        self._decides(close)
        for number in numbers:
            self.closures[number] = (starts, ends)

    def opens_again(self, number: int) -> None:
        """Take a closure back."""
        if self._decides(lambda: changing_hours.take_back(self.services, number, SUPERVISOR)):
            del self.closures[number]

    def duty(self, name: str, *, on: bool) -> None:
        """Take an agent on or off duty."""
        moves = duty.come_on_duty if on else duty.go_off_duty
        self._decides(lambda: moves(self.services, name, SUPERVISOR))

    def desk_page_of(self, name: str) -> None:
        """Show the desk's page to an agent, so that his phone waits until he has read."""
        with self.database.real.write() as session:
            agent = session.scalars(select(Agent).where(Agent.name == name)).one()
            agent.desk_seen_at = self.clock.at

    # ---- What there is

    def tickets(self, *states: CallbackState) -> list[int]:
        """Return the tickets whose call-back is in one of these states."""
        with self.database.real.read() as session:
            statement = select(Ticket.number).join(Callback, Callback.ticket_id == Ticket.id)
            return list(session.scalars(statement.where(Callback.state.in_(states)).order_by(Ticket.number)))

    def _decides(self, work: Callable[[], object]) -> bool:
        """Do what a person commands; False where it was refused, or its process killed."""
        done: list[object] = []
        with suppress(RefusedInput):
            return self._works(Process.DESK, lambda: done.append(work())) and bool(done)
        return False

    def _works(self, process: Process, work: Callable[[], object]) -> bool:
        lived = self.database.lives_through(process, work)
        if not lived:
            self.teller.tells(f"the {process} is killed")
        self.network.time_passed()
        return lived


@cache
def _usual_services() -> Services:
    """Read the catalogs once for all stories."""
    # Two tries are enough to see that they end; a third only makes an ending longer.
    return services_with(MortalDatabase(Database("sqlite://")), SetClock(TUESDAY_TEN), rules=HouseRules(max_tries=2))
