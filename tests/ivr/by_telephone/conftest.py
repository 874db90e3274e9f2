"""Sofie, who has only a telephone, and the desk behind it; both go by one clock."""

from collections.abc import Callable
from typing import Any

import pytest

from callbacks.workflows import keeping_pins
from models.sessions import Database
from models.vocabulary import (
    Language,
)
from tests.call_desk import CallDesk
from tests.ivr.by_telephone.sofie import PIN, Sofie


@pytest.fixture
def desk(database: Database, clock: Any) -> CallDesk:
    """The machinery behind the hotline; both go by one clock."""
    desk = CallDesk(database)
    desk.clock = clock
    object.__setattr__(desk.services, "clock", clock)
    return desk


@pytest.fixture
def caller(caller: Callable[..., Any]) -> Callable[..., Any]:
    """Make callers whose calls are none of those that the desk places."""

    def fresh(*number: str) -> Any:
        call = caller(*number)
        call.sid = "CAd" + call.sid[3:]
        return call

    return fresh


@pytest.fixture(params=Language)
def sofie(request: Any, desk: CallDesk, services: Any, caller: Callable[..., Any], database: Database) -> Sofie:
    """Sofie, who speaks one language first."""
    agent = desk.agent("Sofie", languages=str(request.param))
    keeping_pins.set_pin(services, "Sofie", PIN, "a supervisor")
    return Sofie(desk, agent, str(request.param), services, caller, database)
