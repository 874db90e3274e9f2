"""One failure that many report: marked, answered and closed together, each on his own ticket."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import incidents as stored
from callbacks.workflows import announcing, deciding, emails, incidents, letters_of_the_desk
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import (
    CallbackState,
    Language,
    MailKind,
    Subject,
    TalkOutcome,
    TicketState,
)
from tests.call_desk import CallDesk
from tests.stand_ins import add_contact

WHO = "Els"
TEXTS = {Language.NL: "De mailserver ligt plat.", Language.FR: "Le serveur de mail est en panne."}


@pytest.fixture
def incident(desk: CallDesk) -> int:
    return incidents.open_incident(desk.services, "Mailserver plat", {}, WHO)


def reports(desk: CallDesk, language: Language = Language.NL, *, email: str | None = "an@peeters.test") -> int:
    """Somebody waits who has an address; return his call-back."""
    waiting = desk.waits(language=language)
    with desk.services.database.write() as session:
        number = desk.ticket(waiting).number
        contact = add_contact(session, company=f"Klant {number}", email=email, phone=f"+3247{number:07}")
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        ticket.contact_id, ticket.customer_id = contact.id, contact.customer_id
    return waiting


def number(desk: CallDesk, waiting: int) -> int:
    return desk.ticket(waiting).number


def mark(desk: CallDesk, incident: int, *waiting: int) -> int:
    return incidents.mark(desk.services, incident, {number(desk, each) for each in waiting}, WHO)


def mails(desk: CallDesk, kind: MailKind) -> list[OutboxMail]:
    with desk.services.database.read() as session:
        found = list(session.scalars(select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id)))
        session.expunge_all()
    return found


def failure(desk: CallDesk, incident: int) -> stored.Failure:
    with desk.services.database.read() as session:
        found = stored.one(session, incident)
    assert found is not None
    return found


def test_an_incident_is_announced_at_once_where_a_text_is_given(desk: CallDesk) -> None:
    opened = incidents.open_incident(desk.services, " Mailserver plat ", TEXTS, WHO)
    assert failure(desk, opened).title == "Mailserver plat"
    assert {each.language: each.text for each in announcing.what_is_heard(desk.services)} == TEXTS
    assert desk.history(Subject.INCIDENT, opened) == ["open"]


@pytest.mark.parametrize(
    ("title", "texts", "rule"),
    [
        ("  ", {}, Rule.NO_TITLE),
        ("Plat", {Language.EN: "..."}, Rule.NOT_SPOKEN),
        ("Plat", {Language.EN: "x" * 301}, Rule.TEXT_TOO_LONG),
    ],
)
def test_an_incident_without_title_or_with_a_text_nobody_can_say_is_not_opened(
    desk: CallDesk, title: str, texts: dict[Language, str], rule: Rule
) -> None:
    with pytest.raises(RuleRefused) as refused:
        incidents.open_incident(desk.services, title, texts, WHO)
    assert refused.value.rule is rule
    with desk.services.database.read() as session:
        assert stored.every(session) == []


def test_marked_tickets_name_the_incident_and_can_be_taken_out(desk: CallDesk, incident: int) -> None:
    first, second = desk.waits(), desk.waits()
    assert mark(desk, incident, first, second) == 2
    assert mark(desk, incident, first) == 0
    assert (failure(desk, incident).tickets, failure(desk, incident).open_tickets) == (2, 2)
    incidents.unmark(desk.services, incident, number(desk, first), WHO)
    assert desk.ticket(first).incident_id is None
    assert desk.history(Subject.TICKET, desk.ticket(first).id)[-2:] == ["joined_incident", "left_incident"]


def test_one_ticket_that_may_not_be_marked_leaves_all_as_they_were(desk: CallDesk, incident: int) -> None:
    good, elsewhere = desk.waits(), desk.waits()
    other = incidents.open_incident(desk.services, "Internet weg", {}, WHO)
    mark(desk, other, elsewhere)
    for wrong, rule in ((99999, Rule.NO_SUCH_TICKET), (number(desk, elsewhere), Rule.OTHER_INCIDENT)):
        with pytest.raises(RuleRefused) as refused:
            incidents.mark(desk.services, incident, {number(desk, good), wrong}, WHO)
        assert refused.value.rule is rule
    assert desk.ticket(good).incident_id is None


def test_one_answer_goes_to_each_in_his_own_language_about_his_own_ticket(desk: CallDesk, incident: int) -> None:
    dutch, french, english = reports(desk), reports(desk, Language.FR), reports(desk, Language.EN)
    silent = reports(desk, email=None)
    mark(desk, incident, dutch, french, english, silent)
    done = incidents.answer_all(desk.services, incident, {**TEXTS, Language.EN: "  "}, 0, WHO)
    assert (done.mails, done.without_address) == (3, [number(desk, silent)])
    written = mails(desk, MailKind.ANSWER)
    assert [mail.ticket_id for mail in written] == [desk.ticket(each).id for each in (dutch, french, english)]
    assert [TEXTS[Language.FR] in mail.body_text for mail in written] == [False, True, False]
    assert TEXTS[Language.NL] in written[2].body_text


def test_the_same_form_sent_twice_writes_to_nobody_twice(desk: CallDesk, incident: int) -> None:
    mark(desk, incident, reports(desk))
    incidents.answer_all(desk.services, incident, TEXTS, 0, WHO)
    with pytest.raises(RuleRefused) as refused:
        incidents.answer_all(desk.services, incident, TEXTS, 0, WHO)
    assert refused.value.rule is Rule.JUST_ANSWERED
    assert len(mails(desk, MailKind.ANSWER)) == 1
    incidents.answer_all(desk.services, incident, TEXTS, 1, WHO)
    assert len(mails(desk, MailKind.ANSWER)) == 2


def test_an_answer_is_text_in_its_mail_and_never_markup(desk: CallDesk, incident: int) -> None:
    mark(desk, incident, reports(desk))
    incidents.answer_all(desk.services, incident, {Language.NL: "<script>x</script>\nTwee & drie"}, 0, WHO)
    (mail,) = mails(desk, MailKind.ANSWER)
    assert "&lt;script&gt;x&lt;/script&gt;<br>Twee &amp; drie" in mail.body_html
    assert "<script>" not in mail.body_html


def test_one_closing_closes_each_ticket_with_its_own_mail_and_calls_nobody_any_more(
    desk: CallDesk, incident: int
) -> None:
    announcing.announce(desk.services, TEXTS, None, WHO)
    first, second = reports(desk), reports(desk, Language.FR)
    mark(desk, incident, first, second)
    done = incidents.close_all(desk.services, incident, WHO, silence=True)
    assert (done.tickets, done.remaining) == (2, [])
    for each in (first, second):
        assert desk.ticket(each).state is TicketState.CLOSED
        assert desk.ticket(each).outcome is TalkOutcome.SOLVED
        assert desk.state(each) is CallbackState.CANCELLED
        assert desk.callback(each).why == f"incident {incident}: Mailserver plat solved"
    assert [mail.subject for mail in mails(desk, MailKind.CLOSING)] == [
        f"Uw ticket {number(desk, first)} is afgesloten",
        f"Votre ticket {number(desk, second)} est clôturé",
    ]
    assert failure(desk, incident).closed_by == WHO
    assert announcing.what_is_heard(desk.services) == []
    desk.agent()
    assert desk.ring() == 0


def test_whoever_is_being_called_stays_open_and_is_named_and_the_incident_with_him(
    desk: CallDesk, incident: int
) -> None:
    called = reports(desk)
    desk.agent()
    desk.ring()
    desk.connects()
    waits = reports(desk)
    mark(desk, incident, called, waits)
    done = incidents.close_all(desk.services, incident, WHO, silence=False)
    assert (done.tickets, done.remaining) == (1, [number(desk, called)])
    assert desk.ticket(called).state is TicketState.OPEN
    assert desk.state(called) is CallbackState.ACTIVE
    assert failure(desk, incident).closed_at is None
    desk.talks()
    desk.outcome(TalkOutcome.SOLVED)
    assert incidents.close_all(desk.services, incident, WHO, silence=False).remaining == []
    assert failure(desk, incident).closed_at is not None


def test_a_bad_row_does_not_stop_the_others(desk: CallDesk, incident: int, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = reports(desk), reports(desk)
    mark(desk, incident, bad, good)
    real = emails.queue_closing

    def breaks(session: object, services: object, ticket_id: int, now: object) -> bool:
        if ticket_id == desk.ticket(bad).id:
            message = "no paper"
            raise OSError(message)
        return real(session, services, ticket_id, now)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(emails, "queue_closing", breaks)
    done = incidents.close_all(desk.services, incident, WHO, silence=False)
    assert (done.tickets, done.remaining) == (1, [number(desk, bad)])
    assert desk.state(bad) is CallbackState.WAITING
    assert desk.ticket(good).state is TicketState.CLOSED


def test_a_mail_that_cannot_be_written_is_named_and_the_others_go(
    desk: CallDesk, incident: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = reports(desk), reports(desk)
    mark(desk, incident, bad, good)
    real = letters_of_the_desk.write_answer

    def breaks(session: Session, services: Services, ticket_id: int, text: str, copy: int, now: datetime) -> bool:
        if ticket_id == desk.ticket(bad).id:
            message = "no paper"
            raise OSError(message)
        return real(session, services, ticket_id, text, copy, now)

    monkeypatch.setattr(incidents, "write_answer", breaks)
    done = incidents.answer_all(desk.services, incident, TEXTS, 0, WHO)
    assert (done.mails, done.failed) == (1, [number(desk, bad)])
    assert [mail.ticket_id for mail in mails(desk, MailKind.ANSWER)] == [desk.ticket(good).id]


def test_a_closed_incident_takes_nobody_more(desk: CallDesk, incident: int) -> None:
    incidents.close_all(desk.services, incident, WHO, silence=False)
    late = desk.waits()
    for deed in (
        lambda: mark(desk, incident, late),
        lambda: incidents.close_all(desk.services, incident, WHO, silence=False),
        lambda: incidents.answer_all(desk.services, incident, TEXTS, 0, WHO),
    ):
        with pytest.raises(RuleRefused) as refused:
            deed()
        assert refused.value.rule is Rule.INCIDENT_OVER


def test_a_cancelled_call_back_of_a_marked_ticket_is_no_obstacle(desk: CallDesk, incident: int) -> None:
    waiting = reports(desk)
    mark(desk, incident, waiting)
    deciding.cancel(desk.services, number(desk, waiting), "belt zelf", WHO)
    assert incidents.close_all(desk.services, incident, WHO, silence=False).tickets == 1
