"""Reading a TwiML document: its grammar, its attributes, and Twilio's codes for what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

from simulator.legs import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

GRAMMAR: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "data" / "twiml_grammar.json").read_text(encoding="utf-8")
)["elements"]


class ApplicationFaultError(Exception):
    """What makes Twilio say "an application error has occurred" and end the call, unless a fallback URL helps."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


@dataclass(frozen=True)
class Warn:
    """Something Twilio notes in its debugger and passes over."""

    code: int
    text: str


@dataclass(frozen=True)
class Document:
    """One parsed document and the URL it came from (None for TwiML given inline)."""

    root: ET.Element
    url: str | None

    def source(self, url: str, method: str, extra: dict[str, str] | None = None) -> Source:
        """The document behind a URL in this one: relative to it, and itself when empty (Gather and Redirect pages).

        Raises ApplicationFaultError 11100 for a relative URL in TwiML given inline, which has no address of its own.
        """
        target = urljoin(self.url, url) if self.url else url
        if not url and self.url:
            target = self.url
        if urlsplit(target).scheme not in {"http", "https"}:
            raise ApplicationFaultError(11100, f"invalid URL {url!r}")
        return Source(target, method, tuple((extra or {}).items()))


def parse(text: str, url: str | None) -> Document:
    """Read a document. Raises ApplicationFaultError 12100 for what is no XML or has no <Response>."""
    try:
        root = ET.fromstring(text)  # noqa: S314 - at most 64 kB, from the service under test
    except (ET.ParseError, ValueError) as trouble:
        raise ApplicationFaultError(12100, f"document parse failure: {trouble}") from trouble
    if root.tag != "Response":
        raise ApplicationFaultError(12100, f"document parse failure: <{root.tag}> instead of <Response>")
    return Document(root, url)


def warnings(element: ET.Element) -> Iterator[Warn]:
    """Verbs, nouns and attributes Twilio does not know, below <Response>, <Gather> and <Dial> (error 12200)."""
    known = GRAMMAR.get(element.tag)
    if known is None:
        return
    for child in element:
        if child.tag not in known:
            yield Warn(12200, f"<{child.tag}> is not allowed in <{element.tag}>")
            continue
        for name in child.attrib:
            if name not in known[child.tag]:
                yield Warn(12200, f"<{child.tag}> has no attribute {name!r}")
        yield from warnings(child)


def text_of(element: ET.Element) -> str:
    """The text of an element and of the speech marks in it, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def spoken(text: str, url: str | None) -> Document:
    """A text/plain answer that is no TwiML: it is read aloud (TwiML page, content types)."""
    root = ET.Element("Response")
    ET.SubElement(root, "Say").text = text
    return Document(root, url)


def played(url: str | None) -> Document:
    """An audio answer: it is played, then the call ends (TwiML page, content types)."""
    root = ET.Element("Response")
    ET.SubElement(root, "Play").text = url
    ET.SubElement(root, "Hangup")
    return Document(root, url)
