"""What a supervisor does to one call-back: each hand does what it says, leaves his name, and breaks no rule."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from callbacks.errors import Rule, RuleRefused
from callbacks.rules.queue_order import HOUR, explanation
from callbacks.store import hours, in_hand
from callbacks.workflows import deciding, merging, moving, ranking
from callbacks.workflows.taking_in_hand import Wish
from models.callback import Callback, Promise
from models.history import History
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import (
    AgentState,
    CallbackState,
    Language,
    LegStatus,
    MailKind,
    Option,
    OverrideKind,
    PromiseResult,
    TalkOutcome,
    TicketState,
)
from tests.call_desk import CallDesk, brussels
from tests.stand_ins import add_contact

C = CallbackState
DAY = "2026-11-24"
Hand = Callable[[CallDesk, Wish], object]
HANDS: dict[str, Hand] = {
    "move": lambda desk, wish: moving.move(desk.services, wish, desk.clock.at + timedelta(hours=1), beside_others=True),
    "put off": lambda desk, wish: moving.put_off(desk.services, wish, desk.clock.at + timedelta(hours=1)),
    "hold": lambda desk, wish: moving.hold(desk.services, wish),
    "pin": lambda desk, wish: ranking.pin(desk.services, wish, desk.agent(f"Wim {wish.callback_id}")),
    "unpin": lambda desk, wish: ranking.unpin(desk.services, wish),
    "prioritise": lambda desk, wish: ranking.prioritise(desk.services, wish, Option.QUESTION, HOUR),
    "call now": lambda desk, wish: ranking.call_now(desk.services, wish),
}


def wish(desk: CallDesk, callback: int, why: str = "asked for it", who: str = "Els") -> Wish:
    return Wish(callback, in_hand.mark(desk.callback(callback)), who, why)


def last(desk: CallDesk, callback: int) -> tuple[str, str]:
    with desk.services.database.read() as session:
        rows = select(History).where(History.callback_id == callback).order_by(History.id.desc())
        row = session.scalars(rows.limit(1)).one()
        return row.who, row.why


def deeds(desk: CallDesk, callback: int) -> list[str]:
    """Return what Els did, by the history."""
    with desk.services.database.read() as session:
        rows = select(History.why).where(History.callback_id == callback, History.who == "Els")
        return list(session.scalars(rows.order_by(History.id)))


def refused(desk: CallDesk, callback: int, hand: Callable[..., object], *given: Any, **more: Any) -> RuleRefused:
    """Return why it is refused, after seeing that nothing has changed for it."""
    before = deeds(desk, callback)
    with pytest.raises(RuleRefused) as error:
        hand(*given, **more)
    assert deeds(desk, callback) == before
    return error.value


def mails(desk: CallDesk) -> list[MailKind]:
    with desk.services.database.read() as session:
        return list(session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)))


def knows_him(desk: CallDesk, callback: int) -> None:
    """Let the customer be one whose address we know."""
    with desk.services.database.write() as session:
        contact = add_contact(session)
        ticket = session.get_one(Ticket, session.get_one(Callback, callback).ticket_id)
        ticket.contact_id, ticket.customer_id = contact.id, contact.customer_id


@pytest.mark.parametrize("hand", HANDS)
def test_every_hand_is_written_down_with_the_name_of_whose_it_is(desk: CallDesk, hand: str) -> None:
    desk.agent()
    customer = desk.waits()
    HANDS[hand](desk, wish(desk, customer))
    assert any("asked for it" in why for why in deeds(desk, customer))


@pytest.mark.parametrize("hand", HANDS)
def test_no_hand_is_laid_on_a_call_back_whose_customer_is_being_called(desk: CallDesk, hand: str) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    error = refused(desk, customer, HANDS[hand], desk, wish(desk, customer))
    assert error.rule is Rule.BEING_CALLED
    assert len(desk.phone.placed) == 1


@pytest.mark.parametrize("hand", HANDS)
def test_a_hand_that_somebody_else_forestalled_is_refused_with_who_did_what(desk: CallDesk, hand: str) -> None:
    desk.agent()
    customer = desk.waits()
    seen = wish(desk, customer)
    moving.put_off(desk.services, wish(desk, customer, "lunch", "Jan"), desk.clock.at + timedelta(minutes=30))
    error = refused(desk, customer, HANDS[hand], desk, seen)
    assert (error.rule, error.values["who"], error.values["why"]) == (Rule.CHANGED_MEANWHILE, "Jan", "put off: lunch")


@pytest.mark.parametrize("hand", HANDS)
def test_no_hand_is_laid_on_a_call_back_that_is_over_or_whose_caller_is_on_the_line(desk: CallDesk, hand: str) -> None:
    over, held = desk.waits(state=C.DONE), desk.waits(state=C.HELD)
    assert refused(desk, over, HANDS[hand], desk, wish(desk, over)).rule is Rule.NO_OPEN_CALLBACK
    assert refused(desk, held, HANDS[hand], desk, wish(desk, held)).rule is Rule.ON_THE_LINE


@pytest.mark.parametrize("hand", ["put off", "hold", "prioritise"])
def test_without_a_reason_nothing_is_put_aside_and_nobody_comes_first(desk: CallDesk, hand: str) -> None:
    customer = desk.waits()
    error = refused(desk, customer, HANDS[hand], desk, wish(desk, customer, "  "))
    assert (error.rule, error.field) == (Rule.NO_REASON, "why")


# ---- Another moment


def test_a_moved_customer_is_written_to_and_called_at_his_moment_and_not_before(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    knows_him(desk, customer)
    moment = brussels(DAY, "11:00:00")
    moving.move(desk.services, wish(desk, customer), moment)
    kept = desk.callback(customer)
    assert (kept.state, kept.booked_from, kept.not_before, kept.promise_from) == (C.RESTING, moment, moment, moment)
    assert mails(desk) == [MailKind.BOOKING]
    desk.tick()
    assert desk.ring() == 0
    desk.clock.at = moment
    desk.tick()
    assert desk.ring() == 1


@pytest.mark.parametrize("time", ["12:30:00", "17:00:00", "16:59:00", "08:00:00"])
def test_no_customer_is_moved_to_a_moment_at_which_nobody_would_be_rung(desk: CallDesk, time: str) -> None:
    customer = desk.waits()
    at = brussels(DAY if time != "08:00:00" else "2026-11-25", time)
    assert (
        refused(desk, customer, moving.move, desk.services, wish(desk, customer), at, beside_others=True).rule
        is Rule.OUTSIDE_HOURS
    )
    assert desk.state(customer) is C.WAITING


def test_a_moment_that_is_past_or_taken_is_refused_and_a_supervisor_may_put_two_beside_each_other(
    desk: CallDesk,
) -> None:
    desk.agent()
    first, second = desk.waits(), desk.waits()
    moment = brussels(DAY, "11:00:00")
    assert refused(desk, first, moving.move, desk.services, wish(desk, first), desk.clock.at).rule is Rule.PAST
    moving.move(desk.services, wish(desk, first), moment)
    assert refused(desk, second, moving.move, desk.services, wish(desk, second), moment).rule is Rule.SLOT_TAKEN
    moving.move(desk.services, wish(desk, second), moment, beside_others=True)
    assert desk.callback(second).booked_from == moment


def test_a_customer_without_a_number_is_moved_nowhere(desk: CallDesk) -> None:
    customer = desk.waits()
    desk.change(Callback, customer, number=None)
    assert (
        refused(desk, customer, moving.move, desk.services, wish(desk, customer), brussels(DAY, "11:00:00")).rule
        is Rule.NO_NUMBER
    )


# ---- Put off, or aside


def test_who_is_put_off_is_silent_until_then_and_gives_his_appointment_up(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    moving.move(desk.services, wish(desk, customer), brussels(DAY, "10:30:00"))
    moving.put_off(desk.services, wish(desk, customer), brussels(DAY, "11:00:00"))
    desk.clock.at = brussels(DAY, "10:45:00")
    desk.tick()
    assert (desk.ring(), desk.callback(customer).booked_from) == (0, None)
    desk.clock.at = brussels(DAY, "11:00:00")
    desk.tick()
    assert desk.ring() == 1


def test_who_is_put_off_into_the_lunch_break_rests_until_we_are_open_again(desk: CallDesk) -> None:
    customer = desk.waits()
    moving.put_off(desk.services, wish(desk, customer), brussels(DAY, "12:20:00"))
    assert desk.callback(customer).not_before == brussels(DAY, "13:00:00")
    assert refused(desk, customer, moving.put_off, desk.services, wish(desk, customer), desk.clock.at).rule is Rule.PAST


@pytest.mark.parametrize("state", [C.WAITING, C.RESTING])
def test_what_is_put_aside_rings_nobody_until_a_person_decides(desk: CallDesk, state: CallbackState) -> None:
    desk.agent()
    customer = desk.waits(state=state)
    with desk.services.database.write() as session:
        at = desk.clock.at
        session.add(Promise(callback_id=customer, starts=at, ends=at + timedelta(hours=1), given_at=at, told=True))
    moving.hold(desk.services, wish(desk, customer))
    assert (desk.state(customer), desk.callback(customer).why) == (C.NEEDS_HUMAN, "put aside: asked for it")
    desk.tick()
    assert desk.ring() == 0
    with desk.services.database.read() as session:
        assert session.scalars(select(Promise.result)).all() == [PromiseResult.LAPSED]
    number = desk.ticket(customer).number
    deciding.resolve(desk.services, number, C.WAITING, "go on", "Els", seen=in_hand.mark(desk.callback(customer)))
    assert desk.ring() == 1


# ---- Pins


def test_a_pinned_customer_is_called_by_nobody_else_and_after_that_by_anybody(desk: CallDesk) -> None:
    idle = desk.clock.at - timedelta(hours=1)
    desk.agent("Ann", idle_since=idle)
    bart, customer = desk.agent("Bart"), desk.waits()
    assert ranking.pin(desk.services, wish(desk, customer), bart) is AgentState.FREE
    desk.ring()
    assert desk.attempt(customer).agent_id == bart


def test_who_is_pinned_to_somebody_off_duty_is_told_so_and_does_not_wait_for_him(desk: CallDesk) -> None:
    ann, bart, customer = desk.agent("Ann"), desk.agent("Bart", state=AgentState.OFF_DUTY), desk.waits()
    assert ranking.pin(desk.services, wish(desk, customer), bart) is AgentState.OFF_DUTY
    desk.ring()
    assert desk.attempt(customer).agent_id == ann


def test_nobody_is_pinned_to_a_person_who_takes_no_calls(desk: CallDesk) -> None:
    customer, desk_less = desk.waits(), desk.agent("Cis")
    from models.agent import Agent  # noqa: PLC0415 - for this one change

    desk.change(Agent, desk_less, phone=None)
    assert (
        refused(desk, customer, ranking.pin, desk.services, wish(desk, customer), desk_less).rule is Rule.TAKES_NO_CALLS
    )


def test_a_pin_is_taken_away_again(desk: CallDesk) -> None:
    customer = desk.waits(pinned=desk.agent("Bart"))
    ranking.unpin(desk.services, wish(desk, customer))
    assert desk.callback(customer).pinned_agent_id is None


# ---- Priority


def sentence(desk: CallDesk, callback: int, language: Language = Language.NL) -> str:
    with desk.services.database.read() as session:
        stands = hours.standing(session.get_one(Callback, callback), None)
        return explanation(stands, hours.head_starts(desk.services.rules), language)


def test_a_given_head_start_puts_a_customer_first_and_says_why_and_outlives_other_hours(desk: CallDesk) -> None:
    desk.agent()
    customer, outage = desk.waits(option=Option.QUESTION), desk.waits(option=Option.OUTAGE)
    ranking.prioritise(desk.services, wish(desk, customer, "VIP"), Option.QUESTION, 15 * HOUR)
    assert sentence(desk, customer) == "telt als 15 uur vroeger: vraag; Els: VIP"
    rank = desk.callback(customer).rank
    with desk.services.database.write() as session:
        at = brussels("2026-11-26", "09:00:00")
        hours.add_override(
            session, desk.services.rules, OverrideKind.CLOSURE, at, at + timedelta(hours=1), "x", "Jan", desk.clock.at
        )
    assert desk.callback(customer).rank == rank
    desk.ring()
    assert (desk.state(customer), desk.state(outage)) == (C.ACTIVE, C.WAITING)


def test_a_question_made_an_outage_counts_as_one_on_its_ticket_too(desk: CallDesk) -> None:
    customer = desk.waits(option=Option.QUESTION)
    ranking.prioritise(desk.services, wish(desk, customer, "server down"), Option.OUTAGE, -2 * HOUR)
    assert desk.ticket(customer).option is Option.OUTAGE
    assert sentence(desk, customer) == "telt als 12 uur vroeger: storing; Els: server down"
    ranking.prioritise(desk.services, wish(desk, customer, "no"), Option.QUESTION, -2 * HOUR)
    assert sentence(desk, customer, Language.EN) == "counts as 2 hours later: question; Els: no"
    ranking.prioritise(desk.services, wish(desk, customer, "as usual"), Option.QUESTION, 0)
    assert (sentence(desk, customer, Language.FR), desk.callback(customer).given_why) == (
        "dans l'ordre d'arrivée",
        None,
    )


def test_nobody_is_given_more_than_500_hours(desk: CallDesk) -> None:
    customer = desk.waits()
    assert (
        refused(desk, customer, ranking.prioritise, desk.services, wish(desk, customer), Option.OUTAGE, 501 * HOUR).rule
        is Rule.TOO_MUCH
    )


# ---- Now


def booked(desk: CallDesk, customer: int) -> None:
    moving.move(desk.services, wish(desk, customer), brussels(DAY, "10:15:00"), beside_others=True)


@pytest.mark.parametrize("state", [C.WAITING, C.RESTING, C.NEEDS_HUMAN])
def test_who_is_called_now_goes_before_outages_and_appointments_from_wherever_he_was(
    desk: CallDesk, state: CallbackState
) -> None:
    customer = desk.waits(option=Option.QUESTION, state=state, not_before=desk.clock.at + timedelta(hours=1))
    appointment = desk.waits()
    booked(desk, appointment)
    desk.clock.at = brussels(DAY, "10:15:00")
    desk.tick()
    desk.agent()
    ranking.call_now(desk.services, wish(desk, customer))
    assert sentence(desk, customer) == "nu bellen, voor alle anderen; Els: asked for it"
    assert desk.ring() == 1
    assert (desk.state(customer), desk.state(appointment)) == (C.ACTIVE, C.WAITING)


def test_who_is_called_now_and_not_reached_rests_and_no_longer_comes_first(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    ranking.call_now(desk.services, wish(desk, customer))
    desk.ring()
    desk.not_reached(LegStatus.BUSY)
    row = desk.callback(customer)
    assert (row.state, row.given_head_start, row.given_why) == (C.RESTING, 0, None)


def test_who_is_called_now_gives_his_appointment_up_and_is_rung_once(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    moving.move(desk.services, wish(desk, customer), brussels(DAY, "11:00:00"))
    ranking.call_now(desk.services, wish(desk, customer))
    assert desk.ring() == 1
    desk.clock.at = brussels(DAY, "11:00:00")
    desk.tick()
    assert desk.ring() == 0
    assert len(desk.phone.placed) == 1


@pytest.mark.parametrize("time", ["12:30:00", "11:58:30", "17:00:00", "06:00:00"])
def test_nobody_is_called_now_while_we_are_closed_or_about_to_close(desk: CallDesk, time: str) -> None:
    desk.agent()
    customer = desk.waits()
    desk.clock.at = brussels(DAY, time)
    assert refused(desk, customer, ranking.call_now, desk.services, wish(desk, customer)).rule is Rule.OUTSIDE_HOURS
    assert desk.ring() == 0


def test_nobody_is_called_now_while_dialling_is_stopped_or_nobody_is_free(desk: CallDesk) -> None:
    customer = desk.waits()
    assert refused(desk, customer, ranking.call_now, desk.services, wish(desk, customer)).rule is Rule.NOBODY_FREE
    desk.agent()
    deciding.pause_dialling(desk.services, "power cut", on=False)
    error = refused(desk, customer, ranking.call_now, desk.services, wish(desk, customer))
    assert (error.rule, error.values["why"]) == (Rule.NO_DIALLING, "power cut")
    assert desk.ring() == 0


# ---- Cancel


def test_a_cancelled_customer_is_told_only_where_it_is_wished(desk: CallDesk) -> None:
    for tell in (True, False):
        customer = desk.waits()
        if tell:
            knows_him(desk, customer)
        seen = in_hand.mark(desk.callback(customer))
        deciding.cancel(desk.services, desk.ticket(customer).number, "solved", "Els", tell=tell, seen=seen)
        assert desk.state(customer) is C.CANCELLED
    assert mails(desk) == [MailKind.CANCELLATION]


def test_what_somebody_else_changed_meanwhile_is_not_cancelled(desk: CallDesk) -> None:
    customer = desk.waits()
    seen = in_hand.mark(desk.callback(customer))
    moving.hold(desk.services, wish(desk, customer, who="Jan"))
    number = desk.ticket(customer).number
    assert (
        refused(desk, customer, deciding.cancel, desk.services, number, "solved", "Els", seen=seen).rule
        is Rule.CHANGED_MEANWHILE
    )
    assert desk.state(customer) is C.NEEDS_HUMAN


# ---- Merge

NUMBER = "+32471999999"


def test_of_two_call_backs_of_a_number_the_better_placed_stays_and_he_is_called_once(desk: CallDesk) -> None:
    desk.agent()
    question = desk.waits(number=NUMBER, option=Option.QUESTION, rank=10)
    knows_him(desk, question)
    desk.clock.move(minutes=20)
    outage = desk.waits(number=NUMBER, rank=-5)
    stays = merging.merge(desk.services, wish(desk, question, "same fault"), desk.ticket(outage).number)
    assert stays == desk.ticket(outage).number
    assert (desk.state(question), desk.state(outage)) == (C.CANCELLED, C.WAITING)
    assert desk.callback(question).why == f"merged into ticket {stays}: same fault"
    assert desk.callback(outage).arrived_at == desk.callback(question).arrived_at
    closed = desk.ticket(question)
    assert (closed.state, closed.merged_into_id) == (TicketState.CLOSED, desk.ticket(outage).id)
    assert mails(desk) == []
    assert desk.ring() == 1
    desk.talks()
    desk.outcome(TalkOutcome.SOLVED)
    desk.hangs_up()
    desk.clock.move(minutes=10)
    desk.tick()
    assert desk.ring() == 0
    assert [call.to for call in desk.phone.placed] == ["+32470000001"]


def test_what_needs_a_person_is_merged_into_what_waits(desk: CallDesk) -> None:
    needy, waits = desk.waits(number=NUMBER, state=C.NEEDS_HUMAN, rank=-99), desk.waits(number=NUMBER)
    merging.merge(desk.services, wish(desk, needy), desk.ticket(waits).number)
    assert (desk.state(needy), desk.state(waits)) == (C.CANCELLED, C.WAITING)


def test_two_numbers_are_never_merged_nor_one_that_is_being_called(desk: CallDesk) -> None:
    first, other, called = desk.waits(number=NUMBER), desk.waits(), desk.waits(number=NUMBER, rank=-9)

    def refused_with(callback: int) -> Rule:
        number = desk.ticket(callback).number
        return refused(desk, first, merging.merge, desk.services, wish(desk, first), number).rule

    assert refused_with(other) is Rule.OTHER_NUMBER
    assert refused_with(first) is Rule.NOTHING_TO_MERGE
    desk.agent()
    desk.ring()
    assert refused_with(called) is Rule.BEING_CALLED
    assert (desk.state(first), desk.state(called)) == (C.WAITING, C.ACTIVE)
