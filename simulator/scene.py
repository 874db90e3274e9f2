"""Whose telephones these are, the pages beside them, and the stories that can be played: read from a JSON file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIDES = ("customer", "agent")


class SceneError(ValueError):
    """The file is no scene; the sentence names the file and the place in it."""


@dataclass(frozen=True)
class Link:
    """A page beside the telephones."""

    text: str
    href: str


@dataclass(frozen=True)
class Telephone:
    """Somebody's telephone. `side` is one of SIDES, `language` the one that is spoken there, such as `nl`."""

    number: str
    name: str
    about: str
    side: str
    language: str


@dataclass(frozen=True)
class Story:
    """What can be played; the words of its steps are `simulator.stories.steps`'."""

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
            return _scene(json.loads(path.read_text(encoding="utf-8")))
        except OSError as trouble:
            message = f"the scene {path} cannot be read: {trouble.strerror or trouble}"
            raise SceneError(message) from trouble
        except (ValueError, RecursionError) as trouble:
            message = f"the scene {path} is not right: {trouble}"
            raise SceneError(message) from trouble


def _scene(told: object) -> Scene:
    whole = _object(told, "the file")
    links = tuple(Link(_text(each, where, "text"), _href(each, where)) for each, where in _objects(whole, "links"))
    telephones = tuple(_telephone(each, where) for each, where in _objects(whole, "telephones"))
    stories = tuple(_story(each, where) for each, where in _objects(whole, "stories"))
    _no_two_alike("telephones", "number", [each.number for each in telephones])
    _no_two_alike("stories", "id", [each.id for each in stories])
    return Scene(_text(whole, "", "title"), _timezone(whole), links, telephones, stories)


def _telephone(told: dict[str, Any], where: str) -> Telephone:
    number, name, side, language = (_text(told, where, key) for key in ("number", "name", "side", "language"))
    if side not in SIDES:
        message = f"{where}.side is {side!r}; it is one of {', '.join(SIDES)}"
        raise SceneError(message)
    return Telephone(number, name, _text(told, where, "about", empty=True), side, language)


def _story(told: dict[str, Any], where: str) -> Story:
    story_id, title = _text(told, where, "id"), _text(told, where, "title")
    if "/" in story_id:
        message = f"{where}.id is part of an address: no slash in {story_id!r}"
        raise SceneError(message)
    steps = tuple(each for each, _ in _objects(told, "steps", f"{where}."))
    return Story(story_id, title, _text(told, where, "about", empty=True), steps)


def _href(told: dict[str, Any], where: str) -> str:
    href = _text(told, where, "href")
    # A javascript: address would run with the console's rights when it is followed.
    if not href.startswith(("http://", "https://")):
        message = f"{where}.href is {href!r}; it begins with http:// or https://"
        raise SceneError(message)
    return href


def _timezone(told: dict[str, Any]) -> str:
    name = _text(told, "", "timezone")
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as trouble:
        message = f"timezone is {name!r}, which is none; such as Europe/Brussels"
        raise SceneError(message) from trouble
    return name


def _no_two_alike(where: str, key: str, values: list[str]) -> None:
    for n, value in enumerate(values):
        if value in values[:n]:
            message = f"{where}[{n}].{key} is {value!r}, as that of {where}[{values.index(value)}] already"
            raise SceneError(message)


def _objects(told: dict[str, Any], name: str, within: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    entries = told.get(name, [])
    if not isinstance(entries, list):
        message = f"{within}{name} is a list"
        raise SceneError(message)
    for n, entry in enumerate(entries):
        where = f"{within}{name}[{n}]"
        yield _object(entry, where), where


def _object(told: object, where: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        message = f"{where} is an object, {{…}}"
        raise SceneError(message)
    return told


def _text(told: dict[str, Any], where: str, key: str, *, empty: bool = False) -> str:
    value = told.get(key)
    if not isinstance(value, str) or not (empty or value.strip()):
        message = f"{where}{'.' if where else ''}{key} is wanted, as text"
        raise SceneError(message)
    return value
