"""Play, by Twilio's Play page: the file is retrieved from its URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from simulator.client import Telephones
    from tests.simulator.conftest import Reply, Service

CUSTOMER = "+32470123456"
SOUND = b"RIFF" + b"x" * 200_000  # more than a document may have


def warnings(phones: Telephones) -> list[int]:
    return [entry["code"] for entry in phones.journal() if entry["kind"] == "warning"]


def media(phones: Telephones) -> list[dict[str, Any]]:
    return [entry for entry in phones.journal() if entry["kind"] == "media"]


@pytest.mark.parametrize("where", ["<Play>/beep.wav</Play>", "<Gather><Play>/beep.wav</Play></Gather>"])
def test_a_sound_is_fetched_with_a_plain_get_and_then_heard(
    service: Service, phones: Telephones, reply: type[Reply], where: str
) -> None:
    service.says("/voice/incoming", where)
    service.replies["/beep.wav"] = reply(SOUND, content_type="audio/wav")
    sid = phones.places_call(CUSTOMER)
    call = phones.call(sid, until=f"said:{service.url}/beep.wav")
    # Play page: Twilio retrieves the file from the URL; relative to the document, like all its URLs.
    assert [line["verb"] for line in call["transcript"]][:1] == ["Play"]
    asked = next(one for one in service.asked if one.path == "/beep.wav")
    # No page says that this request is signed: it is not, so that no service relies on it.
    assert (asked.method, "X-Twilio-Signature" in asked.headers) == ("GET", False)
    assert [(entry["status"], entry["content_type"], entry["bytes"]) for entry in media(phones)] == [
        (200, "audio/wav", len(SOUND))
    ]
    assert warnings(phones) == []
    # Whoever is at the console hears the very sound that was fetched.
    heard = requests.get(f"{phones.base_url}/console/sounds/{call['transcript'][0]['sound']}", timeout=5)
    assert (heard.content, heard.headers["Content-Type"]) == (SOUND, "audio/wav")


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        # Error 11200: HTTP retrieval failure. Error 13420: <Play> requires an audio content type.
        (404, "audio/wav", 11200),
        (500, "audio/wav", 11200),
        (200, "text/html", 13420),
        (200, None, 13420),
    ],
)
@pytest.mark.parametrize("where", ["<Play>/beep.wav</Play>", '<Gather timeout="1"><Play>/beep.wav</Play></Gather>'])
def test_a_sound_that_cannot_be_had_is_a_warning_and_the_call_goes_on(
    service: Service, phones: Telephones, reply: type[Reply], status: int, kind: str | None, code: int, where: str
) -> None:
    service.says("/voice/incoming", where + "<Say>Verder</Say>")
    service.replies["/beep.wav"] = reply(SOUND, status, kind)
    sid = phones.places_call(CUSTOMER)
    if "Gather" in where:
        phones.stays_silent(sid)
    call = phones.call(sid, until="ended")
    assert [line["text"] for line in call["transcript"] if line["verb"] in {"Say", "Play"}] == ["Verder"]
    assert warnings(phones) == [code]


def test_a_host_that_does_not_answer_is_a_warning(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Play>http://127.0.0.1:9/beep.wav</Play><Say>Verder</Say>")
    call = phones.call(phones.places_call(CUSTOMER), until="ended")
    assert [line["text"] for line in call["transcript"] if line["verb"] == "Say"] == ["Verder"]
    assert warnings(phones) == [11200]
