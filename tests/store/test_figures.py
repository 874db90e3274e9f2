"""Days whose figures can be reckoned by hand: a Monday and a Tuesday, open from 9 to 12 and from 1 to 5."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select

from callbacks.ports import HouseRules
from callbacks.rules.figures import Settled, Wait
from callbacks.store import figures
from callbacks.store.hours import calendar, settle
from callbacks.store.transitions import Cause, move_agent, move_callback, record_birth
from models.callback import Attempt, Callback, Promise
from models.history import History
from models.sessions import Database
from models.ticket import Ticket
from models.vocabulary import (
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    PromiseResult,
    Role,
    Subject,
)
from tests.stand_ins import add_agent, add_callback, add_ticket

RULES = HouseRules()
BRIDGED, NO_ANSWER = CustomerOutcome.BRIDGED, CustomerOutcome.NO_ANSWER


def monday(clock: str) -> datetime:
    return _on(23, clock)


def tuesday(clock: str) -> datetime:
    return _on(24, clock)


def _on(day: int, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=RULES.zone).astimezone(UTC)


def minutes(length: float) -> timedelta:
    return timedelta(minutes=length)


class Days:
    """Writes down what happened, and reads the figures of Tuesday."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.numbers = count(1)
        with database.write() as session:
            settle(session, RULES, monday("08:00"))
            self.agent_id = add_agent(session, monday("08:00")).id

    def asks(self, at: datetime, again_after: int | None = None) -> int:
        """Let a customer ask to be called: for a new ticket, or for that of an earlier call-back."""
        with self.database.write() as session:
            if again_after is None:
                ticket = add_ticket(session, at, number=20_000 + next(self.numbers))
            else:
                ticket = session.get_one(Ticket, session.get_one(Callback, again_after).ticket_id)
            return add_callback(session, at, ticket).id

    def rung(
        self,
        callback_id: int,
        at: datetime | None,
        outcome: CustomerOutcome | None = BRIDGED,
        bridged: datetime | None = None,
        ended: datetime | None = None,
        talk_seconds: int = 0,
    ) -> None:
        """Dial the customer at this moment (None: only his agent was rung)."""
        n = next(self.numbers)
        with self.database.write() as session:
            over = ended or (at or monday("09:00")) + minutes(5)
            attempt = Attempt(
                callback_id=callback_id, n=n, fence=n, state=AttemptState.ENDED, state_since=over, ended_at=over,
                agent_id=self.agent_id, agent_phone=f"+3247000{n:04}", customer_number=f"+3247100{n:04}",
                reserved_at=over, ring_at=over, lease_until=over, dialled_at=at, customer_outcome=outcome,
                talk_seconds=talk_seconds,
            )  # fmt: skip
            session.add(attempt)
            session.flush()
            if bridged:
                row = History(
                    at=bridged, subject=Subject.ATTEMPT, subject_id=attempt.id, callback_id=callback_id,
                    new_state=str(AttemptState.BRIDGED), who="test", why="test",
                )  # fmt: skip
                session.add(row)

    def promised(
        self, callback_id: int, ends: datetime, at: datetime, result: PromiseResult, *, told: bool = True
    ) -> None:
        """Give a promise and settle it at this moment."""
        with self.database.write() as session:
            given = {"starts": ends - minutes(30), "ends": ends, "given_at": monday("09:00"), "told": told}
            session.add(Promise(callback_id=callback_id, result=result, settled_at=at, **given))

    def calls(self) -> list[figures.Rung]:
        with self.database.read() as session:
            return figures.rung(session, calendar(session, RULES), tuesday("00:00"), tuesday("23:59"))

    def waits(self) -> list[Wait]:
        return [each.wait for each in self.calls() if each.wait]


@pytest.fixture
def days(database: Database) -> Days:
    return Days(database)


def test_a_wait_over_noon_counts_the_open_time_apart_from_the_clock(days: Days) -> None:
    days.rung(days.asks(tuesday("11:50")), tuesday("13:14"), bridged=tuesday("13:15"))
    assert days.waits() == [Wait(minutes(25), minutes(85))]


def test_a_wait_over_the_night_counts_from_the_first_contact_to_the_human(days: Days) -> None:
    days.rung(days.asks(monday("16:40")), tuesday("09:09"), bridged=tuesday("09:10"))
    assert days.waits() == [Wait(minutes(30), minutes(16 * 60 + 30))]


def test_a_ticket_that_came_before_the_call_is_the_first_contact(days: Days) -> None:
    callback_id = days.asks(tuesday("10:00"))
    with days.database.write() as session:
        session.scalars(select(Ticket)).one().opened_at = tuesday("09:30")
    days.rung(callback_id, tuesday("10:04"), bridged=tuesday("10:05"))
    assert days.waits() == [Wait(minutes(35), minutes(35))]


def test_who_is_called_again_about_his_ticket_does_not_wait_for_a_first_human_again(days: Days) -> None:
    first = days.asks(monday("10:00"))
    days.rung(first, monday("10:30"), bridged=monday("10:31"))
    again = days.asks(tuesday("09:00"), again_after=first)
    days.rung(again, tuesday("10:00"), bridged=tuesday("10:01"))
    assert [(each.first, each.reached, each.wait) for each in days.calls()] == [(True, True, None)]


def test_only_the_first_try_at_the_customer_is_a_first_try(days: Days) -> None:
    callback_id = days.asks(tuesday("09:00"))
    days.rung(callback_id, None, None)
    days.rung(callback_id, tuesday("09:10"), NO_ANSWER)
    days.rung(callback_id, tuesday("09:40"), bridged=tuesday("09:41"))
    assert [(each.first, each.reached) for each in days.calls()] == [(True, False), (False, True)]
    assert days.waits() == [Wait(minutes(41), minutes(41))]


def test_a_phone_that_did_not_ring_after_all_is_no_try(days: Days) -> None:
    days.rung(days.asks(tuesday("09:00")), tuesday("09:10"), CustomerOutcome.NOT_DIALLED)
    assert days.calls() == []


def test_a_talk_heard_of_only_at_its_end_began_as_long_before_as_it_lasted(days: Days) -> None:
    end = tuesday("09:20")
    days.rung(days.asks(tuesday("09:00")), tuesday("09:05"), bridged=end, ended=end, talk_seconds=600)
    assert days.waits() == [Wait(minutes(10), minutes(10))]


def test_a_talk_of_which_no_bridge_was_written_down_began_when_the_phone_was_dialled(days: Days) -> None:
    days.rung(days.asks(tuesday("09:00")), tuesday("09:05"))
    assert days.waits() == [Wait(minutes(5), minutes(5))]


def test_calls_of_another_day_are_left_out(days: Days) -> None:
    days.rung(days.asks(monday("09:00")), monday("16:59"), bridged=monday("16:59"))
    assert days.calls() == []


def test_late_is_counted_in_open_time_and_what_nobody_was_told_is_no_promise(days: Days) -> None:
    one = days.asks(monday("15:00"))
    days.promised(one, monday("16:50"), tuesday("09:05"), PromiseResult.LATE)
    days.promised(days.asks(tuesday("09:00")), tuesday("09:30"), tuesday("09:20"), PromiseResult.KEPT)
    days.promised(days.asks(tuesday("09:00")), tuesday("09:30"), tuesday("09:40"), PromiseResult.LATE, told=False)
    with days.database.read() as session:
        found = figures.ended(session, calendar(session, RULES), tuesday("00:00"), tuesday("23:59"))
    assert [each.settled for each in found] == [Settled(PromiseResult.LATE, minutes(15)), Settled(PromiseResult.KEPT)]


def test_steps_of_the_queue_and_of_the_agents_are_those_in_and_out(days: Days) -> None:
    def cause(clock: str) -> Cause:
        return Cause(tuesday(clock), "test", "test")

    one = days.asks(tuesday("09:00"))
    with days.database.write() as session:
        record_birth(session, Subject.CALLBACK, one, CallbackState.WAITING, cause("09:00"), one)
        move_agent(session, days.agent_id, {AgentState.FREE}, AgentState.BREAK, cause("09:05"))
        move_callback(session, one, {CallbackState.WAITING}, CallbackState.CANCELLED, cause("09:10"))
        move_agent(session, days.agent_id, {AgentState.BREAK}, AgentState.FREE, cause("09:15"))
    with days.database.read() as session:
        found = figures.steps(session, tuesday("00:00"), tuesday("10:00"))
        assert figures.steps(session, monday("00:00"), tuesday("00:00")) == figures.Steps([], [])
    assert found.waiting == [(tuesday("09:00"), 1), (tuesday("09:10"), -1)]
    assert found.free == [(tuesday("09:05"), -1), (tuesday("09:15"), 1)]


def test_the_present_counts_agents_alone_and_waits_in_open_time(days: Days) -> None:
    days.asks(monday("16:55"))
    days.asks(tuesday("09:01"))
    with days.database.write() as session:
        add_agent(session, monday("08:00"), name="Els", phone=None, role=Role.SUPERVISOR)
        add_agent(session, monday("08:00"), name="Ann", phone="+32470000002", state=AgentState.OFF_DUTY)
    with days.database.read() as session:
        now = figures.present(session, calendar(session, RULES), tuesday("09:10"))
    assert now == figures.Present(waiting=2, longest=minutes(15), free=1, on_duty=1)
