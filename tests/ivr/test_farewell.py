"""What a caller may still do once he has heard his ticket and when we call."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from ivr.blueprint import voice
from models.callback import Callback, CallLeg
from models.customer import Contact
from models.history import History
from models.sessions import Database
from models.vocabulary import CallbackState, Language
from tests.ivr.conftest import Caller as Person

Caller = Callable[..., Any]
LUC = "+32475111111"
OFFER = {
    Language.NL: "Iets toevoegen? Druk 2. Liever een ander moment? Druk 9.",
    Language.FR: "Quelque chose à ajouter ? Tapez 2. Plutôt un autre moment ? Tapez 9.",
    Language.EN: "Anything to add? Press 2. Prefer another time? Press 9.",
}
ANYTHING_ELSE = {Language.NL: "Nog iets?", Language.FR: "Autre chose ?", Language.EN: "Anything else?"}


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


def redirect(call: Any) -> str:
    return str(call.document[-1].text).removeprefix("https://desk.example")


def test_after_ticket_and_promise_the_rest_is_offered_in_one_line(told: Any, language: Language) -> None:
    assert told.heard.endswith(OFFER[language])
    assert (told.gather.get("numDigits"), told.gather.get("timeout"), told.gather.get("finishOnKey")) == ("1", "4", "")
    assert redirect(told) == "/voice/bye"


def test_who_says_nothing_more_is_let_go(told: Any, kept: Any) -> None:
    told.goes_on()
    assert [child.tag for child in told.document] == ["Hangup"]
    assert kept.callback.state is CallbackState.WAITING


def test_key_2_goes_to_the_tone(told: Any) -> None:
    assert redirect(told.presses("2")) == "/voice/message"
    assert [child.tag for child in told.document] == ["Redirect"]


def test_key_9_reads_out_moments(told: Any) -> None:
    assert told.presses("9").gather.get("action", "").startswith("https://desk.example/voice/moment?")


def test_the_star_says_it_again_twice_and_then_lets_go(told: Any, kept: Any) -> None:
    said = told.heard
    rows = len(kept(History))
    assert told.presses("*").heard == said
    assert told.presses("*").heard == said
    assert redirect(told.presses("*")) == "/voice/bye"
    assert len(kept(History)) == rows


@pytest.mark.parametrize("keys", ["0", "1", "#", "8"])
def test_any_other_key_lets_go(told: Any, keys: str) -> None:
    assert redirect(told.presses(keys)) == "/voice/bye"


def test_after_something_was_done_on_the_line_he_is_asked_once_what_else(told: Any, language: Language) -> None:
    told.asks("/voice/farewell")
    assert told.heard.startswith(ANYTHING_ELSE[language])
    assert redirect(told) == "/voice/bye"
    assert told.presses("9").gather.get("action", "").startswith("https://desk.example/voice/moment?")


@pytest.mark.usefixtures("people")
def test_who_rings_about_a_call_back_made_before_is_asked_the_same(caller: Caller, kept: Any, database: Any) -> None:
    caller(LUC).dials_in().presses("1").presses("1").goes_on()
    again = caller(LUC).dials_in()
    with database.write() as session:
        session.execute(update(CallLeg).where(CallLeg.call_sid == again.sid).values(about_id=kept.callback.id))
    assert again.asks("/voice/farewell").heard.startswith("Autre chose ?")
    # His number alone proves nobody: the ticket is not said to it.
    assert redirect(again.asks("/voice/farewell?round=1", Digits="*")) == "/voice/bye"
    assert len(kept(Callback)) == 1


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("rules", "line"),
    [({"message_seconds": 0}, "Plutôt un autre moment ? Tapez 9."), ({"booking_days": 0}, "ajouter ? Tapez 2.")],
)
def test_what_the_house_does_not_want_is_not_offered(services: Any, rules: dict[str, int], line: str) -> None:
    call = caller_of(replace(services, rules=replace(services.rules, **rules)))
    assert call.heard.endswith("Un e-mail suit. " + line) or call.heard.endswith(line)
    assert call.heard.count("Tapez") == 1
    assert redirect(call.presses("2" if "9" in line else "9")) == "/voice/bye"


@pytest.mark.usefixtures("people")
def test_a_house_that_offers_nothing_says_its_farewell_and_lets_go(services: Any) -> None:
    call = caller_of(replace(services, rules=replace(services.rules, message_seconds=0, booking_days=0)))
    assert call.heard.endswith("Un e-mail suit.")
    assert [child.tag for child in call.document] == ["Say", "Say", "Say", "Redirect"]
    assert call.asks("/voice/farewell").heard == "Au revoir."
    assert redirect(call) == "/voice/bye"


@pytest.mark.usefixtures("people")
def test_without_a_number_no_moment_is_offered(caller: Caller) -> None:
    call = caller("anonymous").dials_in().presses("1").is_silent().is_silent().is_silent()
    assert "nog geen nummer" in call.heard
    assert call.heard.endswith("Iets toevoegen? Druk 2.")


@pytest.mark.usefixtures("people")
def test_for_a_number_keyed_in_but_never_confirmed_no_moment_is_offered_nor_kept(caller: Caller, kept: Any) -> None:
    call = caller("anonymous").dials_in().presses("1").presses("0475222222").is_silent().is_silent().is_silent()
    assert kept.callback.number == "+32475222222"
    assert call.heard.endswith(
        "We hebben nog geen nummer om u terug te bellen. Bel of mail ons met dit ticketnummer. Iets toevoegen? Druk 2."
    )
    call.presses("9")
    assert call.heard.startswith("Er is nu geen ander moment vrij. We hebben nog geen nummer")
    call.asks("/voice/moment?round=1&slots=29929470", Digits="1")
    assert kept.callback.booked_from is None


@pytest.mark.parametrize("path", ["/voice/farewell", "/voice/farewell?round=x", "/voice/farewell?round=2"])
@pytest.mark.parametrize("keys", ["", "1", "9", "*", "9" * 50])
def test_a_farewell_out_of_turn_makes_nothing_and_ends(caller: Caller, kept: Any, path: str, keys: str) -> None:
    call = caller().asks(path, Digits=keys)
    assert redirect(call) == "/voice/bye"
    assert kept(Callback) == []


def caller_of(services: Any) -> Any:
    """Return Luc at his farewell, with a desk of these rules."""
    app = Flask("another-house")
    app.register_blueprint(voice(services))
    return Person(app.test_client(), LUC, "CA" + "7" * 32).dials_in().presses("1").presses("1")
