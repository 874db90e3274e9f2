"""What the console's routes work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.exchange import Exchange
    from simulator.lines import Lines
    from simulator.mailbox import Mailbox
    from simulator.recordings import Recordings
    from simulator.scene import Scene
    from simulator.service_clock import ServiceClock
    from simulator.storyteller import Storyteller


@dataclass(frozen=True)
class Parts:
    """The whole stand-in, as the console sees it. No `service_clock`: the telephones' clock moves alone."""

    exchange: Exchange
    lines: Lines
    recordings: Recordings
    mailbox: Mailbox
    scene: Scene
    storyteller: Storyteller
    service_clock: ServiceClock | None
