"""Whose telephones these are, the pages beside them, and the stories that can be played: read from a JSON file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Telephone:
    """Somebody's telephone."""

    number: str
    name: str
    side: str


@dataclass(frozen=True)
class Story:
    """A story."""

    id: str
    title: str
    about: str
    steps: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Scene:
    """Empty where no file was given: every number is then its own name."""

    title: str = "Telephones"
    timezone: str = "UTC"
    links: tuple[object, ...] = ()
    telephones: tuple[Telephone, ...] = ()
    stories: tuple[Story, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Scene:
        """Read it."""
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            told["title"],
            told["timezone"],
            (),
            tuple(Telephone(each["number"], each["name"], each["side"]) for each in told["telephones"]),
            tuple(Story(each["id"], each["title"], each["about"], tuple(each["steps"])) for each in told["stories"]),
        )
