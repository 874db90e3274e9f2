"""What a supervisor does to one call-back: each hand leaves his name, and none breaks a rule."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from callbacks.errors import Rule
from callbacks.rules.queue_order import HOUR
from callbacks.store import in_hand
from callbacks.workflows import deciding, moving, ranking
from callbacks.workflows.taking_in_hand import Wish
from models.ticket import Ticket
from models.vocabulary import (
    CallbackState,
    MailKind,
    Option,
)
from tests.call_desk import CallDesk
from tests.stand_ins import add_callback
from tests.workflows.hands import deeds, knows_him, mails, refused, wish

C = CallbackState
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


@pytest.mark.parametrize("state", [C.WAITING, C.NEEDS_HUMAN])
def test_of_two_call_backs_of_a_ticket_the_one_on_the_page_is_decided(desk: CallDesk, state: CallbackState) -> None:
    first = desk.waits(state=state)
    with desk.services.database.write() as session:
        ticket = session.get_one(Ticket, desk.ticket(first).id)
        second = add_callback(session, desk.clock.at, ticket, number="+32470999999", state=state).id
    number, seen = desk.ticket(first).number, wish(desk, second).seen
    if state is C.WAITING:
        deciding.cancel(desk.services, number, "solved", "Els", callback_id=second, seen=seen)
    else:
        deciding.resolve(desk.services, number, C.CANCELLED, "solved", "Els", callback_id=second, seen=seen)
    assert (desk.state(first), desk.state(second)) == (state, C.CANCELLED)
