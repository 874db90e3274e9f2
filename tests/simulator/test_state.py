"""What the telephones' page asks twice a second, and the page itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

from simulator.client import TelephoneError, Telephones
from simulator.scene import Link, Scene, Story, Telephone
from tests.simulator.conftest import AGENT, CUSTOMER, HOTLINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.server import Simulator
    from tests.simulator.conftest import Service

MENU = '<Gather numDigits="1" timeout="30"><Say language="nl-BE">Druk een.</Say></Gather>'


def ask(network: Simulator, path: str = "state", **headers: str) -> requests.Response:
    return requests.get(f"{network.url}/console/{path}", headers=headers, timeout=5)


def test_an_unchanged_state_is_not_sent_again_and_a_changed_one_is(
    service: Service, network: Simulator, phones: Telephones
) -> None:
    service.says("/voice/incoming", MENU)
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="gathering")
    first = ask(network)
    assert first.json()["calls"][0]["transcript"][0]["text"] == "Druk een."
    again = ask(network, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    phones.hangs_up(sid)
    changed = ask(network, **{"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json()["calls"][0]["status"]) == (200, "completed")


def test_instants_are_told_instead_of_durations_so_that_nothing_changes_with_the_second(
    service: Service, network: Simulator, phones: Telephones
) -> None:
    service.says("/voice/incoming", MENU)
    phones.call(phones.places_call(CUSTOMER), until="gathering")
    call = ask(network).json()["calls"][0]
    assert "duration" not in call
    assert call["created"] <= call["answered"]
    assert call["ended"] is None


def test_only_the_newest_ended_calls_are_told_and_every_live_one(
    service: Service, network: Simulator, phones: Telephones
) -> None:
    service.says("/voice/incoming", MENU)
    live = phones.places_call(CUSTOMER)
    phones.call(live, until="gathering")
    service.says("/voice/incoming", "<Hangup/>")
    ended = []
    for n in range(33):
        ended.append(phones.places_call(f"+3247000{n:04}"))
        phones.call(ended[-1], until="ended")
    told = [call["sid"] for call in ask(network).json()["calls"]]
    assert told == [live, *ended[-30:]]


def test_behaviours_and_the_pace_are_told(network: Simulator, phones: Telephones) -> None:
    phones.behaves(AGENT, "busy")
    phones.pace(15)
    state = ask(network).json()
    assert (state["behaviours"], state["speech_rate"]) == ({AGENT: "busy"}, 15)
    phones.behaves(AGENT, "manual")
    assert ask(network).json()["behaviours"] == {}


def test_a_pace_that_nobody_could_speak_at_is_refused(network: Simulator, phones: Telephones) -> None:
    refusals = []
    for rate in (-1, 101, float("nan")):
        try:
            phones.pace(rate)
        except (TelephoneError, requests.exceptions.InvalidJSONError) as refused:
            refusals.append(refused)
    answer = requests.post(f"{network.url}/console/pace", json={"speech_rate": "fast"}, timeout=5)
    assert (len(refusals), answer.status_code) == (3, 400)
    assert "characters a second" in answer.json()["error"]


def test_the_scene_is_told_without_the_steps_of_its_stories(start: Callable[..., Simulator]) -> None:
    an = Telephone(CUSTOMER, "An", "customer")
    story = Story("one", "One", "a call", ({"tell": "x"},))
    network = start(scene=Scene("Tried", "Europe/Brussels", (Link("Schedule", "http://127.0.0.1/"),), (an,), (story,)))
    told: dict[str, Any] = ask(network, "scene").json()
    assert told["stories"] == [{"id": "one", "title": "One", "about": "a call"}]
    assert told["telephones"][0]["name"] == "An"
    assert (told["hotline"], told["inbox"], told["service_clock"]) == (HOTLINE, False, False)


def test_every_answer_of_the_console_forbids_foreign_code_and_foreign_frames(network: Simulator) -> None:
    for path in ("", "state", "static/console.js", "calls/CAnone"):
        headers = ask(network, path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
