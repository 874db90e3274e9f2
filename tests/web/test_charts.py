"""Pictures drawn from numbers: well-formed, without style, honest about nothing at all."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from web.charts import HEIGHT, WIDTH, Chart, Series, bars, lines, ticks

HOSTILE = "<script>alert(1)</script>\"'&"
Draw = Callable[[Chart, list[Series]], Markup]


def chart(*labels: str) -> Chart:
    return Chart("waits", "Waits", "by day", labels)


def drawn(picture: Markup) -> ET.Element:
    """Read the picture as the XML that it must be, and see that nothing lies off the paper."""
    root = ET.fromstring(picture)
    for each in root.iter():
        assert "style" not in each.attrib
        for name, most in (("x", WIDTH), ("x1", WIDTH), ("x2", WIDTH), ("cx", WIDTH), ("y", HEIGHT), ("cy", HEIGHT)):
            assert 0 <= float(each.get(name, 0)) <= most
    return root


def test_bars_stand_on_each_other_and_reach_as_high_as_their_numbers() -> None:
    picture = drawn(bars(chart("ma", "di"), [Series("kept", "good", [6, 0]), Series("late", "bad", [2, 4])]))
    kept, late, other = picture.findall("rect")
    assert [each.get("class") for each in (kept, late, other)] == ["good", "bad", "bad"]
    assert float(kept.get("height", 0)) == pytest.approx(3 * float(late.get("height", 0)), abs=0.3)
    assert float(late.get("y", 0)) + float(late.get("height", 0)) == pytest.approx(float(kept.get("y", 0)), abs=0.2)
    assert (kept.findtext("title"), other.findtext("title")) == ("ma: 6 kept", "di: 4 late")


def test_a_line_is_broken_where_there_is_no_value_and_a_lonely_value_is_a_dot() -> None:
    picture = drawn(lines(chart("1", "2", "3", "4"), [Series("median", "accent", [5, 7.25, None, 3])]))
    assert [len((each.get("points") or "").split()) for each in picture.findall("polyline")] == [2, 1]
    assert len(picture.findall("circle")) == 3


def test_it_is_named_and_described_for_those_who_cannot_see_it() -> None:
    picture = drawn(bars(chart("ma"), [Series("kept", "good", [1])]))
    assert (picture.get("role"), picture.get("aria-labelledby")) == ("img", "waits-title waits-desc")
    assert (picture.findtext("title"), picture.findtext("desc")) == ("Waits", "by day")


@pytest.mark.parametrize("draw", [bars, lines])
@pytest.mark.parametrize("values", [[], [None, None], [0, 0]])
def test_nothing_to_show_is_an_empty_picture_with_an_axis(draw: Draw, values: list[float | None]) -> None:
    picture = drawn(draw(chart(*"ab"[: len(values)]), [Series("kept", "good", values)]))
    assert picture.findall("rect") == []
    assert [each.text for each in picture.findall("text") if each.get("text-anchor") == "end"] == ["0", "1"]


@pytest.mark.parametrize("draw", [bars, lines])
def test_a_hostile_word_is_shown_and_does_not_run(draw: Draw) -> None:
    picture = draw(Chart("waits", HOSTILE, HOSTILE, [HOSTILE]), [Series(HOSTILE, "good", [1])])
    assert "<script" not in picture
    assert drawn(picture).findtext("title") == HOSTILE


def test_of_thirty_labels_only_some_are_written_and_the_latest_always() -> None:
    picture = drawn(bars(chart(*(str(n) for n in range(30))), [Series("kept", "good", [1] * 30)]))
    labels = [each.text for each in picture.findall("text") if each.get("text-anchor") == "middle"]
    assert labels[0] == "29"
    assert 4 <= len(labels) <= 8


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (0, [0, 1]),
        (0.4, [0, 1]),
        (3, [0, 1, 2, 3]),
        (9, [0, 5, 10]),
        (45, [0, 20, 40, 60]),
        (100, [0, 50, 100]),
        (1234, [0, 500, 1000, 1500]),
    ],
)
def test_the_axis_has_round_numbers(highest: float, expected: list[float]) -> None:
    assert ticks(highest) == expected


@given(st.floats(0, 1e9, allow_nan=False))
def test_the_axis_always_reaches_over_the_highest_with_few_numbers(highest: float) -> None:
    found = ticks(highest)
    assert found[0] == 0
    assert found[-1] >= highest
    assert 2 <= len(found) <= 5
    assert re.fullmatch(r"[125]0*\.0", f"{found[1]:.1f}")
