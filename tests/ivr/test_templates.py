"""Every document of ours, in every language and branch: what Twilio understands, and always something to hear."""

from dataclasses import replace
from importlib.resources import files
from itertools import product
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jinja2 import UndefinedError

from callbacks.ports import Services
from callbacks.texts import CATALOGS
from callbacks.webhook_paths import BYE, FAREWELL, MESSAGE, MOMENT
from callbacks.workflows.registering import SUBJECTS
from ivr.twiml import _templates, render
from models.vocabulary import Language
from tests.ivr.branches import directions
from tests.ivr.moments import ASKING, CALLER, MENU, MOMENTS
from tests.journeys.documents import mistakes
from tests.remembering_texts import RememberingTexts, keys_of

TEMPLATES = {
    path.name.removesuffix(".xml"): path.read_text(encoding="utf-8")
    for path in sorted(files("twiml_templates").iterdir(), key=lambda each: each.name)
    if path.name.endswith(".xml")
}


@pytest.fixture
def line_to_database() -> None:
    """What is rendered needs no database."""


@pytest.mark.parametrize("name", sorted({name for name, _ in MOMENTS}))
def test_a_document_is_what_the_provider_understands_in_every_branch_and_language(
    services: Services, name: str
) -> None:
    moments = [values for each, values in MOMENTS if each == name]
    for values, language in product(moments, Language):
        answer = render(name, language, services, **values)
        assert answer.content_type == "text/xml; charset=utf-8"
        assert answer.data.startswith(b"<?xml")
        document = answer.get_data(as_text=True)
        assert mistakes(document) == (), document
        for say in ET.fromstring(document).iter("Say"):
            assert (say.get("language"), say.get("voice")) in services.webhooks.voices.values()
            assert not set("{}$") & set(say.text or ""), say.text


SPOKEN = sorted(
    path.stem
    for path in (CATALOGS / Language.NL).glob("*.po")
    if path.stem != "mail" and not path.stem.startswith("web")
)
"""Every catalog but those of mails and pages."""


def test_every_text_of_the_telephone_is_said_in_one_of_the_documents_above(services: Services) -> None:
    texts = RememberingTexts()
    for name, values in MOMENTS:
        render(name, Language.NL, replace(services, texts=texts), **values)
    # The two subjects are written on the ticket, not said.
    assert texts.asked | set(SUBJECTS.values()) == keys_of(*SPOKEN)


@pytest.mark.parametrize(("name", "values"), CALLER)
def test_a_caller_never_falls_out_of_a_document(services: Services, name: str, values: dict[str, Any]) -> None:
    response = ET.fromstring(render(name, Language.NL, services, **values).data)
    for gather in response.iter("Gather"):
        # Silence after a question asks again; after the farewell, where nothing is missing any more, it says goodbye.
        farewell = gather.get("action", "").startswith(f"https://desk.example{FAREWELL}")
        assert gather.get("actionOnEmptyResult") == (None if farewell else "true")
        assert len(gather) >= 1 or values["sentences"] == []
        assert response[-1].text == (f"https://desk.example{BYE}" if farewell else gather.get("action"))
    if response.find("Gather") is None:
        goes_on = {f"https://desk.example{path}" for path in (BYE, FAREWELL, MESSAGE, MOMENT)}
        assert response[-1].tag == "Hangup" or response[-1].text in goes_on


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_branch_of_a_template_is_taken_both_ways_above(name: str) -> None:
    moments = [values for each, values in MOMENTS if each == name]
    assert moments, f"{name}.xml is rendered by nobody above"
    outside = {"language": "nl", "say": lambda _key, **_more: "", "url": lambda _path, **_query: ""}
    seen = directions(_templates(), TEMPLATES[name], [{**outside, **values} for values in moments])
    assert {place for place, ways in seen.items() if ways != {True, False}} == set()


@pytest.mark.parametrize(
    "source",
    [
        "{% if kept %}a{% endif %}",
        "{% if not kept %}a{% elif kept %}b{% endif %}",
        '{{ "a" if kept else "b" }}',
        "{% for each in kept %}{{ each }}{% endfor %}",
    ],
)
def test_a_branch_that_no_moment_takes_is_found_out(source: str) -> None:
    one_way = directions(_templates(), source, [{"kept": [1]}])
    both_ways = directions(_templates(), source, [{"kept": [1]}, {"kept": []}])
    assert {True, False} not in one_way.values()
    assert {True, False} in both_ways.values()


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
        render("anything_else", Language.NL, services, ticket="1")


def test_a_template_may_be_told_which_text_to_say(services: Services) -> None:
    assert b"Bel gerust opnieuw" in render("agent_bye", Language.NL, services, key="goodbye").data


def test_an_unknown_text_raises(services: Services) -> None:
    with pytest.raises(KeyError):
        render("ask_number", Language.NL, services, **ASKING, refused="refused_for_no_reason")
