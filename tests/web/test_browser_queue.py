"""Searching, and the forms beside the queue, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.web import test_browser as shared
from tests.web.desk import Desk
from tests.web.test_browser import THEMES, refresh, violations

chromium, complaints, context, desk, page, schedule, server = (
    shared.chromium,
    shared.complaints,
    shared.context,
    shared.desk,
    shared.page,
    shared.schedule,
    shared.server,
)

PAGES = (
    "/schedule?q=peeters&option=1",
    "/schedule/tickets/new?q=peeters",
    "/schedule/tickets/new?contact=1",
    "/schedule/numbers/link?number=0470+123456&q=van",
)


def test_what_is_typed_and_the_focus_survive_the_poll_and_the_filter_is_kept_by_it(
    schedule: Page,
    desk: Desk,
    complaints: list[str],
) -> None:
    field = schedule.get_by_role("searchbox", name="Zoek in de wachtrij")
    field.fill("0470 99")
    schedule.keyboard.press("Enter")
    expect(schedule.locator("#queue")).to_contain_text("Niemand in de wachtrij past hierbij.")
    field.fill("0470 99 99")
    desk.promise(None, "+32470999999", 0.5)
    refresh(schedule)
    expect(schedule.locator("#queue h2")).to_have_text("Wachtrij 1 van 14")
    expect(field).to_have_value("0470 99 99")
    expect(field).to_be_focused()
    assert complaints == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_search_and_the_forms_fit_a_telephone_and_everybody(
    schedule: Page,
    complaints: list[str],
    theme: str,
) -> None:
    schedule.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    schedule.set_viewport_size({"width": 390, "height": 844})
    for path in PAGES:
        schedule.goto(path)
        assert schedule.evaluate("document.documentElement.scrollWidth") <= 390, path
        small = "[...document.querySelectorAll('main button, main a.button, main select, summary')]"
        assert schedule.evaluate(f"{small}.every(each => each.offsetHeight === 0 || each.offsetHeight >= 44)"), path
        assert violations(schedule) == [], path
    assert complaints == []
