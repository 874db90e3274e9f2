"""An agent's own day: his calls and time, what he owes a word on, and what he has still to do."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from callbacks.store.signin import Person
from callbacks.workflows import following_up
from models.callback import Callback
from models.ticket import TimeEntry
from models.vocabulary import (
    AgentOutcome,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Language,
    Role,
    TalkOutcome,
    TicketState,
    WorkKind,
)
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk

DAY = 24 * 60


@pytest.fixture
def ann(desk: Desk) -> int:
    """An agent."""
    return desk.person("Ann De Smet", phone="+32486000001")


@pytest.fixture
def browser(ann: int, signed_in: SignIn) -> FlaskClient:
    """Her browser."""
    del ann
    return signed_in("ann")


def talked(desk: Desk, agent: int, minutes_ago: float, seconds: int, outcome: TalkOutcome, **columns: Any) -> int:
    """Let a talk have ended; return its attempt."""
    row = desk.promise(None, f"+324701111{desk.numbers % 100:02}", minutes_ago + 5, state=CallbackState.DONE,
                       outcome=outcome, fence=1, closed_at=desk.clock.now(), **columns)  # fmt: skip
    attempt = desk.attempt(
        row, agent, minutes_ago, AttemptState.ENDED, talk_seconds=seconds,
        agent_outcome=AgentOutcome.ACCEPTED, customer_outcome=CustomerOutcome.BRIDGED,
    )  # fmt: skip
    with desk.database.write() as session:
        callback = session.get_one(Callback, row)
        at = session.get_one(Callback, row).arrived_at
        session.add(
            TimeEntry(
                ticket_id=callback.ticket_id,
                attempt_id=attempt,
                agent_id=agent,
                kind=WorkKind.TALK,
                started_at=at,
                seconds=seconds,
            )
        )
    return attempt


def test_the_day_shows_his_own_calls_with_their_time_and_its_sum(desk: Desk, ann: int, browser: FlaskClient) -> None:
    talked(desk, ann, 60, 125, TalkOutcome.SOLVED)
    talked(desk, ann, 30, 600, TalkOutcome.VISIT)
    cem = desk.person("Cem Yilmaz", phone="+32486000002")
    talked(desk, cem, 20, 999, TalkOutcome.SOLVED)
    page = browser.get("/desk/day").text
    for shown in ("opgelost", "bezoek nodig", "2 min 05", "10 min 00", "12 min 05"):
        assert shown in page
    assert "16 min 39" not in page


def test_another_day_shows_that_day_and_nonsense_shows_today(desk: Desk, ann: int, browser: FlaskClient) -> None:
    talked(desk, ann, DAY, 125, TalkOutcome.SOLVED)
    assert "2 min 05" not in browser.get("/desk/day").text
    page = browser.get("/desk/day?date=2026-11-23").text
    assert "2 min 05" in page
    assert "maandag 23 november" in page
    for nonsense in ("morgen", "0001-01-01", "9999-12-31", "2026-13-40"):
        assert "dinsdag 24 november" in browser.get(f"/desk/day?date={nonsense}").text


def test_a_talk_without_a_word_stands_there_every_day_until_it_is_said(
    desk: Desk, ann: int, browser: FlaskClient
) -> None:
    attempt = talked(desk, ann, 3 * DAY, 610, TalkOutcome.UNSTATED)
    talked(desk, ann, 2 * DAY, 30, TalkOutcome.UNSTATED, ticket_state=TicketState.CLOSED)
    page = browser.get("/desk/day").text
    assert "Gesproken, nog geen uitkomst" in page
    assert page.count("/outcome") == 1
    form = {"csrf_token": token(page), "back": "/desk/day", "outcome": "solved"}
    answer = browser.post(f"/desk/talks/{attempt}/outcome", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/day")
    page = browser.get("/desk/day").text
    assert "Gesproken, nog geen uitkomst" not in page
    assert "opgelost. Genoteerd." in page


def test_a_colleagues_talk_without_a_word_is_not_in_his_list(desk: Desk, browser: FlaskClient) -> None:
    cem = desk.person("Cem Yilmaz", phone="+32486000002")
    talked(desk, cem, 20, 999, TalkOutcome.UNSTATED)
    assert "Gesproken, nog geen uitkomst" not in browser.get("/desk/day").text


def test_what_he_has_still_to_do_stands_there_and_what_others_have_does_not(
    desk: Desk, ann: int, browser: FlaskClient
) -> None:
    cem = desk.person("Cem Yilmaz", phone="+32486000002")
    desk.promise(None, "+32470333333", 60)
    for agent, body, due in ((ann, "router bestellen", "2026-11-20"), (cem, "iets van Cem", "")):
        who = Person(agent, "Ann De Smet", Role.AGENT, Language.NL)
        following_up.add(desk.services(), desk.numbers, body, due, who)
    page = browser.get("/desk/day").text
    assert "router bestellen" in page
    assert "te laat: vrijdag 20 november" in page
    assert "iets van Cem" not in page


@pytest.mark.parametrize(("languages", "title"), [("fr", "Ma journée"), ("en", "My day")])
def test_it_speaks_the_language_of_its_reader(desk: Desk, signed_in: SignIn, languages: str, title: str) -> None:
    bram = desk.person("Bram Claes", phone="+32486000003", languages=languages)
    talked(desk, bram, 60, 125, TalkOutcome.UNSTATED)
    page = signed_in("bram").get("/desk/day").text
    assert title in page


def test_her_desk_shows_what_is_left_to_do_and_leads_to_what_is_owed(
    desk: Desk, ann: int, browser: FlaskClient
) -> None:
    assert "Niets meer te doen." in browser.get("/desk").text
    talked(desk, ann, 3 * DAY, 610, TalkOutcome.UNSTATED)
    who = Person(ann, "Ann De Smet", Role.AGENT, Language.NL)
    following_up.add(desk.services(), desk.numbers, "router bestellen", "2026-11-24", who)
    page = browser.get("/desk/live").text
    assert "csrf_token" not in page
    for shown in ("router bestellen", "vandaag", 'href="/desk/day#owed"'):
        assert shown in page
    form = {"csrf_token": token(browser.get("/desk").text), "back": "/desk"}
    answer = browser.post("/desk/follow-ups/1/done", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    assert "router bestellen" not in browser.get("/desk/live").text
