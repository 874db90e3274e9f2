"""A customer who rings again: what is kept of it, on the real database, and whose telephone stays silent."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from callbacks.rules.promise import Range
from callbacks.store import promises
from callbacks.store.transitions import Cause
from callbacks.workflows import recalling, registering, releasing, ringing_back
from callbacks.workflows.recalling import Standing
from callbacks.workflows.registering import Line
from callbacks.workflows.ringing_customer import Refusal
from models.callback import Callback, Promise
from models.history import History
from models.ticket import MissedCall
from models.vocabulary import (
    AttemptState,
    CallbackState,
    LegStatus,
    Option,
)
from tests.call_desk import CallDesk, brussels

C = CallbackState
NUMBER = "+32470555555"


def rows(desk: CallDesk, table: type[Any]) -> list[Any]:
    with desk.services.database.read() as session:
        found = list(session.scalars(select(table)))
        session.expunge_all()
    return found


def notes(desk: CallDesk, why: str) -> int:
    with desk.services.database.read() as session:
        return session.scalar(select(func.count()).select_from(History).where(History.why == why)) or 0


def same(desk: CallDesk, line: Line) -> CallbackState | None:
    return recalling.is_about_it(desk.services, line, f"{line.call_sid}|again|1|1")


Rings = Callable[..., Line]


def test_who_has_nothing_open_is_told_nothing(desk: CallDesk, rings: Rings) -> None:
    for state in (C.DONE, C.CANCELLED, C.UNREACHED):
        desk.waits(number=NUMBER, state=state)
    desk.waits(number="+32470555556")
    assert recalling.calls_again(desk.services, rings()) is None


def test_a_withheld_number_and_an_agents_own_are_never_asked(desk: CallDesk, rings: Rings) -> None:
    bart = desk.agent()
    desk.waits(number=desk.person(bart).phone)
    desk.waits(number=None, state=C.NEEDS_HUMAN)
    assert recalling.calls_again(desk.services, rings("anonymous")) is None
    assert recalling.calls_again(desk.services, rings(desk.person(bart).phone)) is None


@pytest.mark.parametrize("state", [C.HELD, C.WAITING, C.RESTING, C.NEEDS_HUMAN, C.WRAP_UP])
def test_an_open_call_back_is_known_by_its_number(desk: CallDesk, rings: Rings, state: CallbackState) -> None:
    desk.waits(number=NUMBER, state=state)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert (again.standing, again.count, again.promise) == (Standing.OPEN, 1, None)


def test_it_is_known_by_the_telephone_it_was_asked_from_too(desk: CallDesk, rings: Rings) -> None:
    first = rings()
    registering.chooses(desk.services, first, Option.QUESTION, "e1")
    (callback,) = rows(desk, Callback)
    desk.change(Callback, callback.id, number="+32470555599", number_confirmed=True)
    assert recalling.calls_again(desk.services, rings()) is not None
    assert recalling.calls_again(desk.services, rings("+32470555599")) is not None
    assert recalling.calls_again(desk.services, first) is None, "his own call is not a call before it"


def test_the_promise_that_stands_is_told_and_kept_as_told(desk: CallDesk, rings: Rings) -> None:
    customer = desk.waits(number=NUMBER)
    given = Range(brussels("2026-11-24", "10:30:00"), brussels("2026-11-24", "11:00:00"))
    with desk.services.database.write() as session:
        promises.give(session, customer, given, Cause(desk.clock.at, "planner", "promised"), told=False)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert again.promise == given
    assert [promise.told for promise in rows(desk, Promise)] == [True]


def test_of_several_the_one_that_is_called_first_is_the_same_one(desk: CallDesk, rings: Rings) -> None:
    desk.waits(number=NUMBER, rank=50)
    next_in_line = desk.waits(number=NUMBER, rank=10)
    line = rings()
    assert same(desk, line) is C.WAITING
    assert desk.leg(line.call_sid).about_id == next_in_line
    desk.change(Callback, next_in_line, rank=90)
    assert same(desk, line) is C.WAITING
    assert desk.leg(line.call_sid).about_id == next_in_line, "what he was told it is about does not change"


def test_the_key_told_again_is_noted_once(desk: CallDesk, rings: Rings) -> None:
    desk.waits(number=NUMBER)
    line = rings()
    for _ in range(3):
        assert same(desk, line) is C.WAITING
    assert notes(desk, "the caller rang again about it") == 1


def test_up_to_the_houses_limit_he_may_open_another(desk: CallDesk, rings: Rings) -> None:
    for _ in range(2):
        desk.waits(number=NUMBER)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert again.may_add
    desk.waits(number=NUMBER)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert (again.count, again.may_add) == (3, False)


def test_while_he_listens_he_is_not_rung_and_then_he_is(desk: CallDesk, rings: Rings) -> None:
    desk.agent()
    desk.waits(number=NUMBER)
    line = rings()
    recalling.calls_again(desk.services, line)
    assert same(desk, line) is C.WAITING
    assert desk.ring() == 0
    releasing.says_goodbye(desk.services, line.call_sid)
    assert desk.ring() == 1


def test_who_rings_while_his_agent_is_rung_is_not_dialled_and_hears_that_we_are_calling(
    desk: CallDesk, rings: Rings
) -> None:
    desk.agent()
    customer = desk.waits(number=NUMBER)
    desk.ring()
    line = rings()
    again = recalling.calls_again(desk.services, line)
    assert again is not None
    assert again.standing is Standing.CALLING
    desk.answers()
    assert desk.accepts() is Refusal.ON_THE_LINE
    assert desk.attempt(customer).dialled_at is None
    assert desk.attempt(customer).state is not AttemptState.CUSTOMER_DIALLING


# ---- After missing our call


@pytest.fixture
def ringing_back_works(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Who was put next in line."""
    asked: list[int] = []

    def put_first(_services: object, callback_id: int, _call_sid: str) -> bool:
        asked.append(callback_id)
        return True

    monkeypatch.setattr(ringing_back, "ring_back", put_first)
    return asked


@pytest.mark.parametrize("status", [LegStatus.BUSY, LegStatus.NO_ANSWER])
def test_who_missed_our_call_is_next_in_line(
    desk: CallDesk, rings: Rings, ringing_back_works: list[int], status: LegStatus
) -> None:
    desk.agent()
    desk.waits(number=NUMBER, rank=-5, not_before=None, state=C.NEEDS_HUMAN)
    customer = desk.waits(number=NUMBER, rank=5)
    desk.ring()
    desk.not_reached(status)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert (again.standing, ringing_back_works) == (Standing.MISSED, [customer])


def test_who_rests_because_he_asked_for_it_missed_nothing(
    desk: CallDesk, rings: Rings, ringing_back_works: list[int]
) -> None:
    desk.waits(number=NUMBER, state=C.RESTING)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert (again.standing, ringing_back_works) == (Standing.OPEN, [])


# ---- Who is shown already is not a missed call


def test_a_caller_with_something_open_who_chooses_nothing_is_no_missed_call(desk: CallDesk, rings: Rings) -> None:
    desk.waits(number=NUMBER)
    releasing.says_goodbye(desk.services, rings().call_sid)
    releasing.hangs_up(desk.services, rings().call_sid, LegStatus.COMPLETED, 3, 12)
    registering.gives_up(desk.services, rings())
    assert rows(desk, MissedCall) == []
    releasing.says_goodbye(desk.services, rings("+32470555551").call_sid)
    assert len(rows(desk, MissedCall)) == 1
