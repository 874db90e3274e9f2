"""Whose telephones these are, the pages beside them, and the stories that can be played: read from a JSON file."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pathlib import Path

SIDES = frozenset({"customer", "agent"})


class SceneError(ValueError):
    """The file is no scene; the sentence says where."""


@dataclass(frozen=True)
class Link:
    """A page beside the telephones."""

    text: str
    href: str


@dataclass(frozen=True)
class Telephone:
    """Somebody's telephone; `side` is `customer` or `agent`, `language` the one he is spoken to in."""

    number: str
    name: str
    side: str
    about: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Story:
    """Something that can be played; its steps are those of `simulator.story_steps`."""

    id: str
    title: str
    about: str
    steps: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Scene:
    """Empty where no file was given: every number is then its own name."""

    title: str = "Telephones"
    timezone: str = "UTC"
    links: tuple[Link, ...] = ()
    telephones: tuple[Telephone, ...] = ()
    stories: tuple[Story, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Scene:
        """Read a file. Raises SceneError."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as trouble:
            message = f"the scene {path} cannot be read: {trouble}"
            raise SceneError(message) from trouble
        if not isinstance(told, dict):
            message = f"the scene {path} is no JSON object"
            raise SceneError(message)
        scene = cls(
            _text(told, "title", "the scene", cls.title),
            _text(told, "timezone", "the scene", cls.timezone),
            tuple(_all(Link, told, "links")),
            tuple(_all(Telephone, told, "telephones")),
            tuple(_all(Story, told, "stories")),
        )
        _check(scene)
        return scene


def _all(kind: type[Any], told: dict[str, Any], name: str) -> list[Any]:
    entries = told.get(name, [])
    if not isinstance(entries, list):
        message = f"{name}: a list is wanted"
        raise SceneError(message)
    return [_one(kind, entry, f"{name}[{n}]") for n, entry in enumerate(entries)]


def _one(kind: type[Any], entry: object, where: str) -> object:
    if not isinstance(entry, dict):
        message = f"{where}: an object is wanted"
        raise SceneError(message)
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.name == "steps":
            values["steps"] = _steps(entry, where)
        elif field.name in entry or field.default is MISSING:
            values[field.name] = _text(entry, field.name, where)
    return kind(**values)


def _text(entry: dict[str, Any], name: str, where: str, default: str | None = None) -> str:
    value = entry.get(name, default)
    if not isinstance(value, str) or not (value or name == "about"):
        message = f"{where}: {name} is wanted, as text"
        raise SceneError(message)
    return value


def _steps(entry: dict[str, Any], where: str) -> tuple[dict[str, Any], ...]:
    steps = entry.get("steps", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        message = f"{where}: steps is wanted, a list of objects"
        raise SceneError(message)
    return tuple(steps)


def _check(scene: Scene) -> None:
    for n, telephone in enumerate(scene.telephones):
        if telephone.side not in SIDES:
            message = f"telephones[{n}]: side is one of {', '.join(sorted(SIDES))}"
            raise SceneError(message)
    for n, link in enumerate(scene.links):
        if not link.href.startswith(("http://", "https://")):
            message = f"links[{n}]: href is an http address"
            raise SceneError(message)
    for name, values in (
        ("number of a telephone", [each.number for each in scene.telephones]),
        ("id of a story", [each.id for each in scene.stories]),
    ):
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            message = f"twice the same {name}: {', '.join(sorted(twice))}"
            raise SceneError(message)
    try:
        ZoneInfo(scene.timezone)
    except (ValueError, OSError, KeyError) as trouble:
        message = f"the scene: no time zone is called {scene.timezone!r}"
        raise SceneError(message) from trouble
