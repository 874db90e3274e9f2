"""What came in by another way is taken down: a ticket, a place in the queue, a promise and a mail, all or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from callbacks.errors import RingbackError, Rule, RuleRefused
from callbacks.rules.phone_numbers import NumberRefused, Refusal
from callbacks.store.number_guards import add
from callbacks.store.signin import Person
from callbacks.store.transitions import Cause
from callbacks.workflows import booking, taking_down
from callbacks.workflows.taking_down import Report
from models.callback import Callback, Promise
from models.customer import Contact
from models.outbox import OutboxMail
from models.ticket import MissedCall, Ticket, TicketNote
from models.vocabulary import Agreement, CallbackState, Channel, Language, MailKind, Option, Role, Subject
from tests.call_desk import CallDesk
from tests.stand_ins import RecordingBell, add_contact

Take = Callable[..., int]


@pytest.fixture
def els(desk: CallDesk) -> Person:
    """A supervisor who writes down what she is told; Bart is free to call."""
    desk.agent()
    return Person(desk.agent("Els", role=Role.SUPERVISOR), "Els", Role.SUPERVISOR, Language.NL)


@pytest.fixture
def take(desk: CallDesk, els: Person) -> Take:
    """Take something down, each time on a new form."""
    forms = iter(range(100))

    def take(**changes: Any) -> int:
        report = Report(Option.QUESTION, Language.NL, "De printer", f"form {next(forms)}", number="0470 99 88 77")
        return taking_down.take_down(desk.services, replace(report, **changes), els)

    return take


def contact(desk: CallDesk, **columns: Any) -> int:
    with desk.services.database.write() as session:
        return add_contact(session, **columns).id


def everything(desk: CallDesk) -> tuple[int, ...]:
    """Return how many rows there are of all that is made."""
    with desk.services.database.read() as session:
        tables = (Ticket, Callback, Promise, OutboxMail, TicketNote)
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def only(desk: CallDesk, table: Any) -> Any:
    with desk.services.database.read() as session:
        row = session.scalars(select(table)).one()
        session.expunge_all()
        return row


def test_what_was_told_becomes_a_ticket_a_place_a_promise_and_a_mail(desk: CallDesk, els: Person, take: Take) -> None:
    who = contact(desk, agreement=Agreement.MANAGED)
    number = take(contact_id=who, option=Option.OUTAGE, language=Language.FR, note="Staat in de gang.")
    ticket, callback = only(desk, Ticket), only(desk, Callback)
    assert (ticket.number, ticket.channel, ticket.subject) == (number, Channel.DESK, "De printer")
    assert (ticket.contact_id, ticket.option, ticket.language) == (who, Option.OUTAGE, Language.FR)
    assert (callback.state, callback.number, callback.number_confirmed) == (CallbackState.WAITING, "+32470998877", True)
    assert callback.arrived_at == desk.clock.at
    given, mail, note = only(desk, Promise), only(desk, OutboxMail), only(desk, TicketNote)
    assert (callback.promise_from, callback.promise_to) == (given.starts, given.ends)
    assert given.told, "the mail tells it"
    assert (mail.kind, mail.recipient) == (MailKind.CONFIRMATION, "an@peeters.test")
    assert (note.body, note.agent_id) == ("Staat in de gang.", els.id)
    assert desk.history(Subject.CALLBACK, callback.id)[0] == "waiting"
    assert rung(desk) == ["mail", "dispatch"]


def rung(desk: CallDesk) -> list[str]:
    bell = desk.services.bell
    assert isinstance(bell, RecordingBell)
    return bell.rung


def test_priority_is_that_of_the_customer(desk: CallDesk, take: Take) -> None:
    managed = contact(desk, agreement=Agreement.MANAGED)
    hourly = contact(desk, company="Garage", name="Koen", agreement=Agreement.TIME_AND_MATERIALS, phone="+32470222222")
    for who in (hourly, managed):
        take(contact_id=who)
    with desk.services.database.read() as session:
        in_order = session.scalars(select(Ticket.contact_id).join(Callback).order_by(Callback.rank))
        assert list(in_order) == [managed, hourly]


def test_the_call_is_made_like_any_other(desk: CallDesk, take: Take) -> None:
    take()
    assert desk.ring() == 1


def test_a_stranger_needs_no_name_and_gets_no_mail(desk: CallDesk, take: Take) -> None:
    take()
    assert (only(desk, Ticket).customer_id, only(desk, Promise).told) == (None, False)
    assert rung(desk) == ["dispatch"]


@pytest.mark.parametrize("is_stranger", [False, True])
def test_the_number_says_who_he_is_unless_somebody_knows_better(desk: CallDesk, take: Take, is_stranger: bool) -> None:
    who = contact(desk)
    take(number="0470 11 11 11", is_stranger=is_stranger)
    assert only(desk, Ticket).contact_id == (None if is_stranger else who)


def test_a_company_may_be_known_where_the_person_is_not(desk: CallDesk, take: Take) -> None:
    who = contact(desk)
    with desk.services.database.read() as session:
        customer_id = session.get_one(Contact, who).customer_id
    take(customer_id=customer_id)
    assert (only(desk, Ticket).customer_id, only(desk, Ticket).contact_id) == (customer_id, None)


def test_an_extension_is_keyed_once_the_switchboard_answers(desk: CallDesk, take: Take) -> None:
    take(number="02 555 12 34*17")
    assert (only(desk, Callback).number, only(desk, Callback).extension) == ("+3225551234", "17")


def test_without_a_call_back_nobody_is_promised_or_called_and_the_number_is_noted(desk: CallDesk, take: Take) -> None:
    take(contact_id=contact(desk), calls_back=False, note="Opgelost in de gang.")
    assert everything(desk) == (1, 0, 0, 0, 1)
    assert only(desk, TicketNote).body == "Opgelost in de gang.\n0470 99 88 77"
    assert rung(desk) == []


def test_a_moment_that_was_chosen_is_rested_for_and_told_in_one_mail(desk: CallDesk, take: Take) -> None:
    moment = booking.moments(desk.services)[3]
    take(contact_id=contact(desk), moment=moment)
    callback, mail = only(desk, Callback), only(desk, OutboxMail)
    assert (callback.state, callback.not_before) == (CallbackState.RESTING, moment.starts)
    assert (callback.booked_from, callback.promise_to) == (moment.starts, moment.ends)
    assert mail.kind is MailKind.CONFIRMATION
    assert desk.ring() == 0
    desk.clock.at = moment.starts
    desk.tick()
    assert desk.ring() == 1


def test_the_last_place_of_a_moment_is_given_once(desk: CallDesk, take: Take) -> None:
    moment = booking.moments(desk.services)[0]
    take(moment=moment)
    before = everything(desk)
    with pytest.raises(RuleRefused) as refused:
        take(moment=moment, number="0470 99 88 66")
    assert (refused.value.rule, refused.value.field) == (Rule.MOMENT_TAKEN, "moment")
    assert everything(desk) == before


def test_a_moment_that_was_never_offered_is_none(desk: CallDesk, take: Take) -> None:
    odd = booking.moments(desk.services)[0]
    with pytest.raises(RuleRefused):
        take(moment=replace(odd, starts=odd.starts + timedelta(minutes=7), ends=odd.ends + timedelta(minutes=7)))
    assert everything(desk) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("0903 12 345", Refusal.PREMIUM),
        ("112", Refusal.EMERGENCY),
        ("03 460 35 35", Refusal.OWN),
        ("0470 00 00 01", Refusal.AGENT),
        ("+1 202 555 0123", Refusal.NOT_ALLOWED),
        ("0470 66 66 66", Refusal.GUARDED),
        ("geen idee", Refusal.INVALID),
    ],
)
def test_a_number_is_refused_as_on_the_telephone_and_nothing_is_kept(
    desk: CallDesk, take: Take, number: str, reason: Refusal
) -> None:
    with desk.services.database.write() as session:
        add(session, "+32470666666", whole=True, expires_at=None, cause=Cause(desk.clock.at, "Els", "wil dit niet"))
    with pytest.raises(NumberRefused) as refused:
        take(number=number)
    assert refused.value.reason is reason
    assert everything(desk) == (0, 0, 0, 0, 0)
    assert rung(desk) == []


def test_a_number_has_no_more_open_call_backs_than_the_house_allows_whoever_enters_them(
    desk: CallDesk, take: Take
) -> None:
    desk.rules(max_open_per_number=2)
    for _ in range(2):
        take()
    with pytest.raises(NumberRefused) as refused:
        take()
    assert refused.value.reason is Refusal.TOO_MANY
    take(option=Option.OUTAGE)
    take(calls_back=False)


@pytest.mark.parametrize(
    ("missing", "field"), [({"subject": ""}, "subject"), ({"number": ""}, "number"), ({"contact_id": 9999}, "contact")]
)
def test_what_is_missing_is_said_beside_its_field(
    desk: CallDesk, take: Take, missing: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleRefused) as refused:
        take(**missing)
    assert refused.value.field == field
    assert everything(desk) == (0, 0, 0, 0, 0)


def test_a_form_that_is_sent_twice_makes_one_ticket(desk: CallDesk, take: Take) -> None:
    take(form="the same")
    with pytest.raises(RuleRefused) as refused:
        take(form="the same")
    assert refused.value.rule is Rule.ALREADY_SENT
    assert everything(desk)[:2] == (1, 1)


def test_a_form_that_was_refused_may_be_sent_again(desk: CallDesk, take: Take) -> None:
    with pytest.raises(NumberRefused):
        take(form="the same", number="112")
    take(form="the same")
    assert everything(desk)[:2] == (1, 1)


def missed(desk: CallDesk) -> str:
    call = MissedCall(call_sid="CA" + "5" * 32, number="+32470998877", language=Language.NL, at=desk.clock.at)
    with desk.services.database.write() as session:
        session.add(call)
    return "CA" + "5" * 32


def test_a_missed_call_is_dealt_with_by_the_ticket_that_is_made_of_it(desk: CallDesk, take: Take) -> None:
    take(missed=missed(desk))
    call = only(desk, MissedCall)
    assert (call.handled_by, call.handled_at, call.ticket_id) == ("Els", desk.clock.at, only(desk, Ticket).id)


def test_of_a_missed_call_that_somebody_has_dealt_with_no_second_ticket_is_made(desk: CallDesk, take: Take) -> None:
    call = missed(desk)
    take(missed=call)
    with pytest.raises(RuleRefused) as refused:
        take(missed=call, number="0470 99 88 66")
    assert (refused.value.rule, refused.value.values) == (Rule.MISSED_HANDLED, {"who": "Els"})
    assert everything(desk)[:2] == (1, 1)


def test_a_calendar_that_cannot_answer_costs_nobody_his_ticket(
    desk: CallDesk, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        message = "no hours"
        raise RingbackError(message)

    monkeypatch.setattr("callbacks.workflows.placing.place", broken)
    take()
    assert "ranked without a calendar" in (only(desk, Callback).why or "")
