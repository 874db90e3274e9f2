"""Record, by Twilio's Record page."""

from __future__ import annotations

import io
import wave
from datetime import timedelta
from email.utils import parsedate_to_datetime
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
    # Recording resource page: the metadata is for the account alone; instants are RFC 2822.
    assert requests.get(url + ".json", timeout=5).status_code == 401
    told = requests.get(url + ".json", auth=(ACCOUNT, TOKEN), timeout=5)
    made, now = parsedate_to_datetime(told.json()["date_created"]), parsedate_to_datetime(told.headers["Date"])
    assert timedelta() <= now - made < timedelta(minutes=1)
    phones.advance(86400)
    later = requests.get(url + ".json", auth=(ACCOUNT, TOKEN), timeout=5).headers["Date"]
    assert parsedate_to_datetime(later) - now >= timedelta(days=1)
    # Recording resource page: DELETE …/Recordings/{Sid}.json gives 204, afterwards the sound is gone.
    assert requests.delete(url + ".json", timeout=5).status_code == 401
    assert requests.delete(url + ".json", auth=(ACCOUNT, TOKEN), timeout=5).status_code == 204
    assert requests.get(url, timeout=5).status_code == 404
    assert network.url in url


def subscribes(service: Service, phones: Telephones, events: str = "") -> str:
    told = f'recordingStatusCallback="/told" {events}'
    service.says("/voice/incoming", f'<Record action="/kept" {told}/><Say>Geen bericht</Say>')
    service.says("/kept", "<Hangup/>")
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="recording")
    return sid


@pytest.mark.parametrize("hangs_up", [False, True])
def test_the_recording_itself_is_told_of_however_the_message_ended(
    service: Service, phones: Telephones, hangs_up: bool
) -> None:
    sid = subscribes(service, phones)
    phones.speaks(sid, "De server ligt plat", seconds=7)
    phones.hangs_up(sid) if hangs_up else phones.presses(sid, "#")
    phones.call(sid, until="reported")
    told = service.forms("/told")[0]
    # Record page, recordingStatusCallback: these parameters, `completed` by default, and none of a call but its SID.
    assert told.keys() == {
        "AccountSid",
        "CallSid",
        "RecordingSid",
        "RecordingUrl",
        "RecordingStatus",
        "RecordingDuration",
        "RecordingChannels",
        "RecordingStartTime",
        "RecordingSource",
    }
    assert (told["CallSid"], told["RecordingStatus"], told["RecordingDuration"]) == (sid, "completed", "7")
    assert told["RecordingSource"] == "RecordVerb"
    # The same recording as the action is told of.
    assert told["RecordingSid"] == service.forms("/kept")[0]["RecordingSid"]
    asked = next(one for one in service.asked if one.path == "/told")
    assert asked.method == "POST"
    assert asked.headers["X-Twilio-Signature"]


@pytest.mark.parametrize(
    ("events", "told"), [("", []), ('recordingStatusCallbackEvent="completed absent"', ["absent"])]
)
def test_silence_is_told_of_only_to_who_asked_for_it(
    service: Service, phones: Telephones, events: str, told: list[str]
) -> None:
    sid = subscribes(service, phones, events)
    phones.stays_silent(sid)
    phones.call(sid, until="reported")
    # Record page, recordingStatusCallbackEvent: `absent` where nothing was recorded.
    assert [form["RecordingStatus"] for form in service.forms("/told")] == told


def test_a_notice_may_be_lost(service: Service, phones: Telephones) -> None:
    phones.goes_wrong("recording-status", "lose")
    sid = subscribes(service, phones)
    phones.speaks(sid, "De server ligt plat")
    phones.presses(sid, "#")
    phones.call(sid, until="reported")
    assert service.forms("/told") == []
