"""What a customer reads after a try in vain: why, when we call again, and where to choose another moment."""

import re

import pytest
from sqlalchemy import select

from callbacks.workflows import deciding, promising
from models.callback import Callback, Promise
from models.outbox import OutboxMail
from models.vocabulary import CallbackState, Language, LegStatus, MailKind
from tests.call_desk import CallDesk, brussels
from tests.stand_ins import add_callback, add_contact, add_ticket

NUMBER = "+32470123456"
REASONS = {
    (LegStatus.BUSY, Language.NL): "De lijn was bezet",
    (LegStatus.BUSY, Language.FR): "La ligne était occupée",
    (LegStatus.BUSY, Language.EN): "The line was busy",
    (LegStatus.NO_ANSWER, Language.NL): "Geen antwoord",
    (LegStatus.NO_ANSWER, Language.FR): "Pas de réponse",
    (LegStatus.NO_ANSWER, Language.EN): "No answer",
}


def known(desk: CallDesk, *, language: Language = Language.NL, email: str | None = "an@peeters.test") -> int:
    with desk.services.database.write() as session:
        contact = add_contact(session, email=email, language=language)
        ticket = add_ticket(session, desk.clock.at, number=10500, contact=contact, language=language)
        return add_callback(session, desk.clock.at, ticket, number=NUMBER).id


def mails(desk: CallDesk) -> list[OutboxMail]:
    with desk._look() as session:
        return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def promises(desk: CallDesk, callback_id: int) -> list[Promise]:
    with desk._look() as session:
        return list(session.scalars(select(Promise).where(Promise.callback_id == callback_id).order_by(Promise.id)))


@pytest.mark.parametrize(("status", "language"), REASONS)
def test_after_a_try_in_vain_he_reads_why_and_when_we_call_again(
    desk: CallDesk, status: LegStatus, language: Language
) -> None:
    desk.agent()
    customer = known(desk, language=language)
    desk.ring()
    desk.not_reached(status)
    (mail,) = mails(desk)
    assert mail.kind is MailKind.NOT_REACHED
    assert "10500" in mail.subject
    assert REASONS[status, language] in mail.body_text
    (promise,) = promises(desk, customer)
    assert promise.told
    shown = promise.starts.astimezone(desk.services.rules.zone)
    assert f"{shown:%-H}" in mail.body_text
    link = desk.callback(customer).link
    assert link is not None
    assert link in mail.body_text
    assert re.search(rf'<a href="https://[^"]*{link}"', mail.body_html)


def test_each_try_in_vain_is_one_mail_and_the_last_says_that_it_was_the_last(desk: CallDesk) -> None:
    desk.agent()
    customer = known(desk)
    for _ in range(3):
        desk.ring()
        desk.not_reached(LegStatus.BUSY)
        desk.clock.at = desk.callback(customer).not_before or desk.clock.at
        desk.tick()
    assert [mail.kind for mail in mails(desk)] == [MailKind.NOT_REACHED, MailKind.NOT_REACHED, MailKind.UNREACHED]


def test_however_often_the_end_is_told_there_is_one_mail(desk: CallDesk) -> None:
    desk.agent()
    known(desk)
    desk.ring()
    desk.not_reached(LegStatus.BUSY)
    for _ in range(3):
        desk.customer_leg(LegStatus.BUSY)
        desk.dial_action(LegStatus.BUSY, bridged=False)
    assert len(mails(desk)) == 1


def test_a_number_that_fails_asks_him_for_another_and_is_not_written_out(desk: CallDesk) -> None:
    desk.agent()
    customer = known(desk)
    desk.ring()
    desk.not_reached(LegStatus.FAILED)
    assert desk.state(customer) is CallbackState.NEEDS_HUMAN
    (mail,) = mails(desk)
    assert "Het nummer is niet bereikbaar" in mail.body_text
    assert "Zodra u ons een nummer geeft dat wel werkt" in mail.body_text
    assert "op 03 460 35 35" in mail.body_text
    assert "http" not in mail.body_text
    assert "3456" not in mail.body_text.replace(" ", "")
    assert promises(desk, customer) == []


def test_where_no_moments_are_offered_he_is_asked_to_call(desk: CallDesk) -> None:
    desk.rules(booking_days=0)
    desk.agent()
    known(desk)
    desk.ring()
    desk.not_reached(LegStatus.BUSY)
    (mail,) = mails(desk)
    assert "op 03 460 35 35" in mail.body_text
    assert "http" not in mail.body_text


def test_who_has_no_address_is_promised_a_moment_all_the_same_and_nobody_claims_that_he_knows(desk: CallDesk) -> None:
    desk.agent()
    customer = known(desk, email=None)
    desk.ring()
    desk.not_reached(LegStatus.BUSY)
    assert mails(desk) == []
    assert [row.told for row in promises(desk, customer)] == [False]


def test_with_nobody_to_foresee_his_turn_he_reads_from_when(desk: CallDesk) -> None:
    bart = desk.agent()
    known(desk)
    desk.ring()
    desk.change(type(desk.person(bart)), bart, wants_off_duty=True)
    desk.clock.at = brussels("2026-11-24", "10:10:00")
    desk.not_reached(LegStatus.BUSY)
    (mail,) = mails(desk)
    assert "Vanaf dinsdag 24 november om 10.15 uur" in mail.body_text


def test_while_dialling_is_stopped_no_range_is_promised_to_him(desk: CallDesk) -> None:
    desk.agent()
    customer = known(desk)
    desk.ring()
    desk.connects()
    deciding.pause_dialling(desk.services, "de lijnen worden verlegd", on=False)
    desk.customer_leg(LegStatus.BUSY)
    assert promises(desk, customer) == []
    (mail,) = mails(desk)
    assert "Vanaf dinsdag 24 november om 10.05 uur" in mail.body_text


def test_no_other_mail_follows_within_a_quarter_of_the_notice(desk: CallDesk) -> None:
    desk.agent()
    customer = known(desk)
    desk.ring()
    desk.not_reached(LegStatus.NO_ANSWER)
    for _ in range(20):
        desk.waits(rank=-50)
    for minutes in (2, 2, 2, 2, 2, 2, 3):
        assert len(mails(desk)) == 1
        desk.clock.move(minutes=minutes)
        promising.review(desk.services)
        desk.clock.passed_ms += 15_000
        promising.review(desk.services)
    assert [mail.kind for mail in mails(desk)] == [MailKind.NOT_REACHED, MailKind.RENEWAL]
    assert [row.told for row in promises(desk, customer)] == [True, True]


def test_a_call_back_that_was_taken_away_meanwhile_is_written_about_by_nobody(desk: CallDesk) -> None:
    desk.agent()
    customer = known(desk)
    desk.ring()
    desk.connects()
    desk.change(Callback, customer, fence=desk.callback(customer).fence + 1)
    desk.customer_leg(LegStatus.BUSY)
    assert mails(desk) == []
