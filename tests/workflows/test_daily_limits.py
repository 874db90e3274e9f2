"""How often one number, one country and the whole house are called in a day; what is over goes to a person or waits."""

from datetime import timedelta

import pytest

from callbacks.rules.daily_limits import DailyLimit, Spent, concerns, over
from callbacks.store import switches
from models.vocabulary import CallbackState, LegStatus, TalkOutcome
from tests.call_desk import CallDesk, brussels

C = CallbackState
NUMBER = "+32471234567"


@pytest.mark.parametrize(
    ("limit", "spent", "why"),
    [
        (DailyLimit("number", 3, 0), Spent(2, 9999), ""),
        (DailyLimit("number", 3, 0), Spent(3, 0), "3 calls to this number today: daily limit"),
        (DailyLimit("+33", 3, 0), Spent(4, 0), "4 calls to +33 today: daily limit"),
        (DailyLimit("*", 0, 10), Spent(9999, 599), ""),
        (DailyLimit("*", 0, 10), Spent(1, 600), "10 minutes of calls to customers today: daily limit"),
        (DailyLimit("*", 0, 0), Spent(9999, 999999), ""),
    ],
)
def test_a_limit_is_reached_when_it_is_spent_and_0_is_no_limit(limit: DailyLimit, spent: Spent, why: str) -> None:
    assert over(limit, spent) == why


def test_a_limit_concerns_each_number_everybody_or_those_that_begin_so() -> None:
    assert [concerns(DailyLimit(who, 1, 1), NUMBER) for who in ("number", "*", "+324", "+33")] == [True] * 3 + [False]


def talks(desk: CallDesk, number: str = NUMBER, seconds: int = 60) -> int:
    one = desk.waits(number=number)
    desk.ring()
    desk.talks(seconds)
    desk.outcome(TalkOutcome.SOLVED)
    desk.hangs_up()
    return one


def test_a_number_called_often_enough_today_goes_to_a_person_and_others_are_called(desk: CallDesk) -> None:
    desk.rules(daily_limits=(DailyLimit("number", 2, 0),))
    desk.agent()
    assert [desk.state(talks(desk)) for _ in range(2)] == [C.DONE] * 2
    third, other = desk.waits(number=NUMBER, rank=-9), desk.waits(rank=9)
    assert desk.dispatch() == 1
    assert (desk.state(third), desk.state(other)) == (C.NEEDS_HUMAN, C.PREPARING)
    assert desk.callback(third).why == "2 calls to this number today: daily limit"


def test_minutes_of_talk_count_too_and_a_prefix_has_its_own_limit(desk: CallDesk) -> None:
    desk.rules(daily_limits=(DailyLimit("+31", 0, 2),))
    desk.agent()
    talks(desk, "+31612345678", seconds=119)
    talks(desk, "+31612345679", seconds=1)
    dutch, belgian = desk.waits(number="+31612345670", rank=-9), desk.waits(rank=9)
    desk.dispatch()
    assert (desk.state(dutch), desk.state(belgian)) == (C.NEEDS_HUMAN, C.PREPARING)
    assert desk.callback(dutch).why == "2 minutes of calls to +31 today: daily limit"


def test_the_houses_own_limit_keeps_everybody_in_his_place_until_tomorrow_and_says_so(
    desk: CallDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.rules(daily_limits=(DailyLimit("*", 2, 0),))
    desk.agent()
    talks(desk)
    talks(desk)
    waiting = desk.waits()
    assert [desk.ring(), desk.ring()] == [0, 0]
    assert desk.state(waiting) is C.WAITING
    why = "2 calls to customers today: daily limit"
    assert [record.message for record in caplog.records] == [f"daily limit: {why}"]
    assert shown(desk) == [f"daily limit: no calls are placed ({why})"]
    desk.clock.at = brussels("2026-11-25", "09:00:00")
    assert desk.dispatch() == 1
    assert shown(desk) == []


def test_the_day_ends_at_midnight_in_brussels(desk: CallDesk) -> None:
    # Midnight there is 23:00 UTC; a desk that works at night shows which of the two counts.
    desk.rules(
        daily_limits=(DailyLimit("number", 1, 0),), opening_hours="Mo-Su 00:00-24:00", envelope="Mo-Su 00:00-24:00"
    )
    desk.agent()
    desk.clock.at = brussels("2026-11-24", "23:50:00")
    talks(desk)
    desk.clock.at = brussels("2026-11-24", "23:59:59")
    again = desk.waits(number=NUMBER)
    desk.dispatch()
    assert desk.state(again) is C.NEEDS_HUMAN
    desk.clock.at = brussels("2026-11-25", "00:00:00")
    tomorrow = desk.waits(number=NUMBER)
    desk.dispatch()
    assert desk.state(tomorrow) is C.PREPARING


def test_a_clock_set_back_within_the_day_forgets_no_call(desk: CallDesk) -> None:
    desk.rules(daily_limits=(DailyLimit("number", 1, 0),))
    desk.agent()
    talks(desk)
    desk.clock.at -= timedelta(minutes=50)
    again = desk.waits(number=NUMBER)
    desk.dispatch()
    assert desk.state(again) is C.NEEDS_HUMAN


def test_calls_claimed_and_not_dialled_yet_are_counted_so_that_many_agents_do_not_overshoot(desk: CallDesk) -> None:
    desk.rules(daily_limits=(DailyLimit("+32", 2, 0),))
    for name in ("An", "Bart", "Chris"):
        desk.agent(name)
    states = [desk.waits() for _ in range(3)]
    assert desk.dispatch() == 2
    assert [desk.state(one) for one in states] == [C.PREPARING, C.PREPARING, C.NEEDS_HUMAN]


def test_an_offer_that_an_agent_declines_is_no_call_to_the_customer(desk: CallDesk) -> None:
    desk.rules(daily_limits=(DailyLimit("number", 1, 0),), offer_cool_off=0)
    desk.agent()
    waiting = desk.waits(number=NUMBER)
    desk.ring()
    desk.answers()
    desk.declines()
    desk.clock.move(seconds=60)
    assert desk.dispatch() == 1
    assert desk.state(waiting) is C.PREPARING


def test_calls_that_reached_nobody_count(desk: CallDesk) -> None:
    desk.rules(daily_limits=(DailyLimit("number", 1, 0),))
    desk.agent()
    waiting = desk.waits(number=NUMBER)
    desk.ring()
    desk.not_reached(LegStatus.BUSY)
    desk.clock.move(minutes=6)
    desk.tick()
    desk.dispatch()
    assert desk.state(waiting) is C.NEEDS_HUMAN


def test_without_limits_nothing_is_counted(desk: CallDesk) -> None:
    desk.agent()
    assert [desk.state(talks(desk)) for _ in range(4)] == [C.DONE] * 4
    assert shown(desk) == []


def shown(desk: CallDesk) -> list[str]:
    with desk.services.database.read() as session:
        return switches.reasons_off(session)
