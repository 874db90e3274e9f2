"""Recordings: a short generated sound for each message, kept in memory."""

from __future__ import annotations

import array
import io
import math
import wave
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.legs import new_sid
from simulator.speech import NoSpeechError, riff, spoken

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

RATE = 8000
LONGEST_SOUND = 10  # seconds of sound made, however long the message was; it is all one tone


@dataclass(frozen=True)
class Recording:
    """One message of a caller; `duration` in seconds."""

    sid: str
    call_sid: str
    duration: int
    made: datetime
    words: str = ""
    language: str = ""
    """What the caller said, and in which language; empty where nobody told."""


class Recordings:
    """Kept until deleted. `address` gives the URL prefix, known once the server listens."""

    def __init__(self, account_sid: str, address: Callable[[], str]) -> None:
        self._account_sid = account_sid
        self._address = address
        self._kept: dict[str, Recording] = {}

    def keep(self, call_sid: str, seconds: int, made: datetime, words: str = "", language: str = "") -> tuple[str, str]:
        """Keep a message; gives its SID and its RecordingUrl."""
        recording = Recording(new_sid("RE"), call_sid, seconds, made, words, language)
        self._kept[recording.sid] = recording
        return recording.sid, f"{self._address()}/2010-04-01/Accounts/{self._account_sid}/Recordings/{recording.sid}"

    def find(self, sid: str) -> Recording | None:
        """The message of that SID, None when there is none (any more)."""
        return self._kept.get(sid)

    def delete(self, sid: str) -> bool:
        """Forget a message; says whether there was one."""
        return self._kept.pop(sid, None) is not None


def wav(recording: Recording) -> bytes:
    """The caller's words, never longer than the message; where they cannot be said, a tone of 440 Hz. Mono, 16 bits."""
    with (
        suppress(NoSpeechError, ValueError),
        wave.open(io.BytesIO(spoken(recording.words, recording.language))) as said,
    ):
        return riff(said.readframes(recording.duration * said.getframerate()), said.getframerate())
    count = RATE * min(recording.duration, LONGEST_SOUND)
    samples = array.array("h", (int(6000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(RATE)))
    return riff((samples.tobytes() * (count // RATE + 1))[: 2 * count], RATE)
