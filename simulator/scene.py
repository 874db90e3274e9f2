"""Whose telephones these are, the pages beside them, and the stories that can be played: read from a JSON file."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scene:
    """Empty where no file was given: every number is then its own name."""

    title: str = "Telephones"
    links: tuple[object, ...] = field(default=())
