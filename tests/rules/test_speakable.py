"""Names and subjects on their way into a spoken document."""

import unicodedata
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callbacks.rules.speakable import speakable

exactly = settings(deadline=None, derandomize=True, max_examples=500)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Bakkerij Peeters", "Bakkerij Peeters"),
        ("  Bakkerij \t\n Peeters  ", "Bakkerij Peeters"),
        ("Bakkerij\x00\x0b\x1bPeeters", "Bakkerij Peeters"),
        ("Peeters \u202egninnur\u202c & <Zonen>", "Peeters gninnur & <Zonen>"),
        ("Café \U0001f370 't Hoekje \U0001f44d\U0001f3fd", "Café 't Hoekje"),
        ("Cafe\u0301 Zo\u00eb", "Café Zoë"),
        ("soft\u00adhyphen", "softhyphen"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("\ufffe\uffffBOM\ufeff", "BOM"),
        ("Müller & Søn, n°4 (Łódź)", "Müller & Søn, n 4 (Łódź)"),
        ("東京 IT", "東京 IT"),
    ],
)
def test_a_name_keeps_what_can_be_said_and_loses_the_rest(raw: str, said: str) -> None:
    assert speakable(raw) == said


@pytest.mark.parametrize("raw", ["", "  ", "\x00", "\U0001f370", "...", "<>&", "\u202e"])
def test_where_nothing_can_be_said_the_fallback_is(raw: str) -> None:
    assert speakable(raw, fallback="een klant") == "een klant"


def test_a_long_name_is_cut_between_words() -> None:
    assert speakable("een twee drie vier", limit=13) == "een twee drie"
    assert speakable("een twee drie vier", limit=12) == "een twee"
    assert speakable("x" * 200) == "x" * 80
    assert speakable("a " + "x" * 200, limit=20) == "a " + "x" * 18


@exactly
@given(st.text(st.characters(exclude_categories=[]), max_size=200), st.integers(1, 100))
@example("\x00\x01\x08\x0b\x0c\x0e\x1f\x7f\x85a", 80)
@example("\ud800\udfff\ufffe\uffffa", 80)
@example("]]>a<![CDATA[", 80)
def test_whatever_is_spoken_fits_and_parses_inside_a_document(raw: str, limit: int) -> None:
    said = speakable(raw, limit, fallback="x")
    assert 0 < len(said) <= limit
    assert said == " ".join(said.split())
    assert ET.fromstring(f"<Say>{escape(said)}</Say>").text == said
    assert not {unicodedata.category(each) for each in said} & {"Cc", "Cf", "Cs", "Co", "Cn", "So", "Zl", "Zp"}
    assert speakable(said, limit, fallback="x") == said
