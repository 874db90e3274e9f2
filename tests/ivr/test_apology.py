"""Faults are spoken, and say truly whether anything was kept."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from callbacks.ports import Services
from ivr import apology
from ivr.blueprint import voice
from models.sessions import Database
from models.ticket import Ticket
from models.vocabulary import CallbackState

Caller = Callable[..., Any]


def test_a_database_that_fails_at_the_first_request_is_spoken_in_dutch(caller: Caller, line_to_database: Any) -> None:
    line_to_database.fails = "both"
    call = caller().dials_in()
    assert call.heard == "Sorry, er loopt bij ons iets mis. Probeer het over enkele minuten opnieuw, of mail ons."
    assert call.document.findtext("Redirect") == "https://desk.example/voice/bye"


def test_a_fault_after_the_key_says_that_the_call_is_kept(caller: Caller, line_to_database: Any, kept: Any) -> None:
    call = caller().dials_in().presses("8").presses("1")
    line_to_database.fails = "write"
    call.presses("1")
    assert call.heard.startswith("Désolés, un problème est survenu chez nous. Votre demande est bien enregistrée")
    line_to_database.fails = ""
    call.goes_on()
    assert kept.callback.state is CallbackState.WAITING


def test_a_key_that_cannot_be_kept_is_never_said_to_be(caller: Caller, line_to_database: Any, kept: Any) -> None:
    call = caller().dials_in().presses("9")
    line_to_database.fails = "write"
    call.presses("1")
    assert call.heard.startswith("Sorry, something went wrong. Please try again")
    assert kept(Ticket) == []


def test_when_the_goodbye_fails_the_line_ends_and_is_not_asked_again(caller: Caller, line_to_database: Any) -> None:
    call = caller().dials_in().presses("1")
    line_to_database.fails = "both"
    call.asks("/voice/bye")
    assert [child.tag for child in call.document] == ["Hangup"]


def test_a_status_callback_that_fails_says_so_to_the_provider(caller: Caller, line_to_database: Any) -> None:
    call = caller().dials_in()
    line_to_database.fails = "both"
    with pytest.raises(AssertionError, match="500"):
        call.hangs_up()
    assert call.answer.data == b""


def test_a_database_that_kept_us_waiting_is_not_asked_again(
    services: Services, line_to_database: Any, caller: Caller
) -> None:
    def clock() -> Iterator[float]:
        yield 0.0
        while True:
            yield apology.PATIENCE

    ticks = clock()
    slow = Flask("slow")
    blueprint = voice(services)
    app_hooks = blueprint.error_handler_spec[None][None]
    assert Exception in app_hooks
    apology.speak_faults(blueprint, services, monotonic=lambda: next(ticks))
    slow.register_blueprint(blueprint)
    call = caller()
    call.client = slow.test_client()
    line_to_database.fails = "both"
    call.dials_in()
    assert "Probeer het over enkele minuten" in call.heard
    assert line_to_database.asked == 1


def test_the_log_names_the_call_and_no_number(
    caller: Caller, line_to_database: Any, caplog: pytest.LogCaptureFixture
) -> None:
    line_to_database.fails = "both"
    with caplog.at_level(logging.ERROR):
        call = caller().dials_in()
    assert call.sid in caplog.text
    assert "OperationalError" in caplog.text
    assert "470123456" not in caplog.text
    assert "registering.py" in caplog.text


def test_without_admission_a_fault_is_a_refusal(services: Services) -> None:
    blueprint = voice(services)

    @blueprint.before_request
    def explode() -> None:
        raise RuntimeError

    blueprint.before_request_funcs[None].insert(0, blueprint.before_request_funcs[None].pop())
    app = Flask("broken-door")
    app.register_blueprint(blueprint)
    answer = app.test_client().post("/voice/incoming")
    assert (answer.status_code, answer.data) == (403, b"")


def test_a_database_locked_by_another_writer_is_spoken_and_nothing_hangs(
    database: Database, line_to_database: Any, caller: Caller, kept: Any
) -> None:
    call = caller().dials_in()
    impatient = line_to_database.inner = Database(database.url, busy_seconds=0)
    with database.write() as session:
        session.connection()  # a session begins, and locks SQLite, with its first statement
        if not database.is_sqlite:  # where only the rows or tables that others hold are locked
            session.execute(text("LOCK TABLE ticket IN EXCLUSIVE MODE"))
            line_to_database.first = "SET LOCAL lock_timeout = '50ms'"
        call.presses("1")
    assert call.heard.startswith("Sorry, er loopt bij ons iets mis. Probeer het")
    assert kept(Ticket) == []
    impatient.close()
