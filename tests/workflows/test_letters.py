"""Every mail in every language and every case is written out to the end, as text and as HTML that closes its tags."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.store.alarms import Reader, Shown
from callbacks.store.hours import settle
from callbacks.store.transitions import Cause, move_ticket
from callbacks.workflows import letter_paper, letters
from callbacks.workflows.letters_of_the_desk import write_alarms, write_answer
from models.customer import Contact
from models.outbox import OutboxMail
from models.sessions import Database
from models.ticket import Ticket, TimeEntry
from models.vocabulary import AlarmKind, Language, MailKind, Option, TalkOutcome, TicketState, WorkKind
from models.vocabulary import CustomerOutcome as C
from tests.remembering_texts import RememberingTexts, keys_of
from tests.set_clock import SetClock
from tests.stand_ins import add_agent, add_callback, add_contact, add_ticket, services_with

MONDAY = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
NIGHT = datetime(2026, 10, 12, 22, 30, tzinfo=UTC)
PROMISES = (
    None,
    (MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2)),
    (MONDAY + timedelta(hours=1), MONDAY + timedelta(days=1)),
)
RANGE = Range(MONDAY, MONDAY + timedelta(minutes=30))
ABOUT: dict[str, Any] = {
    "raised_at": MONDAY,
    "told_at": None,
    "arrived_at": MONDAY,
    "promised_until": None,
    "pinned_to": None,
}
ALARMS = [
    Shown(id=1, kind=AlarmKind.PROMISE_PAST, ticket=10001, company="Peeters & <Zn>", number="+3225551234", **ABOUT),
    Shown(id=2, kind=AlarmKind.OUTAGE_WAITING, ticket=10002, company=None, number="+3225551234", **ABOUT),
    Shown(id=3, kind=AlarmKind.OUTAGE_CLOSED, ticket=10003, company=None, number=None, **ABOUT),
    Shown(id=4, kind=AlarmKind.ALL_PAUSED, ticket=None, company=None, number=None, **ABOUT),
]
VOID = frozenset({"meta", "br"})


@pytest.fixture
def services(tmp_path: Path, sqlite_template: Path) -> Iterator[Services]:
    """One database is enough: what is written is tested, and not where it is kept."""
    shutil.copy(sqlite_template, tmp_path / "ringback.db")
    database = Database(f"sqlite:///{tmp_path / 'ringback.db'}")
    made = services_with(database, SetClock(MONDAY))
    with database.write() as session:
        settle(session, made.rules, MONDAY)
    yield replace(made, texts=RememberingTexts())
    database.close()


class Balance(HTMLParser):
    """Raises AssertionError for a tag that is closed where it is not open."""

    def __init__(self, page: str) -> None:
        """Read a whole page."""
        super().__init__()
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what is open."""
        del attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost."""
        assert self.open, tag
        assert self.open.pop() == tag


def tickets(session: Session, language: Language) -> Iterator[Ticket]:
    """Yield ever new tickets, of each option in turn, all of one contact."""
    contact: Contact = add_contact(session, language=language)
    for number in count(10001):
        option = Option.OUTAGE if number % 2 else Option.QUESTION
        yield add_ticket(session, MONDAY, number=number, contact=contact, option=option, language=language)


def written(services: Services, language: Language) -> list[OutboxMail]:
    """Write every mail that can be written in a language, and return them all."""
    with services.database.write() as session:
        agent = add_agent(session, MONDAY)
        each = tickets(session, language)
        for now in (MONDAY, NIGHT):
            for promise in PROMISES:
                ticket = next(each)
                add_callback(session, now, ticket, promise=promise)
                assert letters.write_confirmation(session, services, ticket.id, now)
                assert letters.write_renewal(session, services, ticket.id, RANGE, now)
                assert letters.write_booking(session, services, ticket.id, RANGE, now)
        for tries in (1, 3):
            assert letters.write_unreached(session, services, next(each).id, tries, MONDAY)
            assert letters.write_unreached(session, services, next(each).id, tries, MONDAY)
        for _ in Option:
            assert letters.write_cancellation(session, services, next(each).id, MONDAY)
            assert letters.write_cancellation(session, services, next(each).id, MONDAY, by_desk=True)
        promised = (MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2))
        for tried in (C.BUSY, C.NO_ANSWER, C.MACHINE, C.FAILED):
            for rest, promise in ((None, None), (MONDAY, None), (NIGHT, None), (MONDAY, promised)):
                ticket = next(each)
                add_callback(session, MONDAY, ticket, promise=promise).not_before = rest
                session.flush()
                assert letters.write_not_reached(session, services, ticket.id, tried, MONDAY)
        for outcome in TalkOutcome:
            for seconds in (0, 60, 61):
                ticket = next(each)
                talk = {"kind": WorkKind.TALK, "started_at": MONDAY, "seconds": seconds}
                session.add(TimeEntry(ticket_id=ticket.id, agent_id=agent.id, **talk))
                session.flush()
                cause = Cause(MONDAY, "Bart", "the talk is over")
                assert move_ticket(session, ticket.id, {TicketState.OPEN}, TicketState.CLOSED, cause, outcome=outcome)
                assert letters.write_closing(session, services, ticket.id, MONDAY)
        assert write_answer(session, services, next(each).id, "Het werkt weer.\nExcuses.", 0, MONDAY)
        reader = Reader("Els", "els@accel.test", language)
        for alarms in ([ALARMS[0]], ALARMS * 6):
            write_alarms(session, services, reader, alarms, MONDAY)
        mails = list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))
        session.expunge_all()
    return mails


@pytest.mark.parametrize("language", Language)
def test_no_mail_has_a_place_left_open_or_a_tag_unclosed(services: Services, language: Language) -> None:
    mails = written(services, language)
    assert {mail.kind for mail in mails} == set(MailKind)
    for mail in mails:
        for part in (mail.subject, mail.body_text, re.sub(r"<style>.*</style>", "", mail.body_html)):
            assert part.strip()
            assert not set("${}") & set(part), part
        assert Balance(mail.body_html).open == []
        assert f'<html lang="{language}">' in mail.body_html


def test_every_text_of_the_mails_stands_in_one_of_them(services: Services) -> None:
    texts = services.texts
    assert isinstance(texts, RememberingTexts)
    written(services, Language.FR)
    assert texts.asked == keys_of("mail")


def test_all_mails_stand_on_one_sheet_as_text_and_as_html_and_no_other_is_there() -> None:
    folder = letter_paper.TEMPLATES
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {"body.txt", "body.html"}
