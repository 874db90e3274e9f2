"""Recordings at Twilio: fetched and deleted by their SID alone."""

import base64
from collections.abc import Iterator
from datetime import timedelta

import pytest
import responses

from callbacks.errors import PhoneRefused, PhoneUncertain
from callbacks.providers import twilio_recordings
from callbacks.providers.twilio_phone import TwilioPhone

ACCOUNT = "AC" + "0" * 32
SID = "RE" + "a" * 32
BASE = "http://twilio.test"
URL = f"{BASE}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{SID}"
SOUND = b"RIFF\x00\xff\xfeWAVE"
MONTH = timedelta(days=30)
MADE = "Tue, 24 Nov 2026 09:00:00 +0000"


@pytest.fixture
def twilio() -> Iterator[responses.RequestsMock]:
    """Twilio's host; a request that no test expects fails."""
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def phone() -> TwilioPhone:
    return TwilioPhone(ACCOUNT, "SK" + "1" * 32, "api-secret", base_url=BASE)


def test_a_sound_comes_byte_for_byte_from_an_address_made_of_its_sid(
    twilio: responses.RequestsMock, phone: TwilioPhone
) -> None:
    twilio.get(f"{URL}.wav", body=SOUND, content_type="audio/x-wav")
    assert phone.recording(SID) == SOUND
    login = base64.b64encode(f"SK{'1' * 32}:api-secret".encode()).decode()
    assert twilio.calls[0].request.headers["Authorization"] == f"Basic {login}"


def test_a_sound_in_a_region_comes_from_there(twilio: responses.RequestsMock) -> None:
    twilio.get(f"https://api.dublin.ie1.twilio.com{URL.removeprefix(BASE)}.wav", body=SOUND)
    assert TwilioPhone(ACCOUNT, ACCOUNT, "token", region="ie1", edge="dublin").recording(SID) == SOUND


def test_a_sound_that_is_not_ready_is_refused(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    twilio.get(f"{URL}.wav", status=404)
    with pytest.raises(PhoneRefused) as refusal:
        phone.recording(SID)
    assert refusal.value.code == 20404
    assert SID not in str(refusal.value)


def test_a_detour_is_not_followed(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    twilio.get(f"{URL}.wav", status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"})
    with pytest.raises(PhoneUncertain):
        phone.recording(SID)
    assert len(twilio.calls) == 1


def test_a_sound_larger_than_any_message_is_not_read_to_its_end(
    twilio: responses.RequestsMock, phone: TwilioPhone
) -> None:
    twilio.get(f"{URL}.wav", body=b"x" * (twilio_recordings.LARGEST_BYTES + 1))
    with pytest.raises(PhoneUncertain):
        phone.recording(SID)


@pytest.mark.parametrize("name", ["", "../Calls", SID + "/../../Calls", "http://evil.test/x", SID + "\n"])
def test_what_is_no_recording_asks_nobody(twilio: responses.RequestsMock, phone: TwilioPhone, name: str) -> None:
    with pytest.raises(PhoneUncertain):
        phone.recording(name)
    with pytest.raises(PhoneUncertain):
        phone.delete_recording(name, MONTH)
    assert len(twilio.calls) == 0


@pytest.mark.parametrize(
    ("today", "deleted"), [("Thu, 24 Dec 2026 08:59:59 GMT", False), ("Thu, 24 Dec 2026 09:00:00 GMT", True)]
)
def test_a_recording_is_deleted_once_it_is_old_by_twilios_own_clock(
    twilio: responses.RequestsMock, phone: TwilioPhone, today: str, deleted: bool
) -> None:
    twilio.get(f"{URL}.json", json={"sid": SID, "date_created": MADE}, headers={"Date": today})
    if deleted:
        twilio.delete(f"{URL}.json", status=204)
    assert phone.delete_recording(SID, MONTH) is deleted


def test_a_recording_that_is_not_there_counts_as_deleted(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    twilio.get(f"{URL}.json", status=404, json={"code": 20404})
    assert phone.delete_recording(SID, MONTH)


@pytest.mark.parametrize(
    "told", [{"headers": {}}, {"headers": {"Date": "soon"}}, {"json": {}}, {"json": {"date_created": "x"}}]
)
def test_where_twilios_clock_cannot_be_read_nothing_is_deleted(
    twilio: responses.RequestsMock, phone: TwilioPhone, told: dict[str, dict[str, str]]
) -> None:
    answer = {"json": {"date_created": MADE}, "headers": {"Date": "Thu, 24 Dec 2027 09:00:00 GMT"}, **told}
    twilio.get(f"{URL}.json", **answer)
    with pytest.raises(PhoneUncertain):
        phone.delete_recording(SID, MONTH)


def test_a_refusal_to_delete_is_told(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    twilio.get(f"{URL}.json", json={"date_created": MADE}, headers={"Date": "Thu, 24 Dec 2027 09:00:00 GMT"})
    twilio.delete(f"{URL}.json", status=401, json={"code": 20003, "message": "Authenticate", "status": 401})
    with pytest.raises(PhoneRefused):
        phone.delete_recording(SID, MONTH)
