"""A number nobody knew is put with a contact, and what it has asked for goes along."""

from typing import Any

import pytest
from sqlalchemy import select

from callbacks.errors import Rule, RuleRefused
from callbacks.rules.phone_numbers import NumberRefused, Refusal
from callbacks.store.callers import recognise
from callbacks.store.hours import reckon
from callbacks.workflows import naming_callers
from models.callback import Callback, CallLeg
from models.customer import ContactNumber
from models.ticket import Ticket
from models.vocabulary import Agreement, CallbackState, LegKind, LegStatus, Option, Subject, TicketState
from tests.call_desk import CallDesk
from tests.stand_ins import add_contact

STRANGE = "+32470999999"
TYPED = "0470 99 99 99"


def contact(desk: CallDesk, **columns: Any) -> int:
    with desk.services.database.write() as session:
        return add_contact(session, **columns).id


def waits(desk: CallDesk, number: str = STRANGE, **columns: Any) -> int:
    """Let somebody wait at the place that is his by the rules."""
    waiting = desk.waits(number=number, option=Option.QUESTION, **columns)
    with desk.services.database.write() as session:
        callback = session.get_one(Callback, waiting)
        callback.rank = reckon(session, desk.services.rules, callback)
    return waiting


def in_order(desk: CallDesk) -> list[int]:
    with desk.services.database.read() as session:
        return list(session.scalars(select(Callback.id).order_by(Callback.rank, Callback.id)))


def test_the_number_is_known_from_then_on(desk: CallDesk) -> None:
    known, moved = naming_callers.name(desk.services, TYPED, contact(desk), "Els")
    assert (known.name, moved) == ("An Peeters", 0)
    with desk.services.database.read() as session:
        assert recognise(session, STRANGE).contact_id == known.contact_id


def test_his_open_tickets_go_along_and_move_up_where_the_agreement_gives_priority(desk: CallDesk) -> None:
    first, second = waits(desk, "+32470888888"), waits(desk)
    known, moved = naming_callers.name(desk.services, TYPED, contact(desk, agreement=Agreement.MANAGED), "Els")
    assert moved == 1
    assert in_order(desk) == [second, first]
    ticket = desk.ticket(second)
    assert (ticket.customer_id, ticket.contact_id) == (known.customer_id, known.contact_id)
    assert desk.ticket(first).customer_id is None
    assert desk.history(Subject.TICKET, ticket.id) == ["open"]
    assert desk.history(Subject.CALLBACK, second) == ["waiting"]
    assert desk.bell.rung == ["dispatch"]


def test_without_priority_he_keeps_his_place(desk: CallDesk) -> None:
    first, second = waits(desk, "+32470888888"), waits(desk)
    naming_callers.name(desk.services, TYPED, contact(desk, agreement=Agreement.TIME_AND_MATERIALS), "Els")
    assert in_order(desk) == [first, second]


def test_what_he_asked_for_from_it_goes_along_though_another_telephone_is_called(desk: CallDesk) -> None:
    waiting = waits(desk, "+32470888888")
    with desk.services.database.write() as session:
        sid = "CA" + "1" * 32
        session.add(
            CallLeg(
                call_sid=sid,
                kind=LegKind.INBOUND,
                number=STRANGE,
                status=LegStatus.COMPLETED,
                sequence=0,
                started_at=desk.clock.at,
            )
        )
        session.get_one(Callback, waiting).inbound_sid = sid
    assert naming_callers.name(desk.services, TYPED, contact(desk), "Els")[1] == 1


def test_closed_tickets_and_those_that_have_a_customer_stay_as_they_are(desk: CallDesk) -> None:
    closed, named = waits(desk), waits(desk)
    other = contact(desk, company="Garage", name="Koen", phone="+32470222222")
    with desk.services.database.write() as session:
        session.get_one(Ticket, session.get_one(Callback, closed).ticket_id).state = TicketState.CLOSED
        session.get_one(Ticket, session.get_one(Callback, named).ticket_id).contact_id = other
        session.get_one(Ticket, session.get_one(Callback, named).ticket_id).customer_id = 1
    assert naming_callers.name(desk.services, TYPED, contact(desk), "Els")[1] == 0
    assert desk.ticket(closed).customer_id is None
    assert desk.ticket(named).contact_id == other


def test_one_who_needs_a_person_gets_his_name_too(desk: CallDesk) -> None:
    waiting = waits(desk, state=CallbackState.NEEDS_HUMAN)
    assert naming_callers.name(desk.services, TYPED, contact(desk), "Els")[1] == 1
    assert desk.state(waiting) is CallbackState.NEEDS_HUMAN


@pytest.mark.parametrize(
    ("number", "reason"), [("0470 00 00 01", Refusal.AGENT), ("03 460 35 35", Refusal.OWN), ("12", Refusal.INVALID)]
)
def test_a_number_that_is_no_customers_is_put_with_none(desk: CallDesk, number: str, reason: Refusal) -> None:
    desk.agent()
    who = contact(desk)
    with pytest.raises(NumberRefused) as refused:
        naming_callers.name(desk.services, number, who, "Els")
    assert refused.value.reason is reason
    with desk.services.database.read() as session:
        assert list(session.scalars(select(ContactNumber.number))) == ["+32470111111"]


def test_a_switchboard_may_be_that_of_several_but_nobodys_twice(desk: CallDesk) -> None:
    first = contact(desk)
    second = contact(desk, company="Garage", name="Koen", phone="+32470222222")
    for who in (first, second):
        naming_callers.name(desk.services, TYPED, who, "Els")
    assert [each.name for each in naming_callers.look(desk.services, TYPED).owners] == ["An Peeters", "Koen"]
    with pytest.raises(RuleRefused) as refused:
        naming_callers.name(desk.services, TYPED, second, "Els")
    assert refused.value.rule is Rule.NUMBER_LINKED


def test_somebody_who_is_not_there_is_refused(desk: CallDesk) -> None:
    with pytest.raises(RuleRefused) as refused:
        naming_callers.name(desk.services, TYPED, 4711, "Els")
    assert refused.value.rule is Rule.NO_SUCH_CONTACT
