"""Record, by Twilio's Record page."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Service

CUSTOMER = "+32470123456"
ACCOUNT, TOKEN = "AC" + "5" * 32, "0123456789abcdef0123456789abcdef"


@pytest.fixture
def sid(service: Service, phones: Telephones) -> str:
    service.says("/voice/incoming", '<Record action="/kept" maxLength="60" timeout="5"/><Say>Geen bericht</Say>')
    service.says("/kept", "<Say>Dank u</Say>")
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="recording")
    return sid


def test_a_message_ended_with_a_key_is_sent_to_the_action(service: Service, phones: Telephones, sid: str) -> None:
    phones.speaks(sid, "De server ligt plat", seconds=12)
    phones.presses(sid, "#")
    phones.call(sid, until="ended")
    told = service.forms("/kept")[0]
    # Record page, action parameters: RecordingUrl, RecordingDuration in seconds, Digits the key that ended it.
    assert (told["RecordingDuration"], told["Digits"]) == ("12", "#")
    with wave.open(io.BytesIO(requests.get(told["RecordingUrl"] + ".wav", timeout=5).content)) as sound:
        # Recordings: 8 kHz; the stand-in's is one tone of at most ten seconds.
        assert (sound.getframerate(), sound.getnframes()) == (8000, 80000)


def test_silence_ends_the_message(service: Service, phones: Telephones, sid: str) -> None:
    phones.speaks(sid, "Bel mij terug", seconds=4)
    phones.advance(5.5)
    phones.call(sid, until="ended")
    # Record page, timeout: seconds of silence that end the recording.
    assert [(form["RecordingDuration"], form["Digits"]) for form in service.forms("/kept")] == [("4", "")]


def test_nothing_but_silence_goes_on_to_the_next_verb(service: Service, phones: Telephones, sid: str) -> None:
    phones.stays_silent(sid)
    # Record page, action: no request for an empty recording; the next verb is executed.
    assert phones.call(sid, until="ended")["transcript"][-1]["text"] == "Geen bericht"
    assert service.forms("/kept") == []


def test_hanging_up_keeps_the_message_and_says_so(service: Service, phones: Telephones, sid: str) -> None:
    phones.speaks(sid, "De server ligt plat", seconds=3)
    phones.hangs_up(sid)
    phones.finds(purpose="record-action")
    told = service.forms("/kept")[0]
    # Record page: Digits is `hangup` when the caller hung up.
    assert (told["Digits"], told["CallStatus"]) == ("hangup", "completed")


def test_a_recording_can_be_deleted(service: Service, phones: Telephones, network: Simulator, sid: str) -> None:
    phones.speaks(sid, "De server ligt plat")
    phones.presses(sid, "1")
    phones.call(sid, until="ended")
    url = service.forms("/kept")[0]["RecordingUrl"]
    # Recording resource page: DELETE …/Recordings/{Sid}.json gives 204, afterwards the sound is gone.
    assert requests.delete(url + ".json", timeout=5).status_code == 401
    assert requests.delete(url + ".json", auth=(ACCOUNT, TOKEN), timeout=5).status_code == 204
    assert requests.get(url, timeout=5).status_code == 404
    assert network.url in url
