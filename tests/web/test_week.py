"""What a supervisor reads of a week."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callbacks.store.hours import add_override
from models.vocabulary import AttemptState, CallbackState, CustomerOutcome, OverrideKind, Role
from tests.web.conftest import SignIn
from tests.web.desk import TUESDAY, Desk

HALF = timedelta(minutes=30)
WEDNESDAY_TEN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def days(page: str) -> list[str]:
    """Return what is read of each day, without tags, spaces made one."""
    body = re.search(r"<tbody>(.*)</tbody>", page, re.DOTALL)
    assert body is not None
    rows = re.findall(r"<tr.*?</tr>", body[1], re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


def booked(desk: Desk, number: str) -> None:
    moment: dict[str, Any] = {
        "booked_from": WEDNESDAY_TEN,
        "booked_to": WEDNESDAY_TEN + HALF,
        "not_before": WEDNESDAY_TEN,
    }
    desk.promise(None, number, 5, state=CallbackState.RESTING, **moment)


def test_a_week_sets_what_is_promised_against_the_room_of_each_day(staffed: Desk, signed_in: SignIn) -> None:
    starts = WEDNESDAY_TEN
    staffed.promise(
        None,
        "+32470333333",
        5,
        state=CallbackState.RESTING,
        not_before=starts,
        booked_from=starts,
        booked_to=starts + HALF,
    )
    staffed.promise(None, "+32470444444", 5, promise_from=starts, promise_to=starts + HALF)
    page = signed_in("els").get("/schedule/week").text
    found = days(page)
    assert len(found) == 7
    assert found[1].startswith("dinsdag 24/11 vandaag 09:00–12:00, 13:00–17:00 5 u 15 vanaf nu")
    assert found[2] == "woensdag 25/11 09:00–12:00, 13:00–17:00 6 u 56 12 plaatsen van 30 min 1 1 1 10 % –"
    assert '<rect class="taken" width="10" height="14">' in page
    assert found[5] == "zaterdag 28/11 Gesloten: weekend – 0 0 0 – –"
    assert 'href="/schedule?date=2026-11-25"' in page


def test_days_that_are_over_say_what_was_done(staffed: Desk, signed_in: SignIn) -> None:
    row = staffed.promise(None, "+32470333333", 1600)
    staffed.attempt(row, 2, 1445, AttemptState.ENDED, customer_outcome=CustomerOutcome.BRIDGED, talk_seconds=9)
    found = days(signed_in("els").get("/schedule/week").text)
    assert found[0].endswith("1 gesproken, 1 geprobeerd")
    assert found[3].endswith("–")


def test_holidays_closures_and_extra_openings_are_named(staffed: Desk, signed_in: SignIn) -> None:
    def enter(kind: OverrideKind, day: int, hour: int, hours: int, note: str) -> None:
        starts = datetime(2026, 12, day, hour, 0, tzinfo=UTC)
        with staffed.database.write() as session:
            ends = starts + timedelta(hours=hours)
            add_override(session, staffed.rules, kind, starts, ends, note, "Els", TUESDAY)

    enter(OverrideKind.CLOSURE, 24, 12, 4, "kerstavond")
    enter(OverrideKind.OPENING, 25, 8, 2, "wachtdienst")
    enter(OverrideKind.CLOSURE, 22, 23, 24, "verhuis")
    found = days(signed_in("els").get("/schedule/week?date=2026-12-24").text)
    assert "Gesloten: uitzonderlijk gesloten (verhuis)" in found[2]
    assert "09:00–12:00 Gesloten: kerstavond" in found[3]
    assert "09:00–11:00 Kerstmis Extra open: wachtdienst" in found[4]


def test_more_promised_than_there_is_room_for_is_said_in_words(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    booked(desk, "+32470333333")
    assert "niemand aan het werk" in days(signed_in("els").get("/schedule/week").text)[2]
    desk.person("Ann De Smet", phone="+32470000001")
    for n in range(14):
        booked(desk, f"+324704444{n:02}")
    page = signed_in("els").get("/schedule/week").text
    assert "108 %: meer dan er plaats is" in days(page)[2]
    assert '<rect class="full" width="100"' in page


@pytest.mark.usefixtures("staffed")
def test_weeks_follow_one_another(signed_in: SignIn) -> None:
    page = signed_in("els").get("/schedule/week?date=2026-12-30").text
    assert "Week van 28/12 tot 3/1/2027" in page
    assert 'href="/schedule/week?date=2026-12-21"' in page
    assert 'href="/schedule/week?date=2027-01-04"' in page
