"""Agents come and go by their shifts; what they say themselves holds until the next edge."""

from datetime import date, datetime, time

import pytest

from callbacks.errors import RefusedInput
from callbacks.rules.shifts import Shift, weekly
from callbacks.workflows import duty, promising, rostering
from models import agent as tables
from models.agent import Agent
from models.vocabulary import AgentState, Role, TalkOutcome
from tests.call_desk import CallDesk, brussels

G = AgentState
TUESDAY = "2026-11-24"


@pytest.fixture
def bart(desk: CallDesk) -> int:
    """Bart works on Tuesdays to Thursdays from nine to one."""
    agent = desk.agent("Bart")
    enter(desk, "Tu-Th", time(9), time(13))
    return agent


def enter(desk: CallDesk, days: str, start: time, end: time, *, name: str = "Bart") -> int:
    (number,) = rostering.add_shifts(desk.services, name, [Shift(weekly(days), date(2026, 11, 1), start, end)], "Els")
    return number


def it_is(desk: CallDesk, clock: str, day: str = TUESDAY) -> datetime | None:
    desk.clock.at = brussels(day, clock)
    return desk.tick()


def test_he_comes_on_duty_when_his_shift_begins_and_goes_when_it_ends(desk: CallDesk, bart: int) -> None:
    it_is(desk, "08:59:59")
    assert desk.doing(bart) is G.OFF_DUTY
    it_is(desk, "09:00:00")
    assert desk.doing(bart) is G.FREE
    it_is(desk, "12:59:59")
    assert desk.doing(bart) is G.FREE
    it_is(desk, "13:00:00")
    assert desk.doing(bart) is G.OFF_DUTY


def test_the_clock_sleeps_no_longer_than_until_the_next_edge(desk: CallDesk, bart: int) -> None:
    del bart
    assert it_is(desk, "12:00:00") == brussels(TUESDAY, "13:00:00")


def test_who_goes_home_early_stays_away_until_his_next_shift(desk: CallDesk, bart: int) -> None:
    it_is(desk, "10:00:00")
    duty.go_off_duty(desk.services, "Bart", "Bart")
    it_is(desk, "10:00:05")
    it_is(desk, "12:59:00")
    assert desk.doing(bart) is G.OFF_DUTY
    it_is(desk, "09:00:00", "2026-11-25")
    assert desk.doing(bart) is G.FREE


def test_who_stays_on_after_his_shift_is_on_duty_until_the_next_one_ends(desk: CallDesk, bart: int) -> None:
    it_is(desk, "13:00:00")
    duty.come_on_duty(desk.services, "Bart", "Bart")
    it_is(desk, "16:00:00")
    assert desk.doing(bart) is G.FREE


def test_a_shift_that_ends_in_the_middle_of_a_talk_ends_after_it(desk: CallDesk, bart: int) -> None:
    it_is(desk, "12:30:00", "2026-11-25")
    desk.clock.at = brussels("2026-11-25", "11:50:00")
    desk.waits()
    desk.ring()
    desk.connects()
    it_is(desk, "13:00:00", "2026-11-25")
    assert desk.doing(bart) is G.ON_CALL
    desk.talks()
    desk.hangs_up()
    desk.outcome(TalkOutcome.SOLVED)
    assert desk.doing(bart) is G.OFF_DUTY


def test_a_new_shift_brings_back_who_was_paused_after_missed_calls(desk: CallDesk, bart: int) -> None:
    it_is(desk, "10:00:00")
    desk.change(Agent, bart, state=G.PAUSED, missed_in_a_row=3)
    it_is(desk, "09:00:00", "2026-11-25")
    assert (desk.doing(bart), desk.person(bart).missed_in_a_row) == (G.FREE, 0)


def test_an_absence_keeps_him_away_whatever_his_shifts_say(desk: CallDesk, bart: int) -> None:
    away = brussels(TUESDAY, "09:00:00"), brussels(TUESDAY, "11:00:00")
    rostering.add_absence(desk.services, "Bart", *away, "tandarts", "Els")
    it_is(desk, "10:00:00")
    assert desk.doing(bart) is G.OFF_DUTY
    it_is(desk, "11:00:00")
    assert desk.doing(bart) is G.FREE


def test_two_clocks_act_upon_an_edge_once(desk: CallDesk, bart: int) -> None:
    it_is(desk, "09:00:00")
    duty.go_off_duty(desk.services, "Bart", "Bart")
    desk.tick()
    assert desk.doing(bart) is G.OFF_DUTY
    it_is(desk, "13:00:00")
    duty.come_on_duty(desk.services, "Bart", "Bart")
    # A look that began a moment before the edge, and waited for its turn to write.
    it_is(desk, "12:59:59")
    it_is(desk, "13:00:01")
    assert desk.doing(bart) is G.FREE


def test_a_shift_taken_away_or_entered_in_the_past_moves_nobody(desk: CallDesk, bart: int) -> None:
    it_is(desk, "10:00:00")
    rostering.remove_shift(desk.services, rostering.shifts(desk.services)[0].id, "Els")
    later = Shift(weekly("Mo-Fr"), date(2026, 12, 1), time(9), time(17))
    rostering.add_shifts(desk.services, "Bart", [later], "Els")
    it_is(desk, "10:00:05")
    assert desk.doing(bart) is G.FREE
    duty.go_off_duty(desk.services, "Bart", "Bart")
    enter(desk, "Tu", time(8), time(17))
    it_is(desk, "10:00:10")
    assert desk.doing(bart) is G.OFF_DUTY, "he went home at ten, and his shift began before that"


def test_who_went_off_duty_before_his_first_shift_was_entered_is_not_rung_for_it(desk: CallDesk) -> None:
    an = desk.agent("An")
    desk.clock.at = brussels(TUESDAY, "09:07:00")
    duty.go_off_duty(desk.services, "An", "An")
    enter(desk, "Mo-Fr", time(9), time(17), name="An")
    it_is(desk, "09:12:00")
    assert desk.doing(an) is G.OFF_DUTY
    it_is(desk, "09:00:00", "2026-11-25")
    assert desk.doing(an) is G.FREE


def test_an_absence_sends_home_who_has_no_shifts_and_he_comes_back_by_his_own_word(desk: CallDesk) -> None:
    an = desk.agent("An")
    away = brussels(TUESDAY, "11:00:00"), brussels(TUESDAY, "14:00:00")
    rostering.add_absence(desk.services, "An", *away, "tandarts", "Els")
    it_is(desk, "10:59:00")
    assert desk.doing(an) is G.FREE
    it_is(desk, "11:00:00")
    assert desk.doing(an) is G.OFF_DUTY
    it_is(desk, "14:00:00")
    assert desk.doing(an) is G.OFF_DUTY
    duty.come_on_duty(desk.services, "An", "An")
    it_is(desk, "14:00:10")
    assert desk.doing(an) is G.FREE


@pytest.mark.parametrize("damage", [{"rule": "FREQ=WEEKLY;BYDAY=XX"}, {"starts_at": "25:00"}])
def test_a_shift_that_cannot_be_read_stops_nobody(desk: CallDesk, bart: int, damage: dict[str, str]) -> None:
    desk.change(tables.Shift, 1, **damage)
    an = desk.agent("An")
    enter(desk, "Tu", time(9), time(10), name="An")
    customer = desk.waits()
    it_is(desk, "10:00:00")
    assert (desk.doing(an), desk.doing(bart)) == (G.OFF_DUTY, G.FREE)
    promising.review(desk.services)
    assert desk.callback(customer).promise_to is not None


def test_who_is_paused_in_the_middle_of_his_shift_is_expected_back(desk: CallDesk, bart: int) -> None:
    it_is(desk, "10:00:00")
    desk.change(Agent, bart, state=G.PAUSED)
    customer = desk.waits()
    promising.review(desk.services)
    starts, ends = desk.callback(customer).promise_from, desk.callback(customer).promise_to
    assert starts is not None
    assert ends is not None
    assert starts <= brussels(TUESDAY, "10:15:00") <= ends


def test_a_clock_set_back_over_an_edge_and_forward_again_ends_right(desk: CallDesk, bart: int) -> None:
    it_is(desk, "10:00:00")
    it_is(desk, "18:00:00", "2026-11-26")
    assert desk.doing(bart) is G.OFF_DUTY
    it_is(desk, "10:00:00")
    assert desk.doing(bart) is G.FREE
    it_is(desk, "18:00:00", "2026-11-26")
    assert desk.doing(bart) is G.OFF_DUTY


def test_an_agent_without_shifts_is_left_alone(desk: CallDesk) -> None:
    an = desk.agent("An")
    it_is(desk, "20:00:00")
    assert desk.doing(an) is G.FREE


def test_promises_know_who_comes_later_and_who_leaves(desk: CallDesk, bart: int) -> None:
    it_is(desk, "12:00:00", "2026-11-26")
    assert desk.doing(bart) is G.FREE
    enter(desk, "Fr", time(14), time(17))
    customer = desk.waits()
    promising.review(desk.services)
    callback = desk.callback(customer)
    assert (callback.promise_from, callback.promise_to) == (
        brussels("2026-11-27", "14:00:00"),
        brussels("2026-11-27", "14:30:00"),
    ), "noon is over when the window opens again, and so is his shift of Thursday"


@pytest.mark.parametrize(
    ("name", "match"), [("Nobody", "no agent"), ("Els", "takes no calls")], ids=["unknown", "supervisor"]
)
def test_only_who_takes_calls_has_shifts(desk: CallDesk, name: str, match: str) -> None:
    desk.agent("Els", role=Role.SUPERVISOR)
    with pytest.raises(RefusedInput, match=match):
        enter(desk, "Mo-Fr", time(9), time(17), name=name)


def test_what_is_entered_is_listed_and_taken_away_again(desk: CallDesk, bart: int) -> None:
    assert [(row.agent, row.rule, row.starts_at) for row in rostering.shifts(desk.services)] == [
        ("Bart", "FREQ=WEEKLY;BYDAY=TU,WE,TH", "09:00")
    ]
    away = brussels(TUESDAY, "12:00:00"), brussels(TUESDAY, "13:00:00")
    number = rostering.add_absence(desk.services, "bart", *away, "tandarts", "Els")
    assert [row.why for row in rostering.absences(desk.services)] == ["tandarts"]
    rostering.remove_absence(desk.services, number, "Els")
    rostering.remove_shift(desk.services, rostering.shifts(desk.services)[0].id, "Els")
    assert (rostering.shifts(desk.services), rostering.absences(desk.services)) == ([], [])
    with pytest.raises(RefusedInput, match="no shift number 99"):
        rostering.remove_shift(desk.services, 99, "Els")
    assert desk.doing(bart) is G.FREE


@pytest.mark.parametrize("text", ["", "9-5", "09:00", "09:00-09:00", "25:00-26:00", "09:00-12:00-13:00"])
def test_hours_that_are_none_are_refused_with_how_to_write_them(text: str) -> None:
    with pytest.raises(RefusedInput, match="09:00-17:00"):
        rostering.hours(text)


def test_an_absence_wants_a_reason_and_runs_forward(desk: CallDesk, bart: int) -> None:
    del bart
    early, late = brussels(TUESDAY, "09:00:00"), brussels(TUESDAY, "11:00:00")
    with pytest.raises(RefusedInput, match="--why"):
        rostering.add_absence(desk.services, "Bart", early, late, " ", "Els")
    with pytest.raises(RefusedInput, match="after the start"):
        rostering.add_absence(desk.services, "Bart", late, early, "tandarts", "Els")
