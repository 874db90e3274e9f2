"""Brings a database to the newest schema, safely when two processes try at once, and says whether it is there."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url, text

from models import migrations

LOCK_WAIT_SECONDS = 60
ADVISORY_LOCK = 0x52494E47
"""Any number that no other program on the same PostgreSQL database uses ("RING")."""


class BrokenReference(Exception):
    """A step left a row that points at nothing; everything of it was rolled back."""


def upgrade(url: str) -> None:
    """Apply every missing step in one transaction, or none of them.

    The second of two processes waits for the first and then finds nothing to do. Raises
    sqlalchemy.exc.OperationalError where the database cannot be reached, BrokenReference where a step breaks it.
    """
    engine = _engine(url, begin="BEGIN IMMEDIATE")
    with _alone(url), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _check_references(connection)


def is_current(url: str) -> bool:
    """Say whether every step has been applied. A SQLite file that does not exist yet is not made by asking."""
    if (path := _sqlite_file(url)) is not None and not path.exists():
        return False
    with _engine(url, begin="BEGIN").connect() as connection:
        applied = MigrationContext.configure(connection).get_current_revision()
    return applied == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    folder = str(Path(migrations.__file__).parent)
    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _engine(url: str, begin: str) -> Engine:
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's pool record has no public type
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_SECONDS * 1000}")
        # A rebuilt table (batch mode) is dropped first, which with foreign keys on would delete the rows that point
        # at it; they are checked before the commit instead.
        cursor.execute("PRAGMA foreign_keys = OFF")
        if begin == "BEGIN IMMEDIATE":
            # Stays with the file. Done here, under the file lock: of several processes switching at once all but one
            # get "database is locked" without waiting.
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Hold a lock beside the SQLite file; on PostgreSQL the advisory lock inside the transaction does it."""
    path = _sqlite_file(url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{path}.migrating").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        message = f"{len(broken)} rows would point at nothing, first in table {broken[0][0]}"
        raise BrokenReference(message)
