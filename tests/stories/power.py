"""A database whose users may lose their power at any commit, or stand still between two transactions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from models.sessions import Database


class Killed(BaseException):
    """A process ended without a word. No `except Exception` of the service sees it, as none sees a SIGKILL."""


class Process(StrEnum):
    """Who works with the database; each is killed and stalled by name."""

    DIAL = "dial worker"
    TELEPHONE = "telephone handler"
    UPKEEP = "upkeep worker"
    DISPATCH = "dispatch worker"
    CLOCK = "clock process"
    DESK = "supervisor's command"


class Moment(StrEnum):
    """When a process dies, seen from one of its commits."""

    AFTER = "right after"
    BEFORE = "right before"


@dataclass(frozen=True)
class Death:
    """The process dies at its `commit`-th commit, counted from 1."""

    commit: int
    moment: Moment


@dataclass(frozen=True)
class Stall:
    """The process stands still before its `transaction`-th transaction, and `meanwhile` happens."""

    transaction: int
    meanwhile: Callable[[], None]


class MortalDatabase:
    """Passes transactions on to a real database, and breaks off whoever is due to break off.

    What is committed is committed, what is not is rolled back by the database itself: the file tells the truth.
    """

    def __init__(self, real: Database) -> None:
        """Let everybody live until told otherwise."""
        self.real = real
        self._fates: dict[Process, Death | Stall] = {}
        self.commits = 0
        self._fate: Death | Stall | None = None
        self._opened = 0
        self._written = 0

    def befalls(self, process: Process, fate: Death | Stall) -> None:
        """Choose what becomes of the next process of this kind."""
        self._fates[process] = fate

    @property
    def is_fated(self) -> bool:
        """Whether something waits for somebody."""
        return bool(self._fates)

    def spares_everybody(self) -> None:
        """Let everybody live from now on."""
        self._fates.clear()

    def lives_through(self, process: Process, work: Callable[[], object]) -> bool:
        """Do the work as this process, with the fate that waits for it; False when it was killed on the way."""
        outside = self._fate, self._opened, self._written
        self._fate, self._opened, self._written = self._fates.pop(process, None), 0, 0
        try:
            work()
        except Killed:
            return False
        finally:
            self._fate, self._opened, self._written = outside
        return True

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that changes something."""
        self._opens()
        self._written += 1
        with self.real.write() as session:
            yield session
            session.flush()
            self._dies(Moment.BEFORE)
        self.commits += 1
        self._dies(Moment.AFTER)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that only looks."""
        self._opens()
        with self.real.read() as session:
            yield session

    def _opens(self) -> None:
        self._opened += 1
        fate = self._fate
        if isinstance(fate, Stall) and fate.transaction == self._opened:
            self._fate = None
            fate.meanwhile()

    def _dies(self, moment: Moment) -> None:
        if self._fate == Death(self._written, moment):
            raise Killed
