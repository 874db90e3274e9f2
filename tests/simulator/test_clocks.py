"""Both clocks: the service is moved first, and its moments are read when they may have changed."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from simulator.client import TelephoneError, Telephones

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.server import Simulator
    from tests.simulator.conftest import Asked, Reply, Service

OPENING = "2026-03-03T09:00:00+01:00"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def both(service: Service, start: Callable[..., Simulator], reply: type[Reply]) -> Simulator:
    """A stand-in beside a service whose clock shows eight o'clock, whatever it is set to."""

    def clock(_: Asked) -> Reply:
        moments = {"next_opening": {"text": "next opening", "at": OPENING}}
        told = {"now": "2026-03-02T08:00:00+01:00", "moments": moments}
        return reply(json.dumps(told), content_type="application/json")

    service.replies["/clock"] = clock
    return start(clock_url=f"{service.url}/clock")


def moved(service: Service) -> list[str]:
    return [asked.method for asked in service.asked if asked.path == "/clock"]


def state(network: Simulator) -> dict[str, Any]:
    told: dict[str, Any] = requests.get(f"{network.url}/console/state", timeout=5).json()
    return told


def test_the_clock_goes_to_the_instant_that_the_service_answered(both: Simulator, service: Service) -> None:
    assert Telephones(both.url).set_now(NOON).startswith("2026-03-02T07:00:00")
    assert moved(service) == ["POST"]


def test_a_moment_is_gone_to_by_its_name(both: Simulator, service: Service) -> None:
    Telephones(both.url).moves_to("next_opening")
    assert moved(service) == ["GET", "POST"]
    with pytest.raises(TelephoneError, match=r"404.*'lunch'.*only now, next_opening"):
        Telephones(both.url).moves_to("lunch")


def test_nothing_is_moved_where_the_service_refuses(both: Simulator, service: Service, reply: type[Reply]) -> None:
    service.replies["/clock"] = reply('{"error": "no going back"}', 400, "application/json")
    with pytest.raises(TelephoneError, match=r"502: nothing was moved: .*no going back"):
        Telephones(both.url).advance(86400)
    assert both.exchange.clock.ahead == 0


@pytest.mark.parametrize("body", ["<html>", "[]", '{"now": "soon"}', '{"now": "2026-03-02T08:00:00"}'])
def test_nothing_is_moved_where_the_service_answers_nonsense(
    both: Simulator, service: Service, reply: type[Reply], body: str
) -> None:
    service.replies["/clock"] = reply(body, 200, "application/json")
    with pytest.raises(TelephoneError, match=r"502.*told no time"):
        Telephones(both.url).advance(86400)
    assert both.exchange.clock.ahead == 0


def test_nothing_is_moved_where_no_service_answers(start: Callable[..., Simulator]) -> None:
    network = start(clock_url="http://127.0.0.1:9/clock")
    with pytest.raises(TelephoneError, match=r"502.*does not answer"):
        Telephones(network.url).advance(86400)
    assert (network.exchange.clock.ahead, state(network)["moments"]) == (0, {})


def test_many_looks_ask_the_service_once(both: Simulator, service: Service) -> None:
    Telephones(both.url).set_now(NOON)
    seen = [state(both)["moments"] for _ in range(30)]
    assert (seen[-1]["next_opening"]["at"], moved(service)) == (OPENING, ["POST"])


def test_a_clock_moved_by_other_hands_lets_the_moments_be_read_again(both: Simulator, service: Service) -> None:
    Telephones(both.url).set_now(NOON)
    state(both)
    both.exchange.move_clock(seconds=3600)
    state(both)
    deadline = time.monotonic() + 5
    while moved(service) != ["POST", "GET"] and time.monotonic() < deadline:
        both.exchange.watch(lambda: False, 0.02)
    state(both)
    assert moved(service) == ["POST", "GET"]


def test_without_a_services_clock_the_real_time_is_gone_to_and_no_moment(network: Simulator) -> None:
    phones = Telephones(network.url)
    phones.advance(86400)
    phones.moves_to("now")
    assert abs(state(network)["ahead"]) < 1
    with pytest.raises(TelephoneError, match=r"404.*--clock-url"):
        phones.moves_to("next_opening")
