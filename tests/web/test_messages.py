"""What callers said, as a supervisor finds it beside the ticket and hears it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from models.callback import Callback
from models.ticket import VoiceMessage
from models.vocabulary import CallbackState
from tests.phone_stand_in import ScriptedPhone
from tests.web.conftest import SignIn
from tests.web.desk import Desk
from tests.web.test_schedule import text_of

SID, OTHER = "RE" + "a" * 32, "RE" + "b" * 32
SOUND = b"RIFF\x00\xffWAVE"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose folder holds one sound, and whose provider holds another."""
    desk.recordings.sounds[SID] = SOUND
    desk.phone = ScriptedPhone(sounds={OTHER: b"theirs"})
    return desk


def leaves(desk: Desk, callback_id: int, recording_sid: str = SID, **columns: Any) -> None:
    with desk.database.write() as session:
        ticket_id = session.get_one(Callback, callback_id).ticket_id
        left = {"ticket_id": ticket_id, "call_sid": "CA" + "1" * 32, "seconds": 72, "left_at": desk.clock.now()}
        session.add(VoiceMessage(recording_sid=recording_sid, **{**left, **columns}))


@pytest.mark.parametrize(
    ("state", "section"),
    [
        (CallbackState.WAITING, "queue"),
        (CallbackState.HELD, "held"),
        (CallbackState.RESTING, "resting"),
        (CallbackState.NEEDS_HUMAN, "needs-human"),
    ],
)
def test_a_message_stands_beside_its_ticket_wherever_that_is_and_beside_no_other(
    staffed: Desk, signed_in: SignIn, state: CallbackState, section: str
) -> None:
    staffed.promise(None, "+32470111111", 9, state=state)
    leaves(staffed, staffed.promise(None, "+32470222222", 8, state=state))
    page = signed_in("els").get("/schedule").text
    assert text_of(page, section).count("Bericht 1 min 12") == 1
    # What is foreseen for today stands in the day's own list as well.
    said = [text_of(page, each).count("Bericht 1 min 12") for each in {section, "today"}]
    assert page.count(f'href="/messages/{SID}"') == sum(said)
    assert max(said) == 1


def test_a_supervisor_hears_what_lies_in_our_folder_or_else_at_the_provider(staffed: Desk, signed_in: SignIn) -> None:
    callback_id = staffed.promise(None, "+32470222222", 8)
    leaves(staffed, callback_id)
    leaves(staffed, callback_id, OTHER)
    els = signed_in("els")
    answer = els.get(f"/messages/{SID}")
    assert (answer.status_code, answer.content_type, answer.data) == (200, "audio/wav", SOUND)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]
    assert els.get(f"/messages/{OTHER}").data == b"theirs"


def test_a_browser_may_ask_for_a_sound_in_pieces(staffed: Desk, signed_in: SignIn) -> None:
    leaves(staffed, staffed.promise(None, "+32470222222", 8))
    answer = signed_in("els").get(f"/messages/{SID}", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (206, b"RIFF")


def test_an_agent_hears_it_too_and_nobody_from_outside(
    staffed: Desk, signed_in: SignIn, anonymous: FlaskClient
) -> None:
    leaves(staffed, staffed.promise(None, "+32470222222", 8))
    answer = anonymous.get(f"/messages/{SID}")
    assert (answer.status_code, SOUND in answer.data) == (303, False)
    assert signed_in("ann").get(f"/messages/{SID}").data == SOUND


def test_what_was_deleted_says_so_and_cannot_be_heard(staffed: Desk, signed_in: SignIn) -> None:
    leaves(staffed, staffed.promise(None, "+32470222222", 8), gone_at=staffed.clock.now())
    els = signed_in("els")
    page = els.get("/schedule").text
    assert "bericht verwijderd" in text_of(page, "queue")
    assert "/messages/" not in page
    assert els.get(f"/messages/{SID}").status_code == 404


@pytest.mark.parametrize("name", ["RE", OTHER, "..%2F..%2Fringback.db", "http:%2F%2Fevil.test", "x" * 3000, f"{SID}0"])
def test_what_nobody_left_is_not_found_and_nobody_is_asked_for_it(staffed: Desk, signed_in: SignIn, name: str) -> None:
    leaves(staffed, staffed.promise(None, "+32470222222", 8))
    assert signed_in("els").get(f"/messages/{name}").status_code == 404
    assert isinstance(staffed.phone, ScriptedPhone)
    assert staffed.phone.sounds_asked == []


def test_where_neither_folder_nor_provider_has_it_the_page_says_that_it_is_not_there(
    staffed: Desk, signed_in: SignIn
) -> None:
    leaves(staffed, staffed.promise(None, "+32470222222", 8), "RE" + "c" * 32)
    assert signed_in("els").get(f"/messages/RE{'c' * 32}").status_code == 404


def test_a_message_whose_length_was_not_told_is_shown_without_one(staffed: Desk, signed_in: SignIn) -> None:
    leaves(staffed, staffed.promise(None, "+32470222222", 8), seconds=0)
    queue = text_of(signed_in("els").get("/schedule").text, "queue")
    assert "Bericht Wie is dit? Vraag" in queue
