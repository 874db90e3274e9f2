"""What went over the wire for a call, made readable: pure, from the journal's entries."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypedDict
from xml.etree import ElementTree as ET

from simulator.twiml import GRAMMAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulator.journal import Entry

Pair = tuple[str, str]
CALLS = re.compile(r"/Calls(?:/(?P<sid>CA\w+))?\.json$")
RECORDINGS = re.compile(r"/Recordings/")
LOGIN = re.compile(r"(https?://)[^/?#\s\"'<>]*@", re.IGNORECASE)
"""The login that an address may hold; it is sent, and shown to nobody."""
TO_SERVICE, TO_NETWORK = "to the service", "to the network"


class OnTheWire(TypedDict):
    """A request and its answer; `status` is None and `trouble` says why where no answer came."""

    n: int
    at: str
    direction: str
    purpose: str
    method: str
    url: str
    signature: str
    parameters: list[Pair]
    status: int | None
    tries: int
    trouble: str
    answer: str
    answer_type: str


def on_the_wire(entries: Sequence[Entry], sid: str = "", most: int | None = None) -> list[OnTheWire]:
    """The webhooks and REST requests among the entries, oldest first: those of one call, or all; the newest `most`.

    A list of calls belongs to no call. Nothing here holds a credential: the journal has none, and the login in an
    address is taken out.
    """
    found = [entry for entry in entries if entry["kind"] in {"webhook", "rest"} and (not sid or _of(entry) == sid)]
    shown = found if most is None else found[-most:]
    return [_webhook(entry) if entry["kind"] == "webhook" else _rest(entry) for entry in shown]


def readable(text: str, content_type: str = "") -> Pair:
    """A body for people, and what it is: `twiml` and `json` are indented, anything else is `text` as it came."""
    twiml = _twiml(text)
    if twiml is not None:
        return twiml, "twiml"
    if "json" in content_type:
        try:
            return json.dumps(json.loads(text), indent=2, ensure_ascii=False), "json"
        except ValueError:
            pass
    return text, "text"


def _of(entry: Entry) -> str:
    if entry["kind"] == "webhook":
        return str(entry["sid"])
    path = CALLS.search(entry["path"])
    return str((path and path["sid"]) or entry["made"])


def _webhook(entry: Entry) -> OnTheWire:
    answer, kind = readable(_open(entry["answer"]), entry["content_type"] or "")
    return {
        "n": entry["n"],
        "at": entry["sent_at"],
        "direction": TO_SERVICE,
        "purpose": entry["purpose"],
        "method": entry["method"],
        "url": _open(entry["url"]),
        "signature": entry["signature"],
        "parameters": _pairs((name, [value]) for name, value in entry["form"].items()),
        "status": entry["status"],
        "tries": entry["tries"],
        "trouble": f"{entry['error']}: {entry['error_text']}" if entry["error"] else "",
        "answer": answer,
        "answer_type": kind,
    }


def _rest(entry: Entry) -> OnTheWire:
    given = entry["answer"] is not None
    answer, kind = readable(_open(json.dumps(entry["answer"])), "application/json") if given else ("", "text")
    return {
        "n": entry["n"],
        "at": entry["at"],
        "direction": TO_NETWORK,
        "purpose": _purpose(entry),
        "method": entry["method"],
        "url": entry["path"],
        "signature": "",
        "parameters": _pairs([*entry["query"].items(), *entry["form"].items()]),
        "status": entry["status"],
        "tries": 1,
        "trouble": "no answer went out" if entry["status"] is None else "",
        "answer": answer,
        "answer_type": kind,
    }


def _purpose(entry: Entry) -> str:
    path, method = CALLS.search(entry["path"]), entry["method"]
    if path is None:
        return "recording" if RECORDINGS.search(entry["path"]) else "other"
    if path["sid"]:
        return {"GET": "fetch", "POST": "update", "DELETE": "delete"}.get(method, "other")
    return "create" if method == "POST" else "list"


def _pairs(form: Iterable[tuple[str, list[str]]]) -> list[Pair]:
    return [(name, _open(value)) for name, values in form for value in values]


def _open(text: str) -> str:
    return LOGIN.sub(r"\1", text)


def _twiml(text: str) -> str | None:
    """The document indented, None when it is none. What is said is untouched: only between verbs is there new space."""
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=True))  # noqa: S314 - the service's, at most 64 kB
    try:
        root = ET.fromstring(text, parser)  # noqa: S314 - see above
    except (ET.ParseError, ValueError):
        return None
    if root.tag != "Response":
        return None
    _indent(root, "\n")
    start = text.lstrip()
    declaration = start[: start.index("?>") + 2] + "\n" if start.startswith("<?xml") else ""
    return declaration + ET.tostring(root, encoding="unicode")


def _indent(element: ET.Element, line: str) -> None:
    """Put children on lines of their own, but for words among them and for verbs that hold none, such as <Say>."""
    children = list(element)
    words = [element.text, *(child.tail for child in children)]
    if element.tag not in GRAMMAR or not children or any(word and word.strip() for word in words):
        return
    element.text = line + "  "
    for child in children:
        _indent(child, line + "  ")
        child.tail = line + "  "
    children[-1].tail = line
