"""One whole service a database and test process, and a wiped desk for each journey."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.nodeid import NodeId

from callbacks.queues import QUEUES
from tests.databases import Missing, Postgres, skip_or_fail
from tests.journeys.checker import check
from tests.journeys.desk import Desk, begin
from tests.journeys.discretion import gives_nothing_away, secrets_of
from tests.journeys.kinds import EITHER, KINDS
from tests.journeys.stack import Stack
from tests.journeys.wiping import wipe


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


@pytest.fixture(scope="session", params=EITHER)
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The service on this database; a group a database keeps it in one test process."""
    folder = tmp_path_factory.mktemp(f"journeys-{request.param}")
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, folder / "ringback.db")
        url = f"sqlite:///{folder / 'ringback.db'}"
    else:
        cluster: Postgres = request.getfixturevalue("postgres")
        url = cluster.url(cluster.create(template=request.getfixturevalue("postgres_template")))
    try:
        started = Stack(url, folder)
    except Missing as missing:
        skip_or_fail(str(missing))
        raise
    yield started
    secrets = secrets_of(started, started.telephones.journal())
    started.stop()
    gives_nothing_away(started.log.read_text(encoding="utf-8", errors="replace"), secrets)


@pytest.fixture
def desk(stack: Stack, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """An empty desk. At the end of its journey everything that must always hold is checked."""
    failed_before = request.session.testsfailed
    opened = begin(stack)
    arrived = False
    yield opened
    try:
        if request.session.testsfailed == failed_before:
            check(opened)
            arrived = True
    finally:
        if not arrived:
            print(_story(opened))
        _clear(opened, in_disorder=opened.was_harmed() or not arrived)


def _clear(desk: Desk, *, in_disorder: bool) -> None:
    stack = desk.stack
    stack.post_office.speaks_again()
    stack.telephones.works_again()
    stack.telephones.end_all()
    wipe(stack.services.database)
    if in_disorder:
        # Whoever was in the middle of something puts it back into the tables; after a look of everybody he is not.
        for kind in ("clock", *QUEUES):
            desk.watcher.has_looked(kind)
        wipe(stack.services.database)


def _story(desk: Desk) -> str:
    """Return what happened, for the reader of a failure."""
    telling = ("kind", "purpose", "status", "to", "sid", "url", "deed", "error_text", "text", "digits")
    lines = [
        " ".join([str(entry["at"])[11:23], *(f"{name}={entry[name]}" for name in telling if entry.get(name))])
        for entry in desk.entries()
    ]
    states = [str(row) for row in desk.callbacks()]
    return "\n".join(["", "---- the network", *lines, "---- call-backs", *states, "---- log", desk.log()[-4000:]])
