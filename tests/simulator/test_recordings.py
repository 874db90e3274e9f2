"""What a caller's message sounds like."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.speech import available
from tests.databases import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.client import Telephones
    from tests.simulator.conftest import Service

CUSTOMER = "+32470123456"
WORDS = "Dag, met An Peeters van de bakkerij. Onze kassa doet het niet meer, kunt u mij terugbellen?"


@pytest.fixture
def sid(service: Service, phones: Telephones) -> str:
    service.says("/voice/incoming", '<Record action="/kept" maxLength="60" timeout="5"/>')
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="recording")
    return sid


@pytest.fixture
def espeak() -> None:
    if not available():
        skip_or_fail("espeak-ng is not installed (Debian: apt install espeak-ng)")


def kept(service: Service, phones: Telephones, sid: str) -> tuple[int, bytes]:
    """How many seconds the service was told of, and the sound."""
    phones.presses(sid, "#")
    phones.call(sid, until="ended")
    told = service.forms("/kept")[0]
    sound = requests.get(told["RecordingUrl"] + ".wav", timeout=30)
    return int(told["RecordingDuration"]), sound.content


def seconds_and_rate(sound: bytes) -> tuple[float, int]:
    assert (sound[:4], sound[8:12]) == (b"RIFF", b"WAVE")
    with wave.open(io.BytesIO(sound)) as file:
        frames = file.readframes(file.getnframes())
        assert len(frames) == 2 * file.getnframes()
        assert any(frames)
        return file.getnframes() / file.getframerate(), file.getframerate()


@pytest.mark.usefixtures("espeak")
def test_the_words_of_the_caller_are_heard_and_nothing_shorter_is_told(
    service: Service, phones: Telephones, sid: str
) -> None:
    phones.speaks(sid, WORDS, seconds=1, language="nl-BE")
    told, sound = kept(service, phones, sid)
    lasts, rate = seconds_and_rate(sound)
    assert (rate > 8000, 4 < lasts <= told < lasts + 1) == (True, True)


@pytest.mark.usefixtures("espeak")
def test_a_message_told_to_be_longer_than_its_words_stays_so(service: Service, phones: Telephones, sid: str) -> None:
    phones.speaks(sid, "Dag", seconds=12, language="nl")
    told, sound = kept(service, phones, sid)
    assert (told, seconds_and_rate(sound)[0] < 3) == (12, True)


@pytest.mark.usefixtures("espeak")
def test_no_sound_is_longer_than_the_longest_message(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", '<Record action="/kept" maxLength="2"/>')
    sid = phones.places_call(CUSTOMER)
    phones.speaks(sid, WORDS, language="nl")
    told, sound = kept(service, phones, sid)
    # Record page, maxLength: the recording's greatest length.
    assert (told, seconds_and_rate(sound)[0]) == (2, 2.0)


@pytest.mark.parametrize("language", ["", "de-DE"])
def test_words_that_cannot_be_said_are_a_tone(service: Service, phones: Telephones, sid: str, language: str) -> None:
    phones.speaks(sid, WORDS, seconds=4, language=language)
    told, sound = kept(service, phones, sid)
    assert (told, seconds_and_rate(sound)) == (4, (4.0, 8000))


def test_without_espeak_the_message_is_a_tone(
    service: Service, phones: Telephones, sid: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    phones.speaks(sid, WORDS, seconds=4, language="nl")
    told, sound = kept(service, phones, sid)
    assert (told, seconds_and_rate(sound)) == (4, (4.0, 8000))


def test_a_sound_that_is_gone_is_refused_with_a_sentence(phones: Telephones) -> None:
    answer = requests.get(f"{phones.base_url}/console/sounds/none", timeout=5)
    assert (answer.status_code, "not kept any more" in answer.json()["error"]) == (404, True)
