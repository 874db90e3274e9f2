"""What the page asks twice a second, and what every answer to it forbids."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Service

CUSTOMER = "+32470123456"


def ask(network: Simulator, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{network.url}/console/{path}", headers=headers, timeout=5)


def test_who_has_seen_the_state_is_told_nothing_until_it_changes(
    network: Simulator, service: Service, phones: Telephones
) -> None:
    service.says("/voice/incoming", "<Gather timeout='60'><Say>Dag</Say></Gather>")
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="gathering")
    first = ask(network, "state")
    again = ask(network, "state", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    phones.hangs_up(sid)
    after = ask(network, "state", **{"If-None-Match": first.headers["ETag"]})
    assert (after.status_code, after.json()["calls"][0]["status"]) == (200, "completed")


def test_a_leg_is_told_with_its_instants_and_without_its_duration(
    network: Simulator, service: Service, phones: Telephones
) -> None:
    service.says("/voice/incoming", "<Hangup/>")
    phones.call(phones.places_call(CUSTOMER), until="ended")
    call = ask(network, "state").json()["calls"][0]
    assert ("duration" in call, call["from"]) == (False, CUSTOMER)
    assert call["created"] <= call["answered"] <= call["ended"]


def test_the_thirty_that_ended_last_are_told_and_all_that_live(
    network: Simulator, service: Service, phones: Telephones
) -> None:
    service.says("/voice/incoming", "<Gather timeout='60'/>")
    kept = phones.places_call("+32470000001")
    phones.call(kept, until="gathering")
    for n in range(31):
        service.says("/voice/incoming", "<Hangup/>")
        phones.call(phones.places_call(f"+324711111{n:02}"), until="ended")
    told = [call["from"] for call in ask(network, "state").json()["calls"]]
    assert (told[0], told[1], len(told)) == ("+32470000001", "+32471111101", 31)
    assert phones.hangs_up(kept)["status"] == "completed"


def test_behaviours_mails_and_story_are_part_of_it(network: Simulator, phones: Telephones) -> None:
    phones.behaves("+32471000001", "busy")
    phones.behaves("+32471000002", "manual")
    state = ask(network, "state").json()
    assert (state["behaviours"], state["mails"], state["story"]) == ({"+32471000001": "busy"}, 0, None)
    assert (state["ahead"], state["moments"], state["calls"]) == (0, {}, [])


def test_the_pace_is_changed_while_people_listen(network: Simulator, phones: Telephones) -> None:
    phones.pace(15)
    assert (ask(network, "state").json()["speech_rate"], network.exchange.speech_rate) == (15, 15)


@pytest.mark.parametrize("body", ["{}", '{"speech_rate": "x"}', '{"speech_rate": -1}', '{"speech_rate": NaN}'])
def test_a_pace_that_is_none_is_refused(network: Simulator, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{network.url}/console/pace", body, headers=headers, timeout=5)
    assert (answer.status_code, "0 to 100" in answer.json()["error"]) == (400, True)


def test_the_scene_is_told_without_the_steps_of_its_stories(start: Callable[..., Simulator], tmp_path: Path) -> None:
    story: dict[str, Any] = {"id": "one", "title": "One", "about": "", "steps": [{"wait": 1}]}
    path = tmp_path / "scene.json"
    path.write_text(json.dumps({"title": "Tried", "timezone": "Europe/Brussels", "stories": [story]}), "utf-8")
    told = ask(start(scene=path), "scene").json()
    assert told["stories"] == [{"id": "one", "title": "One", "about": ""}]
    assert (told["title"], told["hotline"], told["inbox"], told["service_clock"]) == (
        "Tried",
        "+3234603535",
        False,
        False,
    )


@pytest.mark.parametrize("path", ["", "state", "static/console.js", "healthz", "calls/CA0", "nowhere"])
def test_every_answer_of_the_console_keeps_to_itself(network: Simulator, path: str) -> None:
    headers = ask(network, path).headers
    assert "default-src 'none'; script-src 'self';" in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert headers["Referrer-Policy"] == "no-referrer"
