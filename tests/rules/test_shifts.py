from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from callbacks.errors import RefusedInput
from callbacks.rules.shifts import Duty, Shift, check_rule, duty_at, spells, weekly

BRUSSELS = ZoneInfo("Europe/Brussels")
FIRST = date(2026, 1, 1)
OFFICE = Shift("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", FIRST, time(9), time(17))


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS).astimezone(UTC)


def worked(*shifts: Shift, start: str, end: str, away: tuple[tuple[str, str], ...] = ()) -> list[str]:
    absences = [(wall(left), wall(back)) for left, back in away]
    found = spells(shifts, absences, BRUSSELS, wall(start), wall(end))
    return [" ".join(f"{at.astimezone(BRUSSELS):%a %H:%M}" for at in span) for span in found]


def test_nine_to_five_stays_nine_to_five_when_the_clocks_change() -> None:
    for friday in (date(2026, 3, 27), date(2026, 10, 23)):
        start = datetime.combine(friday, time(), tzinfo=BRUSSELS).astimezone(UTC)
        found = spells([OFFICE], [], BRUSSELS, start, start + timedelta(days=4))
        assert [f"{at.astimezone(BRUSSELS):%a %H:%M}" for span in found for at in span] == [
            *("Fri 09:00", "Fri 17:00"),
            *("Mon 09:00", "Mon 17:00"),
        ]
        assert found[0][0].hour != found[1][0].hour, "an hour apart in UTC"


def test_every_other_week_is_counted_from_the_first_day() -> None:
    shift = Shift(weekly("Mo", 2), date(2026, 11, 23), time(9), time(12))
    assert worked(shift, start="2026-11-20 00:00", end="2026-12-20 00:00") == ["Mon 09:00 Mon 12:00"] * 2
    days = spells([shift], [], BRUSSELS, wall("2026-11-20 00:00"), wall("2026-12-20 00:00"))
    assert [opens.astimezone(BRUSSELS).date() for opens, _ in days] == [date(2026, 11, 23), date(2026, 12, 7)]


def test_the_first_monday_of_the_month_is_a_rule_too() -> None:
    shift = Shift("FREQ=MONTHLY;BYDAY=1MO", FIRST, time(9), time(12))
    days = spells([shift], [], BRUSSELS, wall("2026-11-01 00:00"), wall("2027-02-01 00:00"))
    assert [opens.astimezone(BRUSSELS).day for opens, _ in days] == [2, 7, 4]


def test_an_absence_is_taken_out_of_all_shifts_together() -> None:
    morning, rest = Shift(OFFICE.rule, FIRST, time(9), time(12)), Shift(OFFICE.rule, FIRST, time(11), time(17))
    away = (("2026-11-24 11:30", "2026-11-24 14:00"),)
    assert worked(morning, rest, start="2026-11-24 00:00", end="2026-11-25 00:00", away=away) == [
        "Tue 09:00 Tue 11:30",
        "Tue 14:00 Tue 17:00",
    ]


def test_a_shift_that_ends_before_it_begins_ends_the_next_day_and_is_cut_where_one_looks() -> None:
    night = Shift("FREQ=WEEKLY;BYDAY=MO", FIRST, time(22), time(6))
    assert worked(night, start="2026-11-24 01:00", end="2026-11-25 00:00") == ["Tue 01:00 Tue 06:00"]


@pytest.mark.parametrize(
    ("at", "duty"),
    [
        ("2026-11-24 08:59", (False, "2026-11-23 17:00", "2026-11-24 09:00")),
        ("2026-11-24 09:00", (True, "2026-11-24 09:00", "2026-11-24 17:00")),
        ("2026-11-24 16:59", (True, "2026-11-24 09:00", "2026-11-24 17:00")),
        ("2026-11-24 17:00", (False, "2026-11-24 17:00", "2026-11-25 09:00")),
        ("2026-11-28 12:00", (False, "2026-11-27 17:00", "2026-11-30 09:00")),
    ],
)
def test_duty_holds_from_edge_to_edge(at: str, duty: tuple[bool, str, str]) -> None:
    on, since, until = duty
    assert duty_at([OFFICE], [], BRUSSELS, wall(at)) == Duty(on, wall(since), wall(until))


def test_the_end_of_an_absence_is_an_edge() -> None:
    away = [(wall("2026-11-24 09:00"), wall("2026-11-24 13:00"))]
    assert duty_at([OFFICE], away, BRUSSELS, wall("2026-11-24 10:00")).until == wall("2026-11-24 13:00")


def test_a_shift_that_has_not_begun_yet_has_no_edge_behind_it() -> None:
    later = Shift(OFFICE.rule, date(2026, 12, 1), time(9), time(17))
    assert duty_at([later], [], BRUSSELS, wall("2026-11-24 10:00")) == Duty(False, None, wall("2026-12-01 09:00"))


@pytest.mark.parametrize(
    ("days", "rule"),
    [
        ("Mo-Fr", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("mo, we", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("Fr-Mo", "FREQ=WEEKLY;BYDAY=MO,FR,SA,SU"),
        ("Su", "FREQ=WEEKLY;BYDAY=SU"),
    ],
)
def test_days_as_people_write_them_become_a_rule(days: str, rule: str) -> None:
    assert weekly(days) == rule
    assert check_rule(rule, FIRST) == rule


@pytest.mark.parametrize("days", ["", "Mon", "Mo-", "-Fr", "Mo,,Fr", "ma-vr"])
def test_other_days_are_refused_with_how_to_write_them(days: str) -> None:
    with pytest.raises(RefusedInput, match="Mo-Fr"):
        weekly(days)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "Mo-Fr",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;UNTIL=soon",
        "FREQ=WEEKLY;UNTIL=20251231",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=3",
        "DTSTART=20260101",
    ],
)
def test_a_rule_that_falls_on_no_day_or_cannot_be_read_is_refused(rule: str) -> None:
    with pytest.raises(RefusedInput, match="FREQ=WEEKLY"):
        check_rule(rule, FIRST)
