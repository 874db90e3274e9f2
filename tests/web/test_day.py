"""What a supervisor sees of a day: drawn, as a table, today and any other."""

import html
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from callbacks.rules.shifts import Shift
from callbacks.store import roster
from callbacks.store.hours import add_override
from callbacks.store.transitions import Cause
from models.vocabulary import Agreement, AttemptState, CallbackState, CustomerOutcome, OverrideKind, TalkOutcome
from tests.web.conftest import SignIn
from tests.web.desk import TUESDAY, Desk
from tests.web.test_schedule import text_of
from web.schedule.day_drawing import PIXELS

QUARTER = timedelta(minutes=15)
ENDED = AttemptState.ENDED


def drawn(page: str) -> list[tuple[str, str]]:
    """Return the blocks of the drawing: what each is, and everything it says."""
    found = re.findall(r'<svg class="box ([a-z ]+)" x=[^>]*><title>(.*?)</title>', page)
    return [(kinds, html.unescape(title)) for kinds, title in found]


def bands(page: str) -> list[tuple[str, float, float, str]]:
    """Return what is shaded: as what, from which minute on, for how many, and what is written in it."""
    pattern = r'<svg class="band (\w+)" x="[\d.]+%" y="([\d.]+)" width="[\d.]+%" height="([\d.]+)">.*?</svg>'
    return [
        (each[1], round(float(each[2]) / PIXELS), round(float(each[3]) / PIXELS), re.sub(r"<[^>]+>", "", each[0]))
        for each in re.finditer(pattern, page)
    ]


def heads(page: str) -> list[str]:
    part = re.search(r'<svg class="day-heads".*?\n      </svg>', page, re.DOTALL)
    assert part is not None
    return re.findall(r"<title>(.*?)</title>", part[0])


def close(desk: Desk, day: date, note: str) -> None:
    starts = datetime.combine(day, time(), tzinfo=desk.rules.zone).astimezone(UTC)
    with desk.database.write() as session:
        add_override(
            session, desk.rules, OverrideKind.CLOSURE, starts, starts + timedelta(days=1), note, "Els", TUESDAY
        )


def test_a_talk_is_drawn_with_its_times_its_ending_and_its_length_and_leads_to_its_ticket(
    staffed: Desk, signed_in: SignIn
) -> None:
    who = staffed.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470111111")
    row = staffed.promise(who, "+32470111111", 90, state=CallbackState.DONE, outcome=TalkOutcome.SOLVED)
    staffed.attempt(row, 2, 65, ENDED, customer_outcome=CustomerOutcome.BRIDGED, talk_seconds=425)
    page = signed_in("els").get("/schedule").text
    said = "09:35–09:42, Bakkerij Peeters, Lien Peeters, ticket 10001, Ann De Smet, Gesproken, opgelost, 7 min 05"
    assert drawn(page) == [("done", said)]
    assert '<a href="/schedule/tickets/10001" tabindex="-1">' in page
    assert re.search(r"09:35–09:42 Bakkerij Peeters 10001 · Lien Peeters Ann De Smet Gesproken 7 min 05 opgelost",
                     text_of(page, "today"))  # fmt: skip
    assert heads(page) == ["Ann De Smet"]


def test_a_customer_who_was_not_reached_is_drawn_as_that(staffed: Desk, signed_in: SignIn) -> None:
    row = staffed.promise(None, "+32470333333", 90)
    staffed.attempt(row, 2, 65, ENDED, customer_outcome=CustomerOutcome.MACHINE)
    kinds = [kind for kind, said in drawn(signed_in("els").get("/schedule").text) if "Antwoordapparaat" in said]
    assert kinds == ["failed"]


def test_a_call_that_runs_is_drawn_up_to_this_moment(staffed: Desk, signed_in: SignIn) -> None:
    row = staffed.promise(None, "+32470333333", 30, state=CallbackState.ACTIVE)
    staffed.attempt(row, 2, 20, AttemptState.BRIDGED, 9)
    page = signed_in("els").get("/schedule").text
    ((kind, said),) = drawn(page)
    assert kind == "running"
    assert said == "10:20, Onbekende beller, ticket 10001, Ann De Smet, In gesprek, sinds 10:31 (9 min)"
    assert '<line class="now"' in page


def test_a_planned_call_is_drawn_from_when_to_when_with_its_promise_and_a_late_one_says_so(
    staffed: Desk, signed_in: SignIn
) -> None:
    past = TUESDAY - QUARTER
    staffed.promise(None, "+32470333333", 60, promise_from=past - QUARTER, promise_to=past)
    staffed.promise(None, "+32470444444", 5, promise_from=TUESDAY, promise_to=TUESDAY + 2 * QUARTER)
    page = signed_in("els").get("/schedule").text
    assert drawn(page) == [
        (
            "planned late",
            "10:40–10:52, Onbekende beller, ticket 10001, Ann De Smet, Gepland, beloofd 10:10–10:25, te laat",
        ),
        ("planned", "10:52–11:04, Onbekende beller, ticket 10002, Ann De Smet, Gepland, beloofd 10:40–11:10"),
    ]
    assert text_of(page, "today").count("te laat") == 1
    assert ">te laat · ○ Onbekende beller</text>" in page, "a word, not a colour alone"


def test_an_appointment_stands_in_a_column_of_its_own_until_somebody_is_named(staffed: Desk, signed_in: SignIn) -> None:
    starts = TUESDAY.replace(hour=13, minute=0, second=0)
    moment: dict[str, Any] = {"booked_from": starts, "booked_to": starts + 2 * QUARTER, "not_before": starts}
    row = staffed.promise(None, "+32470333333", 5, state=CallbackState.RESTING, **moment)
    page = signed_in("els").get("/schedule").text
    assert heads(page) == ["Ann De Smet", "Nog niemand"]
    assert drawn(page) == [("appointment", "14:00–14:30, Onbekende beller, ticket 10001, Ann De Smet, Afspraak")]
    staffed.promise(None, "+32470444444", 5, state=CallbackState.RESTING, pinned_agent_id=2, **moment)
    del row
    page = signed_in("els").get("/schedule").text
    places = re.findall(r'<svg class="box appointment" x="([\d.]+)%"', page)
    assert sorted(places) == ["0.0", "50.0"]


def test_lunch_and_the_hours_before_and_after_are_shaded(staffed: Desk, signed_in: SignIn) -> None:
    del staffed
    shaded = bands(signed_in("els").get("/schedule").text)
    assert shaded == [("closed", 0, 30, "Gesloten"), ("break", 210, 60, "Pauze"), ("closed", 510, 30, "Gesloten")]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-12-25", "Gesloten: Kerstmis"),
        ("2026-11-28", "Gesloten: weekend"),
        ("2026-12-03", "Gesloten: uitzonderlijk gesloten (teamdag)"),
    ],
)
def test_a_day_on_which_nothing_opens_is_shaded_whole_and_says_why(
    staffed: Desk, signed_in: SignIn, day: str, why: str
) -> None:
    close(staffed, date(2026, 12, 3), "teamdag")
    page = signed_in("els").get(f"/schedule?date={day}").text
    assert bands(page) == [("closed", 0, 540, why)]
    assert why in text_of(page, "today")


def test_who_is_absent_is_shaded_in_his_own_column(staffed: Desk, signed_in: SignIn) -> None:
    with staffed.database.write() as session:
        cause = Cause(TUESDAY, "Els", "shift")
        roster.add_shift(session, 2, Shift("FREQ=DAILY", date(2026, 11, 2), time(9), time(12)), cause)
    away = [each for each in bands(signed_in("els").get("/schedule").text) if each[0] == "away"]
    assert away == [("away", 270, 240, "Afwezig")]


def test_a_day_far_away_shows_what_is_promised_on_it_and_no_line_of_now(staffed: Desk, signed_in: SignIn) -> None:
    starts = datetime(2027, 6, 2, 8, 0, tzinfo=UTC)
    moment: dict[str, Any] = {"booked_from": starts, "booked_to": starts + 2 * QUARTER, "not_before": starts}
    staffed.promise(None, "+32470333333", 5, state=CallbackState.RESTING, **moment)
    staffed.promise(None, "+32470444444", 5)
    page = signed_in("els").get("/schedule?date=2027-06-02").text
    assert text_of(page, "day").startswith("woensdag 2 juni 2027 09:00–12:00, 13:00–17:00")
    assert [kind for kind, _ in drawn(page)] == ["appointment"]
    assert "10:00–10:30" in text_of(page, "today")
    assert 'class="now"' not in page
    assert 'id="live"' not in page, "nothing on it goes on: it is not fetched again"


def test_the_day_on_which_the_clocks_change_is_drawn_like_any_other(staffed: Desk, signed_in: SignIn) -> None:
    staffed.clock.at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    row = staffed.promise(None, "+32470333333", 30, state=CallbackState.ACTIVE)
    staffed.attempt(row, 2, 10, AttemptState.BRIDGED)
    page = signed_in("els").get("/schedule").text
    hours = re.findall(r'text-anchor="end">([\d:]+)<', page)
    assert hours[:3] == ["02:00", "02:00", "03:00"], "the hour that comes twice stands there twice"
    assert len(drawn(page)) == 1


@pytest.mark.parametrize("written", ["2026-02-30", "gisteren", "1999-01-01", "2101-01-01", "<script>"])
def test_a_day_that_is_none_is_said_beside_its_field_on_the_page_itself(
    staffed: Desk, signed_in: SignIn, written: str
) -> None:
    del staffed
    browser = signed_in("els")
    for path in ("/schedule", "/schedule/week"):
        answer = browser.get(path, query_string={"date": written})
        assert answer.status_code == 422
        assert "Die dag kennen we niet. Kies er een van 2025 tot 2099." in answer.text
        assert f'value="{html.escape(written)}"' in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert 'id="queue"' in browser.get("/schedule", query_string={"date": written}).text


@pytest.mark.parametrize("day", ["2025-01-02", "2099-12-30", "2026-11-24", "2026-03-29"])
def test_every_day_of_the_calendar_has_its_page_and_its_week(staffed: Desk, signed_in: SignIn, day: str) -> None:
    del staffed
    browser = signed_in("els")
    for path in (f"/schedule?date={day}", f"/schedule/week?date={day}"):
        assert browser.get(path).status_code == 200


def test_from_each_day_one_gets_to_the_next_the_one_before_today_and_the_week(staffed: Desk, signed_in: SignIn) -> None:
    del staffed
    browser = signed_in("els")
    page = browser.get("/schedule?date=2026-11-30").text
    for way in (
        "/schedule?date=2026-11-29",
        "/schedule?date=2026-12-01",
        "/schedule",
        "/schedule/week?date=2026-11-30",
    ):
        assert f'href="{way}"' in page
    assert 'href="/schedule?date=2025-01-01"' not in browser.get("/schedule?date=2025-01-02").text


def test_a_hostile_name_stays_text_in_the_drawing(staffed: Desk, signed_in: SignIn) -> None:
    hostile = "</title></svg><script>alert(1)</script>"
    bram = staffed.person(f"Bram {hostile}")
    who = staffed.customer(hostile, Agreement.MANAGED, hostile + "2", "+32470111111")
    row = staffed.promise(who, "+32470111111", 60)
    staffed.attempt(row, bram, 50, ENDED, customer_outcome=CustomerOutcome.BRIDGED, talk_seconds=2000)
    close(staffed, date(2026, 11, 27), hostile)
    for path in ("/schedule", "/schedule?date=2026-11-27", "/schedule?date=2026-11-23", "/schedule/week"):
        page = signed_in("els").get(path).text
        assert "<script>" not in page
    page = signed_in("els").get("/schedule").text
    assert hostile in dict(drawn(page))["done"]


def test_more_calls_than_are_drawn_are_counted_below(
    staffed: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callbacks.store.day_blocks.MOST_FORESEEN", 2)
    for n in range(5):
        staffed.promise(None, f"+3247033333{n}", 5)
    page = signed_in("els").get("/schedule").text
    assert len(drawn(page)) == 2
    assert "En nog 3 terugbeloproepen die voor deze dag gepland zijn." in text_of(page, "day")
