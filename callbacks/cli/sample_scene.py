"""What the demo tells the telephones' page: whose telephones there are, the pages beside them, what can be played."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from callbacks.cli import sample_stories
from callbacks.cli.sample_people import AGENTS, CUSTOMERS

FILE = "scene.json"
CHARACTERS_A_SECOND = 15.0
"""How fast the telephones speak to people: what is said stands there about as long as it takes to read."""
HOSTS = {"Mieke Janssens": "127.0.0.1", "Sofie Claes": "localhost", "Bart Wouters": "bart.localhost"}
"""A sign-in belongs to a host's name: under three names of one machine, three people work in one browser."""
AGREEMENTS = {"managed": "managed services", "hours_bundle": "bundle of hours", "time_and_materials": "by the hour"}
LANGUAGES = {"nl": "Dutch", "fr": "French", "en": "English"}


def write(folder: Path, *, base_url: str, timezone: str) -> Path:
    """Write the scene into a folder and return its file. `base_url` is where the service answers."""
    port = urlsplit(base_url).port
    scene = {
        "title": "Ringback, tried out",
        "timezone": timezone,
        "links": links(port or 80),
        "telephones": [*_customers(), *_agents()],
        "stories": sample_stories.stories(),
    }
    path = folder / FILE
    path.write_text(json.dumps(scene, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def links(port: int) -> list[dict[str, str]]:
    """Return a way in for each of the people, under a host name of his own; the supervisor's first."""
    people = sorted(AGENTS[1:], key=lambda row: row[3] != "supervisor")
    return [
        {"text": _title(row[0], row[3]), "href": f"http://{HOSTS[row[0]]}:{port}/demo/enter/{row[2]}"} for row in people
    ]


def _title(name: str, role: str) -> str:
    return f"Schedule · {name}, supervisor" if role == "supervisor" else f"Desk · {name}, {role}"


def _customers() -> list[dict[str, str]]:
    return [
        {
            "number": number,
            "name": name if first else f"{name}, another telephone",
            "about": f"{company} · {AGREEMENTS[agreement]}",
            "side": "customer",
            "language": language,
        }
        for company, agreement, name, numbers, _, language in CUSTOMERS[1:]
        for first, number in ((n == 0, number) for n, number in enumerate(numbers.split(";")))
    ]


def _agents() -> list[dict[str, str]]:
    return [
        {
            "number": number,
            "name": name,
            "about": f"agent · {', '.join(LANGUAGES[language] for language in languages.split(';'))}",
            "side": "agent",
            "language": languages.split(";")[0],
        }
        for name, number, _, _, languages in AGENTS[1:]
        if number
    ]
