"""An agent's desk in a real browser: clocks that tick, a player that plays on, a form that keeps what is typed."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer

from models.agent import Agent
from models.callback import Attempt
from models.sessions import Database
from models.vocabulary import AgentState, AttemptState, Role
from tests.web import her_desk
from tests.web import test_browser as shared
from tests.web.desk import PASSWORD, Desk
from tests.web.test_browser import PATIENCE, THEMES, WIDTHS, refresh, violations

chromium, server, context, complaints, page = (
    shared.chromium,
    shared.server,
    shared.context,
    shared.complaints,
    shared.page,
)
MOST_STOPS = 30
"""Presses of the tab key from the address bar to the last button of the top."""
SIGNED_IN = {"els": "/schedule", "ann": "/desk"}


@dataclass
class Her:
    """Ann, the customer who waits for her, and the try that makes her his."""

    desk: Desk
    ann: int
    waiting: int
    attempt: int = 0

    def is_offered(self, state: AttemptState = AttemptState.RESERVED, rings_in: float = 27) -> None:
        """Let the waiting customer be hers."""
        self.attempt = her_desk.offered(self.desk, self.waiting, self.ann, state, rings_in)

    def goes_on(self, state: AttemptState) -> None:
        """Let her call go on."""
        with self.desk.database.write() as session:
            row = session.get_one(Attempt, self.attempt)
            row.state, row.state_since = state, self.desk.clock.now()
        her_desk.becomes(self.desk, self.ann, AgentState.ON_CALL)

    def row(self) -> Agent:
        """Return her as she is now."""
        with self.desk.database.read() as session:
            found = session.scalars(select(Agent).where(Agent.id == self.ann)).one()
            session.expunge(found)
            return found


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Desk:
    """A desk in a SQLite file, with Els who supervises."""
    shutil.copy(sqlite_template, tmp_path / "ringback.db")
    desk = Desk(Database(f"sqlite:///{tmp_path / 'ringback.db'}"))
    desk.open()
    desk.person("Els Wouters", Role.SUPERVISOR, AgentState.OFF_DUTY)
    return desk


@pytest.fixture
def her(desk: Desk) -> Her:
    """Ann, who is free, and her customer, who waits."""
    ann = desk.person("Ann De Smet", phone="+32470000001")
    return Her(desk, ann, her_desk.with_a_past(desk, her_desk.peeters(desk), ann))


Opens = Callable[[Page, str], Page]


@pytest.fixture
def opens() -> Opens:
    """A function that signs somebody in and leaves the page on which he works open."""

    def sign_in(page: Page, who: str) -> Page:
        page.goto(SIGNED_IN[who])
        page.get_by_label("E-mailadres").fill(f"{who}@accel.example")
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Aanmelden").click()
        page.wait_for_url(f"**{SIGNED_IN[who]}")
        page.wait_for_load_state("load")
        return page

    return sign_in


@pytest.fixture
def anns(page: Page, her: Her, opens: Opens) -> Page:
    """The desk as Ann sees it after signing in."""
    del her
    return opens(page, "ann")


def test_agent_and_supervisor_see_each_others_changes_by_themselves(
    anns: Page, her: Her, context: BrowserContext, server: BaseWSGIServer, opens: Opens, complaints: list[str]
) -> None:
    browser = context.browser
    assert browser is not None
    other = browser.new_context(base_url=f"http://127.0.0.1:{server.server_port}")
    els = opens(other.new_page(), "els")
    expect(els.locator("#agents")).to_contain_text("Vrij", timeout=PATIENCE)
    anns.get_by_role("button", name="Pauze: lunch").click()
    # Nobody triggers anything here: the polls of every two seconds do it.
    expect(els.locator("#agents")).to_contain_text("Pauze")
    anns.get_by_role("button", name="Ik ben terug").click()
    her.is_offered()
    expect(anns.locator("#state")).to_have_text("Uw volgende oproep")
    expect(anns.locator("#dossier h2")).to_have_text("Bakkerij Peeters")
    expect(els.locator("#running")).to_contain_text("Agent bereidt voor")
    anns.get_by_role("button", name="Nu niet").click()
    expect(els.locator("#queue")).to_contain_text("Bakkerij Peeters")
    other.close()
    assert complaints == []


def test_the_countdown_ticks_and_a_new_drawing_does_not_set_it_back(anns: Page, her: Her) -> None:
    her.is_offered()
    clock = anns.locator(".clock")
    expect(clock).to_have_text("0:26")
    expect(clock).to_have_text("0:24")
    anns.evaluate("document.querySelector('.clock').dataset.mark = 'kept'")
    her.desk.promise(None, "+32470999999", 0.5)
    expect(anns.locator("#coming .count")).to_have_text("1")
    assert clock.inner_text() <= "0:24"
    # What is read aloud says the whole time, once, and does not change every second.
    expect(anns.get_by_role("status")).to_contain_text("Uw telefoon rinkelt over 27 seconden.")


def test_the_clock_of_a_talk_goes_up(anns: Page, her: Her) -> None:
    her.is_offered(AttemptState.BRIDGED)
    expect(anns.locator(".clock")).to_have_text("0:02")


def test_a_message_plays_on_while_the_desk_is_drawn_again_and_the_call_goes_on(anns: Page, her: Her) -> None:
    her.desk.recordings.sounds[her_desk.MESSAGE] = her_desk.sound(120)
    her.is_offered()
    expect(anns.locator("audio")).to_be_visible()
    # Muted, a browser lets a script play: what is tested is who stops it.
    anns.evaluate("""() => { const audio = document.querySelector("audio");
        audio.muted = true; audio.dataset.mark = "kept"; return audio.play(); }""")
    for n, state in enumerate((AttemptState.AGENT_RINGING, AttemptState.AGENT_ANSWERED, AttemptState.BRIDGED)):
        her.desk.promise(None, f"+3247099999{n}", 0.5)
        her.goes_on(state)
        refresh(anns)
        expect(anns.locator("#coming .count")).to_have_text(str(n + 1))
    expect(anns.locator("#state")).to_have_text("In gesprek")
    expect(anns.locator("audio")).to_have_attribute("data-mark", "kept")
    assert anns.evaluate("document.querySelector('audio').paused") is False
    was = anns.evaluate("document.querySelector('audio').currentTime")
    anns.wait_for_function("was => document.querySelector('audio').currentTime > was", arg=was)


def test_what_is_typed_and_the_focus_outlive_every_drawing(anns: Page, her: Her, complaints: list[str]) -> None:
    anns.get_by_text("Pauze om een andere reden").click()
    why = anns.get_by_label("Waarom?")
    why.press_sequentially("Zoon oph")
    her.is_offered()
    expect(anns.locator("#dossier")).to_be_visible()
    expect(why).to_be_focused()
    why.press_sequentially("alen")
    expect(why).to_have_value("Zoon ophalen")
    assert complaints == []


def test_an_open_desk_says_so_and_a_hidden_or_paused_one_does_not(page: Page, her: Her, opens: Opens) -> None:
    said: list[str] = []
    page.on("request", lambda request: said.append(request.url) if request.url.endswith("/desk/here") else None)
    opens(page, "ann")
    with page.expect_response("**/desk/here") as answer:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answer.value.status == 204
    assert her.row().desk_seen_at == her.desk.clock.now()
    page.get_by_role("button", name="Niet meer verversen").click()
    before = len(said)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("button", name="Weer verversen").click()
    page.evaluate("""() => { Object.defineProperty(document, "hidden", {configurable: true, get: () => true});
        document.dispatchEvent(new Event("visibilitychange")); delete document.hidden; }""")
    with page.expect_request("**/desk/here"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    # Only the last of the three, and perhaps the one that comes by itself every five seconds.
    assert len(said) - before <= 2


def test_what_was_said_of_a_button_does_not_stay_all_day(page: Page, her: Her, opens: Opens) -> None:
    del her
    page.clock.install()
    opens(page, "ann").get_by_role("button", name="Pauze: lunch").click()
    said = page.locator("main > .banner.good")
    expect(said).to_have_text("U hebt pauze. Uw telefoon rinkelt niet.")
    page.clock.fast_forward(10_000)
    expect(said).to_have_count(0)


def test_the_whole_desk_is_worked_by_keyboard(anns: Page, her: Her) -> None:
    her.is_offered()
    expect(anns.locator("#dossier")).to_be_visible()
    reached: list[str] = []
    while "Stoppen na deze oproep" not in reached:
        anns.keyboard.press("Tab")
        reached.append(anns.evaluate("document.activeElement.textContent.trim()"))
        assert len(reached) < MOST_STOPS
    assert reached[0] == "Naar de inhoud"
    assert reached[-4:] == ["10002", "Nu bellen", "Nu niet", "Stoppen na deze oproep"]
    anns.keyboard.press("Shift+Tab")
    anns.keyboard.press("Shift+Tab")
    anns.keyboard.press("Enter")
    expect(anns.locator("#state")).to_have_text("Uw telefoon rinkelt zo")


@pytest.mark.parametrize("theme", THEMES)
def test_every_state_of_the_desk_is_accessible_and_fits_every_width(
    anns: Page, her: Her, complaints: list[str], theme: str
) -> None:
    anns.get_by_role("button", name="Donker" if theme == "dark" else "Licht").click()
    expect(anns.locator("html")).to_have_attribute("data-theme", theme)
    looks: list[Callable[[], None]] = [
        her.is_offered,
        lambda: her_desk.becomes(her.desk, her.ann, AgentState.WRAP_UP, wants_off_duty=True),
        lambda: her_desk.becomes(her.desk, her.ann, AgentState.PAUSED, missed_in_a_row=3),
        lambda: her_desk.becomes(her.desk, her.ann, AgentState.FREE),
    ]
    for look in looks:
        look()
        refresh(anns)
        for width in WIDTHS:
            anns.set_viewport_size({"width": width, "height": 900})
            assert anns.evaluate("document.documentElement.scrollWidth") <= width
            assert violations(anns) == []
        heights = anns.eval_on_selector_all("button, summary", "all => all.map(each => each.offsetHeight)")
        assert min(height for height in heights if height) >= 44
    assert complaints == []
