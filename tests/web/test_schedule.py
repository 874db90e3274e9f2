"""What a supervisor reads on the schedule."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from callbacks.store.hours import add_override
from callbacks.store.switches import Hand, turn
from callbacks.store.transitions import Cause
from models.history import History
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    Agreement,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Option,
    OverrideKind,
    Role,
    Subject,
    TalkOutcome,
)
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.tuesday import busy_tuesday
from web.schedule.overview import PAGE_ROWS

MINUTES = 60


def text_of(page: str, section: str) -> str:
    """Return what is read in one section, without tags, spaces made one."""
    found = re.search(rf'<(section|p) id="{section}".*?</\1>', page, re.DOTALL)
    assert found is not None, f"no section {section}"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])).strip()


@pytest.mark.usefixtures("staffed")
def test_an_empty_desk_says_so_everywhere(signed_in: SignIn) -> None:
    page = signed_in("els").get("/schedule").text
    assert text_of(page, "queue") == "Wachtrij 0 Niemand wacht."
    assert text_of(page, "running") == "Nu bezig 0 Er is geen oproep bezig."
    assert text_of(page, "missed").endswith("Geen.")
    assert "09:00–12:00 nu Niets. 13:00–17:00 Niets." in text_of(page, "today")


def test_a_busy_day_counts_what_waits_runs_and_is_free(desk: Desk, signed_in: SignIn) -> None:
    busy_tuesday(desk)
    page = signed_in("els").get("/schedule").text
    assert text_of(page, "status") == "13 wachtend, 3 bezig, 1 agenten vrij"
    headline = text_of(page, "headline")
    assert "dinsdag 24 november Open tot 12:00" in headline
    assert "Gepraat vandaag 39 min 50" in headline


def test_the_queue_stands_in_order_of_rank_with_its_reason(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    managed = desk.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470111111")
    hourly = desk.customer("Garage Vandamme", Agreement.TIME_AND_MATERIALS, "Koen Vandamme", "+32470222222")
    desk.promise(hourly, "+32470222222", 30)
    desk.promise(hourly, "+32470222222", 20, Option.OUTAGE)
    desk.promise(managed, "+32470111111", 10, Option.OUTAGE)
    desk.promise(None, "+32470333333", 5)
    queue = text_of(signed_in("els").get("/schedule").text, "queue")
    assert re.findall(r"\b1000\d\b", queue) == ["10003", "10002", "10001", "10004"]
    assert "telt als 21 uur vroeger: storing bij een managed klant" in queue
    assert "Garage Vandamme Koen Vandamme · 0470 22 22 22 Vraag Regie 30 min sinds 10:10 nog niet" in queue
    assert "nog niet in te plannen 0 in volgorde" in queue
    assert "Onbekende beller 0470 33 33 33" in queue


def test_the_queue_shows_what_was_promised_and_what_is_planned(staffed: Desk, signed_in: SignIn) -> None:
    now = staffed.clock.now()
    quarter = timedelta(minutes=15)
    staffed.promise(None, "+32470333333", 40, promise_from=now - 2 * quarter, promise_to=now - quarter)
    staffed.promise(None, "+32470444444", 5, promise_from=now, promise_to=now + quarter)
    page = signed_in("els").get("/schedule").text
    queue = text_of(page, "queue")
    assert "10:10–10:25" in queue
    assert "10:40–10:55" in queue
    assert re.findall(r"gepland \d\d:\d\d, \w+", queue) != []
    assert '<span class="tag bad">10:10–10:25</span>' in page, "the promise that is past is marked"
    assert '<span class="tag bad">10:40–10:55</span>' not in page


def test_waiting_time_leaves_the_night_out(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    # Monday 16:30 to Tuesday 10:40: half an hour, and an hour and forty minutes.
    desk.promise(None, "+32470333333", 18 * MINUTES + 10)
    queue = text_of(signed_in("els").get("/schedule").text, "queue")
    assert "2 u 10 sinds ma 23/11 16:30" in queue


def test_what_runs_is_said_with_agent_customer_and_step(desk: Desk, signed_in: SignIn) -> None:
    busy_tuesday(desk)
    running = text_of(signed_in("els").get("/schedule").text, "running")
    assert re.search(r"Ann De Smet 10014 Drukkerij Sint-Joris .* In gesprek sinds 10:32 \(7 min\)", running)
    assert re.search(r"Bram Claes 10015 .* Toestel klant rinkelt", running)


def test_a_talk_that_is_being_written_down_still_runs(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    ann = desk.person("Ann De Smet", state=AgentState.WRAP_UP)
    row = desk.promise(None, "+32470333333", 20, state=CallbackState.WRAP_UP)
    desk.attempt(row, ann, 5, AttemptState.ENDED, customer_outcome=CustomerOutcome.BRIDGED, talk_seconds=65)
    page = signed_in("els").get("/schedule").text
    assert "Nawerk" in text_of(page, "running")
    assert "1 min 05" in text_of(page, "today")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"customer_outcome": CustomerOutcome.BRIDGED, "talk_seconds": 425}, "Gesproken 7 min 05"),
        ({"customer_outcome": CustomerOutcome.MACHINE}, "Antwoordapparaat"),
        ({"customer_outcome": CustomerOutcome.MACHINE, "key_pressed": False}, "Antwoordapparaat, zonder toets"),
        (
            {"customer_outcome": CustomerOutcome.BRIDGED, "talk_seconds": 425, "key_pressed": True},
            "Gesproken, met toets 7 min 05",
        ),
        ({"agent_outcome": AgentOutcome.DECLINED}, "Agent weigerde"),
        (
            {"agent_outcome": AgentOutcome.ACCEPTED, "customer_outcome": CustomerOutcome.NOT_DIALLED},
            "Klant niet gebeld",
        ),
        ({"state": AttemptState.REJECTED}, "Geweigerd door telefonie"),
        ({"state": AttemptState.WITHDRAWN, "agent_outcome": AgentOutcome.WITHDRAWN}, "Ingetrokken"),
    ],
)
def test_what_was_done_stands_under_its_window(
    desk: Desk, signed_in: SignIn, columns: dict[str, object], words: str,
) -> None:  # fmt: skip
    desk.person("Els Wouters", Role.SUPERVISOR)
    ann = desk.person("Ann De Smet")
    row = desk.promise(None, "+32470333333", 90)
    desk.attempt(row, ann, 65, **{"state": AttemptState.ENDED, **columns})  # type: ignore[arg-type]
    today = text_of(signed_in("els").get("/schedule").text, "today")
    assert re.search(rf"09:00–12:00 nu 09:35(?:–09:42)? Onbekende beller .* {words} 13:00–17:00 Niets\.", today)


def test_a_try_outside_every_window_is_shown_as_one(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    ann = desk.person("Ann De Smet")
    row = desk.promise(None, "+32470333333", 20 * MINUTES)
    desk.attempt(row, ann, 2 * MINUTES, AttemptState.ENDED, agent_outcome=AgentOutcome.NO_ANSWER)
    assert "Buiten de openingsuren 08:40" in text_of(signed_in("els").get("/schedule").text, "today")


def test_what_rests_stands_in_the_window_it_wakes_in(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    wakes = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    desk.promise(None, "+32470333333", 90, state=CallbackState.RESTING, tries=1, not_before=wakes)
    page = signed_in("els").get("/schedule").text
    assert "13:00–17:00 13:00 Onbekende beller 10001 · 0470 33 33 33 Rust tot 13:00" in text_of(page, "today")
    assert "Rust tot 13:00" in text_of(page, "resting")


def test_what_needs_a_person_is_on_a_list_with_the_reason(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    desk.promise(None, None, 33, state=CallbackState.NEEDS_HUMAN, why="no number")
    listed = text_of(signed_in("els").get("/schedule").text, "needs-human")
    assert "10001 · geen nummer geen nummer dat we mogen bellen" in listed


def test_a_talk_without_outcome_is_listed_until_its_ticket_is_closed(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    ann = desk.person("Ann De Smet")
    row = desk.promise(None, "+32470333333", 60, state=CallbackState.DONE, outcome=TalkOutcome.UNSTATED, fence=1)
    desk.attempt(row, ann, 40, AttemptState.ENDED, customer_outcome=CustomerOutcome.BRIDGED, talk_seconds=60)
    assert "uitkomst niet gezegd" in text_of(signed_in("els").get("/schedule").text, "without-outcome")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-24T07:30:00Z", "Gesloten: nog niet begonnen. Weer open 09:00."),
        ("2026-11-24T11:00:00Z", "Gesloten: pauze. Weer open 13:00."),
        ("2026-11-24T15:59:59Z", "Open tot 17:00"),
        ("2026-11-24T16:00:00Z", "Gesloten: de dag zit erop. Weer open wo 25/11 09:00."),
        ("2026-11-28T10:00:00Z", "Gesloten: weekend. Weer open ma 30/11 09:00."),
        ("2026-12-25T10:00:00Z", "Gesloten: feestdag. Weer open ma 28/12 09:00."),
    ],
)
def test_a_closed_desk_says_why_and_when_it_opens_again(desk: Desk, signed_in: SignIn, at: str, words: str) -> None:
    desk.clock.at = datetime.fromisoformat(at)
    desk.person("Els Wouters", Role.SUPERVISOR)
    assert words in text_of(signed_in("els").get("/schedule").text, "headline")


def test_a_closure_is_shown_with_its_note(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    browser = signed_in("els")
    start = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    with desk.database.write() as session:
        end, now = start + timedelta(days=1), desk.clock.now()
        add_override(session, desk.rules, OverrideKind.CLOSURE, start, end, "teamdag", "Els", now)
    page = browser.get("/schedule").text
    assert "Gesloten: uitzonderlijk gesloten (teamdag). Weer open wo 25/11 09:00." in text_of(page, "headline")
    assert "Uitzonderlijk gesloten van 00:00 tot het einde van de dag: teamdag" in page


def test_calling_that_was_stopped_is_said_on_top(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    with desk.database.write() as session:
        turn(session, Hand.DIALLING, Cause(desk.clock.now(), "Els", "brandoefening"), on=False)
    assert text_of(signed_in("els").get("/schedule").text, "off-dialling").startswith(
        "Er wordt niet gebeld: brandoefening Els, sinds 10:40"
    )


def test_missed_calls_name_the_company_behind_the_number_and_stay_until_somebody_has_dealt_with_them(
    desk: Desk, signed_in: SignIn
) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    desk.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470111111")
    desk.missed(20, "+32470111111")
    desk.missed(90, None)
    desk.missed(24 * MINUTES, "+32470222222")
    missed = text_of(signed_in("els").get("/schedule").text, "missed").replace(" Terugbellen Afgehandeld", "")
    assert missed == (
        "Gemiste oproepen 3 10:20 0470 11 11 11 Bakkerij Peeters 09:10 geen nummer"
        " ma 23/11 10:40 0470 22 22 22 Wie is dit?"
    )


def test_a_hostile_name_stays_text(desk: Desk, signed_in: SignIn) -> None:
    hostile = """<script>alert("x")</script>'"><img src=x onerror=alert(1)>"""
    desk.person("Els Wouters", Role.SUPERVISOR)
    ann = desk.person(hostile)
    who = desk.customer(hostile, Agreement.MANAGED, hostile + "2", "+32470111111")
    desk.promise(who, "+32470111111", 5)
    running = desk.promise(who, "+32470111112", 5, state=CallbackState.ACTIVE)
    desk.attempt(running, ann, 3, AttemptState.BRIDGED)
    desk.promise(who, "+32470111111", 5, state=CallbackState.NEEDS_HUMAN, why=hostile)
    desk.missed(20, "+32470111111")
    page = signed_in("els").get("/schedule").text
    assert page.count("<script") == 3
    assert "<img" not in page
    assert page.count("&lt;script&gt;") > 4


def test_a_long_queue_comes_in_pages_that_keep_the_count(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    for n in range(PAGE_ROWS + 1):
        desk.promise(None, f"+32470{n:06}", 60 - n)
    browser = signed_in("els")
    first, second = browser.get("/schedule").text, browser.get("/schedule?page=2").text
    assert "10050" in text_of(first, "queue")
    assert "10051" not in text_of(first, "queue")
    assert re.search(r" 51 10051 ", text_of(second, "queue"))
    assert "/schedule/live?page=2" in second
    assert browser.get("/schedule?page=x").status_code == 200
    assert browser.get("/schedule?page=999999999999999999999").status_code == 200


def test_a_poll_is_answered_with_304_until_something_changes(staffed: Desk, signed_in: SignIn) -> None:
    browser = signed_in("els")
    first = browser.get("/schedule/live")
    tag = {"If-None-Match": first.headers["ETag"]}
    again = browser.get("/schedule/live", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    staffed.promise(None, "+32470333333", 1)
    assert browser.get("/schedule/live", headers=tag).status_code == 200


def test_each_change_that_can_be_seen_makes_a_new_tag(staffed: Desk, signed_in: SignIn) -> None:
    browser = signed_in("els")
    tags = [browser.get("/schedule/live").headers["ETag"]]

    def tagged(path: str = "/schedule/live") -> None:
        tags.append(browser.get(path).headers["ETag"])

    tagged("/schedule/live?page=2")
    staffed.missed(1, None)
    tagged()
    with staffed.database.write() as session:
        now = staffed.clock.now()
        add_override(session, staffed.rules, OverrideKind.CLOSURE, now, now + timedelta(hours=1), "x", "Els", now)
    tagged()
    with staffed.database.write() as session:
        session.add(History(at=now, subject=Subject.AGENT, subject_id=1, new_state="free", who="x", why="x"))
    tagged()
    staffed.clock.at += timedelta(minutes=1)
    tagged()
    assert len(set(tags)) == len(tags)


def test_two_supervisors_never_share_a_tag(staffed: Desk, signed_in: SignIn) -> None:
    staffed.person("Odile Renard", Role.SUPERVISOR)
    tags = {signed_in(who).get("/schedule/live").headers["ETag"] for who in ("els", "odile")}
    assert len(tags) == 2


@pytest.mark.usefixtures("staffed")
def test_the_polled_middle_holds_no_form_token_and_may_be_kept_by_this_browser_alone(
    signed_in: SignIn,
) -> None:  # fmt: skip
    answer = signed_in("els").get("/schedule/live")
    assert "csrf" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Cookie"
    assert answer.headers["Ringback-Time"] == "10:40:04"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("staffed")
def test_the_page_itself_is_kept_nowhere(signed_in: SignIn) -> None:
    assert signed_in("els").get("/schedule").headers["Cache-Control"] == "no-store"


def test_nothing_is_styled_or_scripted_inline(desk: Desk, signed_in: SignIn) -> None:
    busy_tuesday(desk)
    page = signed_in("els").get("/schedule").text
    assert re.search(r"\son[a-z]+=|\sstyle=|<style", page) is None
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_buttons_on_a_page_that_is_shown_again_lead_back_to_that_page(staffed: Desk, signed_in: SignIn) -> None:
    del staffed
    els = signed_in("els")
    asked = {"csrf_token": token(els.get("/schedule/switches").text), "to": "off", "why": ""}
    answer = els.post("/schedule/switches/intake", data=asked)
    assert answer.status_code == 422
    assert answer.text.count('name="back" value="/schedule/switches"') == 2
