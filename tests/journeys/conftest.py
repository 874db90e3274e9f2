"""One whole service a database and test process, and a wiped desk for each journey."""

from collections.abc import Iterator

import pytest

from tests.journeys.desk import Desk
from tests.journeys.kinds import EITHER
from tests.journeys.stack import Stack
from tests.journeys.staging import journey, running


@pytest.fixture(scope="session", params=EITHER)
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The service on this database; a group a database keeps it in one test process."""
    folder = tmp_path_factory.mktemp(f"journeys-{request.param}")
    with running(request.param, request, folder, lambda url: Stack(url, folder)) as started:
        yield started


@pytest.fixture
def desk(stack: Stack, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """An empty desk; whatever must always hold is checked at the end of its journey."""
    with journey(stack, request) as opened:
        yield opened
