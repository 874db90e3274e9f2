"""Databases and servers for all tests. Each test finds a migrated database as if it had just been made."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from _pytest.nodeid import NodeId

from callbacks.passwords import HASHER
from models import migrate
from models.sessions import Database
from tests.breadth import once_a_language
from tests.databases import Missing, Postgres, RedisServer, skip_or_fail
from tests.emptied import Emptied
from tests.journeys.kinds import KINDS

MEMORY = Path("/dev/shm")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what `tests.breadth` does, and tell all journeys of one database one after the other.

    So each service starts once.
    """
    if repeated := once_a_language(items):
        config.hook.pytest_deselected(items=repeated)
        items[:] = [item for item in items if item not in repeated]
    items.sort(key=lambda item: KINDS.index(kind) + 1 if (kind := _kind(item)) else 0)
    for item in items:
        # pytest-xdist 3.8 writes an item's group into `_nodeid`, which pytest 9.2 reads no more: groups were scattered.
        grouped = getattr(item, "_nodeid", "")
        if grouped.startswith(f"{item.nodeid}@"):
            item._id = NodeId.parse(grouped)


def _kind(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return None if callspec is None else callspec.params.get("stack")


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash passwords and PINs in the cheapest way there is: what is tested is whether they are asked for.

    What the house pays for them in earnest: tests/callbacks/test_passwords.py.
    """
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(HASHER, "_parameters", replace(HASHER._parameters, time_cost=1, memory_cost=8))
        yield


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


@pytest.fixture(scope="session")
def emptied(postgres: Postgres) -> Iterator[Emptied]:
    """The database on PostgreSQL that the tests of this process share, one after the other."""
    shared = Emptied(postgres)
    yield shared
    shared.close()


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is such a thing: what is written there waits for no disk."""
    if not MEMORY.is_dir():
        yield tmp_path_factory.mktemp("databases")
        return
    with TemporaryDirectory(prefix="rb-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def sqlite_url(memory: Path, sqlite_template: Path) -> str:
    """URL of a migrated SQLite file without a row, for what does not depend on the database.

    The file is new for each test, its place is not.
    """
    path = memory / "ringback.db"
    for old in memory.glob("ringback.db*"):
        old.unlink()
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a migrated database without a row, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    shared: Emptied = request.getfixturevalue("emptied")
    shared.empty()
    return shared.url


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a migrated database of this test's own, whose tables it may change, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield str(request.getfixturevalue("sqlite_url"))
        return
    cluster: Postgres = request.getfixturevalue("postgres")
    name = cluster.create(template=request.getfixturevalue("postgres_template"))
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture(scope="session")
def databases() -> dict[str, Database]:
    """The databases of this process by their URLs, for as long as it lives.

    What SQLAlchemy has compiled for an engine stays with it: compiling anew took a third of a test's time.
    """
    return {}


@pytest.fixture
def database(database_url: str, databases: dict[str, Database]) -> Iterator[Database]:
    """A migrated database without a row, on SQLite and on PostgreSQL."""
    kept = databases.setdefault(database_url, Database(database_url))
    opened = Database(database_url)
    # Engines of this test's own, since a process remembers things of an engine (the calendar, what it has told once);
    # behind them are the connections and the compiled statements of the kept ones.
    opened.writer = kept.writer.execution_options()
    opened.reader = kept.reader.execution_options() if opened.is_sqlite else opened.writer
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
