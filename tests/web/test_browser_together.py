"""Two supervisors and two agents at their pages at once: each sees what the others do, within three seconds."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import BaseWSGIServer

from models.sessions import Database
from models.vocabulary import Agreement, AttemptState, Option, Role
from tests.web import her_desk
from tests.web import test_browser as shared
from tests.web.desk import PASSWORD, Desk

chromium, server = shared.chromium, shared.server
SOON = 3000
"""Milliseconds in which a change has to be on everybody's screen."""
BUSY_MACHINE = 5
"""How many times slower a machine that runs other tests beside this one may be."""


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Desk:
    """A desk with two supervisors, two free agents, and two customers who wait."""
    shutil.copy(sqlite_template, tmp_path / "ringback.db")
    desk = Desk(Database(f"sqlite:///{tmp_path / 'ringback.db'}"))
    desk.open()
    desk.person("Els Wouters", Role.SUPERVISOR)
    desk.person("Tom Aerts", Role.SUPERVISOR)
    desk.person("Ann De Smet", phone="+32486000001")
    desk.person("Bram Claes", phone="+32486000002")
    bakery = desk.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470111111")
    desk.promise(bakery, "+32470111111", 20, Option.OUTAGE)
    desk.promise(None, "+32470222222", 10)
    return desk


@pytest.fixture
def people(chromium: Browser, server: BaseWSGIServer) -> Iterator[dict[str, Page]]:
    """The page of each, in a browser of his own."""
    with ExitStack() as stack:
        pages = {}
        for name in ("els", "tom", "ann", "bram"):
            context = chromium.new_context(base_url=f"http://127.0.0.1:{server.server_port}")
            stack.callback(context.close)
            context.set_default_timeout(shared.PATIENCE)
            page = context.new_page()
            page.goto("/sign-in")
            page.locator("#email").fill(f"{name}@accel.example")
            page.locator("#password").fill(PASSWORD)
            page.locator("button.main").click()
            page.wait_for_load_state("load")
            pages[name] = page
        yield pages


def press(page: Page, address: str) -> None:
    """Press the button that sends its form there: found by what it does, whatever it is called."""
    page.locator(f'[formaction="{address}"]').first.click()
    page.wait_for_load_state("load")


def test_everybody_sees_what_the_others_do(people: dict[str, Page], desk: Desk) -> None:
    els, tom, ann, bram = (people[name] for name in ("els", "tom", "ann", "bram"))
    patience = SOON * BUSY_MACHINE

    ann.locator('[formaction="/desk/break"]').first.click()
    for supervisor in (els, tom):
        expect(supervisor.locator("#agents li", has_text="Ann De Smet")).to_contain_text("Pauze", timeout=patience)

    els.goto("/schedule/switches")
    els.locator('form[action="/schedule/switches/dialling"] input[name="why"]').fill("brandalarm")
    els.locator('form[action="/schedule/switches/dialling"] button').click()
    for other in (tom, ann, bram):
        expect(other.locator("#off-dialling")).to_contain_text("brandalarm", timeout=patience)
    tom.goto("/schedule/switches")
    tom.locator('form[action="/schedule/switches/dialling"] input[name="why"]').fill("vals alarm")
    tom.locator('form[action="/schedule/switches/dialling"] button').click()
    for other in (ann, bram):
        expect(other.locator("#off-dialling")).to_have_count(0, timeout=patience)

    tom.goto("/schedule")
    els.goto("/schedule/tickets/10002")
    els.locator("#hold summary").click()
    els.locator("#hold-why").fill("wacht op een onderdeel")
    els.locator("#hold button").click()
    expect(tom.locator("#needs-human")).to_contain_text("wacht op een onderdeel", timeout=patience)
    expect(bram.locator("#live")).not_to_contain_text("10002", timeout=patience)

    her_desk.offered(desk, 1, 4, AttemptState.RESERVED)
    expect(bram.locator("#live")).to_contain_text("Lien Peeters", timeout=patience)
    bram.locator('textarea[name="note"], textarea').first.fill("Oven geeft E14")
    press(bram, "/desk/tickets/10001/notes")
    tom.goto("/schedule/tickets/10001")
    expect(tom.locator("#live")).to_contain_text("Oven geeft E14", timeout=patience)
    ann.goto("/desk/tickets/10001")
    expect(ann.locator("main")).to_contain_text("Oven geeft E14")
