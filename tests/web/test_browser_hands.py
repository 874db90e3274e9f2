"""The hands in a real browser: by keyboard, on a telephone, in both themes, and while somebody else looks on."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.callback import Callback
from models.ticket import Ticket
from models.vocabulary import CallbackState
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

TICKET = "/schedule/tickets/10002"


def state(desk: Desk, number: int) -> CallbackState:
    with desk.database.read() as session:
        found = select(Callback.state).join(Ticket, Ticket.id == Callback.ticket_id).where(Ticket.number == number)
        return session.scalars(found.order_by(Callback.id.desc())).first() or CallbackState.HELD


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_of_a_ticket_is_accessible_and_fits_every_width(
    schedule: Page,
    complaints: list[str],
    theme: str,
) -> None:
    schedule.get_by_role("button", name="Donker" if theme == "dark" else "Licht").click()
    schedule.goto(TICKET)
    schedule.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    for width in WIDTHS:
        schedule.set_viewport_size({"width": width, "height": 900})
        assert schedule.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(schedule) == []
    low = "all => all.filter(each => each.offsetParent && each.offsetHeight < 44).map(each => each.textContent)"
    assert schedule.eval_on_selector_all("button, a.button, summary, input:not([type=checkbox]), select", low) == []
    assert complaints == []


def test_a_hand_is_laid_by_keyboard_alone_and_its_refusal_stands_beside_the_field(
    schedule: Page,
    desk: Desk,
) -> None:
    schedule.goto(TICKET)
    schedule.get_by_text("Opzijzetten").first.focus()
    schedule.keyboard.press("Enter")
    schedule.keyboard.press("Tab")
    schedule.keyboard.type("   ")
    schedule.keyboard.press("Enter")
    expect(schedule.locator("#hold-why-problem")).to_have_text("Schrijf een reden op.")
    schedule.locator("#hold-why").fill("wacht op onderdelen")
    schedule.locator("#hold-why").press("Enter")
    expect(schedule.get_by_role("status")).to_contain_text("Opzijgezet")
    assert state(desk, 10_002) is CallbackState.NEEDS_HUMAN


def test_what_one_supervisor_does_another_sees_while_what_he_types_stays(
    schedule: Page,
    desk: Desk,
) -> None:
    other = schedule.context.new_page()
    other.goto(TICKET)
    other.locator("#cancel summary").click()
    other.locator("#cancel-why").fill("toch niet")
    schedule.goto(TICKET)
    schedule.locator("#hold summary").click()
    schedule.locator("#hold-why").fill("wacht op onderdelen")
    schedule.locator("#hold-why").press("Enter")
    expect(other.locator("#trail")).to_contain_text("wacht op onderdelen")
    expect(other.locator("#cancel-why")).to_have_value("toch niet")
    other.locator("#cancel-why").press("Enter")
    expect(other.get_by_role("alert").first).to_contain_text("intussen gewijzigd door Els Wouters")
    expect(other.locator("#cancel-why")).to_have_value("toch niet")
    assert state(desk, 10_002) is CallbackState.NEEDS_HUMAN


def test_a_button_in_the_live_list_settles_what_waits_and_comes_back(
    schedule: Page,
    desk: Desk,
) -> None:
    refresh(schedule)
    schedule.locator("#needs-human").get_by_role("button", name="Klaar").click()
    expect(schedule.get_by_role("status")).to_have_text("Klaar.")
    expect(schedule.locator("#needs-human")).to_have_count(0)
    assert state(desk, 10_022) is CallbackState.DONE
