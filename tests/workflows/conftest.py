"""The desk that the stories of this folder happen at."""

from collections.abc import Callable

import pytest

from callbacks.workflows import registering
from callbacks.workflows.registering import Line
from models.sessions import Database
from tests.call_desk import CallDesk

CUSTOMER = "+3225551234"
RINGS_AGAIN = "+32470555555"


@pytest.fixture
def desk(database: Database) -> CallDesk:
    """A desk at ten o'clock on a Tuesday, on SQLite and on PostgreSQL."""
    return CallDesk(database)


@pytest.fixture
def bart(desk: CallDesk) -> int:
    """An agent who is free."""
    return desk.agent()


@pytest.fixture
def customer(desk: CallDesk, bart: int) -> int:
    """Somebody whose agent's phone rings."""
    del bart
    waiting = desk.waits(number=CUSTOMER)
    desk.ring()
    return waiting


@pytest.fixture
def rings(desk: CallDesk) -> Callable[..., Line]:
    """Let somebody dial the hotline; each call has its own SID."""
    sids = iter(range(1, 100))
    return lambda number=RINGS_AGAIN: registering.meets(desk.services, f"CAee{next(sids):030x}", number)
