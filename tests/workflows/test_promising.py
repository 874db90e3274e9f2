"""What a customer was promised: given once, kept or missed, renewed and told where it cannot hold."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from callbacks.store import promises as promises_of
from callbacks.workflows import changing_hours, deciding, emails, promising, reconciling
from models.agent import Agent
from models.callback import Callback, Promise
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

pytestmark = pytest.mark.usefixtures("bart")
R = PromiseResult
TUESDAY = "2026-11-24"


@pytest.fixture
def bart(desk: CallDesk) -> int:
    return desk.agent()


def at(time: str) -> datetime:
    return brussels(TUESDAY, time)


def in_force(desk: CallDesk, callback_id: int) -> tuple[datetime | None, datetime | None]:
    callback = desk.callback(callback_id)
    return callback.promise_from, callback.promise_to


def promises(desk: CallDesk, callback_id: int) -> list[Promise]:
    with desk._look() as session:
        rows = select(Promise).where(Promise.callback_id == callback_id).order_by(Promise.id)
        return list(session.scalars(rows))


def results(desk: CallDesk, callback_id: int) -> list[PromiseResult | None]:
    return [row.result for row in promises(desk, callback_id)]


def mails(desk: CallDesk) -> list[OutboxMail]:
    with desk._look() as session:
        return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def known_customer(desk: CallDesk, *, email: str | None = "an@peeters.test") -> int:
    """Let An of the bakery wait; she can be written to."""
    with desk.services.database.write() as session:
        contact = add_contact(session, email=email)
        ticket = add_ticket(session, desk.clock.at, number=10500, contact=contact)
        return add_callback(session, desk.clock.at, ticket).id


def reviewed(desk: CallDesk) -> int:
    """Look at the promises, and again when it is proven; return how many were renewed."""
    promising.review(desk.services)
    desk.clock.passed_ms += 15_000
    return promising.review(desk.services)["promises_renewed"]


def told(desk: CallDesk, callback_id: int) -> None:
    with desk.services.database.write() as session:
        promising.promise(session, desk.services, callback_id, desk.clock.at, told=True)


def test_who_is_next_with_a_free_agent_is_promised_the_present_quarter(desk: CallDesk) -> None:
    customer = desk.waits()
    assert promising.review(desk.services)["promises_given"] == 1
    assert in_force(desk, customer) == (at("10:00:00"), at("10:15:00"))
    assert promising.review(desk.services)["promises_given"] == 0


def test_the_longer_the_queue_the_later_the_promise(desk: CallDesk) -> None:
    queue = [desk.waits(rank=n) for n in range(12)]
    promising.review(desk.services)
    ranges = [in_force(desk, each) for each in queue]
    assert ranges == sorted(ranges)
    starts, ends = ranges[-1]
    assert starts is not None
    assert ends is not None
    # Eleven calls of twelve minutes from ten o'clock: over lunch, and not certain.
    assert starts <= at("13:12:00") <= ends


def test_priority_is_foreseen_too(desk: CallDesk) -> None:
    ordinary = [desk.waits(rank=5) for _ in range(5)]
    outage = desk.waits(rank=-5)
    promising.review(desk.services)
    assert in_force(desk, outage) == (at("10:00:00"), at("10:15:00"))
    assert min(in_force(desk, each) for each in ordinary) > in_force(desk, outage)


def test_with_nobody_on_duty_nothing_is_promised(desk: CallDesk, bart: int) -> None:
    desk.change(Agent, bart, state=AgentState.OFF_DUTY)
    desk.agent("An", state=AgentState.PAUSED)
    customer = desk.waits()
    told(desk, customer)
    promising.review(desk.services)
    assert in_force(desk, customer) == (None, None)


def test_a_break_of_the_only_agent_puts_nobody_off_to_another_day(desk: CallDesk, bart: int) -> None:
    desk.agent("An", state=AgentState.OFF_DUTY)
    customer = desk.waits()
    told(desk, customer)
    before = in_force(desk, customer)
    desk.change(Agent, bart, state=AgentState.BREAK)
    for _ in range(3):
        desk.clock.move(seconds=30)
        promising.review(desk.services)
    assert (in_force(desk, customer), mails(desk)) == (before, [])


def test_an_agent_who_leaves_after_this_call_takes_no_other(desk: CallDesk, bart: int) -> None:
    desk.waits()
    desk.ring()

    desk.change(Agent, bart, wants_off_duty=True)
    customer = desk.waits()
    promising.review(desk.services)
    assert in_force(desk, customer) == (None, None)


def test_the_same_promise_is_given_however_often_asked(desk: CallDesk) -> None:
    customer = desk.waits()
    told(desk, customer)
    desk.clock.move(minutes=10)
    told(desk, customer)
    assert len(promises(desk, customer)) == 1


def test_measured_talks_make_promises_of_their_own_option(desk: CallDesk, bart: int) -> None:
    for _ in range(20):
        customer = desk.waits(option=Option.QUESTION)
        desk.ring()
        desk.talks(seconds=1700)
        desk.hangs_up()
        desk.outcome(TalkOutcome.SOLVED)
        desk.clock.at = at("10:00:00")
    assert {row.handled_seconds for row in desk.attempts(customer)} <= {1700, 1701}
    assert desk.doing(bart) is AgentState.FREE
    first, second = desk.waits(option=Option.QUESTION), desk.waits(option=Option.QUESTION, rank=1)
    promising.review(desk.services)
    assert in_force(desk, first)[0] == at("10:00:00")
    starts, ends = in_force(desk, second)
    assert starts is not None
    assert ends is not None
    assert starts <= at("10:28:20") <= ends
    assert ends > at("10:45:00"), "twelve minutes would have promised it sooner"


@pytest.mark.parametrize(
    ("moved", "result"), [({"minutes": -1}, R.EARLY), ({"minutes": 10}, R.KEPT), ({"minutes": 16}, R.LATE)]
)
def test_when_his_phone_rings_the_promise_is_early_kept_or_late(
    desk: CallDesk, moved: dict[str, float], result: PromiseResult
) -> None:
    customer = desk.waits()
    told(desk, customer)
    desk.clock.move(**moved)
    desk.ring()
    desk.answers()
    assert results(desk, customer) == [None], "an agent who listens has kept nothing yet"
    desk.accepts()
    assert results(desk, customer) == [result]


def test_an_agent_who_declines_leaves_the_promise_standing(desk: CallDesk) -> None:
    customer = desk.waits()
    told(desk, customer)
    desk.ring()
    desk.answers()
    desk.declines()
    assert results(desk, customer) == [None]


def test_a_promise_that_is_past_is_renewed_and_mailed_once(desk: CallDesk, bart: int) -> None:
    desk.waits(rank=-1)
    customer = known_customer(desk)
    told(desk, customer)
    old = in_force(desk, customer)
    desk.ring()
    desk.connects()
    desk.customer_answers()
    desk.clock.move(minutes=50)
    assert desk.doing(bart) is AgentState.ON_CALL
    assert reviewed(desk) == 1
    new = in_force(desk, customer)
    assert results(desk, customer) == [R.RENEWED, None]
    assert old[1] is not None
    assert new[1] is not None
    assert new[1] > desk.clock.at > old[1]
    (mail,) = mails(desk)
    assert mail.kind is MailKind.RENEWAL
    assert "Onze excuses" in mail.body_text
    assert "tussen" in mail.body_text
    assert reviewed(desk) == 0
    assert len(mails(desk)) == 1
    assert promises(desk, customer)[-1].told
    assert "mail" in desk.bell.rung
    assert emails.send_due(desk.services) == 1


def test_a_promise_that_an_outage_pushes_back_is_renewed_before_it_is_past(desk: CallDesk) -> None:
    customer = known_customer(desk)
    told(desk, customer)
    for _ in range(4):
        desk.waits(rank=-50)
    assert reviewed(desk) == 1
    starts, ends = in_force(desk, customer)
    assert starts is not None
    assert ends is not None
    assert starts <= at("10:48:00") <= ends


def test_a_promise_nobody_heard_of_is_renewed_without_a_mail(desk: CallDesk) -> None:
    customer = known_customer(desk)
    promising.review(desk.services)
    for _ in range(4):
        desk.waits(rank=-50)
    assert reviewed(desk) == 1
    assert results(desk, customer) == [R.RENEWED, None]
    assert mails(desk) == []


def test_without_an_address_a_promise_is_renewed_all_the_same(desk: CallDesk) -> None:
    customer = known_customer(desk, email=None)
    told(desk, customer)
    desk.clock.move(minutes=20)
    assert reviewed(desk) == 1
    assert [row.told for row in promises(desk, customer)] == [True, False]


def test_who_is_not_reached_before_closing_is_promised_the_next_opening(desk: CallDesk) -> None:
    desk.clock.at = at("16:50:00")
    customer = known_customer(desk)
    told(desk, customer)
    assert in_force(desk, customer) == (at("16:45:00"), at("17:00:00"))
    desk.clock.at = at("17:00:01")
    assert reviewed(desk) == 1
    assert in_force(desk, customer) == (brussels("2026-11-25", "09:00:00"), brussels("2026-11-25", "09:45:00"))
    assert "woensdag 25 november, tussen 9 en 9.45 uur" in mails(desk)[0].body_text.lower()


def test_a_closure_moves_the_promises_behind_it(desk: CallDesk) -> None:
    customer = known_customer(desk)
    told(desk, customer)
    closed = OverrideKind.CLOSURE
    changing_hours.change(desk.services, closed, desk.clock.at, at("15:00:00"), "teamdag", "Els")
    assert reviewed(desk) == 1
    assert in_force(desk, customer) == (at("15:00:00"), at("15:45:00"))


def test_without_anybody_to_keep_it_a_past_promise_stands_for_a_person_to_see(desk: CallDesk, bart: int) -> None:
    customer = desk.waits()
    told(desk, customer)

    desk.change(Agent, bart, state=AgentState.OFF_DUTY)
    desk.clock.move(hours=1)
    promising.review(desk.services)
    assert results(desk, customer) == [None]


def test_who_rests_is_promised_a_moment_after_his_rest(desk: CallDesk) -> None:
    customer = desk.waits()
    told(desk, customer)
    desk.ring()
    desk.not_reached(LegStatus.BUSY)
    starts, ends = in_force(desk, customer)
    rest = desk.callback(customer).not_before
    assert starts is not None
    assert ends is not None
    assert rest is not None
    assert starts <= rest <= ends
    assert results(desk, customer) == [R.KEPT, None]


def test_the_promise_of_a_call_back_that_is_cancelled_lapses(desk: CallDesk) -> None:
    customer = desk.waits()
    told(desk, customer)
    deciding.cancel(desk.services, desk.ticket(customer).number, "hij heeft het gevonden", "Els")
    assert promising.review(desk.services)["promises_lapsed"] == 1
    assert results(desk, customer) == [R.LAPSED]


def test_who_comes_back_from_a_person_is_promised_anew(desk: CallDesk) -> None:
    customer = desk.waits()
    told(desk, customer)
    desk.change(Callback, customer, state=CallbackState.NEEDS_HUMAN)
    promising.review(desk.services)
    desk.clock.move(hours=1)
    deciding.resolve(desk.services, desk.ticket(customer).number, CallbackState.WAITING, "nummer gevonden", "Els")
    promising.review(desk.services)
    assert in_force(desk, customer) == (at("11:00:00"), at("11:15:00"))


def test_after_the_last_try_the_customer_is_written_to(desk: CallDesk) -> None:
    desk.rules(max_tries=1)
    customer = known_customer(desk)
    desk.ring()
    desk.not_reached()
    assert desk.state(customer) is CallbackState.UNREACHED
    (mail,) = mails(desk)
    assert mail.kind is MailKind.UNREACHED
    assert "Eén keer" in mail.body_text
    assert "03 460 35 35" in mail.body_text


def test_a_clock_that_was_wrong_measures_no_talk_of_days(desk: CallDesk) -> None:
    customer = desk.waits()
    desk.ring()
    desk.talks()
    desk.clock.at += timedelta(days=3)
    desk.hangs_up()
    desk.outcome(TalkOutcome.SOLVED)
    assert desk.attempt(customer).handled_seconds is None


def test_two_who_renew_at_once_renew_once(desk: CallDesk) -> None:
    customer = known_customer(desk)
    told(desk, customer)
    desk.clock.move(minutes=20)
    with desk.services.database.read() as session:
        stale = promises_of.in_force(session, customer)
        outlook = promises_of.outlook(session, desk.services.rules, desk.clock.at)
    (turn,) = outlook.turns()
    assert promising._replace(desk.services, customer, stale, outlook, turn)
    assert not promising._replace(desk.services, customer, stale, outlook, turn)
    assert results(desk, customer) == [R.RENEWED, None]


def test_an_attempt_counts_as_busy_for_as_long_as_such_calls_take(desk: CallDesk) -> None:
    desk.waits()
    desk.ring()
    desk.connects()
    desk.clock.move(minutes=4)
    customer = desk.waits()
    promising.review(desk.services)
    starts, ends = in_force(desk, customer)
    assert starts is not None
    assert ends is not None
    assert starts <= at("10:12:00") <= ends


def test_a_wall_clock_that_is_wrong_for_a_moment_lets_nobody_be_written_to(desk: CallDesk) -> None:
    customer = known_customer(desk)
    told(desk, customer)
    for jump in (timedelta(hours=1), timedelta(days=3)):
        desk.clock.at += jump
        promising.review(desk.services)
        desk.clock.at -= jump
        desk.clock.passed_ms += 20_000
        promising.review(desk.services)
    assert results(desk, customer) == [None]
    assert mails(desk) == []


def test_while_dialling_is_stopped_no_caller_is_told_a_moment(desk: CallDesk) -> None:
    deciding.pause_dialling(desk.services, "de lijnen worden verlegd", on=False)
    customer = desk.waits()
    told(desk, customer)
    assert in_force(desk, customer) == (None, None)
    deciding.pause_dialling(desk.services, "klaar", on=True)
    told(desk, customer)
    assert in_force(desk, customer) == (at("10:00:00"), at("10:15:00"))


def test_while_dialling_is_stopped_nothing_is_promised_anew(desk: CallDesk) -> None:
    customer = known_customer(desk)
    told(desk, customer)
    deciding.pause_dialling(desk.services, "de lijnen worden verlegd", on=False)
    for _ in range(20):
        desk.clock.move(minutes=10)
        promising.review(desk.services)
    assert results(desk, customer) == [None]
    deciding.pause_dialling(desk.services, "klaar", on=True)
    assert reviewed(desk) == 1
    assert len(mails(desk)) == 1


def test_one_endless_talk_ahead_makes_a_customer_read_no_mail_every_quarter(desk: CallDesk, bart: int) -> None:
    desk.waits(rank=-1)
    customer = known_customer(desk)
    told(desk, customer)
    desk.ring()
    desk.connects()
    desk.customer_answers()
    for _ in range(11 * 6):
        desk.clock.move(seconds=100)
        promising.review(desk.services)
    assert desk.doing(bart) is AgentState.ON_CALL
    assert 1 <= len(mails(desk)) <= 3, "almost two hours"


def test_a_promise_settled_for_a_phone_that_did_not_ring_stands_again(desk: CallDesk) -> None:
    customer = desk.waits()
    told(desk, customer)
    desk.ring()
    desk.connects()
    assert results(desk, customer) == [R.KEPT]
    desk.phone.has(desk.sid_of(), LegStatus.COMPLETED)
    desk.clock.move(minutes=5)
    reconciling.sweep(desk.services)
    assert desk.state(customer) is CallbackState.WAITING
    assert results(desk, customer) == [None]


def test_call_backs_that_cannot_be_planned_keep_no_other_from_its_promise(desk: CallDesk) -> None:
    for _ in range(51):
        # Further ahead than agents and hours are reckoned.
        desk.waits(rank=-1, state=CallbackState.RESTING, not_before=desk.clock.at + timedelta(days=40))
    customer = desk.waits()
    promising.review(desk.services)
    assert in_force(desk, customer)[1] is not None


def test_a_promise_that_lapsed_with_a_person_is_made_good_by_a_mail(desk: CallDesk) -> None:
    customer = known_customer(desk)
    told(desk, customer)
    desk.change(Callback, customer, state=CallbackState.NEEDS_HUMAN)
    desk.clock.move(hours=1)
    number = desk.ticket(customer).number
    deciding.resolve(desk.services, number, CallbackState.WAITING, "nummer gevonden", "Els")
    assert results(desk, customer) == [R.LAPSED]
    promising.review(desk.services)
    assert [mail.kind for mail in mails(desk)] == [MailKind.RENEWAL]
    assert [row.told for row in promises(desk, customer)] == [True, True]


def test_a_call_that_slips_by_a_few_minutes_stands_until_it_is_past(desk: CallDesk) -> None:
    desk.waits(rank=-1)
    customer = known_customer(desk)
    told(desk, customer)
    before = in_force(desk, customer)
    desk.waits(rank=-50)
    assert reviewed(desk) == 0, "it is foreseen within a quarter after its end"
    assert in_force(desk, customer) == before
    assert before[1] is not None
    desk.clock.at = before[1] + timedelta(seconds=1)
    reviewed(desk)
    assert results(desk, customer) == [R.RENEWED, None], "what is past is past"
    assert len(mails(desk)) == 1


def test_several_changes_within_minutes_are_one_mail(desk: CallDesk) -> None:
    customer = known_customer(desk)
    told(desk, customer)
    for _ in range(4):
        desk.waits(rank=-50)
    assert reviewed(desk) == 1
    for _ in range(4):
        desk.clock.move(minutes=3)
        for _ in range(12):
            desk.waits(rank=-50)
        assert reviewed(desk) == 0
    desk.clock.move(minutes=3)
    assert reviewed(desk) == 1
    assert [mail.kind for mail in mails(desk)] == [MailKind.RENEWAL] * 2


def test_a_clock_the_calendar_knows_nothing_of_ends_no_review(desk: CallDesk) -> None:
    customer = desk.waits()
    told(desk, customer)
    desk.clock.at = desk.clock.at.replace(year=2024)
    assert promising.review(desk.services) == {"promises_lapsed": 0}
    assert results(desk, customer) == [None]
