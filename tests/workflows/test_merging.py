"""Two call-backs of one number become one, and the customer is called once."""

from callbacks.errors import Rule
from callbacks.workflows import merging
from models.vocabulary import (
    CallbackState,
    Option,
    TalkOutcome,
    TicketState,
)
from tests.call_desk import CallDesk
from tests.workflows.hands import knows_him, mails, refused, wish

C = CallbackState

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
