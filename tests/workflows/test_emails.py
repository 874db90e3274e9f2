"""Confirmation and closing mails: to whom, once, in which words, and what a bad mail server changes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from callbacks.errors import MailDelayed, MailRefused
from callbacks.ports import Services
from callbacks.store.hours import settle
from callbacks.store.transitions import Cause, move_ticket
from callbacks.workflows import emails
from models.outbox import OutboxMail
from models.sessions import Database
from models.ticket import TimeEntry
from models.vocabulary import Language, MailState, Option, TalkOutcome, TicketState, WorkKind
from tests.set_clock import SetClock
from tests.smtp_servers import Postman, silent_server, smtp_server
from tests.stand_ins import RecordingMailer, add_agent, add_callback, add_contact, add_ticket, services_with

MONDAY = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)  # 11.30 in Brussels
SUNDAY = datetime(2026, 10, 11, 9, 30, tzinfo=UTC)
DAY_MINUTES = 24 * 60


@pytest.fixture
def mailer() -> RecordingMailer:
    return RecordingMailer()


@pytest.fixture
def services(database: Database, mailer: RecordingMailer) -> Services:
    made = services_with(database, SetClock(MONDAY), mailer)
    with database.write() as session:
        settle(session, made.rules, MONDAY)
    return made


def _confirm(services: Services, now: datetime = MONDAY, **wanted: object) -> bool:
    contact = {key: wanted.pop(key) for key in ("email", "name", "language") if key in wanted}
    promise = wanted.pop("promise", None)
    with services.database.write() as session:
        person = add_contact(session, **contact)  # type: ignore[arg-type]
        ticket = add_ticket(session, now, contact=person, language=person.language, **wanted)  # type: ignore[arg-type]
        add_callback(session, now, ticket, promise=promise)  # type: ignore[arg-type]
        return emails.queue_confirmation(session, services, ticket.id, now)


def _clock(services: Services) -> SetClock:
    assert isinstance(services.clock, SetClock)
    return services.clock


def test_the_confirmation_names_ticket_reason_and_promise_in_text_and_html(
    services: Services,
    mailer: RecordingMailer,
) -> None:
    start = datetime(2026, 10, 12, 12, 15, tzinfo=UTC)
    assert _confirm(services, promise=(start, start + timedelta(minutes=30)))
    assert emails.send_due(services) == 1
    (mail,) = mailer.taken
    assert mail.recipient == "an@peeters.test"
    assert mail.subject == "Uw oproep is geregistreerd: ticket 10001"
    for body in (mail.body_text, mail.body_html):
        assert "Dag An Peeters," in body
        assert "10001" in body
        assert "Een storing die uw bedrijf stillegt" in body
        assert "Maandag 12 oktober, tussen 14.15 en 14.45 uur" in body
        assert "Accel" in body
    assert '<html lang="nl">' in mail.body_html


@pytest.mark.parametrize(
    ("language", "now", "words"),
    [
        (Language.NL, MONDAY, "Van zodra een medewerker vrij is"),
        (Language.NL, SUNDAY, "Vanaf maandag 12 oktober om 9 uur"),
        (Language.FR, MONDAY, "Dès qu'un collaborateur est disponible"),
        (Language.FR, SUNDAY, "À partir de lundi 12 octobre à 9 h"),
        (Language.EN, MONDAY, "As soon as a colleague is free"),
        (Language.EN, SUNDAY, "From Monday 12 October at 9:00"),
    ],
)
def test_without_a_promise_the_mail_says_the_next_opening(
    services: Services,
    mailer: RecordingMailer,
    language: Language,
    now: datetime,
    words: str,
) -> None:
    assert _confirm(services, now, language=language, option=Option.QUESTION)
    _clock(services).at = now
    emails.send_due(services)
    assert words in mailer.taken[0].body_text
    assert mailer.taken[0].language is language


def test_a_contact_without_an_address_is_promised_no_mail(services: Services) -> None:
    assert not _confirm(services, email=None)


def test_an_unknown_caller_is_promised_no_mail(services: Services) -> None:
    with services.database.write() as session:
        ticket = add_ticket(session, MONDAY)
        assert not emails.queue_confirmation(session, services, ticket.id, MONDAY)


def test_asked_twice_one_confirmation_goes(services: Services, mailer: RecordingMailer) -> None:
    assert _confirm(services)
    with services.database.write() as session:
        ticket_id = session.scalar(select(OutboxMail.ticket_id))
        assert ticket_id is not None
        assert emails.queue_confirmation(session, services, ticket_id, MONDAY)
    assert emails.send_due(services) == 1
    assert len(mailer.taken) == 1


def test_markup_in_a_name_stays_text(services: Services, mailer: RecordingMailer) -> None:
    _confirm(services, name="<script>An</script> $ticket")
    emails.send_due(services)
    assert "<script>" not in mailer.taken[0].body_html
    assert "&lt;script&gt;An" in mailer.taken[0].body_html
    assert "$ticket" in mailer.taken[0].body_text


def _close(services: Services, ticket_id: int, now: datetime) -> bool:
    with services.database.write() as session:
        cause = Cause(now, "Bart", "solved")
        assert move_ticket(
            session, ticket_id, {TicketState.OPEN}, TicketState.CLOSED, cause, outcome=TalkOutcome.SOLVED
        )
        return emails.queue_closing(session, services, ticket_id, now)


def _worked_ticket(services: Services, seconds: int) -> int:
    with services.database.write() as session:
        ticket = add_ticket(session, MONDAY, contact=add_contact(session), subject="Kassa start\nniet op")
        agent = add_agent(session, MONDAY)
        session.add(
            TimeEntry(ticket_id=ticket.id, agent_id=agent.id, kind=WorkKind.TALK, started_at=MONDAY, seconds=seconds)
        )
        return ticket.id


@pytest.mark.parametrize(("seconds", "minutes"), [(60, "1 minuut"), (61, "2 minuten"), (0, "0 minuten")])
def test_the_closing_mail_tells_subject_outcome_and_minutes(
    services: Services,
    mailer: RecordingMailer,
    seconds: int,
    minutes: str,
) -> None:
    ticket_id = _worked_ticket(services, seconds)
    assert _close(services, ticket_id, MONDAY)
    emails.send_due(services)
    (mail,) = mailer.taken
    assert mail.subject == "Uw ticket 10001 is afgesloten"
    for line in (
        "Onderwerp: Kassa start niet op",
        "Geregistreerd: Maandag 12 oktober om 11.30 uur",
        "Resultaat: Opgelost",
        minutes,
    ):
        assert line in mail.body_text


def test_a_ticket_that_is_open_gets_no_closing_mail(services: Services) -> None:
    ticket_id = _worked_ticket(services, 60)
    with services.database.write() as session:
        assert not emails.queue_closing(session, services, ticket_id, MONDAY)


def test_a_ticket_closed_a_second_time_gets_a_second_closing_mail(services: Services, mailer: RecordingMailer) -> None:
    ticket_id = _worked_ticket(services, 60)
    assert _close(services, ticket_id, MONDAY)
    with services.database.write() as session:
        assert emails.queue_closing(session, services, ticket_id, MONDAY)
        assert move_ticket(session, ticket_id, {TicketState.CLOSED}, TicketState.OPEN, Cause(MONDAY, "Bart", "again"))
    assert _close(services, ticket_id, MONDAY)
    assert emails.send_due(services) == 2
    assert len({mail.message_id for mail in mailer.taken}) == 2


def _state(services: Services) -> MailState:
    with services.database.read() as session:
        return session.scalars(select(OutboxMail.state)).one()


def test_a_refused_mail_is_dead_and_the_next_one_goes(services: Services, mailer: RecordingMailer) -> None:
    _confirm(services)
    with services.database.write() as session:
        other = add_ticket(
            session, MONDAY, number=10002, contact=add_contact(session, company="Beta", email="b@beta.test")
        )
        emails.queue_confirmation(session, services, other.id, MONDAY)
    mailer.troubles.append(MailRefused("550 no such user"))
    assert emails.send_due(services) == 1
    assert [mail.recipient for mail in mailer.taken] == ["b@beta.test"]
    _clock(services).move(days=2)
    assert emails.send_due(services) == 0


def test_even_an_error_nobody_thought_of_stops_no_other_mail(services: Services, mailer: RecordingMailer) -> None:
    _confirm(services)
    mailer.troubles.append(ZeroDivisionError())
    assert emails.send_due(services) == 0
    assert _state(services) is MailState.PENDING


def test_a_delayed_mail_is_tried_after_1_5_15_and_60_minutes_then_hourly_for_a_day_and_then_given_up(
    services: Services,
    mailer: RecordingMailer,
) -> None:
    _confirm(services)
    clock, pauses = _clock(services), [1, 5, 15, *[60] * 24]
    for pause in pauses:
        mailer.troubles.append(MailDelayed("away"))
        assert emails.send_due(services) == 0
        assert mailer.troubles == []
        clock.move(minutes=pause, seconds=-1)
        emails.send_due(services)
        assert mailer.taken == []
        clock.move(seconds=1)
    assert sum(pauses) >= DAY_MINUTES
    mailer.troubles.append(MailDelayed("away"))
    emails.send_due(services)
    assert _state(services) is MailState.DEAD


def test_mail_goes_over_real_smtp_once_the_server_stops_refusing(database: Database, services: Services) -> None:
    from callbacks.providers.smtp_mailer import SmtpMailer  # noqa: PLC0415 - the only test here with a real mail server

    postman = Postman(at_recipient=["451 greylisted"])
    with smtp_server(postman) as url:
        real = services_with(database, _clock(services), SmtpMailer(url, "desk@accel.test", services.clock))
        _confirm(real)
        assert emails.send_due(real) == 0
        _clock(services).move(minutes=1)
        assert emails.send_due(real) == 1
    assert len(postman.taken) == 1


def test_no_transaction_is_open_while_a_mail_server_hangs(database: Database, services: Services) -> None:
    from callbacks.providers.smtp_mailer import SmtpMailer  # noqa: PLC0415 - as above

    class Looking(SmtpMailer):
        def send(self, mail: object) -> None:
            with database.write() as session:
                session.execute(text("UPDATE ticket SET subject = 'written meanwhile'"))
            super().send(mail)  # type: ignore[arg-type]

    with silent_server() as url:
        real = services_with(database, _clock(services), Looking(url, "desk@accel.test", services.clock, timeout=0.2))
        _confirm(real)
        assert emails.send_due(real) == 0
    assert _state(services) is MailState.PENDING
