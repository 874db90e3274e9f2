"""The telephones' page in a real browser: somebody who has read nothing places a call."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Browser, Page, expect

from tests.simulator.storytelling import AGENT, CUSTOMER, HOTLINE, with_story
from tests.web import test_browser as shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twilio.rest import Client

    from simulator.server import Simulator
    from tests.simulator.conftest import Service

CONSOLE = Path(__file__).parents[2] / "simulator" / "console"
WIDTHS = (360, 768, 1440)

chromium = shared.chromium
pytestmark = pytest.mark.xdist_group("console-page")


@pytest.fixture
def simulator(start: Callable[..., Simulator], service: Service, tmp_path: Path) -> Simulator:
    """A stand-in with An, a customer, and Sofie, an agent."""
    return with_story(start, tmp_path, service, {"does": "waits", "seconds": 1})


@pytest.fixture
def page(chromium: Browser, simulator: Simulator) -> Iterator[Page]:
    """The page, opened; a mistake in its script fails the test."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(shared.PATIENCE)
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda said: mistakes.append(said.text) if said.type in {"error", "warning"} else None)
    page.goto(f"{simulator.url}/console/")
    yield page
    page.close()
    assert mistakes == []


def rings_the_agent(simulator: Simulator, service: Service, twilio_of: Callable[[Simulator], Client]) -> None:
    service.says("/agent", '<Gather numDigits="1" action="/taken" timeout="60"><Say>Druk 1.</Say></Gather>')
    service.says("/taken", f'<Dial callerId="{HOTLINE}"><Number>{CUSTOMER}</Number></Dial>')
    twilio_of(simulator).calls.create(to=AGENT, from_=HOTLINE, url=f"{service.url}/agent")


def test_a_call_is_dialled_heard_and_answered_with_the_keys_of_the_page(page: Page) -> None:
    customer = page.get_by_role("region", name="An")
    customer.get_by_role("button", name="Call", exact=True).click()
    heard = customer.get_by_role("log")
    expect(heard.get_by_text("Druk 1 of 2.")).to_have_attribute("lang", "en-US")
    customer.get_by_role("button", name="1", exact=True).click()
    expect(heard).to_contain_text("pressed 1")
    expect(heard).to_contain_text("U wordt teruggebeld.")
    expect(customer.get_by_text("Call ended")).to_be_visible()


def test_after_the_call_button_the_keyboard_belongs_to_that_telephone(page: Page) -> None:
    customer = page.get_by_role("region", name="An")
    customer.get_by_role("button", name="Call", exact=True).click()
    expect(customer.get_by_text("Listens for keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(customer.get_by_role("log")).to_contain_text("pressed 2")
    expect(customer.get_by_role("log")).to_contain_text("U wordt teruggebeld.")


def test_another_number_than_the_hotline_is_refused_in_words_and_dials_nothing(
    page: Page, simulator: Simulator
) -> None:
    customer = page.get_by_role("region", name="An")
    customer.get_by_role("button", name="5", exact=True).click()
    expect(customer.get_by_label("Number to call")).to_have_value("5")
    customer.get_by_role("button", name="Call", exact=True).click()
    expect(customer).to_contain_text("This network knows only 03 460 35 35")
    assert simulator.exchange.legs == {}


def test_the_agents_phone_rings_is_answered_and_the_two_are_joined(
    page: Page, simulator: Simulator, service: Service, twilio_of: Callable[[Simulator], Client]
) -> None:
    rings_the_agent(simulator, service, twilio_of)
    agent, customer = page.get_by_role("region", name="Sofie"), page.get_by_role("region", name="An")
    expect(page.get_by_role("alert").get_by_text("The phone of Sofie rings.")).to_be_attached()
    agent.get_by_role("button", name="Answer").click()
    expect(agent.get_by_text("Listens for keys")).to_be_visible()
    agent.get_by_role("button", name="1", exact=True).click()
    customer.get_by_role("button", name="Answer").click()
    expect(customer.get_by_text("In conversation")).to_be_visible()
    customer.get_by_role("button", name="Hang up").click()
    expect(customer.get_by_text("Call ended")).to_be_visible()


def test_what_is_typed_stays_while_the_telephones_go_on(
    page: Page, simulator: Simulator, service: Service, twilio_of: Callable[[Simulator], Client]
) -> None:
    field = page.get_by_role("region", name="An").get_by_label("Number to call")
    field.fill("03 460")
    rings_the_agent(simulator, service, twilio_of)
    expect(page.get_by_role("region", name="Sofie").get_by_text("Incoming call")).to_be_visible()
    expect(field).to_have_value("03 460")
    expect(field).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_of_the_page_is_out_of_reach(
    page: Page, simulator: Simulator, service: Service, twilio_of: Callable[[Simulator], Client], theme: str
) -> None:
    page.get_by_role("button", name=theme.capitalize()).click()
    rings_the_agent(simulator, service, twilio_of)
    expect(page.get_by_role("region", name="Sofie").get_by_text("Incoming call")).to_be_visible()
    page.get_by_role("heading", name="The wire").click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == [], width


def test_the_page_builds_no_markup_from_text_and_holds_no_script_or_style_of_its_own() -> None:
    script = (CONSOLE / "static" / "console.js").read_text(encoding="utf-8")
    markup = (CONSOLE / "templates" / "console.html").read_text(encoding="utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", script) == []
    assert re.findall(r"<style|<script(?! src=)| style=| on\w+=", markup) == []
