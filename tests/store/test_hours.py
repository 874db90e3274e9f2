from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from callbacks.errors import RefusedInput
from callbacks.ports import HouseRules
from callbacks.rules.queue_order import HeadStarts
from callbacks.store import hours
from models.calendar import CalendarOverride, CalendarState
from models.callback import Callback
from models.sessions import Database
from models.vocabulary import Agreement, CallbackState, Option, OverrideKind
from tests.call_desk import TUESDAY_TEN, brussels
from tests.stand_ins import add_callback, add_contact, add_ticket

RULES = HouseRules()
CLOSURE, OPENING = OverrideKind.CLOSURE, OverrideKind.OPENING
TEN, ELEVEN, TWELVE = (brussels("2026-11-24", f"{hour}:00:00") for hour in (10, 11, 12))
HOUR = 3600


@pytest.fixture
def settled(database: Database) -> Database:
    """A database whose hours are in force."""
    with database.write() as session:
        hours.settle(session, RULES, TUESDAY_TEN)
    return database


def enter(database: Database, kind: OverrideKind, starts: datetime, ends: datetime, now: datetime = TUESDAY_TEN) -> int:
    with database.write() as session:
        return hours.add_override(session, RULES, kind, starts, ends, "a note", "An", now)


def is_open(database: Database, at: datetime, rules: HouseRules = RULES) -> bool:
    with database.read() as session:
        return hours.calendar(session, rules).is_open(at)


def revision(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(CalendarState.revision)).one()


def test_a_closure_closes_and_its_removal_opens_again(settled: Database) -> None:
    assert is_open(settled, TEN)
    number = enter(settled, CLOSURE, TEN, ELEVEN)
    assert [is_open(settled, at) for at in (TEN, ELEVEN - timedelta(microseconds=1), ELEVEN)] == [False, False, True]
    with settled.write() as session:
        hours.remove_override(session, RULES, number, "An", TUESDAY_TEN)
    assert is_open(settled, TEN)


def test_an_opening_on_a_holiday_opens_inside_the_envelope(settled: Database) -> None:
    start, end = brussels("2026-11-11", "09:00:00"), brussels("2026-11-11", "12:00:00")
    assert not is_open(settled, start)
    enter(settled, OPENING, start, end)
    assert is_open(settled, start)


@pytest.mark.parametrize(
    ("day", "starts", "ends"),
    [
        ("2026-11-24", "17:00:00", "18:00:00"),
        ("2026-11-24", "11:00:00", "13:30:00"),
        ("2026-11-28", "10:00:00", "11:00:00"),
    ],
    ids=["in the evening", "over lunch", "on a Saturday"],
)
def test_an_opening_that_leaves_the_envelope_is_refused_and_nothing_changes(
    settled: Database,
    day: str,
    starts: str,
    ends: str,
) -> None:
    with pytest.raises(RefusedInput):
        enter(settled, OPENING, brussels(day, starts), brussels(day, ends))
    assert revision(settled) == 1
    with settled.read() as session:
        assert session.query(CalendarOverride).count() == 0


def test_an_end_that_comes_before_its_start_is_refused(settled: Database) -> None:
    with pytest.raises(RefusedInput):
        enter(settled, CLOSURE, ELEVEN, TEN)


def test_taking_back_what_was_never_entered_is_refused(settled: Database) -> None:
    with pytest.raises(RefusedInput, match="4711"), settled.write() as session:
        hours.remove_override(session, RULES, 4711, "An", TUESDAY_TEN)
    assert revision(settled) == 1


def test_every_change_has_a_revision_of_its_own(settled: Database) -> None:
    number = enter(settled, CLOSURE, TEN, ELEVEN)
    assert revision(settled) == 2
    with settled.write() as session:
        hours.remove_override(session, RULES, number, "An", TUESDAY_TEN)
    assert revision(settled) == 3
    with settled.read() as session:
        assert hours.calendar(session, RULES).revision == 3


def test_the_calendar_is_built_once_a_revision(settled: Database) -> None:
    with settled.read() as session:
        first = hours.calendar(session, RULES)
        assert hours.calendar(session, RULES) is first
    enter(settled, CLOSURE, TEN, ELEVEN)
    with settled.read() as session:
        assert hours.calendar(session, RULES) is not first


def test_a_change_that_is_rolled_back_leaves_the_hours_as_they_were(settled: Database) -> None:
    with settled.write() as session:
        hours.add_override(session, RULES, CLOSURE, TEN, ELEVEN, "", "An", TUESDAY_TEN)
        assert not hours.calendar(session, RULES).is_open(TEN)
        session.rollback()
    assert is_open(settled, TEN)


def test_a_closure_that_follows_a_rolled_back_one_is_the_one_that_counts(settled: Database) -> None:
    with settled.write() as session:
        hours.add_override(session, RULES, CLOSURE, TEN, ELEVEN, "", "An", TUESDAY_TEN)
        assert not hours.calendar(session, RULES).is_open(TEN)
        session.rollback()
    enter(settled, CLOSURE, ELEVEN, TWELVE)
    with settled.write() as session:
        calendar = hours.calendar(session, RULES)
        assert (calendar.is_open(TEN), calendar.is_open(ELEVEN)) == (True, False)


def test_ranks_and_rests_of_all_open_call_backs_follow_a_closure(settled: Database) -> None:
    with settled.write() as session:
        managed = add_contact(session, agreement=Agreement.MANAGED)
        starts = HeadStarts()
        before = hours.calendar(session, RULES).open_seconds_at(ELEVEN)
        outage = add_callback(session, ELEVEN, add_ticket(session, TEN, number=10001, contact=managed)).id
        question = add_callback(session, ELEVEN, add_ticket(session, TEN, number=10002, option=Option.QUESTION)).id
        resting = add_callback(
            session,
            ELEVEN,
            add_ticket(session, TEN, number=10003),
            state=CallbackState.RESTING,
            not_before=TEN + timedelta(minutes=30),
        ).id
        done = add_callback(session, ELEVEN, add_ticket(session, TEN, number=10004), state=CallbackState.DONE, rank=7)
        done.closed_at = ELEVEN
        closed = done.id
    enter(settled, CLOSURE, TEN, ELEVEN, now=TEN)
    with settled.read() as session:
        ranks = {row.id: row.rank for row in session.scalars(select(Callback))}
        assert ranks == {
            outage: before - HOUR - starts.outage_managed,
            question: before - HOUR - starts.other,
            resting: before - HOUR - starts.outage,
            closed: 7,
        }
        assert session.get_one(Callback, resting).not_before == ELEVEN


def test_a_rest_that_is_not_touched_by_a_closure_stays(settled: Database) -> None:
    with settled.write() as session:
        ticket = add_ticket(session, TEN)
        add_callback(session, TEN, ticket, state=CallbackState.RESTING, not_before=TWELVE - timedelta(minutes=5))
    enter(settled, CLOSURE, TEN, ELEVEN, now=TEN)
    with settled.read() as session:
        assert session.scalars(select(Callback.not_before)).one() == TWELVE - timedelta(minutes=5)


def test_other_opening_hours_at_the_start_count_as_a_change(settled: Database) -> None:
    with settled.write() as session:
        hours.settle(session, RULES, TUESDAY_TEN)
    assert revision(settled) == 1
    shorter = replace(RULES, opening_hours="Mo-Fr 11:00-12:00")
    with settled.write() as session:
        resting = add_callback(session, TEN, add_ticket(session, TEN), state=CallbackState.RESTING, not_before=TEN).id
        hours.settle(session, shorter, TUESDAY_TEN)
    assert revision(settled) == 2
    assert not is_open(settled, TEN, shorter)
    with settled.read() as session:
        assert session.get_one(Callback, resting).not_before == ELEVEN


def test_the_envelope_holds_whatever_was_entered() -> None:
    wide = replace(RULES, opening_hours="24/7")
    assert not hours.envelope(wide).is_open(brussels("2026-11-24", "12:30:00"))
    assert hours.envelope(wide).is_open(TEN)
