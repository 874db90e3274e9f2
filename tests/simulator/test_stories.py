"""A story is played on the telephones, told as it happens, and leaves them as they were."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.storytelling import AGENT, CUSTOMER, HOTLINE, SECONDS, play, sentences, told_at_the_end, with_story

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twilio.rest import Client

    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Service

WHISPER = '<Gather numDigits="1" action="/accepts" timeout="60"><Say>Bakkerij Peeters.</Say></Gather>'
CALLS = [
    {"tell": "A bakery stands still."},
    {"call": CUSTOMER, "as": "caller"},
    {"hears": ["caller", "Druk 1"]},
    {"press": ["caller", "1"], "for": "an outage"},
    {"ended": "caller"},
]


@pytest.fixture
def network_of(start: Callable[..., Simulator], tmp_path: Path, service: Service) -> Callable[..., Simulator]:
    return partial(with_story, start, tmp_path, service)


def test_who_calls_is_told_of_sentence_by_sentence(network_of: Callable[..., Simulator]) -> None:
    told = play(network_of(*CALLS))
    assert (told["status"], told["trouble"], told["title"]) == ("ended", "", "One")
    assert sentences(told) == [
        "A bakery stands still.",
        "An dials the hotline.",
        "An hears: “Druk 1 of 2.”",
        "An presses 1: an outage.",
        "An's call is over (completed).",
    ]


def test_an_agent_who_is_rung_answers_and_is_joined_with_the_customer(
    network_of: Callable[..., Simulator], service: Service, twilio_of: Callable[[Simulator], Client]
) -> None:
    service.says("/agent", WHISPER)
    service.says("/accepts", f'<Dial callerId="{HOTLINE}" action="/after"><Number>{CUSTOMER}</Number></Dial>')
    service.says("/after", "<Hangup/>")
    network = network_of(
        {"rings": [AGENT], "as": "agent"},
        {"answer": "agent"},
        {"hears": ["agent", "Peeters"]},
        {"press": ["agent", "1"]},
        {"rings": [CUSTOMER], "as": "customer"},
        {"answer": "customer"},
        {"joined": "agent"},
        {"advance": 240},
        {"hang_up": "customer"},
        {"ended": "agent"},
    )
    network.storyteller.play("one")
    call = twilio_of(network).calls.create(to=AGENT, from_=HOTLINE, url=f"{service.url}/agent")
    told = told_at_the_end(network)
    assert told["status"] == "ended", told
    assert "Sofie and An talk to each other." in sentences(told)
    assert any(line.startswith("4 minutes go by; it is ") for line in sentences(told))
    assert network.exchange.legs[str(call.sid)].duration(network.exchange.clock.now()) >= 240


def test_a_phone_that_does_not_ring_in_time_fails_the_story_and_says_what_to_do(
    network_of: Callable[..., Simulator],
) -> None:
    step = {"rings": [AGENT, CUSTOMER], "as": "agent", "deadline": 0.1, "advice": "Play it again."}
    network = network_of({"call": CUSTOMER, "as": "caller"}, step, {"tell": "never told"})
    told = play(network)
    assert told["status"] == "failed"
    assert told["trouble"] == "Sofie's or An's telephone should ring: waited 0 seconds in vain. Play it again."
    assert "never told" not in sentences(told)
    assert not any(leg.live for leg in network.exchange.legs.values())


def test_what_cannot_come_any_more_is_not_waited_for(network_of: Callable[..., Simulator], service: Service) -> None:
    network = network_of({"call": CUSTOMER, "as": "caller"}, {"hears": ["caller", "welkom"], "deadline": 3600})
    service.says("/voice/incoming", "<Say>Tot ziens</Say>")
    told = play(network)
    assert told["trouble"] == "An should hear 'welkom', but that call is over (completed)."


@pytest.mark.parametrize("after", [[], [{"advance": 3600}]])
def test_a_telephone_that_rings_in_the_silence_fails_the_story(
    network_of: Callable[..., Simulator],
    service: Service,
    twilio_of: Callable[[Simulator], Client],
    after: list[dict[str, Any]],
) -> None:
    # After the silence was told: noticed before the clock is moved, or at the end.
    steps = [{"silent": [AGENT]}, {"call": CUSTOMER, "as": "caller"}, {"ended": "caller"}, *after]
    network = network_of(*steps)
    network.storyteller.play("one")
    network.exchange.watch(lambda: bool(network.exchange.legs), SECONDS)
    twilio_of(network).calls.create(to=AGENT, from_=HOTLINE, url=f"{service.url}/voice/incoming")
    network.exchange.end_all()
    told = told_at_the_end(network)
    assert (told["status"], told["trouble"]) == ("failed", "Nobody should be rung now, but Sofie was.")


def test_a_silence_is_watched_for_as_long_as_the_story_says(
    network_of: Callable[..., Simulator], service: Service, twilio_of: Callable[[Simulator], Client]
) -> None:
    network = network_of({"silent": [AGENT], "for": 60}, {"tell": "silence"})
    network.storyteller.play("one")
    twilio_of(network).calls.create(to=AGENT, from_=HOTLINE, url=f"{service.url}/voice/incoming")
    assert told_at_the_end(network)["trouble"] == "Nobody should be rung now, but Sofie was."


def test_a_story_that_is_stopped_hangs_up_and_waits_no_longer(network_of: Callable[..., Simulator]) -> None:
    steps = [{"behave": {AGENT: "busy"}}, {"call": CUSTOMER, "as": "caller"}, {"ended": "caller", "deadline": 3600}]
    network = network_of(*steps)
    network.storyteller.play("one")
    assert network.exchange.watch(lambda: bool(network.exchange.legs), SECONDS)
    network.storyteller.stop()
    told = told_at_the_end(network)
    assert (told["status"], told["trouble"]) == ("stopped", "")
    assert not any(leg.live for leg in network.exchange.legs.values())
    assert network.exchange.phones.behaviour(AGENT) == "manual"


def test_a_play_begins_with_every_telephone_in_its_owners_hands_and_on_the_hook(
    network_of: Callable[..., Simulator], telephones_of: Callable[[Simulator], Telephones]
) -> None:
    network = network_of(*CALLS)
    phones = telephones_of(network)
    phones.behaves(CUSTOMER, "fails")
    sid = phones.places_call(CUSTOMER)
    assert play(network)["status"] == "ended"
    assert phones.call(sid, wait=0)["status"] == "completed"
    assert phones.phone(CUSTOMER, wait=0)["behaviour"] == "manual"


def test_who_is_left_of_before_is_called_before_the_story_begins(
    network_of: Callable[..., Simulator],
    service: Service,
    twilio_of: Callable[[Simulator], Client],
    telephones_of: Callable[[Simulator], Telephones],
) -> None:
    service.says("/agent", WHISPER)
    clear = {"clear": {"agent": "answers_and_presses:1", "customer": "answers"}, "again_after": 1800}
    network = network_of(clear, *CALLS)
    phones = telephones_of(network)
    phones.hangs_up(phones.places_call(CUSTOMER))
    network.storyteller.play("one")
    assert network.exchange.watch(lambda: network.exchange.phones.behaviour(AGENT) != "manual", SECONDS)
    left = twilio_of(network).calls.create(to=AGENT, from_=HOTLINE, url=f"{service.url}/agent")
    told = told_at_the_end(network)
    assert told["status"] == "ended", told
    assert sentences(told)[:2] == ["Somebody is left of before, and is called first.", "A bakery stands still."]
    assert network.exchange.legs[str(left.sid)].status == "completed"


def test_nothing_is_cleared_after_a_story_that_came_to_its_end(network_of: Callable[..., Simulator]) -> None:
    # Without the service's clock that moment has no name: whoever cleared would fail.
    network = network_of({"clear": {"agent": "answers"}, "at": "next_opening"}, *CALLS)
    assert [play(network)["status"] for _ in range(2)] == ["ended", "ended"]
