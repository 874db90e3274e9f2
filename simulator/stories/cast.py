"""Whose telephones a story is played on: their names, how they behave, and the hour where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from simulator.stories.steps import StoryError

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.exchange import Exchange
    from simulator.legs import Leg
    from simulator.scene import Scene


class Cast:
    """The people of a scene. A number that nobody in it has is its own name."""

    def __init__(self, exchange: Exchange, scene: Scene) -> None:
        self._exchange = exchange
        self._scene = scene

    def who(self, leg: Leg) -> str:
        """The person on a call."""
        return self.name(leg.phone)

    def name(self, number: str) -> str:
        """The person with this number."""
        return next((each.name for each in self._scene.telephones if each.number == number), number)

    def numbers(self) -> list[str]:
        """Every number of the scene."""
        return [each.number for each in self._scene.telephones]

    def local(self, at: datetime) -> str:
        """The day and the hour, as the people of the scene have it."""
        return at.astimezone(ZoneInfo(self._scene.timezone)).strftime("%A %-d %B, %H:%M")

    def behaves(self, number: str, word: str) -> None:
        """Describe a telephone (see `simulator.phones`). Raises StoryError for an unknown word."""
        if self._exchange.phones.behaviour(number) == word:
            return
        try:
            self._exchange.behave(number, word)
        except ValueError as trouble:
            raise StoryError(str(trouble)) from trouble

    def answer_by_themselves(self, behaviours: dict[str, str]) -> None:
        """Let every telephone behave as its side of the scene; who called without being in it is a customer."""
        sides = {each.number: each.side for each in self._scene.telephones}
        for number in {*sides, *self._strangers()}:
            self.behaves(number, behaviours.get(sides.get(number, "customer"), "manual"))

    def rests(self) -> None:
        """Give every telephone back into its owner's hands."""
        for number in {*(each.number for each in self._scene.telephones), *self._strangers()}:
            self.behaves(number, "manual")

    def _strangers(self) -> set[str]:
        with self._exchange.changed:
            return {leg.phone for leg in self._exchange.legs.values() if leg.phone.startswith("+")}
