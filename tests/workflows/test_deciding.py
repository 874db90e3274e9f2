from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.store import hours
from callbacks.workflows import deciding
from models.callback import Callback
from models.vocabulary import (
    AgentState,
    AttemptState,
    CallbackState,
    LegStatus,
    OverrideKind,
    Subject,
    TalkOutcome,
)
from tests.call_desk import CallDesk

C = CallbackState


def cancels(desk: CallDesk, callback: int, why: str = "solved by itself") -> bool:
    return deciding.cancel(desk.services, desk.ticket(callback).number, why, "Mieke")


def test_a_waiting_call_back_is_cancelled_with_name_and_reason_and_nobody_is_rung(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    assert cancels(desk, customer)
    assert (desk.state(customer), desk.callback(customer).why) == (C.CANCELLED, "solved by itself")
    assert desk.ring() == 0


def test_a_call_back_cancelled_while_its_agent_prepares_frees_him_and_rings_nobody(desk: CallDesk) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.dispatch()
    assert cancels(desk, customer)
    assert (desk.state(customer), desk.attempt(customer).state) == (C.CANCELLED, AttemptState.WITHDRAWN)
    assert desk.doing(bart) is AgentState.FREE
    assert desk.dial() == 0


def test_a_call_back_cancelled_while_the_agent_is_rung_ends_before_the_customer_is_dialled(
    desk: CallDesk,
) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    assert not cancels(desk, customer)
    desk.answers()
    desk.accepts()
    assert desk.state(customer) is C.CANCELLED
    assert desk.attempt(customer).dialled_at is None


def test_once_the_customer_is_being_called_nothing_is_cancelled_any_more(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.answers()
    desk.accepts()
    with pytest.raises(RefusedInput, match="can no longer be cancelled"):
        cancels(desk, customer)
    assert desk.state(customer) is C.ACTIVE


@pytest.mark.parametrize("why", ["", "  "])
def test_without_a_reason_nothing_is_cancelled(desk: CallDesk, why: str) -> None:
    customer = desk.waits()
    with pytest.raises(RefusedInput, match="reason"):
        cancels(desk, customer, why)
    assert desk.state(customer) is C.WAITING


def test_a_call_back_without_number_goes_on_once_a_person_gives_one(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits(state=C.NEEDS_HUMAN)
    desk.change(Callback, customer, number=None, cancel_requested=True)
    number = desk.ticket(customer).number
    with pytest.raises(RefusedInput, match="no number"):
        deciding.resolve(desk.services, number, C.WAITING, "asked his colleague", "Mieke")
    with pytest.raises(RefusedInput):
        deciding.resolve(desk.services, number, C.WAITING, "asked his colleague", "Mieke", "0903 12 345")
    deciding.resolve(desk.services, number, C.WAITING, "asked his colleague", "Mieke", "0470 12 34 56")
    assert (desk.state(customer), desk.callback(customer).number) == (C.WAITING, "+32470123456")
    assert not desk.callback(customer).cancel_requested
    assert desk.ring() == 1


def test_a_person_may_give_an_extension_and_a_number_without_one_takes_it_away(desk: CallDesk) -> None:
    for written, extension in (("03 460 12 34*123", "123"), ("03 460 12 34", None)):
        customer = desk.waits(state=C.NEEDS_HUMAN)
        desk.change(Callback, customer, extension="9")
        deciding.resolve(desk.services, desk.ticket(customer).number, C.WAITING, "asked", "Mieke", written)
        assert (desk.callback(customer).number, desk.callback(customer).extension) == ("+3234601234", extension)


def test_a_call_back_that_needs_nobody_is_left_alone(desk: CallDesk) -> None:
    customer = desk.waits()
    with pytest.raises(RefusedInput, match="needs nobody"):
        deciding.resolve(desk.services, desk.ticket(customer).number, C.DONE, "why not", "Mieke")
    assert desk.state(customer) is C.WAITING


def test_stopped_dialling_rings_nobody_until_it_is_resumed(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    deciding.pause_dialling(desk.services, "power cut", on=False)
    assert desk.ring() == 0
    deciding.pause_dialling(desk.services, "power is back", on=True)
    assert desk.ring() == 1
    assert desk.state(customer) is C.ACTIVE


def test_tries_in_vain_before_a_talk_do_not_count_after_it(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.ring()
    desk.not_reached(LegStatus.BUSY)
    desk.clock.at = desk.callback(customer).not_before or desk.clock.at
    desk.tick()
    desk.ring()
    desk.talks(60)
    desk.outcome(TalkOutcome.CALL_AGAIN)
    desk.hangs_up()
    for _ in range(2):
        desk.clock.at = desk.callback(customer).not_before or desk.clock.at
        desk.tick()
        desk.ring()
        desk.not_reached(LegStatus.BUSY)
        assert desk.state(customer) is C.RESTING


def test_who_closed_the_desk_and_who_took_it_back_stays_in_the_history(desk: CallDesk) -> None:
    rules, now = desk.services.rules, desk.clock.at
    with desk.services.database.write() as session:
        closure = hours.add_override(
            session, rules, OverrideKind.CLOSURE, now, now + timedelta(hours=1), "move", "Mieke", now
        )
    with desk.services.database.write() as session:
        hours.remove_override(session, rules, closure, "Jan", now)
    assert desk.history(Subject.CALENDAR, closure)
    with desk.services.database.read() as session:
        from models.history import History  # noqa: PLC0415 - for this look only

        who = session.scalars(select(History.who).where(History.subject == Subject.CALENDAR).order_by(History.id)).all()
    assert who == ["Mieke", "Jan"]


def test_nobody_cancels_what_its_caller_is_being_promised_at_this_moment(desk: CallDesk) -> None:
    customer = desk.waits(state=C.HELD)
    with pytest.raises(RuleRefused) as refused:
        cancels(desk, customer)
    assert refused.value.rule is Rule.ON_THE_LINE
    assert (desk.state(customer), desk.callback(customer).cancel_requested) == (C.HELD, False)
