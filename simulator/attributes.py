"""Attribute values: what Twilio takes, and the warning it gives for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from simulator.player import Player

# Twilio's error dictionary has a code of its own for this one; for the rest the schema warning serves.
CODES = {("Dial", "timeout"): 13212}
SCHEMA_WARNING = 12200


def whole_number(player: Player, element: ET.Element, name: str, default: int, *, least: int, most: int = 10**9) -> int:
    """An integer attribute; the default, and a warning in the journal, for anything else or out of range."""
    given = element.get(name)
    if given is None:
        return default
    text = given.strip()
    if text.removeprefix("-").isdecimal() and least <= int(text) <= most:
        return int(text)
    _refuse(player, element, name)
    return default


def flag(player: Player, element: ET.Element, name: str, *, default: bool = False) -> bool:
    """A `true` or `false` attribute."""
    return choice(player, element, name, "true" if default else "false", {"true", "false"}) == "true"


def choice(player: Player, element: ET.Element, name: str, default: str, allowed: set[str]) -> str:
    """An attribute with a fixed set of values."""
    given = element.get(name, default).strip()
    if given in allowed:
        return given
    _refuse(player, element, name)
    return default


def method_of(player: Player, element: ET.Element, name: str = "method") -> str:
    """GET or POST; POST by default."""
    return choice(player, element, name, "POST", {"GET", "POST"})


def _refuse(player: Player, element: ET.Element, name: str) -> None:
    code = CODES.get((element.tag, name), SCHEMA_WARNING)
    player.warn(code, f"<{element.tag} {name}={element.get(name)!r}> is not valid")
