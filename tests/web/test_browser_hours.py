"""Calendar, team and account in a real browser: by keyboard alone, at three widths, in both themes."""

from datetime import date, time

import pytest
from playwright.sync_api import Page, expect

from callbacks.rules.shifts import Shift, weekly
from callbacks.workflows import changing_hours, rostering
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

__all__ = ["chromium", "complaints", "context", "desk", "page", "schedule", "server"]

LOOK = "/schedule/hours?kind=closure&from_day=2026-11-26&until_day=2026-11-27&until_time=12:00&note=Verhuis"
REFUSED = "/schedule/hours?kind=opening&from_day=2026-11-28&from_time=10:00&until_time=12:00"
MOST_STEPS = 60


def walk_to(page: Page, selector: str) -> None:
    """Press Tab until this control has the focus: whoever has no mouse must come there."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by keyboard")


def test_a_closure_is_looked_at_and_entered_by_keyboard_alone(
    schedule: Page, desk: Desk, complaints: list[str]
) -> None:
    walk_to(schedule, "nav.ways a[href='/schedule/hours']")
    schedule.keyboard.press("Enter")
    expect(schedule.get_by_role("heading", level=1)).to_have_text("Kalender")
    walk_to(schedule, "#from_day")
    # The browser speaks American English: month, day, year.
    schedule.keyboard.type("11262026")
    walk_to(schedule, "#note")
    schedule.keyboard.type("Verhuis")
    walk_to(schedule, "#enter button")
    schedule.keyboard.press("Enter")
    expect(schedule.get_by_role("heading", name="Zo zou het worden")).to_be_visible()
    expect(schedule.locator("tr.changes")).to_have_count(1)
    expect(schedule.locator("#note")).to_have_value("Verhuis")
    walk_to(schedule, "#enter button[formaction]")
    schedule.keyboard.press("Enter")
    expect(schedule.get_by_role("status")).to_contain_text("De sluiting is ingevoerd.")
    (entered,) = changing_hours.entered(desk.services())
    assert (entered.note, entered.entered_by) == ("Verhuis", "Els Wouters")
    assert complaints == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_are_accessible_and_fit_every_width(
    schedule: Page, desk: Desk, complaints: list[str], theme: str
) -> None:
    shift = Shift(weekly("Mo-Fr"), date(2026, 11, 2), time(9), time(12))
    rostering.add_shifts(desk.services(), "Dora Lambert", [shift], "Els")
    schedule.get_by_role("button", name="Donker" if theme == "dark" else "Licht").click()
    for path in ("/schedule/hours", LOOK, REFUSED, "/schedule/team", "/account"):
        schedule.goto(path)
        schedule.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true })")
        for width in WIDTHS:
            schedule.set_viewport_size({"width": width, "height": 900})
            assert schedule.evaluate("document.documentElement.scrollWidth") <= width, path
            assert violations(schedule) == [], path
        heights = schedule.eval_on_selector_all(
            "button, a.button, summary, input:not([type=hidden], [type=checkbox]), select",
            "all => all.map(each => each.offsetHeight).filter(height => height)",
        )
        assert min(heights) >= 44, path
    assert [each for each in complaints if "422" not in each] == []


def test_an_agent_who_goes_on_a_break_is_seen_without_touching_what_is_typed(schedule: Page) -> None:
    schedule.goto("/schedule/team")
    schedule.wait_for_load_state("load")
    schedule.get_by_text("Afwezigheid toevoegen").click()
    reason = schedule.locator("#absence-why")
    reason.fill("opleid")
    reason.focus()
    row = schedule.locator("#team tr", has_text="Dora Lambert")
    expect(row.get_by_role("button", name="Pauze")).to_be_visible()
    other = schedule.context.new_page()
    other.goto("/schedule/team")
    other.locator("#team tr", has_text="Dora Lambert").get_by_role("button", name="Pauze").click()
    expect(other.get_by_role("status").first).to_contain_text("Dora Lambert heeft pauze.")
    refresh(schedule)
    expect(row).to_contain_text("Weer aan het werk zetten")
    expect(reason).to_have_value("opleid")
    expect(reason).to_be_focused()
