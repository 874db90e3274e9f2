"""Engines and transactions for both databases, with each database's traps taken out at the door."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

WEB_BUSY_SECONDS = 8
WORKER_BUSY_SECONDS = 30
CONNECT_SECONDS = 3


class Database:
    """Two engines on one URL: one that writes, one that only reads.

    SQLite (WAL): a deferred transaction that reads and then writes fails at once with SQLITE_BUSY_SNAPSHOT and never
    waits, so writers begin IMMEDIATE; readers begin plainly and never queue behind them. No error quotes the values of
    its statement: they are people's numbers. `busy_seconds` is how long a
    writer waits for another.
    """

    def __init__(self, url: str, *, busy_seconds: int = WORKER_BUSY_SECONDS) -> None:
        """Remember the URL; nothing is opened before the first use, so that a forked child opens its own."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._busy_seconds = busy_seconds

    @cached_property
    def writer(self) -> Engine:
        """The engine of transactions that change something."""
        return self._engine("BEGIN IMMEDIATE")

    @cached_property
    def reader(self) -> Engine:
        """The engine of transactions that only look."""
        return self._engine("BEGIN") if self.is_sqlite else self.writer

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open one transaction; committed at the end of the block, rolled back whole on any error."""
        with Session(self.writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open one transaction for looking; never committed."""
        with Session(self.reader, expire_on_commit=False) as session:
            yield session
            session.rollback()

    def forget_connections(self) -> None:
        """Drop inherited connections without closing them: after a fork they still belong to the parent."""
        for name in ("writer", "reader"):
            engine = self.__dict__.pop(name, None)
            if engine is not None:
                engine.dispose(close=False)

    def close(self) -> None:
        """Close all connections of this process."""
        for name in ("writer", "reader"):
            engine = self.__dict__.pop(name, None)
            if engine is not None:
                engine.dispose()

    def _engine(self, begin: str) -> Engine:
        if not self.is_sqlite:
            # A server that is gone, or a lock that is never given up, must be known before a caller gives up.
            limit = self._busy_seconds * 1000
            patience = {
                "connect_timeout": CONNECT_SECONDS,
                "options": f"-c lock_timeout={limit} -c statement_timeout={limit}",
            }
            return create_engine(
                self.url,
                pool_pre_ping=True,
                pool_size=10,
                max_overflow=10,
                hide_parameters=True,
                connect_args=patience,
            )
        waiting = {"timeout": self._busy_seconds, "check_same_thread": False}
        # As many connections as a web process has threads: waiting for one would be silence in a caller's ear.
        engine = create_engine(self.url, hide_parameters=True, connect_args=waiting, pool_size=16, pool_timeout=3)

        @event.listens_for(engine, "connect")
        def prepare(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's pool record has no public type
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute(f"PRAGMA busy_timeout = {self._busy_seconds * 1000}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine
