import pytest
from sqlalchemy import select

from callbacks.errors import Rule, RuleRefused
from callbacks.store import board, mail_facts
from callbacks.store.signin import Person
from callbacks.workflows import entering_time
from models.history import History
from models.ticket import TimeEntry
from models.vocabulary import Language, LegStatus, Role, Subject, WorkKind
from tests.call_desk import CallDesk


@pytest.fixture
def talked(desk: CallDesk, customer: int) -> int:
    """The customer of a talk of ten minutes that has ended."""
    desk.talks(seconds=600)
    return customer


@pytest.fixture
def who(bart: int) -> Person:
    """Bart, as he is signed in."""
    return Person(bart, "Bart", Role.AGENT, Language.NL)


def minutes_worked(desk: CallDesk, customer: int) -> tuple[int, int]:
    """Return the minutes of `ringback tickets --json`, and those of the closing mail."""
    ticket = desk.ticket(customer)
    with desk.services.database.read() as session:
        listed = next(row for row in board.tickets(session) if row.number == ticket.number)
        return listed.minutes_worked, mail_facts.seconds_worked(session, ticket.id) // 60


def test_a_correction_keeps_what_was_measured_and_every_sum_follows(desk: CallDesk, talked: int, who: Person) -> None:
    (entry,) = desk.times(talked)
    number = desk.ticket(talked).number
    given = entering_time.correct(desk.services, entry.id, typed="12:30", was=600, why="nog gezocht", who=who)
    assert given == number
    (entry,) = desk.times(talked)
    assert (entry.seconds, entry.measured_seconds, entry.why) == (750, 600, "nog gezocht")
    assert minutes_worked(desk, talked) == (13, 12)
    entering_time.correct(desk.services, entry.id, typed="5", was=750, why="toch niet", who=who)
    (entry,) = desk.times(talked)
    assert (entry.seconds, entry.measured_seconds) == (300, 600)
    with desk.services.database.read() as session:
        rows = session.scalars(select(History).where(History.subject == Subject.TIME_ENTRY).order_by(History.id))
        assert [(row.who, row.why) for row in rows] == [
            ("Bart", "10 → 12:30 min: nog gezocht"),
            ("Bart", "12:30 → 5 min: toch niet"),
        ]


def test_news_of_the_leg_that_comes_late_corrects_what_was_measured_and_not_the_person(
    desk: CallDesk, talked: int, who: Person
) -> None:
    (entry,) = desk.times(talked)
    entering_time.correct(desk.services, entry.id, typed="12", was=600, why="nog gezocht", who=who)
    desk.customer_leg(LegStatus.COMPLETED, seconds=595)
    (entry,) = desk.times(talked)
    assert (entry.seconds, entry.measured_seconds) == (720, 595)


@pytest.mark.parametrize("typed", ["", "-1", "1:75", "1,5", "één", "99999", "1441"])
def test_what_is_no_time_is_refused(desk: CallDesk, talked: int, who: Person, typed: str) -> None:
    (entry,) = desk.times(talked)
    with pytest.raises(RuleRefused) as refused:
        entering_time.correct(desk.services, entry.id, typed=typed, was=600, why="zo", who=who)
    assert (refused.value.rule, refused.value.field) == (Rule.NO_DURATION, "duration")


def test_a_correction_without_a_reason_is_refused(desk: CallDesk, talked: int, who: Person) -> None:
    (entry,) = desk.times(talked)
    with pytest.raises(RuleRefused) as refused:
        entering_time.correct(desk.services, entry.id, typed="5", was=600, why=" ", who=who)
    assert (refused.value.rule, refused.value.field) == (Rule.NO_REASON, "why")
    assert desk.times(talked)[0].seconds == 600


def test_nobody_corrects_a_colleagues_time(desk: CallDesk, talked: int) -> None:
    (entry,) = desk.times(talked)
    cem = Person(desk.agent("Cem"), "Cem", Role.AGENT, Language.NL)
    with pytest.raises(RuleRefused) as refused:
        entering_time.correct(desk.services, entry.id, typed="5", was=600, why="zo", who=cem)
    assert refused.value.rule is Rule.NOT_YOURS
    assert desk.times(talked)[0].seconds == 600


def test_who_corrects_what_was_changed_meanwhile_is_told_so(desk: CallDesk, talked: int, who: Person) -> None:
    (entry,) = desk.times(talked)
    entering_time.correct(desk.services, entry.id, typed="5", was=600, why="zo", who=who)
    with pytest.raises(RuleRefused) as refused:
        entering_time.correct(desk.services, entry.id, typed="7", was=600, why="of zo", who=who)
    assert refused.value.rule is Rule.JUST_DECIDED
    assert desk.times(talked)[0].seconds == 300


def test_work_by_hand_counts_and_a_form_sent_twice_counts_once(desk: CallDesk, talked: int, who: Person) -> None:
    number = desk.ticket(talked).number
    assert entering_time.add(desk.services, number, typed="15", what="offerte", who=who)
    desk.clock.move(seconds=2)
    assert not entering_time.add(desk.services, number, typed="15", what="offerte", who=who)
    assert minutes_worked(desk, talked) == (25, 25)
    by_hand = [entry for entry in desk.times(talked) if entry.kind is WorkKind.WORK]
    assert [(entry.seconds, entry.why, entry.measured_seconds) for entry in by_hand] == [(900, "offerte", None)]
    desk.clock.move(minutes=20)
    assert entering_time.add(desk.services, number, typed="15", what="offerte", who=who)
    assert minutes_worked(desk, talked) == (40, 40)


@pytest.mark.parametrize(("typed", "what", "rule"), [("0", "werk", Rule.NO_DURATION), ("5", "", Rule.NOTHING_WRITTEN)])
def test_work_of_no_time_or_without_a_word_is_refused(
    desk: CallDesk, talked: int, who: Person, typed: str, what: str, rule: Rule
) -> None:
    with pytest.raises(RuleRefused) as refused:
        entering_time.add(desk.services, desk.ticket(talked).number, typed=typed, what=what, who=who)
    assert refused.value.rule is rule
    with desk.services.database.read() as session:
        assert len(session.scalars(select(TimeEntry)).all()) == 1
