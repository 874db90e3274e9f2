"""The telephones' clock and the service's are moved together, the service's first."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.client import TelephoneError, Telephones
from tests.simulator.conftest import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.server import Simulator
    from tests.simulator.conftest import Asked, Service

OPENING = datetime(2030, 3, 4, 8, 0, tzinfo=UTC)
MONDAY = {"next_opening": {"text": "next opening", "at": OPENING.isoformat()}}


class Desk:
    """A service with a clock, which shows whatever it is told, a second later."""

    def __init__(self, service: Service) -> None:
        self.now = datetime(2030, 3, 1, 17, 0, tzinfo=UTC)
        service.replies["/clock"] = self.answer
        self.url = f"{service.url}/clock"

    def answer(self, _asked: Asked) -> Reply:
        return Reply(json.dumps({"now": self.now.isoformat(), "moments": MONDAY}), content_type="application/json")


@pytest.fixture
def desk(service: Service) -> Desk:
    return Desk(service)


@pytest.fixture
def network(start: Callable[..., Simulator], desk: Desk) -> Simulator:
    return start(clock_url=desk.url)


def test_the_telephones_show_what_the_service_answered(network: Simulator, desk: Desk, service: Service) -> None:
    desk.now = OPENING + timedelta(seconds=1)
    assert Telephones(network.url).set_now(OPENING).startswith("2030-03-04T08:00:01")
    assert [asked.method for asked in service.asked] == ["POST"]


def test_a_moment_is_gone_to_by_its_name(network: Simulator, desk: Desk, service: Service) -> None:
    desk.now = OPENING
    assert Telephones(network.url).moves_to("next_opening").startswith("2030-03-04T08:00:0")
    assert [asked.method for asked in service.asked] == ["GET", "POST"]


def test_a_moment_without_a_name_is_refused_with_those_there_are(network: Simulator) -> None:
    with pytest.raises(TelephoneError, match=r"404.*'never' now, only next_opening"):
        Telephones(network.url).moves_to("never")


def test_the_real_time_comes_back(start: Callable[..., Simulator]) -> None:
    phones = Telephones(start().url)
    phones.advance(86400)
    now = datetime.fromisoformat(phones.moves_to("now"))
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply('{"error": "too far"}', 400, "application/json"), "does not move its clock: too far"),
        (Reply("<p>broken</p>", 500, "text/html"), "HTTP 500"),
        (Reply("[]", 200, "application/json"), "something else than a time"),
        (Reply('{"now": "2030-03-04T08:00:00"}', 200, "application/json"), "something else than a time"),
    ],
)
def test_where_the_service_does_not_follow_nothing_is_moved(
    network: Simulator, service: Service, reply: Reply, why: str
) -> None:
    service.replies["/clock"] = reply
    with pytest.raises(TelephoneError, match=why) as refused:
        Telephones(network.url).advance(3600)
    assert refused.value.status == 502
    assert requests.get(f"{network.url}/console/clock", timeout=5).json()["ahead"] == 0


def test_a_service_that_is_gone_is_said_in_words(start: Callable[..., Simulator]) -> None:
    network = start(clock_url="http://127.0.0.1:9/clock")
    with pytest.raises(TelephoneError, match="is the service still up"):
        Telephones(network.url).advance(3600)


def test_the_moments_ahead_are_told_without_waiting_for_the_service(
    network: Simulator, desk: Desk, service: Service
) -> None:
    desk.now = OPENING - timedelta(hours=1)
    Telephones(network.url).set_now(desk.now)
    asked = len(service.asked)
    for _ in range(3):
        assert requests.get(f"{network.url}/console/state", timeout=5).json()["moments"] == MONDAY
    assert len(service.asked) == asked


def test_a_moment_that_is_past_is_told_no_more(network: Simulator, desk: Desk) -> None:
    desk.now = OPENING + timedelta(minutes=5)
    Telephones(network.url).set_now(desk.now)
    assert requests.get(f"{network.url}/console/state", timeout=5).json()["moments"] == {}


def test_without_a_service_a_moments_name_says_what_is_missing(start: Callable[..., Simulator]) -> None:
    with pytest.raises(TelephoneError, match=r"404.*--clock-url"):
        Telephones(start().url).moves_to("next_opening")


def test_a_clock_moved_by_other_hands_lets_the_moments_be_read_again(
    network: Simulator, desk: Desk, service: Service
) -> None:
    desk.now = OPENING - timedelta(hours=3)
    Telephones(network.url).set_now(desk.now)
    network.exchange.move_clock(seconds=3600)
    deadline = time.monotonic() + 15
    while len(service.asked) < 2 and time.monotonic() < deadline:
        requests.get(f"{network.url}/console/state", timeout=5)
        network.exchange.watch(lambda: False, 0.05)
    assert [asked.method for asked in service.asked] == ["POST", "GET"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{}", "send one of advance, now, to"),
        ('{"advance": 5, "to": "now"}', "send one of advance, now, to"),
        ('{"advance": "soon"}', "a number of seconds, not 'soon'"),
        ('{"advance": 1e400}', "a number of seconds, not inf"),
        ('{"now": 5}', "an instant with an offset"),
    ],
)
def test_a_wish_that_is_none_or_two_is_refused_in_words(start: Callable[..., Simulator], body: str, why: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{start().url}/console/clock", data=body, headers=headers, timeout=5)
    assert (answer.status_code, why in answer.json()["error"]) == (400, True)
