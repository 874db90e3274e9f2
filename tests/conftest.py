"""Databases and servers for all tests. Each test gets a fresh, migrated database of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.nodeid import NodeId

from models import migrate
from models.sessions import Database
from tests.databases import Missing, Postgres, RedisServer, skip_or_fail
from tests.journeys.kinds import KINDS


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell all journeys of one database one after the other, so that each service starts once."""
    items.sort(key=lambda item: KINDS.index(kind) + 1 if (kind := _kind(item)) else 0)
    for item in items:
        # pytest-xdist 3.8 writes an item's group into `_nodeid`, which pytest 9.2 reads no more: groups were scattered.
        grouped = getattr(item, "_nodeid", "")
        if grouped.startswith(f"{item.nodeid}@"):
            item._id = NodeId.parse(grouped)


def _kind(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return None if callspec is None else callspec.params.get("stack")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Our own PostgreSQL cluster, one a test process."""
    try:
        cluster = Postgres()
    except Missing as missing:
        skip_or_fail(str(missing))
        raise
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """Name of a migrated database that others are copied from; nobody may be connected to it meanwhile."""
    name = postgres.create()
    migrate.upgrade(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that others are copied from."""
    path = tmp_path_factory.mktemp("template") / "ringback.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    cluster: Postgres = request.getfixturevalue("postgres")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a fresh migrated database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "ringback.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    cluster: Postgres = request.getfixturevalue("postgres")
    name = cluster.create(template=request.getfixturevalue("postgres_template"))
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database, on SQLite and on PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def redis_url() -> Iterator[str]:
    """URL of a Redis of this test's own."""
    try:
        server = RedisServer()
    except Missing as missing:
        skip_or_fail(str(missing))
        raise
    yield server.url
    server.stop()
