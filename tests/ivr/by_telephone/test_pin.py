"""Who dials the hotline from an agent's telephone is told nothing before the PIN."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks.workflows import keeping_pins
from ivr.desk import MOST_TURNS
from models.history import History, WebhookEvent
from models.vocabulary import (
    AgentState,
)
from tests.ivr.by_telephone.sofie import PIN, WRONG, Sofie, in_one_language
from tests.ivr.by_telephone.words import MENU, WORDS

G = AgentState


def test_he_hears_nothing_of_himself_before_his_pin(sofie: Sofie) -> None:
    call = sofie.dials_in()
    assert sofie.words["pin"] in call.heard
    assert "Sofie" not in call.heard
    assert MENU[sofie.language] not in call.heard
    assert call.gather.get("finishOnKey") == "#"
    call.presses(PIN)
    assert sofie.words["free"] in call.heard


def test_a_wrong_pin_is_said_and_asked_again_three_times_a_call(sofie: Sofie) -> None:
    call = sofie.dials_in()
    for _ in range(2):
        call.presses(WRONG)
        assert sofie.words["wrong"] in call.heard
        assert sofie.words["pin"] in call.heard
    call.presses(WRONG)
    assert sofie.words["unproven"] in call.heard
    assert call.document.find("Gather") is None
    call.goes_on()
    assert [child.tag for child in call.document] == ["Hangup"]
    assert sofie.row.pin_failures == 3


def test_silence_is_asked_again_three_times_and_is_no_wrong_pin(sofie: Sofie) -> None:
    call = sofie.dials_in().is_silent().is_silent()
    assert sofie.words["wrong"] not in call.heard
    assert sofie.words["unproven"] in call.is_silent().heard
    assert sofie.row.pin_failures == 0


@in_one_language
def test_the_right_pin_forgets_the_wrong_ones(sofie: Sofie) -> None:
    sofie.fails(4)
    sofie.proves()
    assert (sofie.row.pin_failures, sofie.row.pin_locked_at) == (0, None)


def test_five_wrong_pins_in_a_row_across_calls_lock_it_for_a_quarter_of_an_hour(
    sofie: Sofie, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        call = sofie.fails(5)
    assert sofie.words["locked"] in call.heard
    assert call.document.find("Gather") is None
    assert "locked" in caplog.text
    assert not {WRONG, PIN, "Sofie", str(sofie.row.phone)} & set(caplog.text.split())
    assert [why for why in sofie.whys() if "wrong PIN was keyed" in why] == [
        "a wrong PIN was keyed on his telephone"
    ] * 5
    assert sofie.whys()[-1] == "5 wrong PINs in a row: locked for 15 minutes"
    # The right one is worth nothing now, and does not lengthen the lock.
    sofie.desk.clock.move(minutes=14, seconds=59)
    assert sofie.words["locked"] in sofie.proves().heard
    sofie.desk.clock.move(seconds=1)
    assert sofie.words["free"] in sofie.proves().heard


@in_one_language
def test_each_further_lock_lasts_twice_as_long_a_day_at_most_until_the_right_pin_comes(sofie: Sofie) -> None:
    for times, minutes in enumerate((15, 30, 60, 120, 240, 480, 960, 1440, 1440)):
        sofie.change(pin_failures=5 * times + 4)
        sofie.fails(1)
        assert sofie.whys()[-1].endswith(f"locked for {minutes} minutes")
        sofie.desk.clock.move(minutes=minutes, seconds=-1)
        assert sofie.words["locked"] in sofie.proves().heard
        sofie.desk.clock.move(seconds=1)
    assert sofie.words["free"] in sofie.proves().heard
    sofie.fails(5)
    assert sofie.whys()[-1] == "5 wrong PINs in a row: locked for 15 minutes"


@in_one_language
def test_between_two_locks_a_wrong_pin_is_only_wrong(sofie: Sofie) -> None:
    sofie.fails(5)
    sofie.desk.clock.move(minutes=15)
    assert sofie.words["wrong"] in sofie.fails(1).heard
    assert sofie.words["free"] in sofie.proves().heard


@in_one_language
def test_a_lock_left_by_a_clock_that_ran_ahead_is_none(sofie: Sofie) -> None:
    sofie.change(pin_locked_at=sofie.desk.clock.at + timedelta(hours=1))
    assert sofie.words["free"] in sofie.proves().heard


@in_one_language
def test_a_new_pin_ends_the_lock(sofie: Sofie) -> None:
    sofie.change(pin_locked_at=sofie.desk.clock.at, pin_failures=3)
    keeping_pins.set_pin(sofie.services, "sofie", "7412", "a supervisor")
    assert sofie.row.pin_failures == 0
    assert sofie.words["free"] in sofie.dials_in().presses("7412").heard
    assert sofie.words["wrong"] in sofie.dials_in().presses(PIN).heard


@in_one_language
def test_nothing_but_the_pin_opens(sofie: Sofie) -> None:
    for keys in ("", "1", "25800", "258", "٢٥٨٠", "<2580>", "2" * 10_000):
        sofie.change(pin_failures=0)
        assert sofie.words["free"] not in sofie.dials_in().presses(keys).heard


@in_one_language
def test_a_replayed_wrong_pin_counts_once_and_a_replayed_right_one_opens_again(sofie: Sofie) -> None:
    call = sofie.dials_in()
    url = call.gather.get("action")
    for _ in range(5):
        assert sofie.words["wrong"] in call.asks(url, Digits=WRONG).heard
    assert sofie.row.pin_failures == 1
    call.presses(PIN)
    again = call.asks("/voice/desk?round=2", Digits=PIN)
    assert sofie.words["free"] in again.heard


def test_nil_and_hash_lead_to_what_customers_hear(sofie: Sofie) -> None:
    call = sofie.dials_in().presses("0")
    assert "Service" in call.heard
    assert MENU["nl"] in call.heard
    # As a caller he is one like any other; his own number is refused as the one to call.
    assert "Op welk nummer" in call.presses("1").heard
    assert sofie.row.pin_failures == 0


@in_one_language
def test_an_agent_without_a_pin_and_a_stranger_hear_the_usual_menu(sofie: Sofie) -> None:
    keeping_pins.remove_pin(sofie.services, "Sofie", "a supervisor")
    for call in (sofie.dials_in(), sofie.caller().dials_in(), sofie.caller("anonymous").dials_in()):
        assert MENU["nl"] in call.heard


@in_one_language
@pytest.mark.parametrize("path", ["/voice/desk/menu", "/voice/desk/outcome", "/voice/desk/dossier"])
def test_who_shows_his_number_on_another_call_is_told_nothing_and_changes_nothing(sofie: Sofie, path: str) -> None:
    sofie.talked()
    sofie.proves()
    before = (sofie.row.state, sofie.whys())
    for keys in ("1", "2", "3", "4", "5", "*", ""):
        forged = sofie.caller(str(sofie.row.phone)).asks(path, Digits=keys)
        assert any(words["unproven"] in forged.heard for words in WORDS.values())
        assert len(list(forged.document.iter("Say"))) == 1
        assert forged.document.find("Gather") is None
    assert (sofie.row.state, sofie.whys()) == before


@in_one_language
def test_a_proof_ends_with_the_pin(sofie: Sofie) -> None:
    call = sofie.proves()
    keeping_pins.remove_pin(sofie.services, "Sofie", "a supervisor")
    assert sofie.words["unproven"] in call.presses("2").heard
    assert sofie.row.state is G.FREE


@in_one_language
def test_a_proof_by_the_old_pin_ends_with_a_new_one(sofie: Sofie) -> None:
    call = sofie.proves()
    keeping_pins.set_pin(sofie.services, "Sofie", "7412", "a supervisor")
    assert sofie.words["unproven"] in call.presses("2").heard
    assert sofie.row.state is G.FREE
    assert sofie.words["free"] in sofie.dials_in().presses("7412").heard


@in_one_language
@pytest.mark.parametrize("path", ["/voice/desk/menu", "/voice/desk/dossier"])
def test_a_proven_agent_who_keys_without_end_is_told_goodbye_and_not_that_he_needs_a_pin(
    sofie: Sofie, path: str
) -> None:
    call = sofie.proves().asks(f"{path}?round=1&turn={MOST_TURNS}", Digits="7")
    assert call.heard == f"{sofie.words['bye']}."
    assert call.goes_on().document.find("Hangup") is not None


@in_one_language
def test_no_pin_is_written_down_anywhere(sofie: Sofie, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        sofie.dials_in().presses(WRONG).presses(PIN)
    with sofie.database.read() as session:
        written = [*session.scalars(select(WebhookEvent.key)), *session.scalars(select(History.why))]
    assert written
    for digits in (PIN, WRONG):
        assert not any(digits in str(each) for each in written)
        assert digits not in caplog.text
        assert digits not in str(sofie.row.pin_hash)
