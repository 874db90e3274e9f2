"""The hands of a supervisor on one call-back, as forms: done with his name, or refused with the rule."""

import re

import pytest
from flask.testing import FlaskClient

from callbacks.store import in_hand
from models.ticket import VoiceMessage
from models.vocabulary import (
    AgentState,
    CallbackState,
)
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.hands import deeds, lay, page, row, waits


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """A browser signed in as a supervisor."""
    del staffed
    return signed_in("els")


def test_a_ticket_nobody_has_is_not_there_nor_a_hand_nobody_knows(els: FlaskClient, desk: Desk) -> None:
    assert els.get("/schedule/tickets/99999").status_code == 404
    assert els.get("/schedule/tickets/99999/live").status_code == 404
    callback = waits(desk)
    for path in (f"/schedule/callbacks/{callback}/steal", "/schedule/callbacks/999/hold"):
        answer = els.post(path, data={"csrf_token": token(els.get("/schedule").text)})
        assert answer.status_code == 404
    assert deeds(desk) == []


def test_an_agent_sees_no_ticket_of_supervisors_and_lays_no_hand(staffed: Desk, signed_in: SignIn) -> None:
    callback, ann = waits(staffed), signed_in("ann")
    assert ann.get("/schedule/tickets/10001").status_code == 403
    form = {"csrf_token": token(ann.get("/desk").text), "why": "x", "seen": in_hand.mark(row(staffed, callback))}
    assert ann.post(f"/schedule/callbacks/{callback}/hold", data=form).status_code == 403
    assert row(staffed, callback).state is CallbackState.WAITING


@pytest.mark.parametrize(
    ("hand", "form", "state", "why"),
    [
        ("move", {"at": "2026-11-24T14:30"}, "resting", "moved to another moment"),
        ("put_off", {"until": "2026-11-24T14:30", "why": "lunch"}, "resting", "put off: lunch"),
        ("hold", {"why": "wait for parts"}, "needs_human", "put aside: wait for parts"),
        ("pin", {"agent": "2"}, "waiting", "pinned to Ann De Smet"),
        ("pin", {"agent": ""}, "waiting", "no longer pinned"),
        ("prioritise", {"option": "1", "hours": "1,5", "why": "VIP"}, "waiting", "outage, counts 1.5 h earlier: VIP"),
        ("call_now", {}, "waiting", "call now"),
        ("cancel", {"why": "solved"}, "cancelled", "solved"),
    ],
)
def test_each_hand_does_what_it_says_and_leaves_the_name(
    els: FlaskClient, desk: Desk, hand: str, form: dict[str, str], state: str, why: str
) -> None:
    callback = waits(desk)
    answer = lay(els, desk, callback, hand, **form)
    assert (answer.status_code, answer.location) == (303, "/schedule/tickets/10001")
    assert (state, why) in deeds(desk)
    shown = page(els)
    assert "Els Wouters" in shown
    assert '<p class="banner good"' in shown


def test_a_free_moment_is_offered_and_taken(els: FlaskClient, desk: Desk) -> None:
    callback = waits(desk)
    minute = re.search(r'<option value="(\d{8,})">', page(els))
    assert minute is not None
    assert lay(els, desk, callback, "move", slot=minute[1]).status_code == 303
    booked = row(desk, callback).booked_from
    assert booked is not None
    assert int(booked.timestamp()) == 60 * int(minute[1])


@pytest.mark.parametrize(
    ("hand", "form", "sentence"),
    [
        ("move", {}, "Kies een moment."),
        ("move", {"at": "2026-11-24T12:30"}, "Dan zijn we gesloten, of sluiten we net."),
        ("move", {"at": "9999-99-99T12:30"}, "Kies een moment."),
        ("move", {"at": "2026-11-24T09:00"}, "Dat moment is voorbij."),
        ("move", {"slot": "29931000"}, "Dan zijn we gesloten, of sluiten we net."),
        ("put_off", {"why": "x", "until": "soon"}, "Kies een moment."),
        ("put_off", {"until": "2026-11-24T14:30"}, "Schrijf een reden op."),
        ("hold", {}, "Schrijf een reden op."),
        ("cancel", {"tell": "1"}, "Schrijf een reden op."),
        ("pin", {"agent": "1"}, "Deze persoon neemt geen oproepen aan."),
        ("prioritise", {"option": "1", "hours": "veel", "why": "x"}, "Schrijf uren als 2 of 1,5."),
        ("prioritise", {"option": "1", "hours": "900", "why": "x"}, "Hoogstens 500 uur."),
        ("merge", {"other": "x"}, "heeft geen andere open terugbeloproep"),
        ("resolve", {"ending": "done", "why": "x"}, "wacht niet (meer) op een beslissing"),
    ],
)
def test_what_would_break_a_rule_is_refused_with_the_rule_and_what_was_typed_stays(
    els: FlaskClient, desk: Desk, hand: str, form: dict[str, str], sentence: str
) -> None:
    callback = waits(desk)
    answer = lay(els, desk, callback, hand, **{"why": "", **form})
    assert answer.status_code == 422
    assert sentence in answer.text
    if form.get("until") == "soon":
        assert 'value="soon"' in answer.text
    assert deeds(desk) == []
    assert row(desk, callback).state is CallbackState.WAITING


def test_nobody_is_called_now_from_a_page_outside_the_hours(els: FlaskClient, desk: Desk) -> None:
    callback = waits(desk)
    desk.clock.move(hours=2)
    answer = lay(els, desk, callback, "call_now")
    assert (answer.status_code, "Dan zijn we gesloten" in answer.text) == (422, True)
    assert row(desk, callback).called_now_at is None


def test_who_comes_too_late_is_told_who_did_what_and_sees_how_it_stands(els: FlaskClient, desk: Desk) -> None:
    callback = waits(desk)
    seen = in_hand.mark(row(desk, callback))
    lay(els, desk, callback, "hold", why="wait for parts")
    answer = lay(els, desk, callback, "pin", agent="2", seen=seen)
    assert answer.status_code == 422
    assert "Ticket 10001 is intussen gewijzigd door Els Wouters: put aside: wait for parts." in answer.text
    assert "Wacht op een beslissing" in answer.text
    assert row(desk, callback).pinned_agent_id is None


def test_who_pins_to_somebody_away_is_told_so(els: FlaskClient, desk: Desk) -> None:
    wim = desk.person("Wim Claes", state=AgentState.OFF_DUTY, phone="+32470000002")
    lay(els, desk, waits(desk), "pin", agent=str(wim))
    assert "maar die agent is nu niet vrij (Niet aan het werk)" in page(els)


def test_two_call_backs_of_a_number_are_merged_and_found_from_each_other(els: FlaskClient, desk: Desk) -> None:
    first, second = waits(desk), waits(desk)
    with desk.database.write() as session:
        left = VoiceMessage(
            recording_sid="RE" + "1" * 32, ticket_id=row(desk, second).ticket_id, call_sid="CA" + "1" * 32,
            seconds=22, left_at=desk.clock.now(),
        )  # fmt: skip
        session.add(left)
    assert '<option value="10002">Ticket 10002</option>' in page(els)
    answer = lay(els, desk, first, "merge", other="10002")
    assert answer.location == "/schedule/tickets/10001"
    assert row(desk, second).state is CallbackState.CANCELLED
    survivor, gone = page(els), page(els, 10_002)
    assert 'href="/schedule/tickets/10002"' in survivor
    assert "RE" + "1" * 32 in survivor
    assert 'href="/schedule/tickets/10001"' in gone


def test_a_decision_is_taken_on_the_page_with_a_number_and_a_reason(els: FlaskClient, desk: Desk) -> None:
    callback = desk.promise(None, None, 5, state=CallbackState.NEEDS_HUMAN, why="no number")
    refused = lay(els, desk, callback, "resolve", ending="waiting", why="asked", number="112")
    assert "Dit nummer mogen of kunnen we niet bellen." in refused.text
    assert 'value="112"' in refused.text
    assert lay(els, desk, callback, "resolve", ending="waiting", why="asked", number="0470 12 34 56").status_code == 303
    assert (row(desk, callback).state, row(desk, callback).number) == (CallbackState.WAITING, "+32470123456")
