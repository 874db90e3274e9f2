"""The desk that the stories of this folder happen at."""

import pytest

from models.sessions import Database
from tests.call_desk import CallDesk


@pytest.fixture
def desk(database: Database) -> CallDesk:
    """A desk at ten o'clock on a Tuesday, on SQLite and on PostgreSQL."""
    return CallDesk(database)
