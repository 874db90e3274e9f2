"""A customer who cancels by telephone: nobody calls him any more, and he is written to, once."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import inspect, select

from callbacks.rules.promise import Range
from callbacks.store import promises
from callbacks.store.transitions import Cause
from callbacks.workflows import recalling, releasing
from callbacks.workflows.recalling import Cancelled, Ending
from callbacks.workflows.registering import Line
from models.callback import CallLeg, Promise
from models.outbox import OutboxMail
from models.sessions import Database
from models.ticket import MissedCall
from models.vocabulary import (
    CallbackState,
    MailKind,
    PromiseResult,
    Subject,
    TicketState,
)
from tests.call_desk import CallDesk, brussels
from tests.stand_ins import add_callback, add_contact, add_ticket

C = CallbackState
NUMBER = "+32470555555"
Rings = Callable[..., Line]


def rows(desk: CallDesk, table: type[Any]) -> list[Any]:
    with desk.services.database.read() as session:
        found = list(session.scalars(select(table).order_by(*inspect(table).primary_key)))
        session.expunge_all()
    return found


def same(desk: CallDesk, line: Line) -> CallbackState | None:
    about = recalling.is_about_it(desk.services, line, f"{line.call_sid}|again|1|1")
    return about.state if about else None


@pytest.mark.parametrize("state", [C.WAITING, C.RESTING, C.NEEDS_HUMAN])
def test_what_he_cancels_is_called_no_more_and_its_ticket_is_closed(
    desk: CallDesk, rings: Rings, state: CallbackState
) -> None:
    desk.agent()
    customer = desk.waits(number=NUMBER, state=state)
    line = rings()
    same(desk, line)
    assert recalling.cancels(desk.services, line) == Cancelled(Ending.CANCELLED)
    assert (desk.state(customer), desk.callback(customer).why) == (C.CANCELLED, "the caller cancelled by telephone")
    assert desk.ticket(customer).state is TicketState.CLOSED
    releasing.says_goodbye(desk.services, line.call_sid)
    assert desk.ring() == 0
    assert rows(desk, MissedCall) == []


def test_told_again_nothing_is_cancelled_or_written_twice(desk: CallDesk, rings: Rings, database: Database) -> None:
    with database.write() as session:
        ticket = add_ticket(session, desk.clock.at, contact=add_contact(session))
        customer = add_callback(session, desk.clock.at, ticket, number=NUMBER).id
    line = rings()
    same(desk, line)
    for _ in range(3):
        assert recalling.cancels(desk.services, line) == Cancelled(Ending.CANCELLED, mail=True)
    assert [mail.kind for mail in rows(desk, OutboxMail)] == [MailKind.CANCELLATION]
    assert desk.history(Subject.CALLBACK, customer).count("cancelled") == 1
    assert desk.services.bell.rung.count("mail") >= 1  # type: ignore[attr-defined]


def test_a_promise_of_what_he_cancels_lapses_with_it(desk: CallDesk, rings: Rings) -> None:
    customer = desk.waits(number=NUMBER)
    given = Range(brussels("2026-11-24", "10:30:00"), brussels("2026-11-24", "11:00:00"))
    with desk.services.database.write() as session:
        promises.give(session, customer, given, Cause(desk.clock.at, "planner", "promised"), told=True)
    line = rings()
    same(desk, line)
    recalling.cancels(desk.services, line)
    assert [promise.result for promise in rows(desk, Promise)] == [PromiseResult.LAPSED]


def test_a_call_that_is_under_way_is_not_cancelled(desk: CallDesk, rings: Rings) -> None:
    desk.agent()
    customer = desk.waits(number=NUMBER)
    line = rings("+32470555550")
    with desk.services.database.write() as session:
        session.get_one(CallLeg, line.call_sid).about_id = customer
    desk.dispatch()
    assert recalling.cancels(desk.services, line) == Cancelled(Ending.CALLING)
    assert desk.state(customer) is C.PREPARING
    desk.dial()
    assert recalling.cancels(desk.services, line) == Cancelled(Ending.CALLING)
    desk.talks()
    assert recalling.cancels(desk.services, line) == Cancelled(Ending.OVER)
    assert desk.state(customer) is C.WRAP_UP
    assert desk.ticket(customer).state is TicketState.OPEN


def test_a_colleague_who_is_still_on_the_line_is_not_cancelled_behind_his_back(desk: CallDesk, rings: Rings) -> None:
    customer = desk.waits(number=NUMBER, state=C.HELD)
    line = rings()
    same(desk, line)
    assert recalling.cancels(desk.services, line) == Cancelled(Ending.OVER)
    assert desk.state(customer) is C.HELD


def test_without_saying_that_it_is_the_same_nothing_is_cancelled(desk: CallDesk, rings: Rings) -> None:
    customer = desk.waits(number=NUMBER)
    assert recalling.cancels(desk.services, rings()) == Cancelled(Ending.OVER)
    assert desk.state(customer) is C.WAITING
