"""Alarms in a real browser: seen within three seconds, heard once, silent when muted."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from callbacks.store.switches import Hand
from callbacks.workflows import alarming, deciding, incidents
from models.vocabulary import Language, Option
from tests.web import test_browser as shared
from tests.web.desk import Desk
from tests.web.test_browser import THEMES, WIDTHS, refresh, violations

chromium, complaints, context, desk, page, schedule, server = (
    shared.chromium,
    shared.complaints,
    shared.context,
    shared.desk,
    shared.page,
    shared.schedule,
    shared.server,
)

WITHIN = 3000
EAR = """
window.heard = 0;
window.AudioContext = class {
  currentTime = 0;
  destination = {};
  resume() { window.heard += 1; return Promise.resolve(); }
  createOscillator() { return { frequency: {}, connect: (next) => next, start() {}, stop() {} }; }
  createGain() {
    return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (next) => next };
  }
};
"""
"""Stands in for the loudspeaker, and counts how often it is asked for a sound."""


@pytest.fixture
def ear(context: BrowserContext) -> None:
    """Count the sounds of every page that is opened after this."""
    context.add_init_script(EAR)


def alarmed(desk: Desk) -> None:
    """Let an outage come in that nobody takes, and let the clock look until the supervisors are to see it."""
    desk.promise(None, "+32470999999", 50, Option.OUTAGE)
    for _ in range(30):
        alarming.look(desk.services())
        desk.clock.move(seconds=5)


def heard(page: Page) -> int:
    return int(page.evaluate("window.heard"))


@pytest.mark.usefixtures("ear")
def test_an_alarm_is_on_screen_within_three_seconds_heard_once_and_counted_in_the_title(
    schedule: Page,
    desk: Desk,
    complaints: list[str],
) -> None:
    schedule.get_by_role("heading", name="Wachtrij").click()
    assert heard(schedule) == 0
    alarmed(desk)
    alarms = schedule.locator("#alarms [data-alarm]")
    expect(alarms.first).to_be_visible(timeout=WITHIN)
    count = alarms.count()
    expect(schedule).to_have_title(f"({count}) Overzicht · Accel")
    assert heard(schedule) == 1
    desk.promise(None, "+32470888888", 1)
    refresh(schedule)
    schedule.reload()
    schedule.keyboard.press("Shift")
    assert heard(schedule) == 0, "the same alarms, a new page: they were heard already"
    assert complaints == []


@pytest.mark.usefixtures("ear")
def test_muted_it_stays_silent_also_on_the_next_page_and_the_title_still_tells(schedule: Page, desk: Desk) -> None:
    schedule.get_by_role("heading", name="Wachtrij").click()
    schedule.get_by_role("button", name="Geluid uit").click()
    schedule.reload()
    expect(schedule.get_by_role("button", name="Geluid aan")).to_be_visible()
    schedule.keyboard.press("Shift")
    alarmed(desk)
    expect(schedule.locator("#alarms [data-alarm]").first).to_be_visible(timeout=WITHIN)
    assert schedule.title().startswith("(")
    assert heard(schedule) == 0
    schedule.get_by_role("button", name="Geluid aan").click()
    assert heard(schedule) == 0, "what came while it was muted is old"


@pytest.mark.usefixtures("ear")
def test_before_the_first_click_it_says_that_it_wants_one_and_then_sounds(schedule: Page, desk: Desk) -> None:
    alarmed(desk)
    schedule.reload()
    button = schedule.get_by_role("button", name="Klik voor geluid")
    expect(button).to_be_visible()
    assert heard(schedule) == 0
    button.click()
    expect(schedule.get_by_role("button", name="Geluid uit")).to_be_visible()
    assert heard(schedule) == 1


def test_a_supervisor_says_by_keyboard_that_he_has_seen_it(schedule: Page, desk: Desk) -> None:
    alarmed(desk)
    refresh(schedule)
    before = schedule.locator("#alarms [data-alarm]").count()
    button = schedule.get_by_role("button", name="Gezien").first
    button.focus()
    schedule.keyboard.press("Enter")
    expect(schedule.get_by_role("status").filter(has_text="u hebt dit alarm gezien")).to_be_visible()
    expect(schedule.locator("#alarms [data-alarm]")).to_have_count(before - 1)


@pytest.mark.parametrize("theme", THEMES)
def test_alarms_switches_and_incidents_are_accessible_and_fit_every_width(
    schedule: Page,
    desk: Desk,
    complaints: list[str],
    theme: str,
) -> None:
    services = desk.services()
    alarmed(desk)
    number = incidents.open_incident(services, "Mailserver plat " * 8, {Language.NL: "Mail ligt plat."}, "Els Wouters")
    incidents.mark(services, number, {10001, 10002}, "Els Wouters")
    for hand in Hand:
        deciding.switch(services, hand, "x" * 150, "Els Wouters", on=False)
    schedule.get_by_role("button", name="Donker" if theme == "dark" else "Licht").click()
    expect(schedule.locator("html")).to_have_attribute("data-theme", theme)
    for path in ("", "/switches", "/incidents", f"/incidents/{number}"):
        schedule.goto(f"/schedule{path}")
        for width in WIDTHS:
            schedule.set_viewport_size({"width": width, "height": 900})
            assert schedule.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            heights = schedule.eval_on_selector_all("button, a.button", "all => all.map(each => each.offsetHeight)")
            assert min(each for each in heights if each) >= 44, (path, width)
        assert violations(schedule) == [], path
    assert complaints == []
