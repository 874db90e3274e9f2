"""What stands on top of the live pages, and who may take it away."""

import re
from datetime import timedelta

import pytest

from callbacks.rules.promise import Range
from callbacks.store import promises
from callbacks.store.switches import Hand
from callbacks.store.transitions import Cause
from callbacks.workflows import alarming, deciding, incidents
from models.alarm import Alarm
from models.vocabulary import Agreement, Language, Option, Role
from tests.web.access_table import ACCESS, Who
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk

HOSTILE = """<script>alert("x")</script>'"><img src=x onerror=alert(1)>"""
PROOF, SUPERVISORS = 15, 120


def looks(desk: Desk, seconds: int) -> None:
    """Let the clock look every five seconds of the next so many."""
    alarming.look(desk.services())
    for _ in range(seconds // 5):
        desk.clock.move(seconds=5)
        alarming.look(desk.services())


def late(desk: Desk, company: str = "Bakkerij Peeters", pinned: int | None = None) -> int:
    """A customer waits whose promise has just ended; return his call-back."""
    who = desk.customer(company, Agreement.MANAGED, "Lien", "+32470111111")
    waiting = desk.promise(who, "+32470111111", 40, Option.QUESTION, pinned_agent_id=pinned)
    now = desk.clock.now()
    with desk.database.write() as session:
        given = Range(now - timedelta(minutes=30), now - timedelta(minutes=5))
        promises.give(session, waiting, given, Cause(now, "test", "promised"), told=True)
    return waiting


def top(page: str) -> str:
    """Return what is read on top, without tags."""
    found = re.search(r'<div class="alarms".*?\n</div>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])).strip()


@pytest.mark.usefixtures("staffed")
def test_agents_see_an_alarm_first_and_supervisors_when_it_lasts(desk: Desk, signed_in: SignIn) -> None:
    els, ann = signed_in("els"), signed_in("ann")
    late(desk)
    looks(desk, PROOF)
    assert "Belofte voorbij, nog niet gebeld 10001 Bakkerij Peeters sinds 10:35" in top(ann.get("/desk").text)
    assert top(els.get("/schedule").text) == ""
    looks(desk, SUPERVISORS)
    page = els.get("/schedule").text
    assert "Belofte voorbij" in top(page)
    assert 'href="/schedule/tickets/10001"' in page
    assert 'href="/desk/tickets/10001"' in ann.get("/desk").text


@pytest.mark.usefixtures("staffed")
def test_only_supervisors_are_offered_to_say_that_they_have_seen_it(desk: Desk, signed_in: SignIn) -> None:
    els, ann = signed_in("els"), signed_in("ann")
    late(desk)
    looks(desk, PROOF + SUPERVISORS)
    agents = ann.get("/desk").text
    assert "Gezien" not in agents
    csrf = token(agents)
    assert ann.post("/schedule/alarms/1/seen", data={"csrf_token": csrf}).status_code == 403
    form = {"csrf_token": token(els.get("/schedule").text), "back": "/schedule"}
    answer = els.post("/schedule/alarms/1/seen", data=form)
    assert (answer.status_code, answer.location) == (303, "/schedule")
    page = els.get("/schedule").text
    assert "u hebt dit alarm gezien" in page
    assert top(page) == top(ann.get("/desk").text) == ""
    with desk.database.read() as session:
        assert session.get_one(Alarm, 1).cleared_by == "Els Wouters"
    els.post("/schedule/alarms/1/seen", data=form)
    assert "Dit alarm is al voorbij." in els.get("/schedule").text


@pytest.mark.usefixtures("staffed")
def test_a_new_alarm_changes_the_tag_of_the_live_page(desk: Desk, signed_in: SignIn) -> None:
    els = signed_in("els")
    late(desk)
    looks(desk, PROOF + SUPERVISORS - 5)
    before = els.get("/schedule/live")
    desk.clock.move(seconds=5)
    alarming.look(desk.services())
    after = els.get("/schedule/live", headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, "data-alarm" in after.text) == (200, True)
    assert "csrf_token" not in after.text


def test_an_agents_page_sounds_for_what_is_his_alone(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Ann De Smet", phone="+32470000001")
    bram = desk.person("Bram Claes", phone="+32470000002")
    late(desk, pinned=bram)
    looks(desk, PROOF)
    assert "data-alarm" in signed_in("ann").get("/desk").text
    assert "data-sound" not in signed_in("ann").get("/desk").text
    assert "data-sound" in signed_in("bram").get("/desk").text


@pytest.mark.usefixtures("staffed")
def test_of_a_flood_the_first_are_named_and_the_rest_counted(desk: Desk, signed_in: SignIn) -> None:
    for _ in range(9):
        desk.promise(None, "+32470111111", 40, Option.OUTAGE)
    looks(desk, PROOF + SUPERVISORS)
    page = signed_in("els").get("/schedule").text
    assert page.count("data-alarm") == 6
    assert "En nog 3 alarmen." in top(page)


@pytest.mark.usefixtures("staffed")
def test_what_is_switched_off_is_said_to_everybody_with_name_and_reason(desk: Desk, signed_in: SignIn) -> None:
    els, ann = signed_in("els"), signed_in("ann")
    for hand, why in ((Hand.DIALLING, "brandoefening"), (Hand.INTAKE, "drie zieken")):
        deciding.switch(desk.services(), hand, why, "Els Wouters", on=False)
    for page in (els.get("/schedule").text, ann.get("/desk").text):
        assert page.count("brandoefening") == 1
        assert "Er wordt niet gebeld: brandoefening Els Wouters, sinds 10:40" in top(page)
        assert "De hotline neemt alleen storingen aan: drie zieken Els Wouters, sinds 10:40" in top(page)
    assert els.get("/schedule/live").text.count('href="/schedule/switches"') == 2
    assert "/schedule/switches" not in ann.get("/desk").text


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize(("who", "seen_by"), [("els", {Who.STAFF, Who.SUPERVISORS}), ("ann", {Who.STAFF, Who.AGENTS})])
def test_every_page_of_the_staff_says_what_is_off_and_that_there_is_an_alarm(
    desk: Desk, signed_in: SignIn, who: str, seen_by: set[Who]
) -> None:
    late(desk)
    looks(desk, PROOF + SUPERVISORS)
    deciding.switch(desk.services(), Hand.DIALLING, "brandoefening", "Els Wouters", on=False)
    browser, app = signed_in(who), desk.app()
    pages = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and ACCESS.get(rule.endpoint) in seen_by
    ]
    assert len(pages) >= 4
    for path in pages:
        page = browser.get(path)
        if page.mimetype != "text/html":
            continue
        assert page.text.count('id="off-dialling"') == 1, path
        assert "Er wordt niet gebeld: brandoefening" in page.text, path
        assert ("data-alarm" in page.text) is not ("Alarmen nu: 1." in page.text), path


@pytest.mark.usefixtures("staffed")
def test_where_nothing_is_wrong_nothing_stands_on_top(desk: Desk, signed_in: SignIn) -> None:
    page = signed_in("els").get("/schedule/week").text
    assert "Alarmen nu" not in page
    assert "banner" not in page
    deciding.switch(desk.services(), Hand.DIALLING, "brandoefening", "Els Wouters", on=False)
    # A customer's page is the customer's, whoever opens it.
    assert "brandoefening" not in signed_in("els").get(f"/moment/{'x' * 32}").text


@pytest.mark.usefixtures("staffed")
def test_an_alarm_breaks_into_what_is_read_aloud_and_nothing_else_does(desk: Desk, signed_in: SignIn) -> None:
    late(desk)
    looks(desk, PROOF + SUPERVISORS)
    deciding.switch(desk.services(), Hand.DIALLING, "brandoefening", "Els Wouters", on=False)
    incidents.open_incident(desk.services(), "Internet weg", {}, "Els Wouters")
    page = signed_in("els").get("/schedule/team").text
    loud = page.partition('aria-live="assertive">')[2].partition("</div>")[0]
    assert ("Belofte voorbij" in loud, "brandoefening" in loud, "Internet weg" in loud) == (True, False, False)
    assert page.count('aria-live="assertive"') == 1


def test_hostile_names_reasons_and_titles_stay_text(desk: Desk, signed_in: SignIn) -> None:
    desk.person("Els Wouters", Role.SUPERVISOR)
    desk.person("Ann De Smet")
    late(desk, HOSTILE)
    services = desk.services()
    deciding.switch(services, Hand.DIALLING, HOSTILE, HOSTILE, on=False)
    incidents.open_incident(services, HOSTILE, {Language.NL: HOSTILE}, HOSTILE)
    looks(desk, PROOF + SUPERVISORS)
    els = signed_in("els")
    for page in (
        els.get("/schedule"), els.get("/schedule/switches"), els.get("/schedule/incidents"),
        els.get("/schedule/incidents/1"), signed_in("ann").get("/desk"),
    ):  # fmt: skip
        assert page.status_code == 200
        assert "<img" not in page.text
        assert "<script>" not in page.text
        assert "alert(1)" in page.text
