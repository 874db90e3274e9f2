"""The day and the week in a real browser: that they fit, can be read in both themes, and stay where one was looking."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.vocabulary import CallbackState
from tests.web import test_browser as shared
from tests.web.desk import Desk

chromium, desk, server, context = shared.chromium, shared.desk, shared.server, shared.context
complaints, page, schedule = shared.complaints, shared.page, shared.schedule


def booked(desk: Desk, number: str) -> None:
    starts = desk.clock.now().replace(hour=13, minute=0, second=0)
    moment: dict[str, Any] = {"booked_from": starts, "booked_to": starts + timedelta(minutes=30), "not_before": starts}
    desk.promise(None, number, 50, state=CallbackState.RESTING, **moment)


@pytest.mark.parametrize("theme", shared.THEMES)
def test_every_day_and_the_week_are_accessible_and_fit_every_width(
    schedule: Page, desk: Desk, complaints: list[str], theme: str
) -> None:
    schedule.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    booked(desk, "+32470555555")
    for path in ("/schedule", "/schedule?date=2026-11-25", "/schedule?date=2026-12-25", "/schedule/week"):
        schedule.goto(path)
        for width in shared.WIDTHS:
            schedule.set_viewport_size({"width": width, "height": 900})
            assert schedule.evaluate("document.documentElement.scrollWidth") <= width
            assert shared.violations(schedule) == []
    assert complaints == []


def test_on_a_telephone_the_drawing_scrolls_in_its_card_and_a_change_leaves_it_where_it_was(
    schedule: Page, desk: Desk, complaints: list[str]
) -> None:
    schedule.set_viewport_size({"width": 390, "height": 844})
    schedule.evaluate("document.getElementById('day-scroll').scrollLeft = 300")
    booked(desk, "+32470555555")
    shared.refresh(schedule)
    expect(schedule.locator("#day-grid .box.appointment")).to_have_count(1)
    assert schedule.evaluate("document.getElementById('day-scroll').scrollLeft") == 300
    first, hours = (schedule.locator(each).bounding_box() for each in (".day-heads", ".day-hours"))
    assert first is not None
    assert hours is not None
    assert first["x"] < 0 < hours["x"], "the names have moved along, the hours have stayed"
    assert complaints == []


def test_a_block_leads_to_its_ticket_and_a_date_that_is_typed_to_its_day(schedule: Page) -> None:
    ticket = schedule.locator("#day-grid a").first
    assert ticket.get_attribute("href") == "/schedule/tickets/10017"
    schedule.get_by_label("Ga naar").fill("2026-11-30")
    schedule.get_by_role("button", name="Tonen").click()
    expect(schedule.get_by_role("heading", level=1)).to_have_text("Overzicht, maandag 30 november")
    schedule.get_by_role("link", name="Vorige dag").click()
    expect(schedule.get_by_role("heading", level=1)).to_have_text("Overzicht, zondag 29 november")
