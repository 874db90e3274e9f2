"""Any sequence of what callers, agents, supervisors, the network, the clock and bad luck do keeps the promises.

`make test` tells the same short stories every time; RINGBACK_STORIES=5000 tells so many new ones (`make stories`).
"""

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import event

from models.sessions import Database
from tests.stories.luck import Luck

LONG = int(os.environ.get("RINGBACK_STORIES", "0"))
ALWAYS = settings(
    deadline=None,  # an ending may have to wait for days of the desk's time
    print_blob=True,
    # A story is long by nature, and its end is longer; what is drawn is small.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SHORT_STORIES = settings(
    ALWAYS,
    derandomize=True,
    database=None,
    max_examples=100,
    stateful_step_count=40,
)
LONG_STORIES = settings(ALWAYS, max_examples=LONG or 1, stateful_step_count=80)


@pytest.mark.timeout(0 if LONG else 900)
def test_whatever_happens_nobody_is_rung_wrongly_and_nobody_is_forgotten(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "ringback.db"
    database = Database(f"sqlite:///{path}")
    for engine in (database.writer, database.reader):
        event.listen(engine, "connect", _trust_the_disk)

    def new_database() -> Database:
        """Put a fresh file under the same engine: what SQLAlchemy has compiled for it stays."""
        database.writer.dispose()
        database.reader.dispose()
        for name in (path, path.with_suffix(".db-wal"), path.with_suffix(".db-shm")):
            name.unlink(missing_ok=True)
        shutil.copy(sqlite_template, path)
        return database

    class AnyStory(Luck):
        def __init__(self) -> None:
            super().__init__(new_database)

    try:
        run_state_machine_as_test(AnyStory, settings=LONG_STORIES if LONG else SHORT_STORIES)
    finally:
        database.close()


def _trust_the_disk(connection: sqlite3.Connection, _record: Any) -> None:
    # Processes die in these stories and the machine never does: waiting for its disk would take most of the time.
    connection.execute("PRAGMA synchronous = OFF")
