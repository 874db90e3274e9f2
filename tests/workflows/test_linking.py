"""The way to another moment, in every mail that names one: one secret a call-back, and none where it leads nowhere."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.store.hours import settle
from callbacks.workflows import emails, letters, linking
from models.callback import Callback
from models.outbox import OutboxMail
from models.sessions import Database
from models.vocabulary import CallbackState, Language
from tests.set_clock import SetClock
from tests.stand_ins import add_callback, add_contact, add_ticket, services_with

MONDAY = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
RANGE = Range(MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=2, minutes=30))
ADDRESS = re.compile(r"https://desk\.accel\.test/moment/[A-Za-z0-9_-]{32}(?![\w-])")
QUESTION = {
    Language.NL: "Past dat moment niet? Kies er hier een ander: https://",
    Language.FR: "Ce moment ne vous convient pas ? Choisissez-en un autre ici : https://",
    Language.EN: "Doesn't that time suit you? Choose another here: https://",
}
WHEN = {
    Language.NL: "Maandag 12 oktober, tussen 13.30 en 14 uur",
    Language.FR: "Lundi 12 octobre, entre 13 h 30 et 14 h",
    Language.EN: "Monday 12 October, between 13:30 and 14:00",
}


@pytest.fixture
def services(database: Database) -> Services:
    made = services_with(database, SetClock(MONDAY))
    with database.write() as session:
        settle(session, made.rules, MONDAY)
    return made


def mails_of(services: Services, language: Language = Language.NL, **columns: object) -> tuple[list[OutboxMail], str]:
    """Write the three mails of one call-back; return them with its secret."""
    with services.database.write() as session:
        contact = add_contact(session, language=language)
        ticket = add_ticket(session, MONDAY, contact=contact, language=language)
        callback = add_callback(session, MONDAY, ticket, promise=(RANGE.starts, RANGE.ends), **columns)  # type: ignore[arg-type]
        assert emails.queue_confirmation(session, services, ticket.id, MONDAY)
        assert letters.write_renewal(session, services, ticket.id, RANGE, MONDAY)
        assert letters.write_booking(session, services, ticket.id, RANGE, MONDAY)
        mails = list(session.query(OutboxMail).order_by(OutboxMail.id))
        session.refresh(callback)
        link = callback.link or ""
        session.expunge_all()
    return mails, link


@pytest.mark.parametrize("language", Language)
def test_every_mail_that_names_a_moment_leads_to_the_same_page(services: Services, language: Language) -> None:
    mails, link = mails_of(services, language)
    assert len(mails) == 3
    for mail in mails:
        assert WHEN[language] in mail.body_text
        assert QUESTION[language] in mail.body_text
        assert ADDRESS.findall(mail.body_text) == [f"https://desk.accel.test/moment/{link}"]
        assert ADDRESS.findall(mail.body_html) == [f"https://desk.accel.test/moment/{link}"]


@pytest.mark.parametrize("without", ["number", "moments", "turn"])
def test_where_it_would_lead_nowhere_no_mail_names_a_page_and_no_secret_is_made(
    services: Services, without: str
) -> None:
    if without == "moments":
        services = replace(services, rules=replace(services.rules, booking_days=0))
    nothing: dict[str, dict[str, object]] = {
        "number": {"number": None},
        "turn": {"state": CallbackState.NEEDS_HUMAN},
    }
    mails, link = mails_of(services, **nothing.get(without, {}))  # type: ignore[arg-type]
    assert link == ""
    for mail in mails:
        assert "/moment/" not in mail.body_text + mail.body_html
        assert "\n\n\n" not in mail.body_text


def test_each_choice_is_mailed_and_two_call_backs_have_two_secrets(services: Services) -> None:
    with services.database.write() as session:
        ticket = add_ticket(session, MONDAY, contact=add_contact(session))
        one, other = (add_callback(session, MONDAY, ticket, number=n) for n in ("+32470111111", "+32470222222"))
        assert letters.write_booking(session, services, ticket.id, RANGE, MONDAY)
        assert letters.write_booking(session, services, ticket.id, RANGE, MONDAY)
        assert [mail.copy for mail in session.query(OutboxMail).order_by(OutboxMail.id)] == [0, 1]
        links = {linking.moment_link(session, services, row.id) for row in (one, other)}
        assert len(links) == 2
        assert session.get_one(Callback, one.id).link != session.get_one(Callback, other.id).link


def test_who_has_no_address_is_promised_no_mail_of_his_choice(services: Services) -> None:
    with services.database.write() as session:
        ticket = add_ticket(session, MONDAY)
        add_callback(session, MONDAY, ticket)
        assert not letters.write_booking(session, services, ticket.id, RANGE, MONDAY)
