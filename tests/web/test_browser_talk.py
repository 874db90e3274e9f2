"""What an agent does about a talk, in a real browser: nothing she types is lost, nothing is said by mistake."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from callbacks.store.signin import Person
from callbacks.workflows import following_up, noting, wrapping_up
from models.agent import Agent
from models.callback import Attempt, Callback
from models.sessions import Database
from models.ticket import TimeEntry
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    Agreement,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Language,
    Option,
    Role,
    WorkKind,
)
from tests.web import test_browser as shared
from tests.web.desk import PASSWORD, Desk
from tests.web.test_browser import THEMES, WIDTHS, refresh, violations

chromium, server, context, complaints, page = (
    shared.chromium,
    shared.server,
    shared.context,
    shared.complaints,
    shared.page,
)
TYPED = "De klant zegt dat het lampje rood blijft"
LONG = "aardappelschilmesjesfabrikantenvereniging" * 3


@dataclass
class Talk:
    """Ann on the line with the bakery."""

    desk: Desk
    ann: int
    callback: int
    attempt: int
    number: int

    @property
    def who(self) -> Person:
        return Person(self.ann, "Ann De Smet", Role.AGENT, Language.NL)

    def is_over(self) -> None:
        """Let both hang up; Ann has two minutes."""
        with self.desk.database.write() as session:
            attempt, callback = session.get_one(Attempt, self.attempt), session.get_one(Callback, self.callback)
            attempt.state, attempt.talk_seconds = AttemptState.ENDED, 400
            attempt.agent_outcome, attempt.customer_outcome = AgentOutcome.ACCEPTED, CustomerOutcome.BRIDGED
            callback.state, agent = CallbackState.WRAP_UP, session.get_one(Agent, self.ann)
            agent.state, agent.state_since = AgentState.WRAP_UP, self.desk.clock.now()
            agent.state_until = self.desk.clock.now() + timedelta(minutes=2)
            ticket, at = callback.ticket_id, self.desk.clock.now() - timedelta(seconds=400)
            session.add(
                TimeEntry(
                    ticket_id=ticket,
                    attempt_id=attempt.id,
                    agent_id=self.ann,
                    kind=WorkKind.TALK,
                    started_at=at,
                    seconds=400,
                )
            )
        # The end of a talk leaves history; so does a note, which redraws the page as well.
        noting.write(self.desk.services(), self.number, "de verbinding is verbroken", self.who)

    def ends_unsaid(self) -> None:
        """Let her two minutes end without a word."""
        self.desk.clock.move(minutes=2)
        wrapping_up.end_overdue_wrap_ups(self.desk.services(), self.desk.clock.now())

    def state(self) -> CallbackState:
        with self.desk.database.read() as session:
            return session.get_one(Callback, self.callback).state


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Desk:
    """An open desk in a SQLite file."""
    shutil.copy(sqlite_template, tmp_path / "ringback.db")
    desk = Desk(Database(f"sqlite:///{tmp_path / 'ringback.db'}"))
    desk.open()
    return desk


@pytest.fixture
def talk(desk: Desk) -> Talk:
    """A talk that goes on."""
    ann = desk.person("Ann De Smet", state=AgentState.ON_CALL, phone="+32470000001")
    desk.person("Bram Claes", phone="+32470000002")
    peeters = desk.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470123456")
    callback = desk.promise(peeters, "+32470123456", 20, Option.OUTAGE, CallbackState.ACTIVE, fence=1)
    attempt = desk.attempt(callback, ann, 6, AttemptState.BRIDGED, 5)
    return Talk(desk, ann, callback, attempt, desk.numbers)


@pytest.fixture
def ann(page: Page, talk: Talk) -> Page:
    """Her desk in the browser."""
    del talk
    page.goto("/desk")
    page.get_by_label("E-mailadres").fill("ann@accel.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden").click()
    expect(field(page)).to_be_visible()
    page.wait_for_load_state("load")
    return page


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Notitie")


def test_what_she_types_and_where_she_types_it_survive_every_redraw(
    ann: Page, talk: Talk, complaints: list[str]
) -> None:
    field(ann).press_sequentially(TYPED[:10])
    noting.write(talk.desk.services(), talk.number, "een collega schrijft mee", talk.who)
    # Nobody triggers anything here: the poll of every two seconds does it, while she goes on typing.
    expect(ann.locator(".talk .notes")).to_contain_text("een collega schrijft mee")
    expect(field(ann)).to_be_focused()
    field(ann).press_sequentially(TYPED[10:])
    talk.is_over()
    expect(ann.get_by_role("button", name="Opgelost")).to_be_visible()
    expect(field(ann)).to_be_focused()
    expect(field(ann)).to_have_value(TYPED)
    assert complaints == []


def test_a_poll_that_fails_takes_nothing_away(ann: Page) -> None:
    field(ann).fill(TYPED)
    ann.route("**/desk/live**", lambda route: route.fulfill(status=500, body="<h1>broken</h1>"))
    expect(ann.locator("#stale")).to_be_visible()
    ann.unroute("**/desk/live**")
    expect(ann.locator("#stale")).to_be_hidden()
    expect(field(ann)).to_have_value(TYPED)


def test_what_was_not_saved_is_said_on_every_other_page_and_found_again_on_its_ticket(ann: Page, talk: Talk) -> None:
    field(ann).fill(TYPED)
    ann.goto("/desk/day")
    expect(ann.locator("#unsaved")).to_contain_text("niet bewaard")
    assert violations(ann) == []
    ann.locator("#unsaved a").click()
    expect(field(ann)).to_have_value(TYPED)
    ann.get_by_role("button", name="Notitie bewaren").click()
    expect(ann.locator(".notes .body")).to_have_text([TYPED])
    expect(field(ann)).to_have_value("")
    ann.goto("/desk/day")
    expect(ann.get_by_role("heading", name="Mijn gesprekken")).to_be_visible()
    expect(ann.locator("#unsaved")).to_have_count(0)
    assert talk.state() is CallbackState.ACTIVE


def test_when_her_two_minutes_end_under_her_hands_nothing_typed_is_gone(ann: Page, talk: Talk) -> None:
    talk.is_over()
    field(ann).press_sequentially(TYPED)
    talk.ends_unsaid()
    expect(ann.locator("#unsaved")).to_contain_text(str(talk.number))
    expect(field(ann)).to_have_count(0)
    expect(ann.get_by_role("link", name="Gesproken, nog geen uitkomst")).to_be_visible()
    ann.locator("#unsaved a").click()
    expect(field(ann)).to_have_value(TYPED)


def test_saved_from_her_desk_the_field_is_empty_again_and_another_button_takes_nothing(ann: Page) -> None:
    field(ann).fill(TYPED)
    ann.get_by_role("button", name="Notitie bewaren").click()
    expect(ann.locator(".notes .body")).to_have_text([TYPED])
    expect(field(ann)).to_have_value("")
    field(ann).fill("en nog iets")
    ann.get_by_role("button", name="Toch een vraag").click()
    expect(ann.get_by_role("status").first).to_contain_text("Dit ticket is nu: Vraag.")
    expect(field(ann)).to_have_value("en nog iets")


def test_the_outcome_is_a_button_away_and_takes_the_note_with_it(ann: Page, talk: Talk) -> None:
    talk.is_over()
    field(ann).fill(TYPED)
    ann.get_by_role("button", name="Bezoek nodig").click()
    expect(ann.get_by_role("status").first).to_contain_text("bezoek nodig. Genoteerd.")
    assert talk.state() is CallbackState.DONE
    ann.goto(f"/desk/tickets/{talk.number}")
    expect(ann.locator(".notes .body").first).to_have_text(TYPED)
    expect(field(ann)).to_have_value("")


def test_enter_in_a_field_says_nothing_by_mistake(ann: Page, talk: Talk) -> None:
    talk.is_over()
    for control in (ann.get_by_label("Of op een ander moment"), ann.get_by_label("Door mij")):
        control.focus()
        ann.keyboard.press("Enter")
    refresh(ann)
    expect(ann.get_by_role("button", name="Opgelost")).to_be_visible()
    assert talk.state() is CallbackState.WRAP_UP


def test_a_moment_half_typed_stands_in_the_way_of_no_other_button(ann: Page, talk: Talk) -> None:
    talk.is_over()
    moment = ann.get_by_label("Of op een ander moment")
    moment.focus()
    ann.keyboard.type("11")
    ann.get_by_role("button", name="Opgelost").click()
    expect(ann.get_by_role("status").first).to_contain_text("opgelost. Genoteerd.")


@pytest.mark.parametrize("theme", THEMES)
def test_all_of_it_is_accessible_and_fits_every_width(ann: Page, talk: Talk, complaints: list[str], theme: str) -> None:
    ann.get_by_role("button", name="Donker" if theme == "dark" else "Licht").click()
    expect(ann.locator("html")).to_have_attribute("data-theme", theme)
    talk.is_over()
    noting.write(talk.desk.services(), talk.number, LONG, talk.who)
    following_up.add(talk.desk.services(), talk.number, LONG, "2026-11-20", talk.who)
    for path in ("/desk", f"/desk/tickets/{talk.number}", "/desk/day"):
        ann.goto(path)
        expect(ann.get_by_role("button", name="Opgelost")).to_be_visible()
        for summary in ann.locator("details.correct summary").all():
            summary.click()
        for width in WIDTHS:
            ann.set_viewport_size({"width": width, "height": 900})
            assert ann.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            assert violations(ann) == [], (path, width)
        heights = ann.eval_on_selector_all("button, a.button, summary", "all => all.map(each => each.offsetHeight)")
        assert min(height for height in heights if height) >= 44
    ann.get_by_label("Minuten").last.focus()
    assert complaints == []
