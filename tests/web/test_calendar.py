"""Closures and extra openings, as a supervisor enters them on the page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.calendar import CalendarOverride
from models.callback import Callback
from models.history import History
from models.vocabulary import CallbackState
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.test_schedule import text_of

ZONE = ZoneInfo("Europe/Brussels")
HOSTILE = '<img src=x onerror="alert(1)">'
CLOSURE = {
    "kind": "closure",
    "from_day": "2026-11-26",
    "from_time": "",
    "until_day": "2026-11-27",
    "until_time": "12:00",
    "note": "Verhuis",
}


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """Els, on Tuesday 24 November, in her browser."""
    del staffed
    return signed_in("els")


def send(browser: FlaskClient, deed: str, **fields: str) -> TestResponse:
    form = {**fields, "csrf_token": token(browser.get("/schedule/hours").text)}
    return browser.post(f"/schedule/hours/{deed}", data=form)


def entered(desk: Desk) -> list[tuple[str, str, str, str]]:
    def local(at: datetime) -> str:
        return f"{at.astimezone(ZONE):%d %H:%M}"

    with desk.database.read() as session:
        rows = session.scalars(select(CalendarOverride).order_by(CalendarOverride.id))
        return [(row.kind, local(row.starts), local(row.ends), row.note) for row in rows]


def test_the_coming_fourteen_days_are_shown_with_their_windows(els: FlaskClient) -> None:
    days = text_of(els.get("/schedule/hours").text, "days")
    assert "dinsdag 24 november vandaag 09:00–12:00, 13:00–17:00 woensdag 25 november" in days
    assert "zaterdag 28 november gesloten" in days
    assert days.count("november") + days.count("december") == 14


def test_a_closure_is_entered_listed_shown_in_its_days_and_taken_away(staffed: Desk, els: FlaskClient) -> None:
    answer = send(els, "enter", **CLOSURE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/schedule/hours")
    assert entered(staffed) == [("closure", "26 00:00", "27 12:00", "Verhuis")]
    page = els.get("/schedule/hours").text
    assert "De sluiting is ingevoerd." in page
    assert "donderdag 26 november gesloten Sluiting: Verhuis vrijdag 27 november 13:00–17:00" in text_of(page, "days")
    listed = text_of(page, "entered")
    assert "Sluiting donderdag 26 november 00:00 – vrijdag 27 november 12:00 Verhuis · Els Wouters" in listed
    with staffed.database.read() as session:
        number = session.scalar(select(CalendarOverride.id))
        assert session.scalar(select(History.who).order_by(History.id.desc()).limit(1)) == "Els Wouters"
    assert send(els, "remove", number=str(number)).status_code == 303
    assert entered(staffed) == []
    assert "Weggehaald." in els.get("/schedule/hours").text
    send(els, "remove", number=str(number), back="/schedule/hours")
    assert "Dat is al weggehaald." in els.get("/schedule/hours").text


def test_whole_days_need_no_times_and_one_day_no_end(staffed: Desk, els: FlaskClient) -> None:
    send(els, "enter", kind="closure", from_day="2026-11-26")
    assert entered(staffed) == [("closure", "26 00:00", "27 00:00", "")]
    assert "Sluiting donderdag 26 november Els Wouters" in text_of(els.get("/schedule/hours").text, "entered")


def moments(desk: Desk) -> None:
    """Let two customers count on Thursday, one of them at a moment of his own, and one on Friday afternoon."""
    thursday, friday = (datetime(2026, 11, day, 14, tzinfo=ZONE) for day in (26, 27))
    half = timedelta(minutes=30)
    desk.promise(None, "+32470000011", 5, promise_from=thursday, promise_to=thursday + half)
    desk.promise(None, "+32470000013", 5, promise_from=friday, promise_to=friday + half)
    desk.promise(
        None, "+32470000012", 5, state=CallbackState.RESTING, not_before=thursday,
        booked_from=thursday, booked_to=thursday + half,
    )  # fmt: skip


def test_looking_first_shows_what_would_be_and_whom_it_would_move_and_changes_nothing(
    staffed: Desk, els: FlaskClient
) -> None:
    moments(staffed)
    with staffed.database.read() as session:
        before = session.scalar(select(func.max(History.id)))
    answer = send(els, "look", **CLOSURE)
    assert answer.status_code == 303
    assert "csrf_token" not in answer.headers["Location"]
    page = els.get(answer.headers["Location"]).text
    days = text_of(page, "days")
    assert days.startswith("Zo zou het worden Nog niets ingevoerd.")
    assert "Terugbeloproepen die zouden verschuiven: 1. Afspraken: 1." in days
    assert "donderdag 26 november nu: 09:00–12:00, 13:00–17:00 wordt: gesloten" in days
    assert "vrijdag 27 november nu: 09:00–12:00, 13:00–17:00 wordt: 13:00–17:00" in days
    assert days.count("wordt:") == 2
    assert 'value="2026-11-26"' in page
    assert 'value="Verhuis"' in page
    assert entered(staffed) == []
    with staffed.database.read() as session:
        assert session.scalar(select(func.max(History.id))) == before


def test_what_was_foreseen_is_what_happens(staffed: Desk, els: FlaskClient) -> None:
    moments(staffed)
    seen = text_of(els.get(send(els, "look", **CLOSURE).headers["Location"]).text, "days")
    foreseen = [part.split(" ", 2)[:2] for part in seen.split("wordt: ")[1:]]
    send(els, "enter", **CLOSURE)
    days = text_of(els.get("/schedule/hours").text, "days")
    assert [part[0] for part in foreseen] == ["gesloten", "13:00–17:00"]
    assert "donderdag 26 november gesloten" in days
    assert "vrijdag 27 november 13:00–17:00" in days
    with staffed.database.read() as session:
        rest = session.scalar(select(Callback.not_before).where(Callback.state == CallbackState.RESTING))
    assert rest == datetime(2026, 11, 27, 13, tzinfo=ZONE), "the appointment that was counted moved"


def test_a_closure_far_ahead_is_looked_at_from_its_first_day_on(els: FlaskClient) -> None:
    page = els.get("/schedule/hours?kind=closure&from_day=2027-07-20").text
    days = text_of(page, "days")
    assert "dinsdag 20 juli nu: 09:00–12:00, 13:00–17:00 wordt: gesloten" in days
    assert "woensdag 21 juli gesloten feestdag" in days


@pytest.mark.parametrize("deed", ["look", "enter"])
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"kind": "opening", "from_day": "2026-11-28", "from_time": "10:00", "until_time": "12:00"},
            "Van 28/11 10:00 tot 28/11 12:00 mogen we nooit bellen",
        ),
        ({"from_day": "2026-11-26", "until_day": "2026-11-25"}, "Het einde moet na het begin komen."),
        ({"from_day": "morgen"}, "Kies een dag, en als u wilt een uur."),
        ({"from_day": ""}, "Kies een dag, en als u wilt een uur."),
        ({"from_day": "2026-11-26", "until_day": "9999-12-31"}, "Zo ver reikt de kalender niet."),
        ({"from_day": "2027-03-28", "from_time": "02:30"}, "de klok gaat dan vooruit"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_rule_and_what_was_typed_stays(
    staffed: Desk, els: FlaskClient, deed: str, fields: dict[str, str], words: str
) -> None:
    answer = send(els, deed, **{"kind": "closure", "note": f"Feest {HOSTILE}", **fields})
    if deed == "look":
        answer = els.get(answer.headers["Location"])
    assert answer.status_code == 422
    form = text_of(answer.text, "enter")
    assert words in form
    assert 'aria-invalid="true"' in answer.text
    assert 'value="Feest &lt;img src=x' in answer.text
    assert entered(staffed) == []


def test_an_opening_inside_the_envelope_opens_a_holiday(staffed: Desk, signed_in: SignIn) -> None:
    staffed.clock.at = datetime(2026, 12, 21, 10, tzinfo=ZONE)
    els = signed_in("els")
    assert "vrijdag 25 december gesloten feestdag" in text_of(els.get("/schedule/hours").text, "days")
    send(els, "enter", kind="opening", from_day="2026-12-25", from_time="09:00", until_time="12:00", note="Kerst")
    assert "vrijdag 25 december 09:00–12:00 Extra open: Kerst" in text_of(els.get("/schedule/hours").text, "days")


def test_a_hostile_note_is_read_and_never_run(els: FlaskClient) -> None:
    send(els, "enter", **{**CLOSURE, "note": HOSTILE})
    page = els.get("/schedule/hours").text
    assert HOSTILE not in page
    assert page.count("&lt;img src=x onerror=&#34;alert(1)&#34;&gt;") == 3


def test_until_a_closed_day_of_next_year_is_entered_the_page_asks_for_them(els: FlaskClient) -> None:
    page = els.get("/schedule/hours").text
    assert "Voor 2027 is nog geen enkele sluitingsdag ingevoerd." in page
    assert "zaterdag 1 mei 2027, zondag 15 augustus 2027, zaterdag 25 december 2027." in page
    send(els, "enter", kind="closure", from_day="2027-05-03", note="Vervangt 1 mei")
    assert "nog geen enkele sluitingsdag" not in els.get("/schedule/hours").text


@pytest.mark.usefixtures("staffed")
def test_before_october_nobody_is_asked_for_next_year(desk: Desk, signed_in: SignIn) -> None:
    desk.clock.at = datetime(2026, 9, 30, 10, tzinfo=ZONE)
    assert "sluitingsdag ingevoerd" not in signed_in("els").get("/schedule/hours").text


def test_the_same_closure_sent_twice_is_entered_once(staffed: Desk, els: FlaskClient) -> None:
    fields = {"kind": "closure", "from_day": "2026-11-26"}
    assert send(els, "enter", **fields).status_code == 303
    answer = send(els, "enter", **fields)
    assert (answer.status_code, "Dat staat er al" in answer.text) == (422, True)
    assert len(entered(staffed)) == 1
