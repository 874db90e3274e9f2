"""The figures and the wall in a real browser: readable for everybody, on every screen, and the wall by itself."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import BaseWSGIServer

from models.vocabulary import AlarmKind
from tests.web.desk import Desk
from tests.web.loud import raised
from tests.web.month import busy_month
from tests.web.test_browser import (
    THEMES,
    WIDTHS,
    chromium,
    complaints,
    context,
    desk,
    page,
    schedule,
    server,
    violations,
)

__all__ = ["chromium", "complaints", "context", "desk", "page", "schedule", "server"]


def hung(schedule: Page, chromium: Browser, server: BaseWSGIServer, **wishes: object) -> Page:
    """Make a link as Els does, and open it on a screen where nobody is signed in."""
    schedule.goto("/schedule/walls")
    schedule.get_by_label("Naam van het scherm").fill("Gent, boven de koffie")
    schedule.get_by_role("button", name="Link maken").click()
    link = urlsplit(schedule.get_by_label("Link", exact=True).input_value())
    screen = chromium.new_context(base_url=f"http://127.0.0.1:{server.server_port}", **wishes).new_page()  # type: ignore[arg-type]
    screen.goto(f"{link.path}?{link.query}")
    expect(screen).to_have_url(re.compile("/schedule/wall$"))
    screen.wait_for_load_state("load")
    return screen


@pytest.mark.parametrize("theme", THEMES)
def test_the_figures_are_accessible_and_fit_every_width(
    schedule: Page, desk: Desk, complaints: list[str], theme: str
) -> None:
    busy_month(desk, 2)
    schedule.get_by_role("button", name="Donker" if theme == "dark" else "Licht").click()
    for path in ("/schedule/figures", "/schedule/walls"):
        schedule.goto(path)
        for summary in schedule.locator("summary").all():
            summary.click()
        for width in WIDTHS:
            schedule.set_viewport_size({"width": width, "height": 900})
            assert schedule.evaluate("document.documentElement.scrollWidth") <= width
            assert violations(schedule) == []
    heights = schedule.eval_on_selector_all(
        "button:not([formmethod=dialog]), a.button", "all => all.map(each => each.offsetHeight)"
    )
    assert min(heights) >= 44
    assert complaints == []


def test_a_picture_is_as_readable_on_a_telephone_as_the_text_beside_it(schedule: Page, desk: Desk) -> None:
    busy_month(desk, 2)
    schedule.goto("/schedule/figures")
    schedule.set_viewport_size({"width": 390, "height": 844})
    high = schedule.eval_on_selector_all(
        "svg.chart text", "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert len(high) > 50
    assert min(high) >= 9


@pytest.mark.parametrize("theme", THEMES)
def test_the_wall_fits_a_screen_of_1080_lines_and_is_accessible(
    schedule: Page, chromium: Browser, server: BaseWSGIServer, desk: Desk, theme: str
) -> None:
    for n, kind in enumerate(AlarmKind):
        raised(desk, kind, 1 + n)
    screen = hung(schedule, chromium, server, viewport={"width": 1920, "height": 1080})
    screen.get_by_role("button", name="Donker" if theme == "dark" else "Licht").click()
    expect(screen.locator("html")).to_have_attribute("data-theme", theme)
    assert screen.evaluate("document.documentElement.scrollHeight") <= 1080
    assert violations(screen) == []
    for width in WIDTHS:
        screen.set_viewport_size({"width": width, "height": 900})
        assert screen.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(screen) == []


def test_the_wall_shows_a_change_by_itself_and_shuts_when_its_link_is_taken_back(
    schedule: Page, chromium: Browser, server: BaseWSGIServer, desk: Desk
) -> None:
    screen = hung(schedule, chromium, server)
    expect(screen.locator(".numbers dd").first).to_have_text("13")
    desk.promise(None, "+32470999999", 0.5)
    expect(screen.locator(".numbers dd").first).to_have_text("14", timeout=5_000)
    schedule.get_by_role("button", name="Intrekken").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Dit scherm is afgesloten", timeout=5_000)


def test_nothing_on_a_screen_can_be_pressed_but_its_colours(
    schedule: Page, chromium: Browser, server: BaseWSGIServer, context: BrowserContext
) -> None:
    del context
    screen = hung(schedule, chromium, server)
    pressed = [each.text_content() for each in screen.locator("button, a, input").all() if each.is_visible()]
    assert pressed == ["Naar de inhoud", "Licht", "Donker"]
