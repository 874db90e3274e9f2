"""A whole call-back on the telephones' page, as somebody who never saw it plays it; and the same without a mouse."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys import telephones_page as shared
from tests.journeys.telephones_page import asks_as_jef, deed, handset, press, rings, says

chromium, complaints, context, demo, page = (
    shared.chromium,
    shared.complaints,
    shared.context,
    shared.demo,
    shared.page,
)
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys-telephones-page")]


def test_a_call_back_is_played_with_two_telephones_and_leaves_a_ticket_its_minutes_and_mails(
    page: Page, context: BrowserContext, complaints: list[str]
) -> None:
    customer = asks_as_jef(page, "1")
    expect(says(customer).locator(".said").first).to_have_attribute("lang", "nl-BE")
    agent = rings(page)
    expect(page.locator("#alert")).to_contain_text("rings")
    deed(agent, "Answer").click()
    expect(says(agent)).to_contain_text("Drukkerij Maes")
    press(agent, "1")
    expect(deed(customer, "Answer")).to_be_visible()
    deed(customer, "Answer").click()
    expect(customer.locator(".state")).to_have_text("In conversation")
    page.get_by_role("button", name="+15 minutes").click()
    expect(customer.locator(".timer")).to_have_text(re.compile(r"^15:\d\d$"))
    deed(customer, "Hang up").click()
    expect(says(agent)).to_contain_text("Hoe is het afgelopen?")
    press(agent, "1")
    expect(says(agent)).to_contain_text("het ticket is gesloten")
    closing = page.locator("#inbox").get_by_role("button", name=re.compile(r"Uw ticket \d+ is afgesloten.*jef@")).first
    closing.click()
    expect(page.locator("#inbox .letter:visible .text")).to_contain_text(re.compile("Gewerkte tijd: 1[56] minuten"))
    number = re.search(r"\d{5}", closing.inner_text())
    assert number
    _schedule_shows(page, context, number[0])
    assert complaints == []


def _schedule_shows(page: Page, context: BrowserContext, number: str) -> None:
    """Follow the page's own link, which signs in, and read the ticket."""
    with context.expect_page() as opened:
        page.locator("#links").get_by_role("link", name=re.compile("Schedule")).click()
    schedule = opened.value
    expect(schedule).to_have_url(re.compile("/schedule$"))
    schedule.goto(f"{shared.service(page)}/schedule/tickets/{number}")
    expect(schedule.locator("main")).to_contain_text("Drukkerij Maes")
    expect(schedule.locator("main")).to_contain_text(re.compile(r"1[56] min"))


def test_the_whole_call_is_played_with_the_keyboard_alone(page: Page, complaints: list[str]) -> None:
    customer = handset(page, 0)
    _tab_to(page, customer.locator("select.people"))
    page.keyboard.type("Tom")
    _tab_to(page, deed(customer, "Call"))
    page.keyboard.press("Enter")
    expect(says(customer)).to_contain_text("Press 1")
    page.keyboard.press("1")
    expect(says(customer)).to_contain_text("Correct?")
    page.keyboard.press("1")
    expect(says(customer)).to_contain_text("registered")
    agent = rings(page)
    _tab_to(page, deed(agent, "Answer"))
    page.keyboard.press("Enter")
    expect(says(agent)).to_contain_text("Harbour Freight")
    page.keyboard.press("1")
    expect(deed(customer, "Answer")).to_be_visible()
    _tab_to(page, deed(customer, "Answer"))
    page.keyboard.press("Enter")
    expect(customer.locator(".state")).to_have_text("In conversation")
    _tab_to(page, deed(customer, "Hang up"))
    page.keyboard.press("Enter")
    _tab_to(page, agent.locator('[data-key="1"]'))
    expect(agent.locator(".state")).to_have_text("Listens for keys")
    page.keyboard.press("Enter")
    expect(says(agent)).to_contain_text(re.compile("gesloten|closed"))
    assert complaints == []


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until it has the focus, as somebody without a mouse would."""
    for _ in range(120):
        if target.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("Tab does not lead there")


def test_a_key_typed_elsewhere_on_the_page_is_nobodys(page: Page) -> None:
    page.locator("#sound").focus()
    page.keyboard.press("7")
    for place in range(3):
        expect(handset(page, place).locator(".number")).to_have_value("03 460 35 35")


def test_keys_dial_before_a_call_and_a_number_that_nobody_has_is_said(page: Page) -> None:
    customer = handset(page, 0)
    for key in "034":
        press(customer, key)
    expect(customer.locator(".number")).to_have_value("034")
    deed(customer, "Call").click()
    expect(customer.locator(".hint")).to_contain_text("03 460 35 35")
    customer.locator(".rub").click()
    expect(customer.locator(".number")).to_have_value("03")
