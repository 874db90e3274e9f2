"""What the console's routes work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.clocks import Clocks
    from simulator.exchange import Exchange
    from simulator.lines import Lines
    from simulator.mailbox import Mailbox
    from simulator.scene import Scene
    from simulator.stories.storyteller import Storyteller


@dataclass(frozen=True)
class Parts:
    """The whole stand-in, as the console sees it."""

    exchange: Exchange
    lines: Lines
    mailbox: Mailbox
    scene: Scene
    storyteller: Storyteller
    clocks: Clocks
