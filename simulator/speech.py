"""Words aloud, by espeak-ng where it is installed. It reads them from its standard input and knows no network."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from functools import lru_cache

PROGRAM = "espeak-ng"
LONGEST = 1500  # characters; more than anybody listens to at once
LONGEST_MAKING = 20  # seconds
KEPT = 32  # sounds; the longest have 5 MB each
SPEED = "150"  # words a minute, as somebody speaks who wants to be understood

VOICES = {
    "nl": "nl",
    "nl-be": "nl",
    "nl-nl": "nl",
    "fr": "fr-fr",
    "fr-be": "fr-be",
    "fr-fr": "fr-fr",
    "en": "en-gb",
    "en-gb": "en-gb",
    "en-us": "en-us",
}
"""espeak-ng's voice for each language of a <Say>, in small letters."""


class NoSpeechError(Exception):
    """Nothing can be said aloud here; the sentence says why."""


def available() -> bool:
    """Whether espeak-ng is installed."""
    return shutil.which(PROGRAM) is not None


def spoken(text: str, language: str) -> bytes:
    """The words as a WAV (16 bits, mono). The same words are made once.

    Raises ValueError for a language without a voice, no words or more than LONGEST characters; NoSpeechError where
    espeak-ng is not installed or fails.
    """
    voice = VOICES.get(language.lower())
    if voice is None:
        message = f"no voice speaks {language!r}; language is one of {', '.join(VOICES)}"
        raise ValueError(message)
    if not text.strip() or len(text) > LONGEST:
        message = f"say 1 to {LONGEST} characters, not {len(text)}"
        raise ValueError(message)
    program = shutil.which(PROGRAM)
    if program is None:
        message = "espeak-ng is not installed, so nothing is said aloud (Debian: apt install espeak-ng)"
        raise NoSpeechError(message)
    return _made(program, voice, text)


def seconds_of(sound: bytes) -> float:
    """How long a WAV lasts."""
    with wave.open(io.BytesIO(sound)) as file:
        return float(file.getnframes() / file.getframerate())


@lru_cache(maxsize=KEPT)
def _made(program: str, voice: str, text: str) -> bytes:
    command = [program, "--stdin", "--stdout", "-v", voice, "-s", SPEED]
    try:
        made = subprocess.run(  # noqa: S603 - a program of the system, words from our table, the text on its stdin
            command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=LONGEST_MAKING, check=True
        ).stdout
        return _whole(made)
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as trouble:
        message = f"espeak-ng said nothing: {trouble}"
        raise NoSpeechError(message) from trouble


def _whole(made: bytes) -> bytes:
    """The same sound with its true length: written to a pipe, espeak-ng's header promises two gigabytes."""
    with wave.open(io.BytesIO(made)) as file:
        return riff(file.readframes(file.getnframes()), file.getframerate())


def riff(frames: bytes, rate: int) -> bytes:
    """A WAV of 16 bits, mono, of these frames; `rate` in hertz."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames)
    return stream.getvalue()
