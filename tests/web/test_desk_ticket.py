"""The page of one ticket as an agent works on it: every form, every refusal, and hostile words."""

import re

import pytest
from sqlalchemy import select

from models.callback import Callback
from models.ticket import FollowUp, TicketNote, TimeEntry
from models.vocabulary import (
    AgentState,
    CallbackState,
    TalkOutcome,
    TicketState,
)
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.ended_talk import Case

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture
def case(desk: Desk, signed_in: SignIn) -> Case:
    """What Ann has to do with one customer."""
    ann = desk.person("Ann De Smet", state=AgentState.WRAP_UP, phone="+32486000001")
    return Case(desk, ann, signed_in("ann"))


def test_the_page_shows_the_customer_the_try_and_its_time(case: Case) -> None:
    page = case.page()
    for shown in ("Bakkerij Peeters", "Lien Peeters", "0470 12 34 56", "4 min 05", "Hoe is het afgelopen?"):
        assert shown in page


def test_a_ticket_that_does_not_exist_is_nowhere(case: Case) -> None:
    assert case.browser.get("/desk/tickets/99999").status_code == 404
    form = {"csrf_token": token(case.page()), "note": "iets", "body": "iets", "duration": "5", "what": "iets"}
    for deed in ("notes", "follow-ups", "time"):
        assert case.browser.post(f"/desk/tickets/99999/{deed}", data=form).status_code == 404
    assert case.browser.post("/desk/talks/999/outcome", data={**form, "outcome": "solved"}).status_code == 404


@pytest.mark.usefixtures("staffed")
def test_what_is_not_there_is_refused_in_the_readers_own_language(signed_in: SignIn) -> None:
    browser = signed_in("ann")
    form = {"csrf_token": token(browser.get("/account").text), "back": "/account"}
    browser.post("/account/language", data={**form, "language": "fr"})
    for path, filled in (("option", {"option": "1"}), ("close", {}), ("reopen", {})):
        browser.post(f"/desk/tickets/999/{path}", data={**form, **filled})
        assert "Il n’y a pas de ticket 999." in browser.get("/account").text, path
    for path in ("/desk/follow-ups/999/done", "/desk/time/999"):
        answer = browser.post(path, data={**form, "was": "60", "duration": "5", "why": "x"})
        assert (answer.status_code, "there is no" in answer.text) == (404, False)


def test_any_agent_works_on_any_ticket_but_says_nothing_of_anothers_talk(
    case: Case, desk: Desk, signed_in: SignIn
) -> None:
    desk.person("Cem Yilmaz", phone="+32486000002")
    case.browser = signed_in("cem")
    page = case.page()
    assert "Hoe is het afgelopen?" not in page
    assert "Verbeteren" not in page
    assert "bewaard" in case.sends(f"{case.path}/notes", note="gezien door Cem")[1]
    status, seen = case.sends(f"/desk/talks/{case.attempt}/outcome", outcome="solved")
    assert (status, "Dit is van een collega." in seen) == (303, True)
    assert "van een collega" in case.sends(f"/desk/time/{case.entry}", was="245", duration="9", why="zo")[1]
    assert case.row()[0] is CallbackState.WRAP_UP


@pytest.mark.parametrize(
    ("outcome", "word", "state"),
    [
        ("solved", "opgelost", CallbackState.DONE),
        ("visit", "bezoek nodig", CallbackState.DONE),
        ("call_again", "opnieuw bellen", CallbackState.RESTING),
        ("wrong_person", "niet de juiste persoon", CallbackState.RESTING),
        ("wrong_number", "verkeerd nummer", CallbackState.NEEDS_HUMAN),
    ],
)
def test_each_outcome_has_its_button_and_leads_back_to_where_it_was_said(
    case: Case, outcome: str, word: str, state: CallbackState
) -> None:
    assert f'name="outcome" value="{outcome}"' in case.page()
    status, seen = case.sends(f"/desk/talks/{case.attempt}/outcome", back="/desk/day", outcome=outcome)
    assert (status, case.row()[:2]) == (303, (state, TalkOutcome(outcome)))
    assert f"Ticket {case.number}: {word}. Genoteerd." in seen
    assert "Mijn gesprekken" in seen


def test_a_note_typed_beside_the_buttons_is_kept_with_the_outcome(case: Case) -> None:
    _, seen = case.sends(f"/desk/talks/{case.attempt}/outcome", outcome="visit", note="neem een router mee")
    assert "neem een router mee" in seen
    assert case.row()[1] is TalkOutcome.VISIT


def test_a_moment_outside_the_hours_is_refused_beside_its_field_and_the_rest_stays_typed(case: Case) -> None:
    status, seen = case.sends(
        f"/desk/talks/{case.attempt}/outcome", outcome="call_again", again_at="2026-11-24T12:30", by_me="1"
    )
    assert status == 422
    assert "Dan zijn we gesloten" in seen
    assert 'value="2026-11-24T12:30"' in seen
    assert re.search(r'name="by_me"[^>]* checked', seen)
    assert case.row() == (CallbackState.WRAP_UP, None, TicketState.OPEN)


def test_a_moment_that_is_offered_is_kept_and_shown(case: Case) -> None:
    moment = re.findall(r'<option value="(2026-11-2\d \d\d:\d\d)"', case.page())[-1]
    status, seen = case.sends(f"/desk/talks/{case.attempt}/outcome", outcome="call_again", again_slot=moment)
    assert status == 303
    with case.desk.database.read() as session:
        kept = session.get_one(Callback, case.callback)
        assert f"{kept.booked_from.astimezone(case.desk.rules.zone):%Y-%m-%d %H:%M}" == moment  # type: ignore[union-attr]
    assert moment[-5:] in seen


def test_who_answers_second_is_told_what_stands(case: Case) -> None:
    case.sends(f"/desk/talks/{case.attempt}/outcome", outcome="visit")
    status, seen = case.sends(f"/desk/talks/{case.attempt}/outcome", outcome="solved")
    assert status == 303
    assert "De uitkomst stond er al: bezoek nodig. Die blijft staan." in seen
    assert case.row()[1:] == (TalkOutcome.VISIT, TicketState.OPEN)


@pytest.mark.parametrize("outcome", ["unstated", "", "lost"])
def test_what_is_no_outcome_is_no_form_of_ours(case: Case, outcome: str) -> None:
    assert case.sends(f"/desk/talks/{case.attempt}/outcome", outcome=outcome)[0] == 400


def test_hostile_words_are_shown_as_they_are_and_run_nowhere(case: Case) -> None:
    case.sends(f"{case.path}/notes", note=HOSTILE)
    case.sends(f"{case.path}/time", duration="5", what=HOSTILE)
    case.sends(f"/desk/time/{case.entry}", was="245", duration="6", why=HOSTILE)
    case.sends(f"{case.path}/follow-ups", body=HOSTILE)
    refused = case.sends(f"/desk/time/{case.entry}", was="360", duration=HOSTILE, why=HOSTILE)[1]
    for page in (case.page(), refused, case.browser.get("/desk/day").text):
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "<img" not in page


def test_a_note_of_nothing_is_refused_beside_its_field(case: Case) -> None:
    status, seen = case.sends(f"{case.path}/notes", note="  ")
    assert (status, "Er staat niets." in seen) == (422, True)
    with case.desk.database.read() as session:
        assert session.scalars(select(TicketNote)).all() == []


def test_a_note_that_is_too_long_is_not_cut_and_stays_typed(case: Case) -> None:
    status, seen = case.sends(f"{case.path}/notes", note="x" * 4001)
    assert (status, "hoogstens 4000 tekens" in seen, "x" * 4000 in seen) == (422, True, True)


def test_time_is_corrected_with_a_reason_and_what_was_measured_stays_readable(case: Case) -> None:
    status, seen = case.sends(f"/desk/time/{case.entry}", was="245", duration="10", why="nog gezocht")
    assert status == 303
    for shown in ("10 min 00", "gemeten 4 min 05", "nog gezocht", "De tijd is verbeterd."):
        assert shown in seen


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"was": "245", "duration": "veel", "why": "zo"}, "Schrijf minuten"),
        ({"was": "245", "duration": "9", "why": ""}, "Schrijf een reden op."),
        ({"was": "9", "duration": "9", "why": "zo"}, "iemand anders heeft net beslist"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_beside_its_field_with_what_was_typed(
    case: Case, form: dict[str, str], problem: str
) -> None:
    status, seen = case.sends(f"/desk/time/{case.entry}", **form)
    assert status == 422
    assert problem in seen
    assert f'value="{form["duration"]}"' in seen
    assert '<details class="correct" open>' in seen
    with case.desk.database.read() as session:
        assert session.get_one(TimeEntry, case.entry).seconds == 245


def test_work_by_hand_stands_on_the_ticket_and_without_a_word_it_is_refused(case: Case) -> None:
    assert "12 min 30" in case.sends(f"{case.path}/time", duration="12:30", what="offerte")[1]
    status, seen = case.sends(f"{case.path}/time", duration="7", what="")
    assert (status, "Er staat niets." in seen, 'value="7"' in seen) == (422, True, True)


def test_what_is_left_to_do_is_written_marked_when_overdue_and_ticked_off(case: Case) -> None:
    seen = case.sends(f"{case.path}/follow-ups", body="leverancier bellen", due="2026-11-20")[1]
    assert "te laat: vrijdag 20 november" in seen
    status, seen = case.sends(f"{case.path}/follow-ups", body="kabel meten", due="ooit")
    assert (status, "Dit moment kunnen we niet lezen." in seen, 'value="kabel meten"' in seen) == (422, True, True)
    with case.desk.database.read() as session:
        (follow_up,) = session.scalars(select(FollowUp.id)).all()
    seen = case.sends(f"{case.path}/follow-ups", body="leverancier bellen", due="2026-12-21")[1]
    assert ("te laat" in seen, "maandag 21 december" in seen) == (False, True), "the same is put off, not dropped"
    status, seen = case.sends(f"/desk/follow-ups/{follow_up}/done")
    assert (status, "Afgevinkt." in seen, "te laat" in seen) == (303, True, False)


def test_outage_becomes_question_and_back(case: Case) -> None:
    assert "Toch een vraag" in case.page()
    assert "Dit ticket is nu: Vraag." in case.sends(f"{case.path}/option", option="2")[1]
    assert "Toch een storing" in case.page()
    assert case.sends(f"{case.path}/option", option="3")[0] == 400


def test_it_is_closed_when_nothing_is_owed_any_more_and_opened_again(case: Case) -> None:
    assert "bellen we nog terug" in case.sends(f"{case.path}/close")[1]
    case.sends(f"/desk/talks/{case.attempt}/outcome", outcome="visit")
    assert "Het ticket is afgesloten." in case.sends(f"{case.path}/close")[1]
    assert case.row()[2] is TicketState.CLOSED
    assert "is al afgesloten" in case.sends(f"{case.path}/close")[1]
    assert "weer open" in case.sends(f"{case.path}/reopen")[1]
    assert "is al open" in case.sends(f"{case.path}/reopen")[1]
    assert case.row()[2] is TicketState.OPEN
