"""Whether a document we answered is TwiML: Twilio's own schema, its library's attributes, and our own ranges."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from xmlschema import XMLSchema10

DATA = Path(__file__).parent / "data"
VOICE = re.compile(r"(Polly|Google)\.[\w-]+|man|woman|alice")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
LONGEST_SPEECH = 4096
"""Characters of one <Say> (https://www.twilio.com/docs/voice/twiml/say)."""
RANGES = {
    ("Gather", "numDigits"): (1, 100),
    ("Gather", "timeout"): (1, 60),
    ("Dial", "timeout"): (5, 600),
    ("Dial", "timeLimit"): (1, 14400),
}


@cache
def mistakes(document: str) -> tuple[str, ...]:
    """Return what is wrong with a document, in words; empty where nothing is."""
    try:
        root = ET.fromstring(document)
    except ET.ParseError as error:
        return (f"not XML: {error}",)
    found = [*_attributes(root), *_values(root)]
    for say in root.iter("Say"):
        say.attrib.pop("voice", None)
    found += [str(error.reason) for error in _schema().iter_errors(root)]
    return tuple(found)


def _attributes(root: ET.Element) -> Iterator[str]:
    """Yield what Twilio's library has no place for."""
    table = _table()
    for parent in root.iter():
        known = table.get(parent.tag, {"children": {}})["children"]
        for child in parent:
            if child.tag not in known:
                yield f"<{child.tag}> inside <{parent.tag}>"
                continue
            yield from (f"<{child.tag} {name}=…>" for name in child.attrib if name not in known[child.tag])


def _values(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for name, value in element.attrib.items():
            low, high = RANGES.get((element.tag, name), (0, 0))
            if high and not (value.isdecimal() and low <= int(value) <= high):
                yield f"<{element.tag} {name}={value!r}>: {low} to {high}"
            if name.lower().endswith("method") and value not in {"GET", "POST"}:
                yield f"<{element.tag} {name}={value!r}>"
            if name in {"action", "url", "statusCallback"} and not value.startswith(("http://", "https://")):
                yield f"<{element.tag} {name}={value!r}> is no absolute address"
        if element.tag == "Say":
            yield from _speech(element)
        if element.tag == "Redirect" and not (element.text or "").strip().startswith(("http://", "https://")):
            yield f"<Redirect> to {element.text!r}"


def _speech(say: ET.Element) -> Iterator[str]:
    text = (say.text or "").strip()
    if not text or len(text) > LONGEST_SPEECH:
        yield f"<Say> of {len(text)} characters"
    if not VOICE.fullmatch(say.get("voice", "man")):
        yield f"<Say voice={say.get('voice')!r}>"
    if not LANGUAGE.fullmatch(say.get("language", "en")):
        yield f"<Say language={say.get('language')!r}>"


@cache
def _schema() -> XMLSchema10:
    return XMLSchema10(str(DATA / "xsd" / "twiml_v20100401_twilioRealtimeCallSchema.xsd"))


@cache
def _table() -> dict[str, dict[str, dict[str, list[str]]]]:
    table: dict[str, dict[str, dict[str, list[str]]]] = json.loads(
        (DATA / "twiml_voice_sdk_9.13.0.json").read_text(encoding="utf-8"),
    )["elements"]
    return table
