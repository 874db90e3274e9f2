from datetime import datetime

import pytest
from sqlalchemy import select

from callbacks.errors import Rule, RuleRefused
from callbacks.store.signin import Person
from callbacks.workflows import calling_again, settling, stating, wrapping_up
from callbacks.workflows.stating import Word
from models.callback import Callback, Promise
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import AgentState, CallbackState, Language, MailKind, Role, Subject, TalkOutcome, TicketState
from tests.call_desk import CallDesk, brussels
from tests.stand_ins import add_contact

C, G, T = CallbackState, AgentState, TalkOutcome


@pytest.fixture
def talked(desk: CallDesk, bart: int, customer: int) -> int:
    """The customer of a talk that has just ended; Bart wraps up."""
    del bart
    desk.talks()
    desk.hangs_up()
    return customer


def person(desk: CallDesk, agent_id: int) -> Person:
    return Person(agent_id, desk.person(agent_id).name, Role.AGENT, Language.NL)


def says(desk: CallDesk, customer: int, outcome: TalkOutcome, at: str = "", *, by_me: bool = False) -> None:
    attempt = desk.attempt(customer)
    stating.state(desk.services, attempt.id, Word(outcome, at, by_me), person(desk, attempt.agent_id))


def refusal(desk: CallDesk, customer: int, outcome: TalkOutcome, at: str = "") -> Rule:
    with pytest.raises(RuleRefused) as refused:
        says(desk, customer, outcome, at)
    return refused.value.rule


def callbacks_of(desk: CallDesk, customer: int) -> list[Callback]:
    ticket = desk.ticket(customer).id
    with desk.services.database.read() as session:
        rows = list(session.scalars(select(Callback).where(Callback.ticket_id == ticket).order_by(Callback.id)))
        session.expunge_all()
    return rows


@pytest.mark.parametrize(
    ("outcome", "state", "ticket"),
    [
        (T.SOLVED, C.DONE, TicketState.CLOSED),
        (T.VISIT, C.DONE, TicketState.OPEN),
        (T.CALL_AGAIN, C.RESTING, TicketState.OPEN),
        (T.WRONG_PERSON, C.RESTING, TicketState.OPEN),
        (T.WRONG_NUMBER, C.NEEDS_HUMAN, TicketState.OPEN),
    ],
)
def test_what_is_said_on_the_page_decides_what_follows_and_sets_the_agent_free(
    desk: CallDesk, bart: int, talked: int, outcome: TalkOutcome, state: CallbackState, ticket: TicketState
) -> None:
    says(desk, talked, outcome)
    assert (desk.state(talked), desk.callback(talked).outcome) == (state, outcome)
    assert (desk.ticket(talked).state, desk.ticket(talked).outcome) == (ticket, outcome)
    assert desk.doing(bart) is G.FREE
    assert "mail" in desk.bell.rung


def test_nothing_can_be_said_while_the_customer_is_on_the_line(desk: CallDesk, bart: int, customer: int) -> None:
    desk.connects()
    desk.customer_answers()
    assert refusal(desk, customer, T.SOLVED) is Rule.STILL_TALKING
    assert (desk.state(customer), desk.ticket(customer).state, desk.doing(bart)) == (
        C.ACTIVE, TicketState.OPEN, G.ON_CALL,
    )  # fmt: skip


def test_it_may_be_said_as_soon_as_the_customer_has_hung_up(desk: CallDesk, bart: int, customer: int) -> None:
    desk.talks()
    says(desk, customer, T.SOLVED)
    assert (desk.state(customer), desk.doing(bart)) == (C.DONE, G.ON_CALL)
    desk.hangs_up()
    assert desk.doing(bart) is G.FREE


@pytest.mark.usefixtures("bart")
def test_the_page_is_told_what_was_keyed_before(desk: CallDesk, customer: int) -> None:
    desk.talks()
    desk.outcome(T.VISIT)
    with pytest.raises(RuleRefused) as refused:
        says(desk, customer, T.SOLVED)
    assert (refused.value.rule, refused.value.values) == (Rule.OUTCOME_STANDS, {"outcome": T.VISIT})
    assert (desk.callback(customer).outcome, desk.ticket(customer).state) == (T.VISIT, TicketState.OPEN)


def test_the_same_word_twice_counts_once_and_is_no_mistake(desk: CallDesk, talked: int) -> None:
    says(desk, talked, T.CALL_AGAIN)
    rests_until, rows = desk.callback(talked).not_before, desk.history(Subject.CALLBACK, talked)
    says(desk, talked, T.CALL_AGAIN)
    assert desk.callback(talked).not_before == rests_until
    assert desk.history(Subject.CALLBACK, talked) == rows


def test_nobody_says_how_anothers_talk_ended(desk: CallDesk, talked: int) -> None:
    cem = desk.agent("Cem")
    with pytest.raises(RuleRefused) as refused:
        stating.state(desk.services, desk.attempt(talked).id, Word(T.SOLVED), person(desk, cem))
    assert refused.value.rule is Rule.NOT_YOURS
    assert desk.state(talked) is C.WRAP_UP


def test_a_chosen_moment_is_promised_booked_and_kept(desk: CallDesk, bart: int, talked: int) -> None:
    says(desk, talked, T.CALL_AGAIN, "2026-11-24 14:10", by_me=True)
    at, until = brussels("2026-11-24", "14:10:00"), brussels("2026-11-24", "14:40:00")
    again = desk.callback(talked)
    assert (again.state, again.not_before, again.pinned_agent_id) == (C.RESTING, at, bart)
    assert (again.booked_from, again.booked_to, again.promise_from, again.promise_to) == (at, until, at, until)
    with desk.services.database.read() as session:
        in_force = session.scalars(select(Promise).where(Promise.result.is_(None))).one()
        assert (in_force.starts, in_force.told) == (at, True)
    desk.agent("Cem", idle_since=brussels("2026-11-24", "08:00:00"))
    desk.clock.at = brussels("2026-11-24", "14:09:59")
    desk.tick()
    assert desk.ring() == 0
    desk.clock.at = at
    desk.tick()
    assert desk.ring() == 1
    assert desk.attempt(talked).agent_id == bart


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-11-24 12:30", Rule.MOMENT_OUTSIDE_HOURS),
        ("2026-11-24 17:00", Rule.MOMENT_OUTSIDE_HOURS),
        ("2026-11-24 16:59", Rule.MOMENT_OUTSIDE_HOURS),
        ("2026-11-28 10:00", Rule.MOMENT_OUTSIDE_HOURS),
        ("2026-11-24 09:30", Rule.MOMENT_PAST),
        ("2027-03-01 10:00", Rule.MOMENT_TOO_FAR),
        ("overmorgen", Rule.MOMENT_UNREADABLE),
    ],
    ids=["lunch", "evening", "last call", "Saturday", "past", "spring", "no moment"],
)
def test_a_moment_that_cannot_be_is_refused_with_its_rule_and_nothing_is_decided(
    desk: CallDesk, bart: int, talked: int, at: str, rule: Rule
) -> None:
    assert refusal(desk, talked, T.CALL_AGAIN, at) is rule
    assert (desk.state(talked), desk.callback(talked).outcome, desk.doing(bart)) == (C.WRAP_UP, None, G.WRAP_UP)


def test_a_moment_that_everybody_is_promised_away_at_is_refused(desk: CallDesk, talked: int) -> None:
    other = desk.waits()
    half = brussels("2026-11-24", "14:00:00"), brussels("2026-11-24", "14:30:00")
    desk.change(Callback, other, booked_from=half[0], booked_to=half[1])
    assert refusal(desk, talked, T.CALL_AGAIN, "2026-11-24 14:15") is Rule.NOBODY_FREE_THEN
    says(desk, talked, T.CALL_AGAIN, "2026-11-24 14:30")
    assert desk.callback(talked).booked_from == half[1]


def test_what_is_offered_can_be_chosen(desk: CallDesk, talked: int) -> None:
    first, *more = calling_again.offers(desk.services, 5)
    assert len(more) == 4
    says(desk, talked, T.CALL_AGAIN, f"{first.starts.astimezone(desk.services.rules.zone):%Y-%m-%d %H:%M}")
    assert desk.callback(talked).booked_from == first.starts


def test_a_talk_without_outcome_is_settled_days_later(desk: CallDesk, talked: int) -> None:
    desk.clock.move(seconds=120)
    desk.tick()
    assert desk.callback(talked).outcome is T.UNSTATED
    desk.clock.at = brussels("2026-11-26", "10:00:00")
    says(desk, talked, T.SOLVED)
    assert (desk.callback(talked).outcome, desk.ticket(talked).state) == (T.SOLVED, TicketState.CLOSED)


@pytest.mark.parametrize(
    ("outcome", "at", "state", "rests"),
    [
        (T.CALL_AGAIN, "2026-11-27 11:00", C.RESTING, brussels("2026-11-27", "11:00:00")),
        (T.CALL_AGAIN, "", C.RESTING, brussels("2026-11-26", "13:00:00")),
        (T.WRONG_NUMBER, "", C.NEEDS_HUMAN, None),
    ],
)
def test_said_days_later_the_ticket_gets_a_call_back_of_its_own(
    desk: CallDesk, talked: int, outcome: TalkOutcome, at: str, state: CallbackState, rests: datetime | None
) -> None:
    desk.clock.move(seconds=120)
    desk.tick()
    desk.clock.at = brussels("2026-11-26", "10:00:00")
    says(desk, talked, outcome, at)
    first, anew = callbacks_of(desk, talked)
    assert (first.state, first.outcome) == (C.DONE, outcome)
    assert (anew.state, anew.not_before, anew.number) == (state, rests, first.number)
    assert desk.history(Subject.CALLBACK, anew.id)[0] == state


def test_no_second_call_back_is_made_beside_an_open_one(desk: CallDesk, talked: int) -> None:
    desk.clock.move(seconds=120)
    desk.tick()
    other = desk.waits()
    desk.change(Callback, other, ticket_id=desk.ticket(talked).id)
    assert refusal(desk, talked, T.CALL_AGAIN, "2026-11-25 10:00") is Rule.CALLBACK_OPEN
    says(desk, talked, T.CALL_AGAIN)
    assert len(callbacks_of(desk, talked)) == 2


def test_a_customer_with_an_address_is_written_to_about_his_moment(desk: CallDesk, talked: int) -> None:
    with desk.services.database.write() as session:
        contact = add_contact(session)
        ticket = session.get_one(Ticket, session.get_one(Callback, talked).ticket_id)
        ticket.customer_id, ticket.contact_id = contact.customer_id, contact.id
    says(desk, talked, T.CALL_AGAIN, "2026-11-24 14:00")
    with desk.services.database.read() as session:
        assert [mail.kind for mail in session.scalars(select(OutboxMail))] == [MailKind.BOOKING]


@pytest.mark.usefixtures("bart")
def test_who_keys_after_the_page_hears_what_stands(desk: CallDesk, customer: int) -> None:
    desk.talks()
    says(desk, customer, T.VISIT)
    stands = wrapping_up.outcome_by_key(desk.services, desk.token(), desk.sid_of(), T.SOLVED)
    assert stands is not None
    assert stands.outcome is T.VISIT
    assert desk.ticket(customer).state is TicketState.OPEN


def test_of_a_wrong_number_the_supervisor_reads_who_heard_it(desk: CallDesk, talked: int) -> None:
    says(desk, talked, T.WRONG_NUMBER)
    stands = desk.callback(talked)
    assert stands.why == "wrong number: Bart heard that it is not the customer's"
    assert (stands.not_before, stands.pinned_agent_id, stands.promise_from) == (None, None, None)


@pytest.mark.parametrize("outcome", [T.CALL_AGAIN, T.WRONG_PERSON, T.WRONG_NUMBER])
def test_an_old_page_gets_nobody_called_about_a_ticket_that_was_closed_meanwhile(
    desk: CallDesk, talked: int, outcome: TalkOutcome
) -> None:
    desk.clock.move(minutes=10)
    desk.tick()
    settling.close_ticket(desk.services, desk.ticket(talked).number, "opgelost", "Els")
    assert refusal(desk, talked, outcome) is Rule.TICKET_CLOSED
    assert [each.state for each in callbacks_of(desk, talked)] == [C.DONE]
    assert desk.callback(talked).outcome is T.UNSTATED
    says(desk, talked, T.VISIT)
    assert desk.callback(talked).outcome is T.VISIT
    assert desk.ticket(talked).state is TicketState.CLOSED
