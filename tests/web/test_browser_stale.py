"""Live pages that stay open all day, in a real browser: what is said too long, and what not at all."""

import re

from playwright.sync_api import Page, expect

from tests.web import test_browser_desk as shared
from tests.web.test_browser import refresh
from tests.web.test_browser_desk import Her, Opens

chromium, server, context, complaints, page, desk, her, opens = (
    shared.chromium,
    shared.server,
    shared.context,
    shared.complaints,
    shared.page,
    shared.desk,
    shared.her,
    shared.opens,
)


def test_a_page_whose_token_is_refused_says_that_it_must_be_loaded_again(page: Page, her: Her, opens: Opens) -> None:
    del her
    opens(page, "ann")
    # As after a sign-in in another tab, quicker than this one's next look.
    page.context.clear_cookies(name="ringback_form")
    page.context.new_page().goto("/account")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    stale = page.locator("#stale")
    expect(stale).to_contain_text("Herlaad de pagina.")
    # The polls go well all the same: they need no token, and must not take the warning away.
    refresh(page)
    expect(stale).to_be_visible()
    page.reload()
    page.wait_for_load_state("load")
    with page.expect_response("**/desk/here") as answer:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answer.value.status == 204
    expect(stale).to_be_hidden()


def test_what_was_done_is_said_for_a_while_and_what_was_refused_stays(page: Page, her: Her, opens: Opens) -> None:
    del her
    page.clock.install()
    opens(page, "els").goto("/schedule/team")
    page.get_by_role("button", name=re.compile("^Niet meer aan het werk")).first.click()
    expect(page.locator("main > .banner.good")).to_have_count(1)
    page.evaluate("""() => document.getElementById("main").insertAdjacentHTML("afterbegin",
        '<p class="banner bad" role="alert">Niet gedaan.</p>')""")
    page.clock.fast_forward(10_000)
    expect(page.locator("main > .banner.good")).to_have_count(0)
    expect(page.get_by_text("Niet gedaan.")).to_be_visible()
