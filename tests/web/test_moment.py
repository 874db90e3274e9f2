"""The page on which whoever holds the link of a call-back chooses another moment for it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from callbacks.rules.promise import Range
from callbacks.store import promises
from callbacks.store.transitions import Cause
from callbacks.workflows import booking, linking
from callbacks.workflows.booking import Slot
from models.agent import Agent
from models.callback import Callback
from models.outbox import OutboxMail
from models.vocabulary import AgentState, Agreement, CallbackState, Language, MailKind
from tests.web.conftest import token
from tests.web.desk import Desk

HALF = timedelta(minutes=30)
WEDNESDAY_NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
WORDS = {
    Language.NL: ("Wanneer we u bellen", "Woensdag 25 november, tussen 9 en 9.30 uur", "niet meer vrij"),
    Language.FR: ("Quand nous vous appelons", "Mercredi 25 novembre, entre 9 h et 9 h 30", "plus libre"),
    Language.EN: ("When we call you", "Wednesday 25 November, between 9:00 and 9:30", "no longer free"),
}
UNKNOWN = {"nl-BE,nl": "kennen we niet", "fr": "ne connaissons pas", "en-GB": "don’t know", "de": "kennen we niet"}

INVALID = {
    "nl-BE,nl": "Deze link is niet geldig",
    "fr": "Ce lien n’est pas valable",
    "en-GB": "This link isn’t valid",
    "de": "Deze link is niet geldig",
}


class Link:
    """A waiting customer with his link, and a browser that has never been here."""

    def __init__(self, desk: Desk, language: Language = Language.NL) -> None:
        self.desk = desk
        customer = desk.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470111222")
        self.id = desk.promise(customer, "+32470111222", 5)
        with desk.database.write() as session:
            session.get_one(Callback, self.id).language = language
            given = Range(desk.clock.now(), desk.clock.now() + HALF)
            promises.give(session, self.id, given, Cause(desk.clock.now(), "test", "test"), told=True)
            self.address = linking.moment_link(session, desk.services(), self.id)
        self.path = self.address.removeprefix("http://127.0.0.1:8000")
        self.browser: FlaskClient = desk.app().test_client()

    def page(self, query: str = "") -> str:
        answer = self.browser.get(self.path + query)
        assert answer.status_code == 200
        return answer.text

    def chooses(self, at: datetime | str) -> tuple[int, str]:
        minute = at if isinstance(at, str) else str(int(at.timestamp()) // 60)
        form = {"csrf_token": token(self.page()), "moment": minute}
        answer = self.browser.post(self.path, data=form)
        return answer.status_code, answer.text

    @property
    def callback(self) -> Callback:
        with self.desk.database.read() as session:
            row = session.get_one(Callback, self.id)
            session.expunge_all()
        return row


def booked(link: Link) -> datetime | None:
    return link.callback.booked_from


@pytest.fixture
def link(staffed: Desk) -> Link:
    """Lien, who waits."""
    return Link(staffed)


@pytest.mark.parametrize("language", Language)
def test_the_page_shows_the_promise_and_free_moments_and_keeps_the_one_that_is_chosen(
    staffed: Desk, language: Language
) -> None:
    link = Link(staffed, language)
    lead, promised, _ = WORDS[language]
    assert f'<html lang="{language}"' in link.page()
    assert lead in link.page()
    assert promised not in link.page()
    assert "09:00–09:30" in link.page()
    assert "checked" not in link.page()
    assert link.chooses(WEDNESDAY_NINE)[0] == 303
    assert booked(link) == WEDNESDAY_NINE
    assert promised in link.page("?kept=1")
    (mark,) = re.findall(r'value="([0-9]+)" required checked', link.page())
    assert int(mark) == WEDNESDAY_NINE.timestamp() // 60
    assert 'role="status"' in link.page("?kept=1")


def test_the_link_is_always_the_same_and_cannot_be_guessed(link: Link) -> None:
    with link.desk.database.write() as session:
        assert linking.moment_link(session, link.desk.services(), link.id) == link.address
    assert re.fullmatch(r"/moment/[A-Za-z0-9_-]{32}", link.path)


def test_nothing_of_the_dossier_stands_on_the_page(link: Link) -> None:
    page = link.page()
    assert "10001" in page
    for secret in ("Peeters", "Lien", "111222", "managed", "Hotline"):
        assert secret not in page, secret


def test_without_javascript_and_without_a_sign_in_it_is_one_form(link: Link) -> None:
    page = link.page()
    assert "<script" not in page
    assert page.count("<form") == 1
    assert "Afmelden" not in page


def test_the_page_is_kept_out_of_caches_and_search_engines_and_its_address_to_itself(link: Link) -> None:
    for path in (link.path, "/moment/" + "x" * 32):
        headers = link.browser.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_form_works_over_https_where_a_token_alone_is_not_enough(staffed: Desk) -> None:
    link = Link(staffed)
    browser = staffed.app("https://desk.example").test_client()
    page = browser.get(link.path, base_url="https://desk.example").text
    form = {"csrf_token": token(page), "moment": str(int(WEDNESDAY_NINE.timestamp()) // 60)}
    address = f"https://desk.example{link.path}"
    answer = browser.post(link.path, data=form, base_url="https://desk.example", headers={"Referer": address})
    assert answer.status_code == 303
    assert booked(link) == WEDNESDAY_NINE


def test_the_same_form_sent_twice_is_one_choice(link: Link) -> None:
    assert link.chooses(WEDNESDAY_NINE)[0] == 303
    assert link.chooses(WEDNESDAY_NINE)[0] == 303
    assert booked(link) == WEDNESDAY_NINE
    with link.desk.database.read() as session:
        mails = select(OutboxMail).where(OutboxMail.kind == MailKind.BOOKING)
        assert len(list(session.scalars(mails))) <= 1


@pytest.mark.parametrize("language", Language)
def test_a_moment_somebody_else_took_is_said_to_be_gone_and_nothing_changes(staffed: Desk, language: Language) -> None:
    link = Link(staffed, language)
    other = staffed.promise(None, "+32470333444", 4)
    assert booking.book(staffed.services(), other, Slot(WEDNESDAY_NINE, WEDNESDAY_NINE + HALF), "test")
    status, page = link.chooses(WEDNESDAY_NINE)
    assert status == 409
    assert WORDS[language][2] in page
    assert booked(link) is None
    assert f'value="{int(WEDNESDAY_NINE.timestamp()) // 60}"' not in page


@pytest.mark.parametrize("moment", ["", "x", "-1", "0", "1", "99999999", "9" * 50, "29889660.5", "٢٩"])
def test_a_made_up_moment_is_never_kept(link: Link, moment: str) -> None:
    status, page = link.chooses(moment)
    assert status in {400, 409}
    assert 'role="alert"' in page
    assert booked(link) is None


def test_a_moment_in_the_past_or_off_the_grid_is_never_kept(link: Link) -> None:
    for at in (link.desk.clock.now() - HALF, WEDNESDAY_NINE + timedelta(minutes=7), WEDNESDAY_NINE - HALF):
        assert link.chooses(at)[0] == 409
    assert booked(link) is None


def test_a_form_without_its_token_changes_nothing_and_offers_the_page_again(link: Link) -> None:
    answer = link.browser.post(link.path, data={"moment": str(int(WEDNESDAY_NINE.timestamp()) // 60)})
    assert answer.status_code == 400
    assert "verlopen" in answer.text
    assert "09:00–09:30" in answer.text
    assert booked(link) is None


@pytest.mark.parametrize("header", UNKNOWN)
@pytest.mark.parametrize("secret", ["x" * 32, "x", "x" * 5000, "%D9%A2" * 32, "..%2f..%2fetc", "<script>"])
def test_a_link_that_never_was_ours_says_so_with_the_hotlines_number(link: Link, header: str, secret: str) -> None:
    answer = link.browser.get(f"/moment/{secret}", headers={"Accept-Language": header})
    assert answer.status_code == 404
    if "%2f" in secret:  # no address of the page at all
        return
    text = answer.text.replace("&#39;", "'")
    assert UNKNOWN[header] in text
    assert f'<h1 id="what">{INVALID[header]}</h1>' in text
    assert "03 460 35 35" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("state", [CallbackState.DONE, CallbackState.CANCELLED, CallbackState.UNREACHED])
def test_the_link_of_a_call_back_that_is_over_says_so_and_takes_nothing(link: Link, state: CallbackState) -> None:
    form = {"csrf_token": token(link.page()), "moment": str(int(WEDNESDAY_NINE.timestamp()) // 60)}
    with link.desk.database.write() as session:
        row = session.get_one(Callback, link.id)
        row.state, row.closed_at = state, link.desk.clock.now()
    for answer in (link.browser.get(link.path), link.browser.post(link.path, data=form)):
        assert answer.status_code == 410
        assert "afgerond" in answer.text
        assert "03 460 35 35" in answer.text
    assert booked(link) is None


def test_while_his_telephone_may_ring_any_moment_nothing_can_be_chosen(link: Link) -> None:
    with link.desk.database.write() as session:
        session.get_one(Callback, link.id).state = CallbackState.ACTIVE
    assert "geen ander moment kiezen" in link.page()
    assert "<form" not in link.page()


def test_with_nobody_at_work_there_is_nothing_to_choose_and_the_promise_stands(link: Link) -> None:
    with link.desk.database.write() as session:
        for agent in session.scalars(select(Agent)):
            agent.state = AgentState.OFF_DUTY
    assert "geen ander moment kiezen" in link.page()
    assert "Dinsdag 24 november" in link.page()


def test_later_days_follow_on_pages_of_five_until_there_are_no_more(link: Link) -> None:
    days, query = [], ""
    for _ in range(10):
        page = link.page(query)
        days += re.findall(r"<legend>([^<]+)</legend>", page)
        more = re.search(r'href="[^"]*(\?after=\d+)"', page)
        if more is None:
            break
        query = more[1]
    assert len(days) == len(set(days)) > 5
    assert "Terug naar de eerste dagen" in page


def test_a_house_without_moments_gives_no_link(desk: Desk) -> None:
    callback = desk.promise(None, "+32470111222", 5)
    desk.rules = replace(desk.rules, booking_days=0)
    with desk.database.write() as session:
        assert linking.moment_link(session, desk.services(), callback) == ""
        assert session.get_one(Callback, callback).link is None
