"""A stand-in with one story, which is played to its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulator.server import Simulator
    from tests.simulator.conftest import Service

HOTLINE = "+3234603535"
CUSTOMER = "+32470123456"
AGENT = "+32475000001"
MENU = '<Gather numDigits="1" action="/chosen" timeout="60"><Say>Druk 1 of 2.</Say></Gather>'
SECONDS = 10.0


def with_story(
    start: Callable[..., Simulator], folder: Path, service: Service, *steps: dict[str, Any], **settings: object
) -> Simulator:
    """Start a stand-in with An, Sofie and one story; the service offers a menu, and calls nobody by itself."""
    service.says("/voice/incoming", MENU)
    service.says("/chosen", "<Say>U wordt teruggebeld.</Say>")
    telephones = [
        {"number": CUSTOMER, "name": "An", "about": "", "side": "customer", "language": "nl"},
        {"number": AGENT, "name": "Sofie", "about": "", "side": "agent", "language": "nl"},
    ]
    story = {"id": "one", "title": "One", "about": "A story.", "steps": list(steps)}
    told = {"title": "Try", "timezone": "Europe/Brussels", "links": [], "telephones": telephones, "stories": [story]}
    path = folder / "scene.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return start(scene=path, **settings)


def told_at_the_end(network: Simulator) -> dict[str, Any]:
    """Wait until it is over, and return what was told of it."""
    over = network.exchange.watch(lambda: (network.storyteller.told() or {}).get("status") != "running", SECONDS)
    told = network.storyteller.told()
    assert over, told
    assert told is not None
    return told


def play(network: Simulator) -> dict[str, Any]:
    """Play it to its end."""
    network.storyteller.play("one")
    return told_at_the_end(network)


def sentences(told: dict[str, Any]) -> list[str]:
    """Return what was told, without the hours."""
    return [line["text"] for line in told["told"]]
