"""Twilio's own sample documents through the player's parser and walker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from simulator import twiml
from simulator.twiml import ApplicationFaultError

if TYPE_CHECKING:
    from simulator.client import Telephones
    from tests.simulator.conftest import Reply, Service

CORPUS: dict[str, str] = json.loads(
    (Path(__file__).parent / "data" / "twilio_twiml_snippets.json").read_text(encoding="utf-8")
)["documents"]


def well_formed(text: str) -> bool:
    try:
        ET.fromstring(text)
    except ET.ParseError:
        return False
    return True


def test_every_sample_that_is_xml_is_read() -> None:
    refused = []
    for name, text in CORPUS.items():
        try:
            twiml.parse(text, "https://example.com/")
        except ApplicationFaultError:
            refused.append(name)
    # Error 12100: only what is no well-formed XML, or has no <Response>, may be refused.
    assert len(CORPUS) == 149
    assert [name for name in refused if well_formed(CORPUS[name]) and "<Response" in CORPUS[name]] == []


def test_samples_made_of_plain_verbs_give_no_warning() -> None:
    plain = {"Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Reject", "Number"}
    warned = {}
    for name, text in CORPUS.items():
        if not well_formed(text):
            continue
        root = ET.fromstring(text)
        if {element.tag for element in root.iter()} <= plain | {"Response", "Dial"}:
            found = [warning.text for warning in twiml.warnings(root)]
            if found:
                warned[name] = found
    # Error 12200 is for verbs and attributes Twilio does not know; these are Twilio's own.
    assert warned == {}


@pytest.mark.parametrize("verb", ["Connect", "Enqueue", "Pay", "Start"])
def test_verbs_that_are_not_imitated_are_passed_over_with_a_warning(
    service: Service, phones: Telephones, verb: str
) -> None:
    service.says("/voice/incoming", f"<{verb}/><Say>Verder</Say>")
    call = phones.call(phones.places_call("+32470123456"), until="ended")
    warnings = [entry["text"] for entry in phones.journal() if entry["kind"] == "warning"]
    assert (call["transcript"][0]["text"], warnings) == ("Verder", [f"<{verb}> is not imitated here"])


def test_an_unknown_verb_is_a_schema_warning(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", '<Sing/><Say tone="high">Verder</Say>')
    call = phones.call(phones.places_call("+32470123456"), until="ended")
    # Error 12200: schema validation warning; Twilio goes on.
    assert call["transcript"][0]["text"] == "Verder"
    assert [entry["code"] for entry in phones.journal() if entry["kind"] == "warning"] == [12200, 12200]


def test_say_play_and_pause_are_noted_with_their_defaults(
    service: Service, phones: Telephones, reply: type[Reply]
) -> None:
    service.replies["/beep.wav"] = reply(b"RIFF", content_type="audio/wav")
    service.says(
        "/voice/incoming",
        '<Say>Een <emphasis>twee</emphasis>\n drie</Say><Play digits="12"/><Play>/beep.wav</Play><Pause/>',
    )
    lines = phones.call(phones.places_call("+32470123456"), until="ended")["transcript"]
    # Say page: voice man, language en-US, loop 1. Play page: digits as tones; URLs relative to the document.
    # Pause page: one second.
    assert (lines[0]["text"], lines[0]["voice"], lines[0]["language"]) == ("Een twee drie", "man", "en-US")
    assert (lines[1]["digits"], lines[2]["text"]) == ("12", f"{service.url}/beep.wav")
    assert lines[3]["length"] == 1  # type: ignore[typeddict-item]


def test_an_empty_redirect_asks_for_the_current_document_again(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", '<Gather numDigits="1"><Say>Nog eens</Say></Gather><Redirect/>')
    sid = phones.places_call("+32470123456")
    phones.stays_silent(sid)
    phones.call(sid, until="gathering")
    # Redirect page: without a URL the current document is requested again.
    assert len(service.forms("/voice/incoming")) == 2


def test_documents_in_a_circle_end(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Redirect/>")
    call = phones.call(phones.places_call("+32470123456"), wait=10, until="ended")
    assert call["transcript"][-1]["verb"] == "Error"
