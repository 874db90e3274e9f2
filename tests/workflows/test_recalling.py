"""A customer who rings again: what is kept of it, on the real database, and whose telephone stays silent."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from callbacks.rules.promise import Range
from callbacks.store import promises, switches
from callbacks.store.switches import Hand
from callbacks.store.transitions import Cause
from callbacks.workflows import recalling, registering, releasing, ringing_back
from callbacks.workflows.recalling import Phase
from callbacks.workflows.registering import Line
from callbacks.workflows.ringing_customer import Refusal
from models.agent import Agent
from models.callback import Callback, Promise
from models.history import History
from models.ticket import MissedCall
from models.vocabulary import (
    AgentState,
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
        found = list(session.scalars(select(table).order_by(*inspect(table).primary_key)))
        session.expunge_all()
    return found


def notes(desk: CallDesk, why: str) -> int:
    with desk.services.database.read() as session:
        return session.scalar(select(func.count()).select_from(History).where(History.why == why)) or 0


def same(desk: CallDesk, line: Line) -> CallbackState | None:
    about = recalling.is_about_it(desk.services, line, f"{line.call_sid}|again|1|1")
    return about.state if about else None


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
    assert (again.phase, again.count, again.promise) == (Phase.OPEN, 1, None)


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
        desk.waits(number=NUMBER, option=Option.OUTAGE)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert again.may_add
    desk.waits(number=NUMBER, option=Option.OUTAGE)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert (again.count, again.may_add) == (3, False)


@pytest.mark.parametrize(("outages", "may_add"), [(2, True), (3, False)])
def test_beside_three_questions_an_outage_may_be_opened_until_three_are(
    desk: CallDesk, rings: Rings, outages: int, may_add: bool
) -> None:
    for option in [Option.QUESTION] * 3 + [Option.OUTAGE] * outages:
        desk.waits(number=NUMBER, option=option)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert again.may_add is may_add


def test_colleagues_who_had_their_own_telephones_called_leave_room_at_the_switchboard(
    desk: CallDesk, rings: Rings
) -> None:
    for mobile in ("+32470555591", "+32470555592", "+32470555593"):
        line = rings()
        registering.chooses(desk.services, line, Option.OUTAGE, line.call_sid)
        own = max(row.id for row in rows(desk, Callback))
        desk.change(Callback, own, number=mobile, number_confirmed=True)
        releasing.says_goodbye(desk.services, line.call_sid)
    fourth = rings()
    again = recalling.calls_again(desk.services, fourth)
    assert again is not None
    assert (again.count, again.may_add) == (3, True)
    assert registering.chooses(desk.services, fourth, Option.QUESTION, "e4").ticket is not None


def test_of_several_nobody_knows_which_one_he_means(desk: CallDesk, rings: Rings) -> None:
    desk.waits(number=NUMBER)
    alone = rings()
    about = recalling.is_about_it(desk.services, alone, "e1")
    assert about is not None
    assert about.is_only
    colleagues = desk.waits(number=NUMBER)
    for line in (rings(), alone):
        about = recalling.is_about_it(desk.services, line, f"{line.call_sid} again")
        assert about is not None
        assert not about.is_only
    desk.change(Callback, colleagues, state=C.DONE, closed_at=desk.clock.at)
    assert recalling.is_about_it(desk.services, alone, "e3") == recalling.About(C.WAITING, is_only=True)


def test_who_may_not_say_which_one_he_means_moves_none_of_them(desk: CallDesk, rings: Rings) -> None:
    desk.waits(number=NUMBER)
    line = rings()
    same(desk, line)
    line = registering.meets(desk.services, line.call_sid, NUMBER)
    assert recalling.may_change(desk.services, line)
    desk.waits(number=NUMBER)
    assert not recalling.may_change(desk.services, line)
    own = registering.chooses(desk.services, rings(), Option.QUESTION, "e1")
    assert recalling.may_change(desk.services, own)


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
    assert again.phase is Phase.CALLING
    desk.answers()
    assert desk.accepts() is Refusal.ON_THE_LINE
    assert desk.attempt(customer).dialled_at is None
    assert desk.attempt(customer).state is not AttemptState.CUSTOMER_DIALLING


def test_while_a_colleague_talks_nobody_is_about_to_be_called(desk: CallDesk, rings: Rings) -> None:
    desk.agent()
    talks = desk.waits(number=NUMBER)
    desk.ring()
    desk.connects()
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert again.phase is Phase.CALLING
    desk.customer_answers()
    assert desk.state(talks) is C.ACTIVE
    line = rings()
    again = recalling.calls_again(desk.services, line)
    assert again is not None
    assert (again.phase, again.promise, again.count) == (Phase.OPEN, None, 1)
    assert same(desk, line) is C.ACTIVE
    assert recalling.cancels(desk.services, line) == recalling.Cancelled(recalling.Ending.OVER)
    waits = desk.waits(number=NUMBER, rank=10**6)
    line = rings()
    assert same(desk, line) is C.WAITING
    assert desk.leg(line.call_sid).about_id == waits, "what is talked about already is not called next"


def test_a_colleagues_own_telephone_that_is_rung_is_no_reason_to_hang_up(desk: CallDesk, rings: Rings) -> None:
    desk.agent()
    line = rings()
    registering.chooses(desk.services, line, Option.QUESTION, "e1")
    (callback,) = rows(desk, Callback)
    desk.change(Callback, callback.id, number="+32470555599", number_confirmed=True)
    releasing.says_goodbye(desk.services, line.call_sid)
    assert desk.ring() == 1
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert again.phase is Phase.OPEN


def test_of_what_needs_a_person_no_moment_is_said(desk: CallDesk, rings: Rings) -> None:
    customer = desk.waits(number=NUMBER)
    given = Range(brussels("2026-11-24", "10:30:00"), brussels("2026-11-24", "11:00:00"))
    with desk.services.database.write() as session:
        promises.give(session, customer, given, Cause(desk.clock.at, "planner", "promised"), told=False)
    line = rings()
    same(desk, line)
    line = registering.meets(desk.services, line.call_sid, NUMBER)
    assert recalling.promise_of(desk.services, line)[1] == given
    desk.change(Callback, customer, state=C.NEEDS_HUMAN)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert again.promise is None
    assert recalling.promise_of(desk.services, line)[1] is None


def test_at_the_end_of_his_call_who_waits_is_looked_for_at_once(desk: CallDesk, rings: Rings) -> None:
    bell: Any = desk.services.bell
    customer = desk.waits(number=NUMBER)
    desk.waits(number="+32470555559")
    same(desk, line := rings())
    bell.rung.clear()
    releasing.hangs_up(desk.services, line.call_sid, LegStatus.COMPLETED, 3, 12)
    assert bell.rung == ["dispatch"]
    desk.change(Callback, customer, state=C.RESTING)
    bell.rung.clear()
    releasing.says_goodbye(desk.services, rings().call_sid)
    releasing.says_goodbye(desk.services, rings("anonymous").call_sid)
    assert bell.rung == []


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
    assert (again.phase, ringing_back_works) == (Phase.MISSED, [customer])
    assert again.calls_at_once


@pytest.mark.parametrize("obstacle", ["stopped", "breaker", "spent", "nobody", "leaving", "closed"])
def test_he_is_told_to_hang_up_only_where_he_can_be_called_at_once(desk: CallDesk, rings: Rings, obstacle: str) -> None:
    bart = desk.agent()
    desk.waits(number=NUMBER)
    desk.ring()
    desk.not_reached()
    now = desk.clock.at
    with desk.services.database.write() as session:
        if obstacle == "stopped":
            switches.turn(session, Hand.DIALLING, Cause(now, "Els", "exercise"), on=False)
        if obstacle == "breaker":
            switches.trip_breaker(session, "the account is at fault", now)
        if obstacle == "spent":
            switches.show_daily_limit(session, "2000 calls", now)
    if obstacle == "nobody":
        desk.change(Agent, bart, state=AgentState.OFF_DUTY)
    if obstacle == "leaving":
        desk.change(Agent, bart, wants_off_duty=True)
    if obstacle == "closed":
        desk.clock.at = brussels("2026-11-24", "20:00:00")
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert (again.phase, again.calls_at_once) == (Phase.MISSED, False)


def test_who_rests_because_he_asked_for_it_missed_nothing(
    desk: CallDesk, rings: Rings, ringing_back_works: list[int]
) -> None:
    desk.waits(number=NUMBER, state=C.RESTING)
    again = recalling.calls_again(desk.services, rings())
    assert again is not None
    assert (again.phase, ringing_back_works) == (Phase.OPEN, [])


# ---- Who is shown already is not a missed call


def test_a_caller_with_something_open_who_chooses_nothing_is_no_missed_call(desk: CallDesk, rings: Rings) -> None:
    desk.waits(number=NUMBER)
    releasing.says_goodbye(desk.services, rings().call_sid)
    releasing.hangs_up(desk.services, rings().call_sid, LegStatus.COMPLETED, 3, 12)
    registering.gives_up(desk.services, rings())
    assert rows(desk, MissedCall) == []
    releasing.says_goodbye(desk.services, rings("+32470555551").call_sid)
    assert len(rows(desk, MissedCall)) == 1
