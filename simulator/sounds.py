"""The sounds that were fetched for a <Play>, kept for whoever listens at the console."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

KEPT = 20
LARGEST = 5 * 1024 * 1024  # bytes of one that is kept; a larger one is played all the same


@dataclass(frozen=True)
class Sound:
    """What came from a URL."""

    content_type: str
    content: bytes


class Sounds:
    """The newest ones, by a name made of what they sound like."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Sound] = OrderedDict()

    def keep(self, sound: Sound) -> str:
        """Keep a sound; gives its name, which is empty where it is too large."""
        if len(sound.content) > LARGEST:
            return ""
        name = hashlib.sha256(sound.content).hexdigest()[:20]
        with self._lock:
            self._kept[name] = sound
            self._kept.move_to_end(name)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return name

    def find(self, name: str) -> Sound | None:
        """The sound of that name, None when there is none (any more)."""
        with self._lock:
            return self._kept.get(name)
