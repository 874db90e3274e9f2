"""Numbers that are never dialled: whoever waits on one is given to a person, and no telephone rings."""

from datetime import timedelta

import pytest

from callbacks.errors import RefusedInput
from callbacks.store import number_guards
from callbacks.store.transitions import Cause
from callbacks.workflows import deciding, guarding_numbers
from callbacks.workflows.ringing_customer import Refusal
from models.vocabulary import AgentState, CallbackState, LegStatus, NumberRule, Subject
from tests.call_desk import CallDesk

C = CallbackState
NUMBER = "+32471234567"


def block(desk: CallDesk, text: str = NUMBER, *, hours: float | None = None) -> int:
    until = None if hours is None else desk.clock.at + timedelta(hours=hours)
    return guarding_numbers.block(desk.services, text, "threatened us", until, "Els")


@pytest.mark.parametrize("text", [NUMBER, "0471 23 45 67", "+32471*", "+324712345*", "0032471*", "+3*"])
def test_who_waits_on_a_number_that_is_blocked_is_given_to_a_person_with_the_reason(desk: CallDesk, text: str) -> None:
    bart, waiting = desk.agent(), desk.waits(number=NUMBER)
    block(desk, text)
    assert desk.ring() == 0
    assert desk.state(waiting) is C.NEEDS_HUMAN
    assert desk.callback(waiting).why == "the number is never dialled: threatened us"
    assert desk.history(Subject.CALLBACK, waiting) == ["needs_human"]
    assert desk.doing(bart) is AgentState.FREE


@pytest.mark.parametrize("text", ["+32471234568", "+324712345671*", "+3247123456*"])
def test_other_numbers_are_not_touched(desk: CallDesk, text: str) -> None:
    desk.agent()
    waiting = desk.waits(number="+32479234567")
    block(desk, text)
    assert desk.ring() == 1
    assert desk.state(waiting) is C.ACTIVE


def test_a_whole_number_is_no_beginning_of_a_longer_one(desk: CallDesk) -> None:
    desk.agent()
    waiting = desk.waits(number="+3234601234")
    with desk.services.database.write() as session:
        cause = Cause(desk.clock.at, "Els", "short")
        number_guards.add(session, "+323460123", whole=True, expires_at=None, cause=cause)
    desk.dispatch()
    assert desk.state(waiting) is C.PREPARING


def test_others_are_called_past_one_who_is_set_aside(desk: CallDesk) -> None:
    desk.agent()
    blocked, other = desk.waits(number=NUMBER, rank=-9), desk.waits(rank=9)
    block(desk)
    assert desk.dispatch() == 1
    assert (desk.state(blocked), desk.state(other)) == (C.NEEDS_HUMAN, C.PREPARING)


def test_an_entry_counts_up_to_its_end_and_not_at_it(desk: CallDesk) -> None:
    desk.agent()
    first = desk.waits(number=NUMBER)
    block(desk, hours=1)
    desk.clock.move(seconds=3599)
    desk.dispatch()
    assert desk.state(first) is C.NEEDS_HUMAN
    second = desk.waits(number=NUMBER)
    desk.clock.move(seconds=1)
    desk.dispatch()
    assert desk.state(second) is C.PREPARING


def test_a_clock_set_back_behind_the_entry_lets_nobody_through(desk: CallDesk) -> None:
    desk.agent()
    waiting = desk.waits(number=NUMBER)
    block(desk)
    desk.clock.move(seconds=-600)
    assert desk.ring() == 0
    assert desk.state(waiting) is C.NEEDS_HUMAN


def test_a_number_blocked_after_the_claim_rings_no_agent(desk: CallDesk) -> None:
    bart, waiting = desk.agent(), desk.waits(number=NUMBER)
    assert desk.dispatch() == 1
    block(desk)
    assert desk.dial() == 0
    assert desk.phone.placed == []
    assert (desk.state(waiting), desk.doing(bart)) == (C.NEEDS_HUMAN, AgentState.FREE)


def test_a_number_blocked_while_the_agents_phone_rings_is_not_dialled_and_he_hears_so(desk: CallDesk) -> None:
    desk.agent()
    waiting = desk.waits(number=NUMBER)
    desk.ring()
    desk.answers()
    block(desk)
    assert desk.accepts() is Refusal.GUARDED
    assert desk.attempt(waiting).dialled_at is None
    desk.hangs_up()
    desk.ring()
    assert desk.state(waiting) is C.NEEDS_HUMAN


def test_a_number_blocked_after_it_was_dialled_is_not_dialled_anew_by_a_repeated_request(desk: CallDesk) -> None:
    desk.agent()
    desk.waits(number=NUMBER)
    desk.ring()
    assert not isinstance(desk.connects(), Refusal)
    block(desk)
    assert desk.accepts() is Refusal.GUARDED


def test_a_person_cannot_put_a_blocked_number_back_into_the_queue(desk: CallDesk) -> None:
    desk.agent()
    waiting = desk.waits(number=NUMBER)
    entry = block(desk)
    desk.dispatch()
    ticket = desk.ticket(waiting).number
    with pytest.raises(RefusedInput, match="never dialled"):
        deciding.resolve(desk.services, ticket, C.WAITING, "he calmed down", "Els")
    assert guarding_numbers.allow(desk.services, str(entry), "Els") == [entry]
    deciding.resolve(desk.services, ticket, C.WAITING, "he calmed down", "Els")
    assert desk.dispatch() == 1
    assert desk.history(Subject.NUMBER, entry) == [NumberRule.BLOCKED, NumberRule.ALLOWED]


def test_a_number_is_taken_off_the_list_as_it_is_written(desk: CallDesk) -> None:
    entries = [block(desk), block(desk, "+32471*"), block(desk, "0471/23.45.67")]
    assert guarding_numbers.allow(desk.services, "0471 23 45 67", "Els") == [entries[0], entries[2]]
    assert [guard.number for guard in guarding_numbers.guards(desk.services)] == ["+32471*"]
    with pytest.raises(RefusedInput, match="not on the list"):
        guarding_numbers.allow(desk.services, "77", "Els")


@pytest.mark.parametrize("text", ["", "*", "+*", "0471*", "32*", "+32*1", "+32**", "banana", "+32 47a*", "123"])
def test_what_is_no_number_and_no_beginning_of_one_is_refused(desk: CallDesk, text: str) -> None:
    with pytest.raises(RefusedInput):
        block(desk, text)
    assert guarding_numbers.guards(desk.services) == []


def test_an_entry_wants_a_reason_and_an_end_that_is_still_to_come(desk: CallDesk) -> None:
    with pytest.raises(RefusedInput, match="reason"):
        guarding_numbers.block(desk.services, NUMBER, " ", None, "Els")
    with pytest.raises(RefusedInput, match="passed"):
        block(desk, hours=0)


def test_a_talk_that_goes_on_is_not_cut(desk: CallDesk) -> None:
    desk.agent()
    waiting = desk.waits(number=NUMBER)
    desk.ring()
    desk.connects()
    desk.customer_answers()
    block(desk)
    desk.customer_leg(LegStatus.COMPLETED, seconds=60)
    desk.dial_action(LegStatus.COMPLETED, seconds=60, bridged=True)
    assert desk.state(waiting) is C.WRAP_UP
