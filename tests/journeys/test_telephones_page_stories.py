"""Each story is played by its button, and the clock by its own; what falls due then happens."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from callbacks.cli.sample_stories import stories
from tests.journeys import telephones_page as shared
from tests.journeys.running_demo import STORY_SECONDS, Demo
from tests.journeys.telephones_page import asks_as_jef, deed, handset, press, rings, says

chromium, complaints, context, demo, page = (
    shared.chromium,
    shared.complaints,
    shared.context,
    shared.demo,
    shared.page,
)
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys-telephones-page")]


@pytest.mark.parametrize("title", [str(story["title"]) for story in stories()])
def test_a_story_is_played_by_its_button_to_its_good_end(page: Page, complaints: list[str], title: str) -> None:
    telling = page.locator("#stories .telling")
    page.locator("#stories .choices li", has_text=title).get_by_role("button").click()
    expect(telling.get_by_role("heading")).to_have_text(f"{title} — the end", timeout=STORY_SECONDS * 1000)
    expect(telling.locator("li").last).to_contain_text(re.compile("afgesloten|clôturé|closed"))
    expect(telling.locator(".problem")).to_be_hidden()
    assert complaints == []


def test_the_clock_is_moved_by_its_buttons_and_the_services_clock_follows(
    page: Page, demo: Demo, complaints: list[str]
) -> None:
    moves = page.locator("#clock .moves")
    moves.get_by_role("button", name="Lunch break").click()
    expect(page.locator("#clock .time")).to_have_text(re.compile(r"^12:1\d"))
    customer = asks_as_jef(page, "2")
    expect(says(customer)).to_contain_text("middagpauze")
    deed(customer, "Hang up").click()
    expect(page.locator(".steps .aside")).to_contain_text("the desk is closed")
    expect(page.locator('.handset[data-mood="ringing"]')).to_have_count(0)
    page.get_by_role("button", name="Go to the next opening").click()
    expect(page.locator("#clock .time")).to_have_text(re.compile(r"^13:00"))
    agent = rings(page)
    deed(agent, "Answer").click()
    expect(says(agent)).to_contain_text("Drukkerij Maes")
    press(agent, "1")
    deed(customer, "Answer").click()
    deed(customer, "Hang up").click()
    expect(says(agent)).to_contain_text("Hoe is het afgelopen?")
    press(agent, "1")
    expect(says(agent)).to_contain_text("het ticket is gesloten")
    now = moves.get_by_role("button", name="Now")
    now.click()
    expect(now).to_have_text("Nowreal time")
    shown = datetime.fromisoformat(demo.asks("GET", "clock")["now"])
    assert abs(shown - datetime.now(UTC)) < timedelta(seconds=5)
    assert complaints == []


def test_a_telephone_does_what_it_was_told_and_the_wire_shows_what_was_asked_and_answered(
    page: Page, demo: Demo, complaints: list[str]
) -> None:
    demo.asks("POST", "clock", {"to": "next_working_day"})
    for place in (1, 2):
        handset(page, place).get_by_label("When it rings").select_option(label="it accepts and says solved")
    customer = handset(page, 0)
    customer.get_by_label("Who calls").select_option(label="Claire Dubois")
    customer.get_by_label("When it rings").select_option(label="it answers and hangs up half-way")
    mails = page.locator("#inbox .mail")
    expect(mails.first).to_be_visible()
    before = mails.count()
    deed(customer, "Call").click()
    expect(says(customer)).to_contain_text("Tapez 1")
    press(customer, "2")
    expect(says(customer).locator(".keyed")).to_have_count(1)
    expect(says(customer)).to_contain_text(re.compile("04|0 4"))
    press(customer, "1")
    expect(says(customer)).to_contain_text("enregistré")
    expect(mails).to_have_count(before + 2)
    expect(mails.first).to_contain_text("clôturé")
    customer.get_by_role("button", name="Wire", exact=True).click()
    wire = page.locator("#wire")
    expect(wire.locator(".exchange").first).to_be_visible()
    wire.get_by_label("Show").select_option(label="everything")
    dialled = wire.locator(".exchange", has_text="POST /voice/incoming").first
    dialled.locator("summary").click()
    expect(dialled.locator(".signature")).to_contain_text("X-Twilio-Signature")
    expect(dialled.locator("table")).to_contain_text("CallSid")
    expect(dialled.locator("pre")).to_contain_text("<Gather")
    placed = wire.locator(".exchange.back", has_text="/Calls.json").first
    placed.locator("summary").click()
    expect(placed.locator("pre")).to_contain_text('"status": "queued"')
    assert complaints == []


def test_a_message_after_the_tone_is_kept_as_a_sound_that_the_agent_hears(page: Page, complaints: list[str]) -> None:
    customer = asks_as_jef(page, "1")
    expect(says(customer)).to_contain_text("Iets toevoegen?")
    press(customer, "2")
    customer.get_by_label("Say your message").fill("De server staat stil sinds vanmorgen.")
    customer.get_by_role("button", name="Say it").click()
    expect(says(customer).locator(".own")).to_have_text("De server staat stil sinds vanmorgen.")
    press(customer, "#")
    agent = rings(page)
    deed(agent, "Answer").click()
    expect(says(agent)).to_contain_text("Bericht: 4")
    press(agent, "4")
    with page.expect_response(re.compile(r"/sounds/\w+")) as sound:
        says(agent).get_by_role("button", name="Listen").click()
    assert sound.value.body()[:4] == b"RIFF"
    press(agent, "1")
    deed(customer, "Answer").click()
    deed(customer, "Hang up").click()
    expect(says(agent)).to_contain_text("Hoe is het afgelopen?")
    press(agent, "1")
    expect(says(agent)).to_contain_text("het ticket is gesloten")
    assert complaints == []
