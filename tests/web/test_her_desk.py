"""What an agent reads on her desk, and what her buttons do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from callbacks.store import switches
from callbacks.store.switches import Hand
from callbacks.store.transitions import Cause
from models.agent import Agent
from models.callback import Attempt, Callback
from models.customer import Contact, Customer
from models.history import History
from models.ticket import FollowUp, Ticket, TicketNote, VoiceMessage
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Language,
    Option,
)
from tests.web import her_desk
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.test_schedule import text_of

G, A = AgentState, AttemptState


@pytest.fixture
def ann(staffed: Desk) -> int:
    """Ann, who is free."""
    with staffed.database.read() as session:
        found = session.scalar(select(Agent.id).where(Agent.name == "Ann De Smet"))
    assert found is not None
    return found


@pytest.fixture
def waiting(staffed: Desk, ann: int) -> int:
    """A customer of hers with a past, who waits."""
    return her_desk.with_a_past(staffed, her_desk.peeters(staffed), ann)


def agent(desk: Desk, agent_id: int) -> Agent:
    with desk.database.read() as session:
        found = session.get_one(Agent, agent_id)
        session.expunge(found)
        return found


def state_of(desk: Desk, callback_id: int) -> CallbackState:
    with desk.database.read() as session:
        return session.get_one(Callback, callback_id).state


def presses(browser: FlaskClient, path: str, **fields: str) -> Any:
    """Press a button of the desk, as a browser without JavaScript does; return the page she comes back to."""
    form = {"csrf_token": token(browser.get("/desk").text), "back": "/desk?", **fields}
    return browser.post(path, data=form, follow_redirects=True)


def buttons(page: str) -> list[str]:
    """Return what stands on the buttons of the top."""
    top = page[page.index('<section id="top"') : page.index('<div class="desk-columns">')]
    return [re.sub(r"\s+", " ", each).strip() for each in re.findall(r"<button[^>]*>(.*?)</button>", top, re.DOTALL)]


def test_free_she_sees_who_waits_in_order_and_why_and_nobodys_dossier(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn
) -> None:
    del ann, waiting
    for minutes in range(6):
        staffed.promise(None, f"+3247022222{minutes}", 30 - minutes, Option.QUESTION)
    page = signed_in("ann").get("/desk").text
    assert text_of(page, "top").startswith("U bent vrij De volgende oproep komt vanzelf.")
    coming = text_of(page, "coming")
    assert coming.startswith("Wie er wacht 7 1 Bakkerij Peeters 10002 · Lien Peeters · Nederlands telt als 21 uur")
    assert coming.endswith("En nog 2.")
    assert 'id="dossier"' not in page
    assert buttons(page) == ["Pauze: lunch", "Pauze: koffie", "Pauze: overleg", "Ik stop"]


@pytest.mark.usefixtures("ann")
def test_with_nobody_waiting_the_desk_says_so(signed_in: SignIn) -> None:
    assert text_of(signed_in("ann").get("/desk").text, "coming") == "Wie er wacht 0 Niemand wacht."


def test_before_her_phone_rings_she_reads_the_whole_dossier(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn
) -> None:
    her_desk.offered(staffed, waiting, ann, A.RESERVED, rings_in=27)
    page = signed_in("ann").get("/desk").text
    top = text_of(page, "top")
    assert "Uw volgende oproep Uw telefoon rinkelt over 27 seconden. 10002 Bakkerij Peeters" in top
    assert "0:27" in top
    assert 'data-way="down" data-seconds="27"' in page
    assert buttons(page) == ["Nu bellen", "Nu niet", "Stoppen na deze oproep"]
    dossier = text_of(page, "dossier")
    for fact in (
        "Bakkerij Peeters Storing Managed Nederlands",
        "Beller Lien Peeters Nummer 0470 11 11 11",
        "Ticket 10002 Oven en kassa vallen uit",
        "Wacht 55 min sinds 09:45 Beloofd 10:20–10:50",
        "Waarom nu telt als 21 uur vroeger: storing bij een managed klant",
        "Bericht 1 min 12",
        "Notities Zekering 4 springt telkens. Ann De Smet · 10:10",
        "Nog te doen Toner bestellen Ann De Smet · tegen dinsdag 24 november · 10001",
        "Vorige pogingen 10:15 Ann De Smet: Klant nam niet op",
        "Andere tickets 10001 afgesloten Kassa print niet",
        "Lien Peeters belde Nederlands 0470 11 11 11 lien@peeters.example",
        "Wout Peeters Frans 0470 11 12 22",
    ):
        assert fact in dossier
    assert f'<audio id="sound-{her_desk.MESSAGE}" controls preload="none" hx-morph-skip' in page
    assert f'src="/messages/{her_desk.MESSAGE}"' in page
    assert 'href="/desk/tickets/10001"' in page


def test_a_caller_nobody_knows_has_a_dossier_of_his_number(staffed: Desk, ann: int, signed_in: SignIn) -> None:
    stranger = staffed.promise(None, "+32470999999", 5)
    staffed.promise(None, "+32470999999", 90, state=CallbackState.DONE, closed_at=staffed.clock.now())
    staffed.promise(None, None, 80, state=CallbackState.NEEDS_HUMAN)
    with staffed.database.write() as session:
        session.get_one(Callback, stranger).language = Language.EN
    her_desk.offered(staffed, stranger, ann, A.RESERVED, rings_in=30)
    dossier = text_of(signed_in("ann").get("/desk").text, "dossier")
    assert dossier.startswith("Onbekende beller Vraag Engels · niet uw taal Beller onbekend Nummer 0470 99 99 99")
    assert "Dit is de eerste poging. Andere tickets 10002 open" in dossier
    assert "10003" not in dossier
    assert "Contacten" not in dossier


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (A.RESERVED, "Uw telefoon rinkelt zo"),
        (A.SENDING, "Uw telefoon rinkelt zo"),
        (A.PLACED, "Uw telefoon rinkelt zo"),
        (A.UNKNOWN, "Onzeker of uw telefoon rinkelt"),
        (A.AGENT_RINGING, "Uw telefoon rinkelt"),
        (A.AGENT_ANSWERED, "U hebt opgenomen"),
        (A.AGENT_ACCEPTED, "De klant wordt gebeld"),
        (A.CUSTOMER_DIALLING, "De klant wordt gebeld"),
        (A.CUSTOMER_RINGING, "De telefoon van de klant rinkelt"),
        (A.CUSTOMER_ANSWERED, "De klant is aan de lijn"),
        (A.BRIDGED, "In gesprek"),
    ],
)
def test_the_top_says_where_the_call_is_and_the_dossier_stays(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn, state: AttemptState, title: str
) -> None:
    her_desk.offered(staffed, waiting, ann, state, since_minutes=2)
    page = signed_in("ann").get("/desk").text
    assert f'<h2 id="state">{title}</h2>' in page
    assert 'id="dossier"' in page
    assert buttons(page) == ["Stoppen na deze oproep"]
    assert ("2:00" in text_of(page, "top")) is (state in {A.CUSTOMER_ANSWERED, A.BRIDGED})
    assert ("Toets 1: aannemen" in page) is (state is A.AGENT_ANSWERED)


@pytest.mark.parametrize("left", [True, False])
def test_the_key_for_the_message_is_named_where_there_is_one(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn, left: bool
) -> None:
    with staffed.database.write() as session:
        message = session.get_one(VoiceMessage, her_desk.MESSAGE)
        message.gone_at = None if left else staffed.clock.now()
    her_desk.offered(staffed, waiting, ann, A.AGENT_ANSWERED)
    page = signed_in("ann").get("/desk").text
    assert ("3: herhalen · 4: het bericht van de klant" in page) is left
    assert ("<audio" in page) is left
    assert ("bericht verwijderd" in page) is not left


def test_after_the_talk_her_telephone_asks_and_then_her_minutes_run(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn
) -> None:
    attempt = her_desk.offered(staffed, waiting, ann, A.BRIDGED, since_minutes=3)
    her_desk.ends(staffed, attempt, CustomerOutcome.BRIDGED)
    browser = signed_in("ann")
    assert text_of(browser.get("/desk").text, "top").startswith("Het gesprek is gedaan")
    until = staffed.clock.now() + timedelta(seconds=95.4)
    her_desk.becomes(staffed, ann, G.WRAP_UP, state_until=until)
    page = browser.get("/desk").text
    assert "Nawerk" in text_of(page, "top")
    assert "1:36" in text_of(page, "top")
    assert buttons(page) == ["Ik ben klaar", "Stoppen na deze oproep"]
    assert "U bent klaar voor de volgende." in presses(browser, "/desk/ready").text
    assert (agent(staffed, ann).state, state_of(staffed, waiting)) == (G.FREE, CallbackState.DONE)
    last = "Vorige oproep, 10:37: 10002 Bakkerij Peeters: Gesproken"
    assert last in text_of(browser.get("/desk").text, "top")


def test_what_went_wrong_is_said_while_she_is_on_the_line_and_afterwards(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn
) -> None:
    attempt = her_desk.offered(staffed, waiting, ann, A.CUSTOMER_RINGING, since_minutes=1)
    her_desk.ends(staffed, attempt, CustomerOutcome.BUSY, CallbackState.RESTING)
    browser = signed_in("ann")
    assert "Geen gesprek" in (top := text_of(browser.get("/desk").text, "top"))
    assert "Klant bezet. Leg in, dan bent u weer vrij." in top
    her_desk.becomes(staffed, ann, G.FREE)
    page = browser.get("/desk").text
    assert "Bakkerij Peeters: Klant bezet" in text_of(page, "top")
    assert 'id="dossier"' not in page


def test_a_call_she_declined_is_told_in_a_sentence_of_its_own(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn
) -> None:
    attempt = her_desk.offered(staffed, waiting, ann, A.AGENT_ANSWERED, since_minutes=1)
    with staffed.database.write() as session:
        row = session.get_one(Attempt, attempt)
        row.state, row.agent_outcome, row.ended_at = A.ENDED, AgentOutcome.DECLINED, staffed.clock.now()
        session.get_one(Callback, waiting).state = CallbackState.WAITING
    top = text_of(signed_in("ann").get("/desk").text, "top")
    assert "Bakkerij Peeters Niet aangenomen. Leg in, dan bent u weer vrij." in top


def test_call_now_takes_the_preparation_away(staffed: Desk, ann: int, waiting: int, signed_in: SignIn) -> None:
    attempt = her_desk.offered(staffed, waiting, ann, A.RESERVED, rings_in=27)
    page = presses(signed_in("ann"), f"/desk/offers/{attempt}/now").text
    assert "Uw telefoon rinkelt zo" in text_of(page, "top")
    with staffed.database.read() as session:
        assert session.get_one(Attempt, attempt).ring_at == staffed.clock.now()


def test_call_now_is_refused_with_the_rule(staffed: Desk, ann: int, waiting: int, signed_in: SignIn) -> None:
    attempt = her_desk.offered(staffed, waiting, ann, A.RESERVED, rings_in=27)
    browser = signed_in("ann")
    with staffed.database.write() as session:
        switches.turn(session, Hand.DIALLING, Cause(staffed.clock.now(), "Els", "onweer"), on=False)
    page = presses(browser, f"/desk/offers/{attempt}/now").text
    assert "Er wordt nu niet gebeld: een supervisor heeft het bellen stilgelegd." in page
    assert "Er wordt niet gebeld: onweer" in page
    staffed.clock.move(minutes=78.5)
    assert (
        "in de laatste minuten ervan, laten we geen telefoon rinkelen"
        in presses(browser, f"/desk/offers/{attempt}/now").text
    )
    assert "niet meer in voorbereiding" in presses(browser, "/desk/offers/4711/decline").text


def test_not_now_puts_him_back_and_her_in_peace(staffed: Desk, ann: int, waiting: int, signed_in: SignIn) -> None:
    attempt = her_desk.offered(staffed, waiting, ann, A.RESERVED, rings_in=27)
    page = presses(signed_in("ann"), f"/desk/offers/{attempt}/decline").text
    assert "Teruggelegd" in page
    assert "U bent vrij" in (top := text_of(page, "top"))
    assert "Bakkerij Peeters: niet aangenomen" in top
    assert (agent(staffed, ann).state, state_of(staffed, waiting)) == (G.FREE, CallbackState.WAITING)


def test_missed_calls_pause_her_visibly_and_one_button_brings_her_back(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn
) -> None:
    for n in range(3):
        at = 9 - 3 * n
        staffed.attempt(waiting, ann, at, A.ENDED, n=2 + n, agent_outcome=AgentOutcome.NO_ANSWER)
    her_desk.becomes(staffed, ann, G.PAUSED, missed_in_a_row=3)
    browser = signed_in("ann")
    page = browser.get("/desk").text
    top = text_of(page, "top")
    assert "Uw telefoon staat op pauze" in top
    assert "Sinds 10:40 krijgt u geen oproepen meer. Gemist op rij: 3." in top
    seen = [f"{at} 10002 Bakkerij Peeters u nam niet op" for at in ("10:37", "10:34", "10:31")]
    assert " ".join(seen) in top
    assert buttons(page) == ["Ik ben terug", "Ik stop"]
    assert "U bent vrij: de volgende oproep is voor u." in presses(browser, "/desk/duty", wish="on").text
    assert (agent(staffed, ann).state, agent(staffed, ann).missed_in_a_row) == (G.FREE, 0)


def test_a_number_that_cannot_be_called_is_no_missed_call(staffed: Desk, ann: int, signed_in: SignIn) -> None:
    her_desk.becomes(staffed, ann, G.PAUSED)
    top = text_of(signed_in("ann").get("/desk").text, "top")
    assert top.startswith("Uw telefoon is niet te bellen Het nummer 0470 00 00 01 wordt geweigerd.")


def test_a_break_has_a_reason_and_shows_since_when(staffed: Desk, ann: int, signed_in: SignIn) -> None:
    browser = signed_in("ann")
    refused = presses(browser, "/desk/break", away_why="  ")
    assert refused.status_code == 422
    assert '<details id="other-break" class="card" open>' in refused.text
    assert "Schrijf een reden op." in refused.text
    assert agent(staffed, ann).state is G.FREE
    presses(browser, "/desk/break", away_why="Zoon <ophalen>")
    staffed.clock.move(minutes=12, seconds=5)
    page = browser.get("/desk").text
    assert "U hebt pauze Sinds 10:40: Zoon &lt;ophalen&gt; 12:05" in text_of(page, "top")
    assert buttons(page) == ["Ik ben terug", "Ik stop"]
    presses(browser, "/desk/duty", wish="on")
    assert (agent(staffed, ann).state, agent(staffed, ann).away_why) == (G.FREE, None)


def test_she_goes_off_duty_and_comes_back(staffed: Desk, ann: int, signed_in: SignIn) -> None:
    browser = signed_in("ann")
    page = presses(browser, "/desk/duty", wish="off").text
    assert (agent(staffed, ann).state, buttons(page)) == (G.OFF_DUTY, ["Ik begin"])
    presses(browser, "/desk/duty", wish="on")
    assert agent(staffed, ann).state is G.FREE
    assert presses(browser, "/desk/duty", wish="gone").status_code == 400


def test_in_a_call_she_says_that_she_leaves_after_it_and_may_take_it_back(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn
) -> None:
    her_desk.offered(staffed, waiting, ann, A.BRIDGED)
    browser = signed_in("ann")
    page = presses(browser, "/desk/duty", wish="off").text
    assert "Na deze oproep stopt u." in page
    assert "U stopt na deze oproep" in text_of(page, "top")
    assert buttons(page) == ["Toch blijven"]
    assert buttons(presses(browser, "/desk/duty", wish="on").text) == ["Stoppen na deze oproep"]
    assert agent(staffed, ann).state is G.ON_CALL


def test_after_a_miss_she_rests_and_reads_how_long(staffed: Desk, ann: int, signed_in: SignIn) -> None:
    her_desk.becomes(staffed, ann, G.FREE, state_until=staffed.clock.now() + timedelta(seconds=30))
    assert "Even rust" in (top := text_of(signed_in("ann").get("/desk").text, "top"))
    assert "0:30" in top


def test_a_rest_that_is_over_is_drawn_at_the_next_look_not_at_the_next_minute(
    staffed: Desk, ann: int, signed_in: SignIn
) -> None:
    her_desk.becomes(staffed, ann, G.FREE, state_until=staffed.clock.now() + timedelta(seconds=30))
    browser = signed_in("ann")
    shown = browser.get("/desk/live").headers["ETag"]
    staffed.clock.move(seconds=29)
    assert browser.get("/desk/live", headers={"If-None-Match": shown}).status_code == 304
    staffed.clock.move(seconds=1)
    after = browser.get("/desk/live", headers={"If-None-Match": shown})
    assert (after.status_code, "Even rust" in text_of(after.text, "top")) == (200, False)


def test_when_the_time_to_prepare_is_over_the_desk_says_so_at_the_next_look(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn
) -> None:
    her_desk.offered(staffed, waiting, ann, A.RESERVED, rings_in=27)
    browser = signed_in("ann")
    before = browser.get("/desk/live")
    assert buttons(before.text)[0] == "Nu bellen"
    staffed.clock.move(seconds=27)
    after = browser.get("/desk/live", headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, "Nu bellen" in buttons(after.text)) == (200, False)


def test_without_a_telephone_she_is_told_and_has_no_button_in_vain(staffed: Desk, ann: int, signed_in: SignIn) -> None:
    her_desk.becomes(staffed, ann, G.OFF_DUTY, phone=None)
    page = signed_in("ann").get("/desk").text
    assert "U hebt geen telefoonnummer" in text_of(page, "top")
    assert buttons(page) == []


def test_an_open_desk_says_so_and_nobodys_page_is_drawn_again_for_it(
    staffed: Desk, ann: int, signed_in: SignIn
) -> None:
    browser = signed_in("ann")
    shown = browser.get("/desk/live").headers["ETag"]
    form = {"csrf_token": token(browser.get("/desk").text)}
    answer = browser.post("/desk/here", data=form)
    assert (answer.status_code, answer.data) == (204, b"")
    assert agent(staffed, ann).desk_seen_at == staffed.clock.now()
    assert browser.get("/desk/live", headers={"If-None-Match": shown}).status_code == 304
    with staffed.database.read() as session:
        assert session.scalar(select(func.count()).select_from(History)) == 0


def test_what_she_does_brings_a_new_page_and_her_call_another(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn
) -> None:
    browser = signed_in("ann")
    shown = browser.get("/desk/live").headers["ETag"]
    presses(browser, "/desk/break", away_why="lunch")
    answer = browser.get("/desk/live", headers={"If-None-Match": shown})
    assert (answer.status_code, "U hebt pauze" in answer.text) == (200, True)
    her_desk.offered(staffed, waiting, ann, A.RESERVED, rings_in=27)
    live = browser.get("/desk/live").text
    assert "Uw volgende oproep" in live
    assert "csrf_token" not in live


@pytest.mark.parametrize("path", ["/desk/duty", "/desk/break", "/desk/ready", "/desk/here", "/desk/offers/1/now"])
def test_a_supervisor_has_no_desk(staffed: Desk, signed_in: SignIn, path: str) -> None:
    del staffed
    els = signed_in("els")
    form = {"csrf_token": token(els.get("/schedule").text), "wish": "off", "away_why": "x"}
    assert els.post(path, data=form).status_code == 403


@pytest.mark.parametrize(
    ("languages", "read"),
    [
        ("fr,nl", ["Votre prochain appel", "Appeler maintenant", "Pas maintenant", "Autres tickets", "Qui attend"]),
        ("en", ["Your next call", "Call now", "Not now", "Other tickets", "Who is waiting", "not your language"]),
    ],
)
def test_she_reads_it_in_her_own_language(
    staffed: Desk, ann: int, waiting: int, signed_in: SignIn, languages: str, read: list[str]
) -> None:
    her_desk.offered(staffed, waiting, ann, A.RESERVED, rings_in=27)
    with staffed.database.write() as session:
        session.get_one(Agent, ann).languages = languages
    page = signed_in("ann").get("/desk").text
    assert [each for each in read if each not in page] == []


def test_nothing_that_somebody_wrote_is_markup(staffed: Desk, ann: int, waiting: int, signed_in: SignIn) -> None:
    evil = "<script>alert(1)</script>"
    with staffed.database.write() as session:
        for table, column in (
            (Customer, "name"), (Ticket, "subject"), (TicketNote, "body"), (FollowUp, "body"), (Agent, "name"),
            (Contact, "name"), (Contact, "email"), (Callback, "given_why"), (Callback, "extension"),
        ):  # fmt: skip
            for n, row in enumerate(session.scalars(select(table))):
                if column != "extension":
                    setattr(row, column, f"{evil}{n}")
        session.get_one(Callback, waiting).extension = "<b>"
    her_desk.offered(staffed, waiting, ann, A.RESERVED, rings_in=27)
    page = signed_in("ann").get("/desk").text
    assert evil not in page
    assert "<b>" not in page
    assert page.count("&lt;script&gt;") > 10
