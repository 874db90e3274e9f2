"""Every document of the caller's side, in every language and branch: well-formed, known to the provider, spoken."""

import json
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jinja2 import UndefinedError

from callbacks.ports import Services
from ivr.twiml import render
from models.vocabulary import Language

GRAMMAR = json.loads((Path(__file__).parents[2] / "simulator/data/twiml_grammar.json").read_text(encoding="utf-8"))
NOTICES = ("closed", "closed_lunch", "closed_unknown")
REFUSALS = ("invalid", "premium", "special", "not_allowed", "own")
ASKING = {"query": {"round": 2, "turn": 1}, "number": "0 4 7 0, 1 2, 3 4, 5 6"}
MENU = {
    "service": "Accel",
    "when": "morgen vanaf negen uur",
    "until": "één uur",
    "tongues": ["fr", "en"],
    "query": {"round": 1},
}
ENDING = {"ticket": "1 0 0 0 1", "day": "", "start": "", "end": ""}
PROMISE = {"day": "deze namiddag", "start": "kwart na twee", "end": "kwart voor drie"}
MOMENTS: list[tuple[str, dict[str, Any]]] = [
    *(
        ("menu", {**MENU, "greet": greet, "notice": notice})
        for greet, notice in product((True, False), (None, *NOTICES))
    ),
    ("menu", {**MENU, "greet": True, "notice": None, "tongues": []}),
    ("confirm_number", ASKING),
    ("read_back", ASKING),
    *(("ask_number", {**ASKING, "refused": refused}) for refused in (None, *(f"refused_{each}" for each in REFUSALS))),
    *(
        ("registered", {**ENDING, "has_number": number, "now": now, "when": when, "mail": mail})
        for number, now, when, mail in product((True, False), (True, False), ("lundi", ""), (True, False))
    ),
    ("registered", {**ENDING, **PROMISE, "has_number": True, "now": True, "when": "lundi", "mail": False}),
    ("goodbye", {}),
    *(("apology", {"kept": kept}) for kept in (True, False)),
    ("apology_line", {}),
    ("hang_up", {}),
]
OURS = {name for name, _ in MOMENTS}


@pytest.fixture
def line_to_database() -> None:
    """What is rendered needs no database."""


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("name", "values"), MOMENTS)
def test_a_document_is_what_the_provider_understands(
    services: Services, name: str, values: dict[str, Any], language: Language
) -> None:
    answer = render(name, language, services, **values)
    assert answer.content_type == "text/xml; charset=utf-8"
    assert answer.data.startswith(b"<?xml")
    response = ET.fromstring(answer.data)
    assert response.tag == "Response"
    for parent in response.iter():
        for child in parent:
            assert set(child.attrib) <= set(GRAMMAR["elements"][parent.tag][child.tag]), (parent.tag, child.tag)
    for say in response.iter("Say"):
        assert say.text
        assert (say.get("language"), say.get("voice")) in services.webhooks.voices.values()
        assert "{" not in say.text
    for url in [
        *(gather.get("action", "") for gather in response.iter("Gather")),
        *(each.text for each in response.iter("Redirect")),
    ]:
        assert str(url).startswith("https://desk.example/voice/")
    for gather in response.iter("Gather"):
        assert gather.get("actionOnEmptyResult") == "true"
        assert len(gather) >= 1
        assert response[-1].text == gather.get("action")
    if response.find("Gather") is None:
        assert response[-1].tag == "Hangup" or response[-1].text == "https://desk.example/voice/bye"


def test_every_template_of_the_caller_is_rendered_above() -> None:
    others = ("agent", "customer", "whisper", "outcome", "dial", "after", "bridge", "talk")
    found = {
        path.name.removesuffix(".xml") for path in files("twiml_templates").iterdir() if path.name.endswith(".xml")
    }
    assert found >= OURS
    assert {name for name in found - OURS if not name.startswith(others)} == set()


@pytest.mark.parametrize(
    "name",
    ["A & B <Bank> \"x\" 'y'", "tab\tbell\x07null\x00", "\ud800 lone", "\u202ereversed\u202c \U0001f600", "é" * 500],
)
def test_a_name_cannot_break_the_document(services: Services, name: str) -> None:
    answer = render("menu", Language.FR, services, **{**MENU, "service": name, "greet": True, "notice": None})
    said = ET.fromstring(answer.data)[0][0].text
    assert said is not None
    assert said.startswith("Service desk ")
    assert len(said) < 200
    assert len(answer.data) < 64 * 1024


def test_an_unknown_name_in_a_template_raises_and_is_not_silence(services: Services) -> None:
    with pytest.raises(UndefinedError):
        render("registered", Language.NL, services, ticket="1")


def test_a_template_may_be_told_which_text_to_say(services: Services) -> None:
    assert b"Bel gerust opnieuw" in render("agent_bye", Language.NL, services, key="goodbye").data


def test_an_unknown_text_raises(services: Services) -> None:
    with pytest.raises(KeyError):
        render("ask_number", Language.NL, services, **ASKING, refused="refused_for_no_reason")
