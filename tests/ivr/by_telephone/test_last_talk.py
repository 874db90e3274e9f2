"""An agent says by telephone how his last talk went, also when his minutes after it are over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from callbacks.workflows import owing
from models.callback import Callback
from models.vocabulary import (
    CallbackState,
    TalkOutcome,
    TicketState,
)
from tests.ivr.by_telephone.sofie import Sofie, in_one_language


@pytest.mark.parametrize("late", [False, True], ids=["within his minutes", "after them"])
@pytest.mark.parametrize(
    ("key", "outcome", "ticket", "rests"),
    [
        ("1", TalkOutcome.SOLVED, TicketState.CLOSED, False),
        ("2", TalkOutcome.CALL_AGAIN, TicketState.OPEN, True),
        ("3", TalkOutcome.VISIT, TicketState.OPEN, False),
        ("4", TalkOutcome.WRONG_PERSON, TicketState.OPEN, True),
    ],
)
def test_he_says_afterwards_how_his_last_talk_went(
    sofie: Sofie, kept: Any, late: bool, key: str, outcome: TalkOutcome, ticket: TicketState, rests: bool
) -> None:
    first = sofie.talked()
    if late:
        sofie.desk.clock.move(minutes=10)
        sofie.desk.tick()
        assert sofie.desk.callback(first).outcome is TalkOutcome.UNSTATED
    call = sofie.proves().presses("4")
    assert " ".join(str(sofie.desk.ticket(first).number)) in call.heard
    call.presses(key)
    assert sofie.desk.callback(first).outcome is outcome
    assert (sofie.desk.ticket(first).state, sofie.desk.ticket(first).outcome) == (ticket, outcome)
    assert (sofie.words["solved"] in call.heard) is (key == "1")
    assert sofie.words["free"] in call.heard
    assert "4" not in call.heard
    rows = kept(Callback)
    resting = [row for row in rows if row.state is CallbackState.RESTING]
    assert len(resting) == (1 if rests else 0)
    assert len(rows) == (2 if rests and late else 1)
    if rests:
        assert resting[0].ticket_id == sofie.desk.callback(first).ticket_id
        assert resting[0].not_before > sofie.desk.clock.at


@in_one_language
def test_a_call_anew_is_rung_like_any_other(sofie: Sofie) -> None:
    first = sofie.talked()
    sofie.desk.clock.move(minutes=10)
    sofie.desk.tick()
    sofie.proves().presses("4").presses("2").hangs_up()
    assert sofie.desk.ring() == 0
    sofie.desk.clock.at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    sofie.desk.tick()
    assert sofie.desk.ring() == 1
    assert sofie.desk.phone.placed[-1].to == sofie.row.phone
    assert sofie.desk.callback(first).state is CallbackState.DONE


@in_one_language
def test_yesterdays_talk_and_one_that_was_stated_are_not_asked_about(sofie: Sofie) -> None:
    sofie.talked()
    sofie.desk.clock.move(minutes=10)
    sofie.desk.tick()
    sofie.desk.clock.move(days=1)
    call = sofie.proves()
    assert "4" not in call.heard
    sofie.desk.clock.move(days=-1)
    assert "4" in sofie.proves().heard
    sofie.proves().presses("4").presses("3")
    assert "4" not in sofie.proves().heard


@in_one_language
def test_who_was_stated_meanwhile_hears_so_and_a_replay_changes_nothing(sofie: Sofie) -> None:
    first = sofie.talked()
    call, other = sofie.proves().presses("4"), sofie.proves().presses("4")
    url = call.gather.get("action")
    call.presses("3")
    assert sofie.words["solved"] not in other.presses("1").heard
    call.asks(url, Digits="3")
    assert sofie.desk.callback(first).outcome is TalkOutcome.VISIT
    assert sofie.desk.ticket(first).state is TicketState.OPEN


def test_the_question_of_the_outcome_goes_back_with_nil_and_ends_after_three_rounds(sofie: Sofie) -> None:
    sofie.talked()
    call = sofie.proves().presses("4").presses("0")
    assert sofie.words["free"] not in call.heard  # still in his minutes after the talk
    assert "4" in call.heard
    call.presses("4").is_silent().presses("9")
    assert sofie.words["bye"] in call.is_silent().heard


@in_one_language
def test_another_promise_about_the_ticket_keeps_it_open_and_is_not_doubled(sofie: Sofie, kept: Any) -> None:
    first = sofie.talked()
    sofie.desk.clock.move(minutes=10)
    sofie.desk.tick()
    second = sofie.desk.waits()
    sofie.desk.change(Callback, second, ticket_id=sofie.desk.callback(first).ticket_id)
    sofie.proves().presses("4").presses("2")
    assert len(kept(Callback)) == 2


@in_one_language
def test_the_same_outcome_keyed_twice_at_once_is_taken_in_once(sofie: Sofie) -> None:
    first = sofie.talked()
    call = sofie.proves().presses("4")
    start = Barrier(4)

    def pay(_n: int) -> bool:
        start.wait()
        return owing.pays(sofie.services, call.sid, TalkOutcome.SOLVED, f"{call.sid}|desk outcome|1")

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(pay, range(4))) == [False, False, False, True]
    assert sofie.desk.callback(first).outcome is TalkOutcome.SOLVED
