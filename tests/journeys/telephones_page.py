"""The telephones' page of a running demo, in a real browser; what two fingers do on it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys.running_demo import Demo
from tests.web.test_browser import PATIENCE, chromium

__all__ = ["chromium", "complaints", "context", "demo", "page"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A whole demo after its story, for all tests of a file."""
    running = Demo(tmp_path_factory.mktemp("demo"))
    running.asks("POST", "pace", {"speech_rate": 0})
    yield running
    running.stop()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser said on its console."""
    return []


@pytest.fixture
def context(chromium: Browser, demo: Demo) -> Iterator[BrowserContext]:
    """A browser window of its own cookies, nobody on the telephone, and the desk open since a moment."""
    demo.asks("POST", "end-all", {})
    for number in demo.asks("GET", "state")["behaviours"]:
        demo.asks("POST", f"phones/{number}", {"behaviour": "manual"})
    demo.asks("POST", "clock", {"to": "next_working_day"})
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, demo: Demo, complaints: list[str]) -> Page:
    """The telephones' page."""
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{demo.console}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ringback, tried out")
    expect(page.locator(".handset")).to_have_count(3)
    return page


def handset(page: Page, place: int) -> Locator:
    """Return the customer's telephone (0) or that of an agent (1, 2)."""
    return page.locator(".handset").nth(place)


def press(phone: Locator, key: str) -> None:
    """Press a key of it with the mouse."""
    phone.locator(f'[data-key="{key}"]').click()


def deed(phone: Locator, name: str) -> Locator:
    """Return the button of it with this name on it."""
    return phone.get_by_role("button", name=name, exact=True)


def says(phone: Locator) -> Locator:
    """Return what is heard in it."""
    return phone.locator(".heard")


def asks_as_jef(page: Page, key: str) -> Locator:
    """Call the hotline as Jef Maes, who speaks Dutch, and press 1 (outage) or 2, and 1 for his own number."""
    customer = handset(page, 0)
    customer.get_by_label("Who calls").select_option(label="Jef Maes")
    deed(customer, "Call").click()
    expect(says(customer)).to_contain_text("Druk 1")
    press(customer, key)
    expect(says(customer)).to_contain_text("Klopt dat?")
    press(customer, "1")
    expect(says(customer)).to_contain_text("Uw oproep is geregistreerd")
    return customer


def rings(page: Page) -> Locator:
    """Return the agent's telephone that rings, as soon as one does; it stays that one after its bell."""
    ringing = page.locator('.handset[data-mood="ringing"]:not(#phone-0)')
    expect(ringing).to_have_count(1)
    return page.locator(f"#{ringing.get_attribute('id')}")


def service(page: Page) -> str:
    """Return where the service answers, by the page's own first link."""
    parts = urlsplit(page.locator("#links a").first.get_attribute("href") or "")
    return f"{parts.scheme}://{parts.netloc}"
