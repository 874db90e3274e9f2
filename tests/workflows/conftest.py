"""The desk that the stories of this folder happen at."""

import pytest

from models.sessions import Database
from tests.call_desk import CallDesk

CUSTOMER = "+3225551234"


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
