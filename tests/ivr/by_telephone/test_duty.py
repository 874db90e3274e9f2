"""An agent says by telephone whether he may be rung."""

from typing import Any

import pytest

from models.callback import CallLeg
from models.ticket import MissedCall
from models.vocabulary import (
    AgentState,
    LegStatus,
)
from tests.ivr.by_telephone.sofie import Sofie, in_one_language

G = AgentState


@pytest.mark.parametrize(
    ("before", "key", "after", "word"),
    [
        (G.OFF_DUTY, "1", G.FREE, "free"),
        (G.BREAK, "1", G.FREE, "free"),
        (G.PAUSED, "1", G.FREE, "free"),
        (G.FREE, "2", G.OFF_DUTY, "off"),
        (G.BREAK, "2", G.OFF_DUTY, "off"),
        (G.PAUSED, "2", G.OFF_DUTY, "off"),
        (G.FREE, "3", G.BREAK, "break"),
    ],
)
def test_he_says_whether_he_may_be_rung(
    sofie: Sofie, before: AgentState, key: str, after: AgentState, word: str
) -> None:
    sofie.change(state=before, missed_in_a_row=3)
    call = sofie.proves().presses(key)
    assert sofie.row.state is after
    assert sofie.words[word] in call.heard
    assert sofie.whys()[-1].endswith("by telephone")
    assert sofie.row.missed_in_a_row == (0 if key == "1" else 3)


@pytest.mark.parametrize(
    ("state", "word", "offered"),
    [
        (G.FREE, "free", "23"),
        (G.OFF_DUTY, "off", "1"),
        (G.BREAK, "break", "12"),
        (G.PAUSED, "paused", "12"),
    ],
)
def test_only_what_would_change_something_is_offered_and_done(
    sofie: Sofie, state: AgentState, word: str, offered: str
) -> None:
    sofie.change(state=state)
    call = sofie.proves()
    assert sofie.words[word] in call.heard
    assert {key for key in "12345" if key in call.heard} == set(offered)
    for key in set("1234567890#") - set(offered):
        sofie.proves().presses(key)
        assert sofie.row.state is state, key


@pytest.mark.parametrize("key", ["2", "3"])
def test_in_the_middle_of_a_call_he_leaves_after_it_and_may_take_that_back(sofie: Sofie, key: str) -> None:
    sofie.change(state=G.ON_CALL)
    call = sofie.proves()
    assert "3" not in call.heard
    call.presses(key)
    assert sofie.row.wants_off_duty is (key == "2")
    assert (sofie.words["leaves"] in call.heard) is (key == "2")
    if key == "2":
        call.presses("1")
        assert sofie.words["leaves"] not in call.heard
        assert sofie.row.wants_off_duty is False
    assert sofie.row.state is G.ON_CALL


@in_one_language
def test_a_replayed_key_does_not_undo_what_was_said_after_it(sofie: Sofie) -> None:
    call = sofie.proves()
    url = call.gather.get("action")
    call.presses("2").presses("1")
    assert sofie.row.state is G.FREE
    call.asks(url, Digits="2")
    assert sofie.row.state is G.FREE


@in_one_language
def test_the_same_key_may_be_pressed_again_later_in_the_call(sofie: Sofie) -> None:
    call = sofie.proves()
    for key, state in (("2", G.OFF_DUTY), ("1", G.FREE), ("2", G.OFF_DUTY), ("1", G.FREE), ("3", G.BREAK)):
        call.presses(key)
        assert sofie.row.state is state


def test_three_rounds_without_a_key_end_in_a_goodbye_and_fifty_keys_too(sofie: Sofie) -> None:
    call = sofie.proves().is_silent().presses("*")
    assert sofie.words["free"] in call.heard
    assert sofie.words["bye"] in call.is_silent().heard
    assert call.document.find("Gather") is None
    call = sofie.proves()
    for n in range(60):
        if call.document.find("Gather") is None:
            break
        call.presses("21"[n % 2])
    assert call.document.find("Gather") is None


@in_one_language
@pytest.mark.parametrize("way", ["hangs up", "is told goodbye"])
def test_however_his_call_ends_it_is_no_missed_call_what_he_said_holds_and_the_desk_is_woken(
    sofie: Sofie, bell: Any, kept: Any, way: str
) -> None:
    sofie.change(state=G.OFF_DUTY)
    call = sofie.proves().presses("1")
    assert sofie.row.state is G.FREE
    assert not sofie.can_be_rung()
    bell.rung.clear()
    if way == "hangs up":
        call.hangs_up()
    else:
        call.is_silent().is_silent().is_silent().goes_on()
    assert bell.rung == ["dispatch"]
    assert kept(MissedCall) == []
    assert kept(CallLeg)[0].status is LegStatus.COMPLETED
    assert (sofie.row.state, sofie.can_be_rung()) == (G.FREE, True)


@in_one_language
def test_somebody_with_his_number_and_no_pin_is_a_missed_call(sofie: Sofie, kept: Any) -> None:
    sofie.dials_in().hangs_up()
    assert len(kept(MissedCall)) == 1


def test_a_fault_of_ours_is_spoken_in_his_language_and_ends_the_line(sofie: Sofie, line_to_database: Any) -> None:
    call = sofie.proves()
    line_to_database.fails = "write"
    call.presses("2")
    assert call.heard.startswith({"nl": "Sorry", "fr": "Désolés", "en": "Sorry, something"}[sofie.language])
    assert call.document.findall("Redirect")[-1].text.endswith("/voice/bye")
    line_to_database.fails = ""
    assert sofie.row.state is G.FREE
