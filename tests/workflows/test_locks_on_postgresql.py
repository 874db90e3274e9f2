"""Everybody locks an attempt before its call-back, and that before its ticket: in the other order two would block.

SQLite lets one write at a time, so these stories happen on PostgreSQL alone.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from callbacks.store.signin import Person
from callbacks.workflows import deciding, naming_callers, reclassifying
from models.callback import Callback
from models.sessions import Database
from models.vocabulary import CallbackState, Language, Option, Role
from tests.call_desk import CallDesk
from tests.databases import Postgres
from tests.stand_ins import add_contact
from tests.workflows.hands import wish

LOCKS = re.compile(r"^UPDATE (\w+)|^SELECT .*?\sFROM (\w+)\b.*\sFOR UPDATE", re.DOTALL)


@pytest.fixture
def database(postgres: Postgres, postgres_template: str) -> Iterator[Database]:
    name = postgres.create(template=postgres_template)
    opened = Database(postgres.url(name))
    yield opened
    opened.close()
    postgres.drop(name)


def locked(database: Database, deed: Callable[[], object]) -> list[str]:
    """Return the tables that a deed locks rows of, each where it does so first."""
    tables: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if found := LOCKS.match(statement):
            tables.append(found[1] or found[2])

    event.listen(database.writer, "before_cursor_execute", look)
    deed()
    event.remove(database.writer, "before_cursor_execute", look)
    return list(dict.fromkeys(tables))


def test_who_reclassifies_takes_the_call_back_before_the_ticket(desk: CallDesk, database: Database) -> None:
    number = desk.ticket(desk.waits(option=Option.OUTAGE)).number
    els = Person(1, "Els", Role.SUPERVISOR, Language.NL)
    order = locked(database, lambda: reclassifying.reclassify(desk.services, number, Option.QUESTION, els))
    assert order == ["callback", "ticket"]


def test_who_names_a_caller_takes_the_call_backs_before_the_tickets(desk: CallDesk, database: Database) -> None:
    for _ in range(2):
        desk.waits(number="+32470999999", option=Option.QUESTION)
    with database.write() as session:
        contact = add_contact(session).id
    order = locked(database, lambda: naming_callers.name(desk.services, "0470 99 99 99", contact, "Els"))
    assert order == ["contact", "callback", "ticket"]


def test_who_cancels_while_an_agent_is_rung_takes_the_attempt_before_the_call_back(
    desk: CallDesk, database: Database
) -> None:
    desk.agent()
    number = desk.ticket(desk.waits()).number
    desk.ring()
    order = locked(database, lambda: deciding.cancel(desk.services, number, "solved", "Els"))
    assert order[:2] == ["attempt", "callback"]


@pytest.mark.parametrize("state", [CallbackState.WAITING, CallbackState.NEEDS_HUMAN])
def test_nobody_changes_a_call_back_between_the_look_at_it_and_the_decision(
    desk: CallDesk, database: Database, monkeypatch: pytest.MonkeyPatch, state: CallbackState
) -> None:
    customer = desk.waits(state=state)
    looks = []

    def look(*_: object) -> None:
        looks.append(customer)
        with pytest.raises(DBAPIError), database.write() as other:
            other.get(Callback, customer, with_for_update={"nowait": True})

    monkeypatch.setattr(deciding, "check_seen", look)
    seen, number = wish(desk, customer).seen, desk.ticket(customer).number
    if state is CallbackState.WAITING:
        deciding.cancel(desk.services, number, "solved", "Els", callback_id=customer, seen=seen)
    else:
        done = CallbackState.DONE
        deciding.resolve(desk.services, number, done, "solved", "Els", callback_id=customer, seen=seen)
    assert looks == [customer]
