"""Words aloud."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.speech import available, spoken
from tests.databases import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.client import Telephones


@pytest.fixture
def espeak() -> None:
    if not available():
        skip_or_fail("espeak-ng is not installed (Debian: apt install espeak-ng)")


def asks(phones: Telephones, text: str, language: str = "nl-BE") -> requests.Response:
    query = {"text": text, "language": language}
    return requests.get(f"{phones.base_url}/console/speech", params=query, timeout=30)


def seconds(sound: bytes) -> float:
    with wave.open(io.BytesIO(sound)) as file:
        # What the header promises is there, no more and no less.
        assert len(file.readframes(file.getnframes())) == 2 * file.getnframes()
        return float(file.getnframes() / file.getframerate())


@pytest.mark.usefixtures("espeak")
@pytest.mark.parametrize("language", ["nl", "nl-BE", "fr-FR", "fr-BE", "en-GB", "en-US"])
def test_words_become_a_sound_that_lasts_as_long_as_they_do(phones: Telephones, language: str) -> None:
    short, long = asks(phones, "Dag", language), asks(phones, "Dag, " * 20, language)
    assert (short.status_code, short.headers["Content-Type"]) == (200, "audio/wav")
    assert short.content[:4] == b"RIFF"
    assert 0.2 < seconds(short.content) < 2
    assert 5 < seconds(long.content) < 60


@pytest.mark.usefixtures("espeak")
def test_a_text_is_never_an_option_nor_a_command(phones: Telephones) -> None:
    answer = asks(phones, "--version; $(reboot)")
    assert (answer.status_code, seconds(answer.content) > 1) == (200, True)


@pytest.mark.usefixtures("espeak")
def test_the_same_words_are_made_once() -> None:
    assert spoken("Nog eens", "nl") is spoken("Nog eens", "nl-BE")
    assert spoken("Nog eens", "nl") != spoken("Nog eens", "fr")


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Dag", "de-DE", "no voice speaks 'de-DE'"),
        ("Dag", "", "no voice speaks ''"),
        ("Dag", "nl -w /tmp/x", "no voice"),
        ("", "nl", "say 1 to 1500 characters, not 0"),
        ("  ", "nl", "say 1 to 1500"),
        ("x" * 1501, "nl", "not 1501"),
    ],
)
def test_nonsense_is_refused(phones: Telephones, text: str, language: str, said: str) -> None:
    answer = asks(phones, text, language)
    assert (answer.status_code, said in answer.json()["error"]) == (400, True)


def test_without_espeak_there_is_a_sentence(
    phones: Telephones, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not available()
    answer = asks(phones, "Dag")
    assert (answer.status_code, "apt install espeak-ng" in answer.json()["error"]) == (404, True)


@pytest.mark.parametrize("script", ["exit 3", "echo no sound"])
def test_an_espeak_that_fails_is_told_of(
    phones: Telephones, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str
) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    answer = asks(phones, "Dag")
    assert (answer.status_code, "espeak-ng said nothing" in answer.json()["error"]) == (404, True)
