"""Notes, what is left to do, closing and opening again, and what a ticket is."""

import pytest
from sqlalchemy import func, select

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.store import work
from callbacks.store.signin import Person
from callbacks.workflows import closing, following_up, noting, reclassifying
from models.history import History
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import CallbackState, Language, MailKind, Option, Role, Subject, TalkOutcome, TicketState
from tests.call_desk import CallDesk
from tests.stand_ins import add_contact


@pytest.fixture
def who(bart: int) -> Person:
    """Bart, as he is signed in."""
    return Person(bart, "Bart", Role.AGENT, Language.NL)


def notes(desk: CallDesk, customer: int) -> list[str]:
    with desk.services.database.read() as session:
        return [note.body for note in work.notes(session, desk.ticket(customer).id)]


def revision(desk: CallDesk) -> int:
    with desk.services.database.read() as session:
        return session.scalar(select(func.max(History.id))) or 0


def test_a_note_is_kept_as_it_was_written_and_redraws_the_pages(desk: CallDesk, customer: int, who: Person) -> None:
    before, number = revision(desk), desk.ticket(customer).number
    assert noting.write(desk.services, number, "  eerst <b>dit</b>\r\ndan dat ", who)
    assert notes(desk, customer) == ["eerst <b>dit</b>\ndan dat"]
    assert revision(desk) > before


def test_a_note_sent_twice_stands_once_and_another_after_it_too(desk: CallDesk, customer: int, who: Person) -> None:
    number = desk.ticket(customer).number
    noting.write(desk.services, number, "een\r\ntwee", who)
    assert not noting.write(desk.services, number, "een\ntwee", who)
    noting.write(desk.services, number, "drie", who)
    assert notes(desk, customer) == ["drie", "een\ntwee"]


@pytest.mark.parametrize(
    ("body", "rule"), [(" \n ", Rule.NOTHING_WRITTEN), ("x" * (noting.LONGEST_NOTE + 1), Rule.TEXT_TOO_LONG)]
)
def test_a_note_of_nothing_or_too_much_is_refused_beside_its_field(
    desk: CallDesk, customer: int, who: Person, body: str, rule: Rule
) -> None:
    with pytest.raises(RuleRefused) as refused:
        noting.write(desk.services, desk.ticket(customer).number, body, who)
    assert (refused.value.rule, refused.value.field) == (rule, "note")
    assert notes(desk, customer) == []


def test_a_note_on_a_ticket_that_does_not_exist_is_refused(desk: CallDesk, who: Person) -> None:
    with pytest.raises(RefusedInput):
        noting.write(desk.services, 99_999, "iets", who)


@pytest.mark.usefixtures("customer")
def test_what_is_left_to_do_stands_most_urgent_first_until_it_is_ticked_off(
    desk: CallDesk, customer: int, who: Person
) -> None:
    number = desk.ticket(customer).number
    following_up.add(desk.services, number, "ooit", "", who)
    following_up.add(desk.services, number, "morgen", "2026-11-25", who)
    following_up.add(desk.services, number, "vandaag", "2026-11-24", who)
    assert not following_up.add(desk.services, number, "ooit", "", who)
    with desk.services.database.read() as session:
        open_ones = work.open_follow_ups(session, who.id)
    assert [each.body for each in open_ones] == ["vandaag", "morgen", "ooit"]
    following_up.tick_off(desk.services, open_ones[0].id, who)
    seen = revision(desk)
    following_up.tick_off(desk.services, open_ones[0].id, who)
    assert revision(desk) == seen
    with desk.services.database.read() as session:
        assert [each.body for each in work.open_follow_ups(session, who.id)] == ["morgen", "ooit"]
        every = work.follow_ups_of_ticket(session, desk.ticket(customer).id)
    assert [each.body for each in every] == ["morgen", "ooit", "vandaag"]


def test_a_day_that_is_none_is_refused(desk: CallDesk, customer: int, who: Person) -> None:
    with pytest.raises(RuleRefused) as refused:
        following_up.add(desk.services, desk.ticket(customer).number, "iets", "31/31", who)
    assert (refused.value.rule, refused.value.field) == (Rule.MOMENT_UNREADABLE, "due")


def test_a_ticket_is_not_closed_while_its_customer_is_owed_a_call(desk: CallDesk, customer: int, who: Person) -> None:
    with pytest.raises(RuleRefused) as refused:
        closing.close(desk.services, desk.ticket(customer).number, who)
    assert refused.value.rule is Rule.STILL_PROMISED
    assert desk.ticket(customer).state is TicketState.OPEN


def test_a_ticket_is_closed_with_its_mail_opened_again_and_closed_with_another(
    desk: CallDesk, customer: int, who: Person
) -> None:
    with desk.services.database.write() as session:
        contact = add_contact(session)
        ticket = session.scalars(select(Ticket)).one()
        ticket.customer_id, ticket.contact_id = contact.customer_id, contact.id
    desk.talks()
    desk.outcome(TalkOutcome.VISIT)
    number = desk.ticket(customer).number
    assert closing.close(desk.services, number, who)
    with pytest.raises(RuleRefused) as refused:
        closing.close(desk.services, number, who)
    assert refused.value.rule is Rule.TICKET_CLOSED
    closing.reopen(desk.services, number, who)
    assert desk.ticket(customer).state is TicketState.OPEN
    with pytest.raises(RuleRefused) as refused:
        closing.reopen(desk.services, number, who)
    assert refused.value.rule is Rule.TICKET_OPEN
    assert closing.close(desk.services, number, who)
    with desk.services.database.read() as session:
        assert [mail.kind for mail in session.scalars(select(OutboxMail))] == [MailKind.CLOSING] * 2


def test_an_outage_that_is_none_goes_back_in_the_queue_and_stands_in_its_trail(desk: CallDesk, who: Person) -> None:
    customer = desk.waits(option=Option.OUTAGE)
    number = desk.ticket(customer).number
    assert reclassifying.reclassify(desk.services, number, Option.OUTAGE, who) is False
    assert reclassifying.reclassify(desk.services, number, Option.QUESTION, who)
    question = desk.callback(customer)
    assert (question.option, desk.ticket(customer).option) == (Option.QUESTION, Option.QUESTION)
    reclassifying.reclassify(desk.services, number, Option.OUTAGE, who)
    assert desk.callback(customer).rank < question.rank
    with desk.services.database.read() as session:
        rows = session.scalars(select(History).where(History.subject == Subject.CALLBACK).order_by(History.id))
        assert [(row.who, row.why) for row in rows][-2:] == [
            ("Bart", "reclassified: question"),
            ("Bart", "reclassified: outage"),
        ]


def test_a_ticket_without_an_open_call_back_is_reclassified_too(desk: CallDesk, customer: int, who: Person) -> None:
    desk.talks()
    desk.outcome(TalkOutcome.VISIT)
    assert desk.state(customer) is CallbackState.DONE
    assert reclassifying.reclassify(desk.services, desk.ticket(customer).number, Option.QUESTION, who)
    assert (desk.ticket(customer).option, desk.callback(customer).option) == (Option.QUESTION, Option.OUTAGE)
