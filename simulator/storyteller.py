"""Plays a story: steps on the telephones, one after another, told as they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.exchange import Exchange
    from simulator.lines import Lines
    from simulator.mailbox import Mailbox
    from simulator.scene import Scene
    from simulator.service_clock import ServiceClock


class Storyteller:
    """One story at a time."""

    def __init__(
        self, exchange: Exchange, lines: Lines, mailbox: Mailbox, scene: Scene, service_clock: ServiceClock | None
    ) -> None:
        self._exchange = exchange
        self._lines = lines
        self._mailbox = mailbox
        self._scene = scene
        self._service_clock = service_clock
