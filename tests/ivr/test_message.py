"""The message after the tone: a caller says in his own words what it is about, and it stands with his ticket, once."""

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from callbacks import webhook_paths
from callbacks.workflows import leaving_messages
from ivr.blueprint import voice
from models.callback import Callback, CallLeg
from models.customer import Contact
from models.history import History
from models.sessions import Database
from models.ticket import VoiceMessage
from models.vocabulary import CallbackState, Language
from tests.ivr.conftest import BASE
from tests.ivr.conftest import Caller as Person

Caller = Callable[..., Any]
LUC = "+32475111111"
SID = "RE" + "0123456789abcdef" * 2
TONE = {
    Language.NL: "Spreek uw bericht in na de toon en sluit af met een hekje.",
    Language.FR: "Laissez votre message après le bip, puis appuyez sur dièse.",
    Language.EN: "Please leave your message after the tone, then press hash.",
}
KEPT = {
    Language.NL: "Dank u, uw bericht is bewaard.",
    Language.FR: "Merci, votre message est bien enregistré.",
    Language.EN: "Thank you, your message has been kept.",
}
NOTHING = {
    Language.NL: "We hebben niets gehoord.",
    Language.FR: "Nous n'avons rien entendu.",
    Language.EN: "We didn't hear anything.",
}
ENOUGH = {
    Language.NL: "U hebt al drie berichten ingesproken.",
    Language.FR: "Vous avez déjà laissé trois messages.",
    Language.EN: "You have already left three messages.",
}
GOODBYE = {Language.NL: "Tot ziens.", Language.FR: "Au revoir.", Language.EN: "Goodbye."}


@pytest.fixture(params=list(Language), ids=list(Language))
def language(request: pytest.FixtureRequest, database: Database, people: None) -> Language:
    """Everybody speaks this language."""
    del people
    chosen: Language = request.param
    with database.write() as session:
        session.execute(update(Contact).values(language=chosen))
    return chosen


@pytest.fixture
def told(caller: Caller, language: Language) -> Any:
    """Luc, who has just heard his farewell."""
    del language
    return caller(LUC).dials_in().presses("1").presses("1")


@pytest.fixture
def luc(caller: Caller, people: None) -> Any:
    """Luc at the tone, in French."""
    del people
    return caller(LUC).dials_in().presses("1").presses("1").presses("2").goes_on()


def record(call: Any) -> Any:
    found = call.document.find("Record")
    assert found is not None, call.heard
    return found


def speaks(call: Any, seconds: int = 12, sid: str = SID, digits: str = "#", **more: str) -> Any:
    url = f"http://network.test/2010-04-01/Accounts/ACxx/Recordings/{sid}"
    told = {"RecordingSid": sid, "RecordingUrl": url, "RecordingDuration": str(seconds), "Digits": digits, **more}
    return call.asks(str(call.document.find("Record").get("action")), **told)


def notice(call: Any, seconds: int = 12, sid: str = SID, status: str = "completed") -> Any:
    told = {"RecordingSid": sid, "RecordingStatus": status, "RecordingDuration": str(seconds)}
    return call.asks(webhook_paths.MESSAGE_STATUS, From="", **told)


def notes(kept: Any) -> list[str]:
    return [row.why for row in kept(History) if "message" in row.why]


def redirect(call: Any) -> str:
    return str(call.document[-1].text).removeprefix(BASE)


def test_a_caller_is_asked_to_speak_after_the_tone_and_may_end_with_the_hash_key(told: Any, language: Language) -> None:
    told.presses("2").goes_on()
    assert told.heard == f"{TONE[language]} {NOTHING[language]}"
    assert [child.tag for child in told.document] == ["Say", "Record", "Say", "Redirect"]
    asks = record(told)
    assert {name: asks.get(name) for name in ("maxLength", "finishOnKey", "timeout", "playBeep", "transcribe")} == {
        "maxLength": "90",
        "finishOnKey": "#",
        "timeout": "5",
        "playBeep": "true",
        "transcribe": None,
    }
    assert asks.get("recordingStatusCallback") == f"{BASE}{webhook_paths.MESSAGE_STATUS}"


def test_what_was_said_stands_with_the_ticket_and_only_then_he_hears_so(
    told: Any, language: Language, kept: Any, bell: Any
) -> None:
    speaks(told.presses("2").goes_on())
    assert told.heard == KEPT[language]
    [message] = kept(VoiceMessage)
    assert (message.recording_sid, message.ticket_id, message.seconds) == (SID, kept.ticket.id, 12)
    assert (message.call_sid, message.stored_at, message.gone_at) == (told.sid, None, None)
    assert notes(kept) == ["left a message of 12 seconds"]
    assert "upkeep" in bell.rung
    assert redirect(told) == "/voice/farewell"
    told.goes_on()
    assert redirect(told) == "/voice/bye"


def test_silence_is_no_message(told: Any, language: Language, kept: Any) -> None:
    speaks(told.presses("2").goes_on(), seconds=0, digits="")
    assert told.heard == NOTHING[language]
    assert redirect(told) == "/voice/farewell"
    assert kept(VoiceMessage) == []


def test_after_three_messages_he_hears_that_these_are_enough(told: Any, language: Language, kept: Any) -> None:
    for n in range(3):
        speaks(told.asks("/voice/message"), sid=f"RE{n:032x}")
    told.asks("/voice/message")
    assert told.heard == ENOUGH[language]
    assert told.document.find("Record") is None
    assert redirect(told) == "/voice/farewell"
    assert len(kept(VoiceMessage)) == 3


def test_who_has_nothing_to_leave_a_message_for_hears_goodbye(caller: Caller, kept: Any, language: Language) -> None:
    for path in ("/voice/message", "/voice/message/left"):
        call = caller(LUC).asks(path, RecordingSid=SID, RecordingDuration="9")
        assert call.heard == GOODBYE[language]
        assert redirect(call) == "/voice/bye"
    assert kept(VoiceMessage) == []


@pytest.mark.parametrize("seconds", ["12", "0"])
def test_told_twice_it_is_kept_once(luc: Any, kept: Any, seconds: str) -> None:
    for _ in range(2):
        luc.asks("/voice/message/left", RecordingSid=SID, RecordingDuration=seconds)
    notice(luc, int(seconds))
    assert len(kept(VoiceMessage)) == len(notes(kept)) == (1 if int(seconds) else 0)


def test_where_the_lines_own_request_was_lost_the_notice_of_the_provider_keeps_it(luc: Any, kept: Any) -> None:
    assert [child.tag for child in notice(luc, 7).document] == []
    assert [message.seconds for message in kept(VoiceMessage)] == [7]
    assert kept.callback.state is CallbackState.HELD


@pytest.mark.parametrize("status", ["in-progress", "absent", "failed", "x" * 10_000])
def test_a_notice_of_anything_but_a_whole_recording_keeps_nothing(luc: Any, kept: Any, status: str) -> None:
    notice(luc, status=status)
    assert kept(VoiceMessage) == []


def test_hanging_up_in_the_middle_keeps_what_was_said_and_lets_the_call_back_go(luc: Any, kept: Any) -> None:
    luc.hangs_up()
    luc.asks("/voice/message/left", RecordingSid=SID, RecordingDuration="4", Digits="hangup", CallStatus="completed")
    notice(luc, 4)
    assert [message.seconds for message in kept(VoiceMessage)] == [4]
    assert kept.callback.state is CallbackState.WAITING


def test_hanging_up_at_the_tone_lets_the_call_back_go_without_a_message(luc: Any, kept: Any) -> None:
    luc.hangs_up()
    assert kept(VoiceMessage) == []
    assert kept.callback.state is CallbackState.WAITING


@pytest.mark.parametrize(
    "sid",
    [
        "",
        "RE",
        SID[:-1],
        SID + "0",
        SID + "\n",
        "CA" + SID[2:],
        "../../etc/passwd",
        "http://169.254.169.254/x",
        "x" * 10_000,
    ],
)
def test_what_is_no_name_of_a_recording_is_never_kept(luc: Any, kept: Any, sid: str) -> None:
    luc.asks("/voice/message/left", RecordingSid=sid, RecordingUrl=f"http://evil.test/{sid}", RecordingDuration="9")
    assert luc.heard == NOTHING[Language.FR]
    notice(luc, sid=sid)
    assert kept(VoiceMessage) == []


@pytest.mark.parametrize("seconds", ["", "x", "-3", "1" * 40])
def test_a_length_that_cannot_be_read_loses_no_message(luc: Any, kept: Any, seconds: str) -> None:
    luc.asks("/voice/message/left", RecordingSid=SID, RecordingDuration=seconds)
    assert [message.seconds for message in kept(VoiceMessage)] == [0]


def test_a_message_about_an_open_call_back_stands_with_that_ones_ticket(
    caller: Caller, kept: Any, database: Database, people: None
) -> None:
    del people
    caller(LUC).dials_in().presses("1").presses("1").goes_on()
    again = caller(LUC).dials_in()
    with database.write() as session:
        session.execute(update(CallLeg).where(CallLeg.call_sid == again.sid).values(about_id=kept.callback.id))
    speaks(again.asks("/voice/message"))
    assert again.heard == KEPT[Language.FR]
    assert [message.ticket_id for message in kept(VoiceMessage)] == [kept.ticket.id]


def test_once_the_call_back_is_over_nobody_is_asked_to_speak_but_what_was_recorded_is_kept(
    luc: Any, kept: Any, database: Database, clock: Any
) -> None:
    with database.write() as session:
        session.execute(update(Callback).values(state=CallbackState.CANCELLED, closed_at=clock.now()))
    speaks(luc)
    assert luc.heard == KEPT[Language.FR]
    assert luc.asks("/voice/message").heard == GOODBYE[Language.FR]
    assert len(kept(VoiceMessage)) == 1


def test_the_line_and_the_notice_at_the_same_time_keep_it_once(luc: Any, kept: Any, services: Any) -> None:
    start, done = Barrier(2), []

    def tell() -> None:
        start.wait()
        done.append(leaving_messages.leave(services, luc.sid, SID, 9))

    threads = [Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True, True]
    assert len(kept(VoiceMessage)) == len(notes(kept)) == 1


@pytest.mark.usefixtures("people")
def test_a_house_that_wants_no_messages_takes_none(services: Any) -> None:
    app = Flask("no-messages")
    app.register_blueprint(voice(replace(services, rules=replace(services.rules, message_seconds=0))))
    call = Person(app.test_client(), LUC, "CA" + "7" * 32).dials_in().presses("1").presses("1").asks("/voice/message")
    assert call.heard == GOODBYE[Language.FR]
    assert redirect(call) == "/voice/bye"
