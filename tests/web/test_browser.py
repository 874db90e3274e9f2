"""The pages in a real browser: what cannot be seen in the HTML alone."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from callbacks.workflows import linking
from models.sessions import Database
from models.vocabulary import Role
from tests.databases import skip_or_fail
from tests.web.desk import PASSWORD, Desk
from tests.web.served import whole
from tests.web.tuesday import busy_tuesday

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (390, 1024, 1600)
THEMES = ("light", "dark")
PATIENCE = 20_000
"""Milliseconds: a machine that runs other tests as well is slow, which is no mistake of the page."""


class Quiet(WSGIRequestHandler):
    """Counts what is asked for, and writes no log."""

    seen: list[str]

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        del code, size
        self.seen.append(self.path)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests here."""
    program = shutil.which("chromium")
    if program is None:
        skip_or_fail("Chromium is not installed (Debian: apt install chromium)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Desk:
    """A busy desk in a SQLite file: the browser is the same whatever the database."""
    path = tmp_path / "ringback.db"
    shutil.copy(sqlite_template, path)
    desk = Desk(Database(f"sqlite:///{path}"))
    busy_tuesday(desk)
    return desk


@pytest.fixture
def server(desk: Desk) -> Iterator[BaseWSGIServer]:
    """The pages on a port of their own."""
    Quiet.seen = []
    server = make_server("127.0.0.1", 0, whole(desk.app()), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
    desk.database.close()


@pytest.fixture
def context(chromium: Browser, server: BaseWSGIServer) -> Iterator[BrowserContext]:
    """A browser window of its own cookies."""
    context = chromium.new_context(base_url=f"http://127.0.0.1:{server.server_port}")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser said on its console."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    """An empty tab."""
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


@pytest.fixture
def schedule(page: Page) -> Page:
    """The schedule, as Els sees it after signing in."""
    page.goto("/schedule")
    page.get_by_label("E-mailadres").fill("els@accel.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("heading", name="Wachtrij")).to_be_visible()
    # Its scripts are deferred: on a busy machine the heading stands there before they ran.
    page.wait_for_load_state("load")
    return page


def refresh(page: Page) -> None:
    """Let the page ask now instead of at its next two seconds, and wait until the answer is drawn."""
    page.evaluate("""() => new Promise(done => {
        const live = document.getElementById("live");
        live.addEventListener("htmx:finally:request", done, {once: true});
        htmx.trigger(live, "refresh");
    }).then(() => null)""")


def violations(page: Page) -> list[str]:
    return [f"{each['id']}: {each['nodes'][0]['target']}" for each in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("theme", THEMES)
def test_the_sign_in_is_accessible_in_both_themes(page: Page, complaints: list[str], theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    # The mistake is part of the page that has to be readable.
    page.goto("/sign-in")
    page.get_by_label("E-mailadres").fill("els@accel.example")
    page.get_by_label("Wachtwoord").fill("fout")
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("alert")).to_have_text("Dit e-mailadres en wachtwoord horen niet bij elkaar.")
    assert violations(page) == []
    assert [each for each in complaints if "401" not in each] == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_schedule_is_accessible_and_fits_every_width(schedule: Page, complaints: list[str], theme: str) -> None:
    schedule.get_by_role("button", name="Donker" if theme == "dark" else "Licht").click()
    expect(schedule.locator("html")).to_have_attribute("data-theme", theme)
    for width in WIDTHS:
        schedule.set_viewport_size({"width": width, "height": 900})
        assert schedule.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(schedule) == []
    refresh(schedule)
    assert complaints == []


@pytest.mark.parametrize("theme", THEMES)
def test_a_customer_chooses_his_moment_on_a_telephone_and_sees_it_kept_and_marked(
    page: Page, desk: Desk, complaints: list[str], theme: str
) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 844})
    waiting = desk.promise(None, "+32470999999", 5)
    with desk.database.write() as session:
        link = linking.moment_link(session, desk.services(), waiting)
    page.goto(urlsplit(link).path)
    assert page.locator("input:checked").count() == 0
    assert violations(page) == []
    page.locator("label.time").last.click()
    page.get_by_role("button", name="Bel mij dan").click()
    expect(page.get_by_role("status")).to_contain_text("Genoteerd")
    expect(page.locator("input:checked + span")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("[...document.querySelectorAll('.time')].every(each => each.offsetHeight >= 44)")
    assert violations(page) == []
    page.goto("/moment/" + "x" * 32)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link isn’t valid")
    assert violations(page) == []
    assert [each for each in complaints if "404" not in each] == []


def test_every_control_is_44_pixels_high(schedule: Page) -> None:
    schedule.set_viewport_size({"width": 390, "height": 900})
    heights = schedule.eval_on_selector_all("button:not(#hand *), a.button", "all => all.map(one => one.offsetHeight)")
    assert len(heights) > 4
    assert min(heights) >= 44


def test_a_change_arrives_by_itself_and_the_focus_stays(schedule: Page, desk: Desk, complaints: list[str]) -> None:
    link = schedule.get_by_role("button", name="Niet meer verversen")
    link.focus()
    desk.promise(None, "+32470999999", 0.5)
    # Nobody triggers anything here: the poll of every two seconds does it.
    expect(schedule.locator("#queue h2")).to_have_text("Wachtrij 14")
    expect(link).to_be_focused()
    assert complaints == []


def test_an_unchanged_schedule_is_not_drawn_again_but_its_clock_goes_on(schedule: Page, desk: Desk) -> None:
    refresh(schedule)
    schedule.evaluate("document.querySelector('#queue h2').dataset.mark = 'kept'")
    desk.clock.at = desk.clock.at.replace(second=31)
    refresh(schedule)
    expect(schedule.locator("#updated")).to_have_text("10:40:31")
    expect(schedule.locator("#queue h2")).to_have_attribute("data-mark", "kept")


def test_paused_or_hidden_it_asks_nothing(schedule: Page) -> None:
    ask = "htmx.trigger(document.getElementById('live'), 'refresh')"
    schedule.get_by_role("button", name="Niet meer verversen").click()
    expect(schedule.get_by_role("button", name="Weer verversen")).to_be_visible()
    refused = """() => new Promise(done => document.getElementById('live').addEventListener(
        'htmx:before:request', event => setTimeout(() => done(event.defaultPrevented)), {once: true}))"""
    assert schedule.evaluate(f"() => {{ const answer = ({refused})(); {ask}; return answer; }}") is True
    with schedule.expect_response("**/schedule/live**"):
        schedule.get_by_role("button", name="Weer verversen").click()
    schedule.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    assert schedule.evaluate(f"() => {{ const answer = ({refused})(); {ask}; return answer; }}") is True


def test_a_failing_poll_warns_and_keeps_what_was_shown(schedule: Page) -> None:
    schedule.route("**/schedule/live**", lambda route: route.fulfill(status=500, body="<h1>broken</h1>"))
    expect(schedule.get_by_role("alert")).to_have_text("Bijwerken lukt niet. U ziet de stand van 10:40:04")
    expect(schedule.locator("#queue h2")).to_have_text("Wachtrij 13")
    schedule.unroute("**/schedule/live**")
    expect(schedule.locator("#stale")).to_be_hidden()
    schedule.route("**/schedule/live**", lambda route: route.abort())
    expect(schedule.get_by_role("alert")).to_be_visible()


def test_a_session_that_ended_leads_back_to_the_sign_in(schedule: Page, context: BrowserContext) -> None:
    context.clear_cookies()
    expect(schedule.get_by_role("heading", name="Aanmelden")).to_be_visible()


def test_a_hostile_name_does_not_run(schedule: Page, desk: Desk, complaints: list[str]) -> None:
    desk.person("<img src=x onerror=\"document.title='owned'\">", Role.AGENT)
    refresh(schedule)
    expect(schedule.locator("#agents")).to_contain_text("onerror")
    assert "owned" not in schedule.title()
    assert complaints == []


def test_the_whole_page_can_be_reached_by_keyboard(schedule: Page) -> None:
    reached = [""]
    while "Donker" not in reached and len(reached) < 200:
        schedule.keyboard.press("Tab")
        reached.append(schedule.evaluate("document.activeElement.textContent.trim()"))
    assert {"Naar de inhoud", "Overzicht", "Els Wouters", "Afmelden", "Zoeken", "Team", "10006"} <= set(reached)
