"""What a supervisor settles that is left over: customers not reached, tickets, mails, calls in doubt."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from callbacks.errors import MailRefused, Rule, RuleRefused
from callbacks.store import needy
from callbacks.workflows import emails, settling
from models.callback import Attempt, Callback
from models.outbox import OutboxMail
from models.vocabulary import AttemptState, CallbackState, MailKind, MailState, Subject, TicketState
from tests.call_desk import CallDesk, brussels
from tests.stand_ins import RecordingMailer
from tests.workflows.hands import DAY, knows_him, mails, wish

C = CallbackState


def given_up(desk: CallDesk) -> int:
    """Return a customer who was called in vain for the last time."""
    return desk.waits(state=C.UNREACHED)


def waits_for_a_person(desk: CallDesk) -> needy.Needy:
    with desk.services.database.read() as session:
        return needy.read(session, desk.clock.at)


def newest(desk: CallDesk, before: int) -> int:
    """Return the latest call-back of the ticket of another one."""
    with desk.services.database.read() as session:
        ticket = session.get_one(Callback, before).ticket_id
        found = session.scalar(select(func.max(Callback.id)).where(Callback.ticket_id == ticket))
    assert found is not None
    return found


def test_a_customer_not_reached_is_called_again_once_however_many_want_it(desk: CallDesk) -> None:
    desk.agent()
    before = given_up(desk)
    assert [each.callback_id for each in waits_for_a_person(desk).unreached] == [before]
    settling.call_again(desk.services, before, "Els")
    with pytest.raises(RuleRefused) as error:
        settling.call_again(desk.services, before, "Jan")
    assert error.value.rule is Rule.JUST_DECIDED
    again = newest(desk, before)
    assert (desk.state(before), desk.state(again), desk.callback(again).tries) == (C.UNREACHED, C.RESTING, 0)
    assert waits_for_a_person(desk).unreached == []
    desk.tick()
    assert desk.ring() == 1
    assert desk.ring() == 0


def test_a_customer_not_reached_is_called_again_only_once_we_are_open(desk: CallDesk) -> None:
    desk.agent()
    before = given_up(desk)
    desk.clock.at = brussels(DAY, "12:20:00")
    settling.call_again(desk.services, before, "Els")
    desk.tick()
    assert desk.ring() == 0
    desk.clock.at = brussels(DAY, "13:00:00")
    desk.tick()
    assert desk.ring() == 1


def test_a_ticket_is_closed_with_a_reason_and_a_mail_only_where_it_is_wished(desk: CallDesk) -> None:
    first, second = given_up(desk), given_up(desk)
    for callback in (first, second):
        number = desk.ticket(callback).number
        with pytest.raises(RuleRefused) as error:
            settling.close_ticket(desk.services, number, " ", "Els")
        assert error.value.rule is Rule.NO_REASON
    knows_him(desk, first)
    settling.close_ticket(desk.services, desk.ticket(first).number, "moved house", "Els", tell=True)
    settling.close_ticket(desk.services, desk.ticket(second).number, "moved house", "Els")
    assert (desk.ticket(first).state, desk.ticket(second).state) == (TicketState.CLOSED, TicketState.CLOSED)
    assert mails(desk) == [MailKind.CLOSING]
    assert waits_for_a_person(desk).unreached == []
    with pytest.raises(RuleRefused) as error:
        settling.close_ticket(desk.services, desk.ticket(first).number, "again", "Jan")
    assert error.value.rule is Rule.TICKET_CLOSED


def test_a_ticket_whose_customer_is_still_to_be_called_is_not_closed(desk: CallDesk) -> None:
    customer = desk.waits()
    with pytest.raises(RuleRefused) as error:
        settling.close_ticket(desk.services, desk.ticket(customer).number, "why not", "Els")
    assert error.value.rule is Rule.STILL_PROMISED
    assert desk.ticket(customer).state is TicketState.OPEN


def sent_by(desk: CallDesk, mailer: RecordingMailer) -> None:
    desk.services = replace(desk.services, mailer=mailer)


def undelivered(desk: CallDesk) -> int:
    """Return a mail that the mail server refuses for good."""
    customer = given_up(desk)
    knows_him(desk, customer)
    settling.close_ticket(desk.services, desk.ticket(customer).number, "moved house", "Els", tell=True)
    mailer = RecordingMailer([MailRefused("550 no such user")])
    sent_by(desk, mailer)
    assert emails.send_due(desk.services) == 0
    return waits_for_a_person(desk).mails[0].mail_id


def test_a_mail_that_was_refused_goes_out_to_the_address_a_person_gives(desk: CallDesk) -> None:
    mail = undelivered(desk)
    with pytest.raises(RuleRefused) as error:
        settling.send_again(desk.services, mail, "Els", "no address")
    assert (error.value.rule, error.value.field) == (Rule.NOT_AN_ADDRESS, "recipient")
    settling.send_again(desk.services, mail, "Els", "lien@peeters.test")
    assert waits_for_a_person(desk).mails == []
    mailer = RecordingMailer()
    sent_by(desk, mailer)
    assert emails.send_due(desk.services) == 1
    assert [each.recipient for each in mailer.taken] == ["lien@peeters.test"]
    assert desk.history(Subject.MAIL, mail) == ["pending", "sending", "dead", "pending", "sending", "sent"]
    with pytest.raises(RuleRefused) as error:
        settling.send_again(desk.services, mail, "Jan")
    assert error.value.rule is Rule.MAIL_SETTLED


def test_a_mail_that_somebody_has_dealt_with_is_never_sent_and_asks_for_nobody(desk: CallDesk) -> None:
    mail = undelivered(desk)
    settling.settle_mail(desk.services, mail, "Els")
    assert waits_for_a_person(desk).mails == []
    for late in (settling.settle_mail, settling.send_again):
        with pytest.raises(RuleRefused) as error:
            late(desk.services, mail, "Jan")
        assert error.value.rule is Rule.MAIL_SETTLED
    sent_by(desk, RecordingMailer())
    desk.clock.move(days=1)
    assert emails.send_due(desk.services) == 0
    with desk.services.database.read() as session:
        row = session.get_one(OutboxMail, mail)
        assert (row.state, row.settled_by) == (MailState.DEAD, "Els")


def test_what_is_in_doubt_is_asked_about_by_the_worker_and_by_no_page(desk: CallDesk) -> None:
    desk.agent()
    customer = desk.waits()
    desk.dispatch()
    attempt = desk.attempt(customer).id
    with pytest.raises(RuleRefused) as error:
        settling.ask_provider(desk.services, attempt, "Els")
    assert error.value.rule is Rule.NOT_IN_DOUBT
    desk.change(Attempt, attempt, state=AttemptState.UNKNOWN)
    assert [each.attempt_id for each in waits_for_a_person(desk).doubts] == [attempt]
    before = list(desk.bell.rung)
    settling.ask_provider(desk.services, attempt, "Els")
    assert desk.bell.rung == [*before, "upkeep"]
    assert desk.phone.placed == []


def test_a_promise_that_is_past_and_a_decision_wait_for_a_person(desk: CallDesk) -> None:
    at = desk.clock.at
    late = desk.waits(promise=(at - timedelta(hours=1), at - timedelta(minutes=1)))
    desk.waits(promise=(at - timedelta(hours=1), at + timedelta(minutes=1)))
    decide = desk.waits(state=C.NEEDS_HUMAN)
    waiting = waits_for_a_person(desk)
    assert [each.callback_id for each in waiting.expired] == [late]
    assert [(each.callback_id, each.seen) for each in waiting.decisions] == [(decide, wish(desk, decide).seen)]
    assert waiting.count == 2
