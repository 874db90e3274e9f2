"""A customer chooses the moment of his call: who may, what is kept of it, and that his telephone rings then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from callbacks.rules.queue_order import APPOINTMENT_HEAD_START
from callbacks.store import hours, queue
from callbacks.store.transitions import Cause
from callbacks.workflows import booking, changing_hours, deciding, promising, registering, releasing, wrapping_up
from callbacks.workflows.booking import Slot
from callbacks.workflows.registering import Line
from models.agent import Agent
from models.callback import Attempt, Callback, Promise
from models.history import History
from models.outbox import OutboxMail
from models.vocabulary import (
    AgentState,
    CallbackState,
    LegStatus,
    MailKind,
    Option,
    OverrideKind,
    PromiseResult,
    TalkOutcome,
)
from tests.call_desk import CallDesk, brussels
from tests.stand_ins import add_callback, add_contact, add_ticket

C, R = CallbackState, PromiseResult
TUESDAY = "2026-11-24"
HALF = timedelta(minutes=30)
NEVER = datetime.max.replace(tzinfo=UTC)


def at(time: str, day: str = TUESDAY) -> Slot:
    starts = brussels(day, f"{time}:00")
    return Slot(starts, starts + HALF)


TWO = at("14:00")
HALF_PAST_TWO = at("14:30")


def books(desk: CallDesk, callback_id: int, slot: Slot = TWO, event: str | None = None) -> Slot | None:
    return booking.book(desk.services, callback_id, slot, "caller", event)


def given(desk: CallDesk, callback_id: int) -> list[tuple[datetime, datetime, bool, PromiseResult | None]]:
    with desk._look() as session:
        rows = select(Promise).where(Promise.callback_id == callback_id).order_by(Promise.id)
        return [(row.starts, row.ends, row.told, row.result) for row in session.scalars(rows)]


def choices(desk: CallDesk, callback_id: int) -> list[str]:
    """Return who wrote down that a moment was chosen."""
    with desk._look() as session:
        rows = select(History.who).where(History.callback_id == callback_id, History.why == "chose a moment")
        return list(session.scalars(rows))


def mails(desk: CallDesk) -> list[MailKind]:
    with desk._look() as session:
        return list(session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)))


def an(desk: CallDesk, **columns: object) -> int:
    """Let An of the bakery wait with a question; she can be written to."""
    with desk.services.database.write() as session:
        ticket = add_ticket(session, desk.clock.at, number=10500, contact=add_contact(session), option=Option.QUESTION)
        return add_callback(session, desk.clock.at, ticket, **columns).id  # type: ignore[arg-type]


def on_the_line(desk: CallDesk, rings: Callable[..., Line], event: str = "e1") -> tuple[Line, int]:
    """Let somebody dial in, ask a question and hear the farewell; he is still there."""
    line = rings()
    registering.chooses(desk.services, line, Option.QUESTION, event)
    line = registering.meets(desk.services, line.call_sid, line.number or "")
    registering.concludes(desk.services, line, f"{event} confirmed", confirmed=True)
    assert line.callback_id is not None
    return line, line.callback_id


# ---- What is kept


@pytest.mark.usefixtures("bart")
@pytest.mark.parametrize("state", [C.HELD, C.WAITING, C.RESTING])
def test_a_chosen_moment_is_kept_promised_and_written_of_once(desk: CallDesk, state: CallbackState) -> None:
    rest = desk.clock.at + HALF if state is C.RESTING else None
    customer = an(desk, state=state, not_before=rest)
    assert books(desk, customer, event="e1") == TWO
    callback = desk.callback(customer)
    assert callback.state is (C.HELD if state is C.HELD else C.RESTING)
    assert (callback.booked_from, callback.booked_to) == (TWO.starts, TWO.ends)
    assert callback.not_before == (None if state is C.HELD else TWO.starts)
    assert (callback.promise_from, callback.promise_to) == (TWO.starts, TWO.ends)
    assert given(desk, customer) == [(TWO.starts, TWO.ends, True, None)]
    assert choices(desk, customer) == ["caller"]
    assert mails(desk) == [MailKind.BOOKING]
    assert "mail" in desk.bell.rung
    assert desk.bell.clock_woken == 1
    with desk.services.database.read() as session:
        now = hours.calendar(session, desk.services.rules).open_seconds_at(TWO.starts)
    assert callback.rank == now - APPOINTMENT_HEAD_START


@pytest.mark.usefixtures("bart")
def test_the_same_request_and_the_same_moment_again_change_nothing(desk: CallDesk) -> None:
    customer = an(desk)
    assert books(desk, customer, event="e1") == TWO
    assert books(desk, customer, event="e1") == TWO
    assert books(desk, customer, HALF_PAST_TWO, event="e1") == TWO
    assert books(desk, customer, event="e2") == TWO
    assert books(desk, customer) == TWO
    assert len(given(desk, customer)) == 1
    assert choices(desk, customer) == ["caller"]
    assert mails(desk) == [MailKind.BOOKING]


@pytest.mark.usefixtures("bart")
def test_who_chooses_anew_is_promised_the_new_moment_and_leaves_the_old_one_to_others(desk: CallDesk) -> None:
    customer, other = an(desk), desk.waits()
    with desk.services.database.write() as session:
        promising.promise(session, desk.services, customer, desk.clock.at, told=True)
    books(desk, customer, event="e1")
    assert books(desk, other) is None
    assert books(desk, customer, HALF_PAST_TWO, event="e2") == HALF_PAST_TWO
    assert books(desk, other) == TWO
    assert [result for *_, result in given(desk, customer)] == [R.RENEWED, R.RENEWED, None]
    assert desk.callback(customer).not_before == HALF_PAST_TWO.starts
    assert mails(desk) == [MailKind.BOOKING, MailKind.BOOKING]


@pytest.mark.parametrize(
    "slot",
    [
        at("09:30"),
        at("10:00"),
        at("14:15"),
        at("12:00"),
        at("16:45"),
        at("14:00", "2026-11-28"),
        at("14:00", "2026-12-09"),
        at("14:00", "2099-11-24"),
        Slot(NEVER - HALF, NEVER),
        Slot(TWO.starts, TWO.ends + HALF),
        Slot(TWO.starts, TWO.starts),
        Slot(TWO.starts + timedelta(seconds=1), TWO.ends + timedelta(seconds=1)),
    ],
    ids=str,
)
@pytest.mark.usefixtures("bart")
def test_what_was_never_on_offer_cannot_be_chosen_and_changes_nothing(desk: CallDesk, slot: Slot) -> None:
    customer = an(desk)
    assert books(desk, customer, slot) is None
    callback = desk.callback(customer)
    assert (callback.state, callback.booked_from, callback.rank) == (C.WAITING, None, 0)
    assert (given(desk, customer), choices(desk, customer), mails(desk)) == ([], [], [])


@pytest.mark.usefixtures("bart")
@pytest.mark.parametrize("state", [C.PREPARING, C.ACTIVE, C.WRAP_UP, C.NEEDS_HUMAN, C.DONE, C.CANCELLED, C.UNREACHED])
def test_who_is_being_called_or_needs_a_call_no_more_chooses_no_moment(desk: CallDesk, state: CallbackState) -> None:
    customer = an(desk, state=state)
    assert booking.offers(desk.services, customer) == []
    assert books(desk, customer) is None
    assert (desk.state(customer), desk.callback(customer).booked_from, mails(desk)) == (state, None, [])


@pytest.mark.usefixtures("bart")
def test_without_a_number_or_a_call_back_there_is_nothing_to_choose(desk: CallDesk) -> None:
    nameless = desk.waits(state=C.HELD)
    desk.change(Callback, nameless, number=None)
    for each in (nameless, 999):
        assert booking.offers(desk.services, each) == []
        assert books(desk, each) is None


@pytest.mark.usefixtures("bart")
def test_a_calendar_that_cannot_answer_leaves_what_was_promised(desk: CallDesk) -> None:
    customer = an(desk)
    desk.rules(opening_hours="nonsense")
    assert booking.offers(desk.services, customer) == []
    assert books(desk, customer) is None
    assert desk.state(customer) is C.WAITING


# ---- What is on offer, and to how many


@pytest.mark.usefixtures("bart")
def test_three_moments_are_offered_none_within_a_quarter_of_an_hour_and_the_next_three_after_them(
    desk: CallDesk,
) -> None:
    customer = desk.waits()
    desk.clock.at = brussels(TUESDAY, "10:14:59")
    assert booking.offers(desk.services, customer) == [at("10:30"), at("11:00"), at("11:30")]
    assert booking.offers(desk.services, customer, at("11:30").starts) == [at("13:00"), at("13:30"), TWO]
    desk.clock.at = brussels(TUESDAY, "10:15:01")
    assert booking.offers(desk.services, customer, count=1) == [at("11:00")]
    # Who has heard of it in time may take his time over the key.
    assert books(desk, customer, at("10:30")) == at("10:30")


def test_with_one_agent_a_moment_is_for_one_customer_and_with_two_for_two(desk: CallDesk) -> None:
    desk.agent()
    first, second, third = desk.waits(), desk.waits(), desk.waits()
    assert books(desk, first) == TWO
    assert TWO not in booking.offers(desk.services, second, count=100)
    assert books(desk, second) is None
    assert TWO in booking.offers(desk.services, first, count=100)
    desk.agent("An")
    assert books(desk, second) == TWO
    assert books(desk, third) is None


def test_without_an_agent_no_moment_is_given_out(desk: CallDesk) -> None:
    desk.agent(state=AgentState.OFF_DUTY)
    customer = desk.waits()
    assert booking.offers(desk.services, customer) == []
    assert books(desk, customer) is None


@pytest.mark.usefixtures("bart")
def test_of_two_who_take_the_last_place_in_the_same_moment_one_gets_it(desk: CallDesk) -> None:
    customers = [desk.waits() for _ in range(4)]
    start = Barrier(len(customers))

    def choose(customer: int) -> Slot | None:
        start.wait()
        return books(desk, customer)

    with ThreadPoolExecutor(len(customers)) as crowd:
        got = list(crowd.map(choose, customers))
    assert sorted(map(str, got)) == sorted(map(str, [TWO, None, None, None]))
    assert [desk.callback(one).booked_from for one in customers].count(TWO.starts) == 1


@pytest.mark.usefixtures("bart")
def test_the_same_request_that_comes_twice_at_once_is_kept_once(desk: CallDesk) -> None:
    customer = an(desk)
    start = Barrier(2)

    def choose(_: int) -> Slot | None:
        start.wait()
        return books(desk, customer, event="e1")

    with ThreadPoolExecutor(2) as crowd:
        assert list(crowd.map(choose, range(2))) == [TWO, TWO]
    assert (len(given(desk, customer)), mails(desk)) == (1, [MailKind.BOOKING])


# ---- From the line to the call


def test_who_hangs_up_rests_until_his_moment_and_is_called_then_before_those_who_wait_longer(
    desk: CallDesk, bart: int, rings: Callable[..., Line]
) -> None:
    desk.change(Agent, bart, state=AgentState.BREAK)
    line, customer = on_the_line(desk, rings)
    desk.change(Agent, bart, state=AgentState.FREE)
    assert books(desk, customer, event="e2") == TWO
    assert desk.state(customer) is C.HELD
    desk.bell.rung.clear()
    releasing.hangs_up(desk.services, line.call_sid, LegStatus.COMPLETED, 3, 60)
    assert (desk.state(customer), desk.callback(customer).not_before) == (C.RESTING, TWO.starts)
    assert desk.bell.rung == []
    assert (TWO.starts, TWO.ends, True, None) in given(desk, customer)
    for time in ("10:00:30", "13:59:59"):
        desk.clock.at = brussels(TUESDAY, time)
        desk.tick()
        assert desk.ring() == 0
    older = desk.waits(rank=-75_600)
    desk.clock.at = TWO.starts
    desk.tick()
    desk.rules(last_agent_for_outage=False)
    assert desk.ring() == 1
    assert (desk.attempt(customer).agent_id, desk.state(older)) == (bart, C.WAITING)


@pytest.mark.usefixtures("bart")
def test_who_is_still_on_the_line_when_his_moment_comes_is_next_once_he_hangs_up(
    desk: CallDesk, rings: Callable[..., Line]
) -> None:
    line, customer = on_the_line(desk, rings)
    books(desk, customer, at("10:30"), event="e2")
    desk.clock.at = at("10:30").starts
    desk.tick()
    assert (desk.state(customer), desk.ring()) == (C.HELD, 0)
    releasing.says_goodbye(desk.services, line.call_sid)
    assert (desk.state(customer), desk.bell.rung[-1]) == (C.WAITING, "dispatch")
    releasing.hangs_up(desk.services, line.call_sid, LegStatus.COMPLETED, 3, 60)
    assert desk.ring() == 1


@pytest.mark.usefixtures("bart")
def test_a_number_that_may_not_be_called_any_more_makes_a_person_look_and_the_moment_is_over_when_he_has(
    desk: CallDesk, rings: Callable[..., Line]
) -> None:
    line, customer = on_the_line(desk, rings)
    books(desk, customer, event="e2")
    with desk.services.database.write() as session:
        session.get_one(Callback, customer).number_confirmed = True
        session.get_one(Callback, customer).number = "+32470000001"
    releasing.hangs_up(desk.services, line.call_sid, LegStatus.COMPLETED, 3, 60)
    assert desk.state(customer) is C.NEEDS_HUMAN
    number = desk.ticket(customer).number
    deciding.resolve(desk.services, number, C.WAITING, "het juiste nummer", "Els", "0470 55 55 55")
    callback = desk.callback(customer)
    assert (callback.state, callback.booked_from, callback.not_before) == (C.WAITING, None, None)
    assert callback.rank > -APPOINTMENT_HEAD_START // 2
    assert [result for *_, result in given(desk, customer)][-1] is R.LAPSED


# ---- Closures, and promises that cannot hold


def closed(desk: CallDesk, since: str, until: str) -> int:
    starts, ends = brussels(TUESDAY, since), brussels(TUESDAY, until)
    return changing_hours.change(desk.services, OverrideKind.CLOSURE, starts, ends, "verhuis", "Els")


def reviewed(desk: CallDesk) -> int:
    promising.review(desk.services)
    desk.clock.passed_ms += 15_000
    return promising.review(desk.services)["promises_renewed"]


@pytest.mark.usefixtures("bart")
def test_a_closure_over_the_moment_puts_it_off_and_the_customer_is_promised_another(desk: CallDesk) -> None:
    customer = an(desk)
    books(desk, customer)
    override = closed(desk, "13:30:00", "15:30:00")
    assert desk.callback(customer).not_before == brussels(TUESDAY, "15:30:00")
    assert reviewed(desk) == 0, "he has only just read of a moment"
    desk.clock.move(minutes=15)
    assert reviewed(desk) == 1
    assert mails(desk) == [MailKind.BOOKING, MailKind.RENEWAL]
    starts, _, told, result = given(desk, customer)[-1]
    assert (starts >= brussels(TUESDAY, "15:30:00"), told, result) == (True, True, None)
    changing_hours.take_back(desk.services, override, "Els")
    assert desk.callback(customer).not_before == TWO.starts
    assert desk.callback(customer).booked_from == TWO.starts


@pytest.mark.usefixtures("bart")
def test_a_closure_elsewhere_leaves_the_moment_and_its_place_before_everybody(desk: CallDesk) -> None:
    customer = an(desk)
    books(desk, customer)
    closed(desk, "15:00:00", "15:30:00")
    callback = desk.callback(customer)
    assert (callback.not_before, callback.rank < -APPOINTMENT_HEAD_START // 2) == (TWO.starts, True)
    assert reviewed(desk) == 0


@pytest.mark.usefixtures("bart")
def test_a_promise_of_a_chosen_moment_stands_whatever_the_queue_until_it_is_past(desk: CallDesk) -> None:
    customer = an(desk)
    books(desk, customer)
    for n in range(20):
        desk.waits(rank=-n)
    for time in ("10:16:00", "11:00:00", "13:59:59", "14:30:00"):
        desk.clock.at = brussels(TUESDAY, time)
        desk.tick()
        reviewed(desk)
        assert given(desk, customer) == [(TWO.starts, TWO.ends, True, None)]
    desk.clock.move(seconds=1)
    reviewed(desk)
    assert [result for *_, result in given(desk, customer)] == [R.RENEWED, None]
    assert MailKind.RENEWAL in mails(desk)
    assert desk.callback(customer).booked_from == TWO.starts


# ---- Afterwards


def at_his_moment(desk: CallDesk, customer: int) -> None:
    books(desk, customer)
    desk.clock.at = TWO.starts
    desk.tick()
    assert desk.ring() == 1


@pytest.mark.usefixtures("bart")
def test_a_customer_rung_at_his_moment_was_called_as_promised(desk: CallDesk) -> None:
    customer = an(desk)
    at_his_moment(desk, customer)
    desk.talks()
    assert [result for *_, result in given(desk, customer)] == [R.KEPT]


@pytest.mark.usefixtures("bart")
@pytest.mark.parametrize("status", [LegStatus.BUSY, LegStatus.NO_ANSWER])
def test_who_is_not_reached_at_his_moment_stands_by_his_arrival_again(desk: CallDesk, status: LegStatus) -> None:
    customer = an(desk)
    with desk.services.database.read() as session:
        calendar = hours.calendar(session, desk.services.rules)
    by_arrival = calendar.open_seconds_at(desk.clock.at) - desk.services.rules.head_start_managed
    at_his_moment(desk, customer)
    desk.not_reached(status)
    callback = desk.callback(customer)
    assert (callback.state, callback.booked_from, callback.booked_to) == (C.RESTING, None, None)
    assert callback.rank == by_arrival
    assert callback.not_before is not None
    assert callback.not_before > desk.clock.at


@pytest.mark.usefixtures("bart")
def test_who_is_called_again_after_a_talk_stands_by_his_arrival_again(desk: CallDesk) -> None:
    customer = an(desk)
    at_his_moment(desk, customer)
    desk.talks()
    desk.outcome(TalkOutcome.CALL_AGAIN)
    callback = desk.callback(customer)
    assert (callback.state, callback.booked_from) == (C.RESTING, None)
    assert callback.rank > -APPOINTMENT_HEAD_START // 2


@pytest.mark.usefixtures("bart")
def test_an_agent_who_declines_costs_nobody_his_moment(desk: CallDesk) -> None:
    customer = an(desk)
    at_his_moment(desk, customer)
    desk.answers()
    desk.declines()
    callback = desk.callback(customer)
    assert (callback.state, callback.booked_from) == (C.WAITING, TWO.starts)
    assert callback.rank < -APPOINTMENT_HEAD_START // 2


# ---- Beside outages


def appointments(desk: CallDesk, count: int) -> list[int]:
    """Let so many wait whose moments have come."""
    found = [desk.waits(rank=n - APPOINTMENT_HEAD_START, option=Option.QUESTION) for n in range(count)]
    for each in found:
        desk.change(Callback, each, booked_from=TWO.starts, booked_to=TWO.ends)
    return found


def test_behind_twenty_five_appointments_the_last_free_agent_is_kept_for_the_first_outage(desk: CallDesk) -> None:
    bart = desk.agent()
    waiting = appointments(desk, 25)
    question, later, outage = desk.waits(option=Option.QUESTION, rank=1), desk.waits(rank=9), desk.waits(rank=5)
    desk.clock.at = TWO.starts
    assert desk.dispatch() == 1
    assert desk.attempt(outage).agent_id == bart
    assert {desk.state(each) for each in (*waiting, question, later)} == {C.WAITING}


def test_where_no_agent_is_kept_the_first_appointment_goes(desk: CallDesk) -> None:
    desk.agent()
    desk.rules(last_agent_for_outage=False)
    first = appointments(desk, 25)[0]
    desk.waits()
    desk.clock.at = TWO.starts
    assert desk.dispatch() == 1
    assert desk.state(first) is C.PREPARING


def test_the_head_of_a_queue_without_appointments_is_no_longer_than_it_was(desk: CallDesk) -> None:
    for _ in range(25):
        desk.waits(option=Option.QUESTION)
    desk.waits(rank=5)
    with desk.services.database.read() as session:
        head = queue.head(session, desk.services.rules, frozenset(), desk.clock.at)
    assert len(head) == queue.HEAD_OF_QUEUE


@pytest.mark.usefixtures("bart")
def test_a_call_back_made_anew_after_a_late_word_stands_by_arrival_and_not_by_the_moment_that_is_over(
    desk: CallDesk,
) -> None:
    customer = an(desk)
    at_his_moment(desk, customer)
    desk.talks()
    desk.hangs_up()
    desk.clock.move(minutes=3)
    desk.tick()
    assert desk.state(customer) is C.DONE
    with desk.services.database.write() as session:
        attempt = session.get_one(Attempt, desk.attempt(customer).id)
        cause = Cause(desk.clock.at, "Bart", "outcome: call_again")
        assert wrapping_up.state_late(session, desk.services, attempt, TalkOutcome.CALL_AGAIN, cause)
    with desk._look() as session:
        [anew] = session.scalars(select(Callback).where(Callback.id != customer))
    assert (anew.state, anew.booked_from) == (C.RESTING, None)
    assert anew.rank > -APPOINTMENT_HEAD_START // 2


@pytest.mark.usefixtures("bart")
def test_the_history_says_who_chose_and_which_moment(desk: CallDesk) -> None:
    customer = an(desk)
    books(desk, customer)
    with desk._look() as session:
        rows = select(History.who, History.why).where(History.callback_id == customer).order_by(History.id)
        told = [tuple(row) for row in session.execute(rows)]
    assert told == [("caller", "chose a moment"), ("caller", "promised 2026-11-24 14:00 to 14:30")]
