"""A number has so many open call-backs and no more; nobody gains a place by calling again and again."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from callbacks.rules.promise import Range
from callbacks.store import promises
from callbacks.store.transitions import Cause
from models.callback import Callback, CallLeg
from models.history import History
from models.sessions import Database
from models.ticket import MissedCall, Ticket
from models.vocabulary import CallbackState, Language, Option, PromiseResult
from tests.stand_ins import TEXTS

Caller = Callable[..., Any]
MOST = 3
TONGUES = {Language.NL: "", Language.FR: "8", Language.EN: "9"}


def fills(caller: Caller, number: str = "+32470123456", key: str = "2") -> None:
    for _ in range(MOST):
        caller(number).asks("/voice/menu?round=1", Digits=key).presses("1").goes_on().hangs_up()


@pytest.mark.parametrize("language", Language)
def test_one_request_too_many_makes_no_ticket_and_its_caller_hears_that_we_know(
    caller: Caller, kept: Any, database: Database, language: Language
) -> None:
    fills(caller, key="1")
    before = [(row.id, row.rank, row.state) for row in kept(Callback)]
    call = caller().asks("/voice/menu?round=1")  # as where somebody else filled the last place meanwhile
    if TONGUES[language]:
        call.presses(TONGUES[language])
    pressed = call.gather.get("action")
    said = call.presses("1").answer.data
    assert call.heard.startswith(TEXTS.text(language, "known_requests"))
    assert TEXTS.text(language, "known_call_comes") in call.heard
    assert [(row.id, row.rank, row.state) for row in kept(Callback)] == before
    assert len(kept(Ticket)) == MOST
    assert call.asks(pressed, Digits="1").answer.data == said
    call.goes_on().hangs_up()
    latest = before[-1][0]
    about = {leg.about_id for leg in kept(CallLeg)}
    assert about == {None, latest}
    assert kept(MissedCall) == []
    with database.read() as session:
        notes = select(History.why).where(History.callback_id == latest, History.why.contains("called again"))
        assert list(session.scalars(notes)) == ["called again, pressed 1: outage; 3 are open, so no other is made"]


def test_the_promise_that_stands_is_said_again_and_none_that_lapsed(
    caller: Caller, kept: Any, database: Database, clock: Any
) -> None:
    fills(caller)
    latest = kept(Callback)[-1].id
    given = Range(clock.at.replace(hour=13), clock.at.replace(hour=14))
    with database.write() as session:
        promises.settle(session, latest, clock.at, PromiseResult.RENEWED)
        promises.give(session, latest, given, Cause(clock.at, "planner", "promised"), told=False)
    assert "tussen twee uur en drie uur" in caller().asks("/voice/menu?round=1", Digits="2").heard
    with database.write() as session:
        promises.settle(session, latest, clock.at, PromiseResult.LAPSED)
    assert "tussen" not in caller().asks("/voice/menu?round=1", Digits="2").heard
    assert len(kept(Callback)) == MOST


def test_a_promise_that_is_past_is_not_said(caller: Caller, database: Database, clock: Any, kept: Any) -> None:
    fills(caller)
    latest = kept(Callback)[-1].id
    with database.write() as session:
        promises.settle(session, latest, clock.at, PromiseResult.RENEWED)
        given = Range(clock.at.replace(hour=13), clock.at.replace(hour=14))
        promises.give(session, latest, given, Cause(clock.at, "planner", "promised"), told=False)
    clock.at = clock.at.replace(hour=14)
    assert "tussen" not in caller().asks("/voice/menu?round=1", Digits="2").heard


def test_an_outage_beside_three_questions_gets_its_ticket_and_its_place_until_three_are_open(
    caller: Caller, kept: Any
) -> None:
    fills(caller)
    for n in range(1, MOST + 1):
        call = caller().asks("/voice/menu?round=1", Digits="1").presses("1").goes_on()
        assert len(kept(Ticket)) == MOST + n
        call.hangs_up()
    latest = kept(Callback)[-1]
    assert (latest.option, latest.rank < kept(Callback)[0].rank) == (Option.OUTAGE, True)
    refused = caller().asks("/voice/menu?round=1", Digits="1")
    assert refused.heard.startswith(TEXTS.text(Language.NL, "known_requests"))
    assert len(kept(Callback)) == 2 * MOST
    assert [leg.about_id for leg in kept(CallLeg) if leg.call_sid == refused.sid] == [latest.id]


def test_ten_calls_in_a_row_leave_as_many_call_backs_as_a_number_may_have(caller: Caller, kept: Any) -> None:
    for _ in range(10):
        call = caller().asks("/voice/menu?round=1", Digits="1")
        assert call.heard
        call.hangs_up()
    assert len(kept(Callback)) == MOST


def test_calls_whose_number_may_not_be_dialled_are_counted_by_where_they_came_from(caller: Caller, kept: Any) -> None:
    for _ in range(6):
        caller("+14155552671").asks("/voice/menu?round=1", Digits="1").hangs_up()
    assert [row.state for row in kept(Callback)] == [CallbackState.NEEDS_HUMAN] * MOST


@pytest.mark.parametrize("language", Language)
def test_a_withheld_caller_cannot_key_in_a_number_with_enough_open_call_backs(
    caller: Caller, kept: Any, language: Language
) -> None:
    fills(caller)
    call = caller("anonymous").dials_in()
    if TONGUES[language]:
        call.presses(TONGUES[language])
    call.presses("2").presses("0470123456")
    assert call.heard.startswith(TEXTS.text(language, "refused_too_many"))
    call.hangs_up()
    assert [row.number for row in kept(Callback)] == ["+32470123456"] * MOST + [None]


def test_who_keys_in_another_number_keeps_a_place_for_his_own_until_he_confirms(caller: Caller, kept: Any) -> None:
    for _ in range(2):
        caller().asks("/voice/menu?round=1", Digits="1").presses("1").goes_on().hangs_up()
    undecided = caller().asks("/voice/menu?round=1", Digits="1").presses("2").presses("0475222222")
    late = caller().asks("/voice/menu?round=1", Digits="1")
    assert late.heard.startswith(TEXTS.text(Language.NL, "known_requests"))
    undecided.hangs_up()
    assert [row.number for row in kept(Callback)] == ["+32470123456"] * MOST


def test_once_one_of_them_is_done_another_may_be_made(
    caller: Caller, kept: Any, database: Database, clock: Any
) -> None:
    fills(caller)
    with database.write() as session:
        first = select(Callback.id).order_by(Callback.id).limit(1).scalar_subquery()
        session.execute(
            update(Callback).where(Callback.id == first).values(state=CallbackState.DONE, closed_at=clock.at)
        )
    assert "Klopt dat" in caller().asks("/voice/menu?round=1", Digits="1").heard
    assert len(kept(Callback)) == MOST + 1
