"""Two call-backs of one number become one, and the customer is called once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callbacks.errors import Rule
from callbacks.rules import queue_order
from callbacks.store import dossiers, hours, messages
from callbacks.store.signin import Person
from callbacks.workflows import closing, merging, noting
from callbacks.workflows.briefing import Briefing
from models.callback import Callback
from models.ticket import VoiceMessage
from models.vocabulary import (
    CallbackState,
    Language,
    Option,
    Role,
    TalkOutcome,
    TicketState,
)
from tests.call_desk import CallDesk
from tests.phone_stand_in import sid
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


def test_a_customer_who_waits_now_is_not_put_off_to_where_another_of_his_call_backs_rests(desk: CallDesk) -> None:
    rests = desk.waits(number=NUMBER, state=C.RESTING, rank=-(10**9), not_before=desk.clock.at + timedelta(days=3))
    outage = desk.waits(number=NUMBER, option=Option.OUTAGE, rank=5)
    merging.merge(desk.services, wish(desk, rests), desk.ticket(outage).number)
    assert (desk.state(rests), desk.state(outage)) == (C.CANCELLED, C.WAITING)


def test_of_two_that_rest_the_one_that_rests_less_stays(desk: CallDesk) -> None:
    monday = desk.waits(number=NUMBER, state=C.RESTING, rank=-9, not_before=desk.clock.at + timedelta(days=3))
    soon = desk.waits(number=NUMBER, state=C.RESTING, not_before=desk.clock.at + timedelta(minutes=3))
    merging.merge(desk.services, wish(desk, monday), desk.ticket(soon).number)
    assert (desk.state(monday), desk.state(soon)) == (C.CANCELLED, C.RESTING)


def test_what_is_merged_with_an_outage_is_one_and_stands_as_one(desk: CallDesk) -> None:
    question = desk.waits(number=NUMBER, option=Option.QUESTION, rank=-5)
    outage = desk.waits(number=NUMBER, option=Option.OUTAGE, rank=10)
    merging.merge(desk.services, wish(desk, question), desk.ticket(outage).number)
    kept = desk.callback(question)
    assert (kept.state, kept.option, desk.ticket(question).option) == (C.WAITING, Option.OUTAGE, Option.OUTAGE)
    with desk.services.database.read() as session:
        place = hours.reckon(session, desk.services.rules, session.get_one(Callback, question))
        question_s = replace(hours.standing(session.get_one(Callback, question), None), option=Option.QUESTION)
        calendar = hours.calendar(session, desk.services.rules)
    assert kept.rank == place < queue_order.place(question_s, calendar, hours.head_starts(desk.services.rules))


@pytest.mark.parametrize("other", [None, timedelta(days=2)])
def test_a_chosen_moment_is_neither_lost_nor_given_to_what_it_was_not_chosen_for(
    desk: CallDesk, other: timedelta | None
) -> None:
    half = timedelta(minutes=30)
    at = desk.clock.at + timedelta(days=1)
    booked, waits = desk.waits(number=NUMBER, state=C.RESTING, not_before=at), desk.waits(number=NUMBER)
    desk.change(Callback, booked, booked_from=at, booked_to=at + half)
    if other:
        desk.change(Callback, waits, booked_from=desk.clock.at + other, booked_to=desk.clock.at + other + half)
    number = desk.ticket(waits).number
    error = refused(desk, booked, merging.merge, desk.services, wish(desk, booked), number)
    assert (error.rule, error.field) == (Rule.OTHER_MOMENT, "other")
    assert (desk.state(booked), desk.state(waits)) == (C.RESTING, C.WAITING)


def message(desk: CallDesk, callback: int, n: int) -> str:
    left = {"call_sid": sid(n), "seconds": 9, "left_at": desk.clock.at + timedelta(seconds=n)}
    with desk.services.database.write() as session:
        ticket_id = session.get_one(Callback, callback).ticket_id
        session.add(VoiceMessage(recording_sid=f"RE{n:032x}", ticket_id=ticket_id, **left))
    return f"RE{n:032x}"


def test_the_agent_hears_and_reads_what_was_said_and_noted_of_every_ticket_that_was_merged(desk: CallDesk) -> None:
    bart = desk.agent()
    first, second, third = (desk.waits(number=NUMBER, rank=rank) for rank in (30, 20, 10))
    said = [message(desk, callback, n) for n, callback in enumerate((first, second, third), 1)]
    elsewhere = message(desk, desk.waits(state=C.NEEDS_HUMAN), 9)
    who = Person(bart, "Bart", Role.AGENT, Language.NL)
    noting.write(desk.services, desk.ticket(first).number, "de poort is stuk", who)
    merging.merge(desk.services, wish(desk, first), desk.ticket(second).number)
    merging.merge(desk.services, wish(desk, second), desk.ticket(third).number)
    desk.ring()
    briefing = desk.answers()
    assert isinstance(briefing, Briefing)
    assert list(briefing.messages) == said
    with desk.services.database.read() as session:
        dossier = dossiers.of(session, desk.attempt(third).id)
        assert all(messages.is_offered(session, desk.token(), each) for each in said)
        assert not messages.is_offered(session, desk.token(), elsewhere)
    assert [each.recording_sid for each in dossier.messages] == said
    assert [each.body for each in dossier.notes] == ["de poort is stuk"]


def test_a_merged_ticket_that_is_opened_again_goes_on_by_itself(desk: CallDesk) -> None:
    goes, stays = desk.waits(number=NUMBER, rank=9), desk.waits(number=NUMBER, rank=1)
    merging.merge(desk.services, wish(desk, goes), desk.ticket(stays).number)
    assert desk.ticket(goes).merged_into_id == desk.ticket(stays).id
    closing.reopen(desk.services, desk.ticket(goes).number, Person(1, "Bart", Role.AGENT, Language.NL))
    assert (desk.ticket(goes).state, desk.ticket(goes).merged_into_id) == (TicketState.OPEN, None)
