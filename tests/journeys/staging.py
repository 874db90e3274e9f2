"""What every suite of journeys shares: a database for its service, and the beginning and end of one journey."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from callbacks.queues import QUEUES
from tests.databases import Missing, Postgres, skip_or_fail
from tests.journeys.checker import check
from tests.journeys.desk import Desk, begin
from tests.journeys.discretion import gives_nothing_away, secrets_of
from tests.journeys.stack import Stack
from tests.journeys.wiping import wipe


@contextmanager
def running(kind: str, request: pytest.FixtureRequest, folder: Path, build: Callable[[str], Stack]) -> Iterator[Stack]:
    """Give a service on a migrated database of this kind; `build` starts it on the URL. It is stopped at the end."""
    if kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, folder / "ringback.db")
        url = f"sqlite:///{folder / 'ringback.db'}"
    else:
        cluster: Postgres = request.getfixturevalue("postgres")
        url = cluster.url(cluster.create(template=request.getfixturevalue("postgres_template")))
    try:
        started = build(url)
    except Missing as missing:
        skip_or_fail(str(missing))
        raise
    yield started
    secrets = secrets_of(started, started.telephones.journal())
    started.stop()
    gives_nothing_away(started.log.read_text(encoding="utf-8", errors="replace"), secrets)


@contextmanager
def journey(stack: Stack, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Give an empty desk. At the end of its journey everything that must always hold is checked."""
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
