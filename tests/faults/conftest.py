"""The service of the journeys, with failpoints in its processes, and a table of how long it took to recover."""

import os
from collections.abc import Iterator

import pytest

from tests.faults import recovery
from tests.faults.failpoints import HOOK, Failpoints
from tests.journeys.desk import Desk
from tests.journeys.kinds import EITHER
from tests.journeys.stack import Stack
from tests.journeys.staging import journey, running


class FaultyStack(Stack):
    """A whole service whose processes die where they are told to."""

    failpoints: Failpoints


@pytest.fixture(scope="session", params=EITHER)
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyStack]:
    """The service on this database, one for all stories told on it."""
    folder = tmp_path_factory.mktemp(f"faults-{request.param}")
    failpoints = Failpoints(folder / "failpoints")
    path = os.pathsep.join(filter(None, (str(HOOK), os.environ.get("PYTHONPATH"))))

    def build(url: str) -> FaultyStack:
        return FaultyStack(url, folder, PYTHONPATH=path, FAILPOINTS=str(failpoints.folder))

    with running(request.param, request, folder, build) as started:
        assert isinstance(started, FaultyStack)
        started.failpoints = failpoints
        yield started


@pytest.fixture
def failpoints(stack: FaultyStack) -> Iterator[Failpoints]:
    """What can be armed in the processes; nothing stays armed."""
    yield stack.failpoints
    stack.failpoints.disarm()


@pytest.fixture
def desk(stack: FaultyStack, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """An empty desk where trouble is expected; whatever must always hold is checked at the end."""
    with journey(stack, request) as opened:
        opened.trouble_expected = True
        # Processes die here and Redis goes away: what that leaves in the log of the others is no mistake of theirs.
        stack.harmed += 1
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how long everything took to go on, by what the dead process had claimed."""
    for line in recovery.table():
        terminalreporter.write_line(line)
