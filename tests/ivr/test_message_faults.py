"""Where a message cannot be kept the caller hears so in his language, and the provider is told to tell us again."""

from collections.abc import Callable
from typing import Any

import pytest

from callbacks import webhook_paths
from ivr.apology import CALLERS, STATUS
from ivr.blueprint import CALLER
from models.ticket import VoiceMessage
from models.vocabulary import CallbackState

Caller = Callable[..., Any]
RECORDED = {"RecordingSid": "RE" + "a" * 32, "RecordingDuration": "12", "RecordingStatus": "completed"}
KEPT = {
    "7": "Sorry, er loopt bij ons iets mis. Uw oproep is wel geregistreerd",
    "8": "Désolés, un problème est survenu chez nous. Votre demande est bien enregistrée",
    "9": "Sorry, something went wrong on our side. Your request is registered",
}


@pytest.mark.parametrize("tongue", KEPT)
def test_a_message_that_cannot_be_kept_is_not_said_to_be_but_the_call_is(
    caller: Caller, line_to_database: Any, kept: Any, tongue: str
) -> None:
    call = caller().dials_in()
    call = (call if tongue == "7" else call.presses(tongue)).presses("1").presses("1")
    line_to_database.fails = "write"
    call.asks(webhook_paths.MESSAGE_LEFT, **RECORDED)
    assert call.heard.startswith(KEPT[tongue])
    line_to_database.fails = ""
    call.goes_on()
    assert kept.callback.state is CallbackState.WAITING
    assert kept(VoiceMessage) == []


def test_where_the_tone_cannot_be_asked_for_the_line_still_ends_in_the_goodbye_that_lets_the_call_back_go(
    caller: Caller, line_to_database: Any, kept: Any
) -> None:
    call = caller().dials_in().presses("1").presses("1")
    line_to_database.fails = "both"
    call.asks(webhook_paths.MESSAGE)
    assert call.heard.startswith("Sorry, er loopt bij ons iets mis.")
    line_to_database.fails = ""
    call.goes_on()
    assert kept.callback.state is CallbackState.WAITING


def test_a_notice_that_cannot_be_kept_says_so_to_the_provider_and_counts_when_it_comes_again(
    caller: Caller, line_to_database: Any, kept: Any
) -> None:
    call = caller().dials_in().presses("1")
    line_to_database.fails = "write"
    with pytest.raises(AssertionError, match="500"):
        call.asks(webhook_paths.MESSAGE_STATUS, **RECORDED)
    assert call.answer.data == b""
    line_to_database.fails = ""
    call.asks(webhook_paths.MESSAGE_STATUS, **RECORDED)
    assert [row.recording_sid for row in kept(VoiceMessage)] == [RECORDED["RecordingSid"]]


def test_every_request_of_a_caller_s_line_has_its_apology() -> None:
    paths = {path for path, _ in CALLER}
    told = {path for path in paths if path.startswith(STATUS)}
    assert paths - told - {webhook_paths.BYE} == CALLERS
    assert told == {webhook_paths.INBOUND_STATUS, webhook_paths.MESSAGE_STATUS}
