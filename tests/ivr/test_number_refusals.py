"""Every kind of number that is refused gets its sentence, in each language; every kind that is taken is read back."""

from collections.abc import Callable
from typing import Any

import pytest

from callbacks.store import number_guards
from callbacks.store.transitions import Cause
from models.callback import Callback
from models.sessions import Database
from models.vocabulary import CallbackState, Language
from tests.stand_ins import TEXTS

Caller = Callable[..., Any]
TONGUES = {Language.NL: "", Language.FR: "8", Language.EN: "9"}
WHY = {
    "123": "refused_invalid",
    "*77*": "refused_invalid",
    "0470": "refused_invalid",
    "266696687": "refused_invalid",
    "0014155552671": "refused_not_allowed",
    "00447911123456": "refused_not_allowed",
    "090312345": "refused_premium",
    "070233445": "refused_premium",
    "080012345": "refused_special",
    "078151515": "refused_special",
    "00881612345678": "refused_special",
    "112": "refused_special",
    "034603535": "refused_own",
    "0486999999": "refused_own",
    "0475222222": "refused_guarded",
    "0475333333": "refused_guarded",
    "033445566*1234567": "refused_extension",
}
READ_BACK = {
    "0470654321": "0 4 7 0, 6 5, 4 3, 2 1",
    "033445566": "0 3, 3 4 4, 5 5, 6 6",
    "0032470654321": "0 4 7 0, 6 5, 4 3, 2 1",
    "0031612345678": " 3 1, 6, 1 2 3 4 5 6 7 8",
    "33612345678": " 3 3, 6, 1 2, 3 4, 5 6, 7 8",
}


def in_his_language(caller: Caller, language: Language, number: str = "anonymous") -> Any:
    call = caller(number).dials_in()
    return call.presses(TONGUES[language]) if TONGUES[language] else call


@pytest.fixture
def guarded(database: Database, clock: Any) -> None:
    """A number, and a beginning of numbers, that are never dialled."""
    with database.write() as session:
        cause = Cause(clock.now(), "Els", "threatened us")
        number_guards.add(session, "+32475222222", whole=True, expires_at=None, cause=cause)
        number_guards.add(session, "+324753", whole=False, expires_at=None, cause=cause)


@pytest.mark.usefixtures("people", "guarded")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("keys", WHY)
def test_a_number_that_is_not_called_gets_its_sentence_and_another_chance(
    caller: Caller, kept: Any, language: Language, keys: str
) -> None:
    call = in_his_language(caller, language).presses("1").presses(keys)
    assert call.heard.startswith(TEXTS.text(language, WHY[keys]))
    assert TEXTS.text(language, "ask_number") in call.heard
    assert "threatened" not in call.heard
    assert [row.number for row in kept(Callback)] == [None]
    call.presses("0470654321").presses("1").goes_on()
    assert (kept.callback.state, kept.callback.number) == (CallbackState.WAITING, "+32470654321")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("keys", READ_BACK)
def test_a_number_that_is_taken_is_read_back_digit_by_digit_as_it_is_written(
    caller: Caller, language: Language, keys: str
) -> None:
    call = in_his_language(caller, language).presses("2").presses(keys)
    assert READ_BACK[keys] in call.heard
    assert len(call.document.findall(".//Say")) == 1


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("language", Language)
def test_a_caller_whose_own_number_is_never_dialled_is_asked_for_another(
    caller: Caller, kept: Any, language: Language
) -> None:
    call = in_his_language(caller, language, "+32475222222").presses("1")
    assert call.heard.startswith(TEXTS.text(language, "ask_number"))
    assert kept.callback.number is None
    call.hangs_up()
    assert kept.callback.state is CallbackState.NEEDS_HUMAN


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("number", ["anonymous", "+266696687", "unknown"])
def test_who_withholds_his_number_keys_one_in_and_is_asked_for_nothing_else(
    caller: Caller, kept: Any, language: Language, number: str
) -> None:
    call = in_his_language(caller, language, number).presses("2")
    assert call.heard.startswith(TEXTS.text(language, "ask_number"))
    call.presses("0470654321").presses("1")
    assert "1 0 0 0 1" in call.heard
    assert "mail" not in call.heard
    call.goes_on()
    assert (kept.callback.state, kept.callback.number) == (CallbackState.WAITING, "+32470654321")
    assert (kept.ticket.customer_id, kept.ticket.contact_id) == (None, None)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("language", Language)
def test_an_unknown_caller_has_a_ticket_on_his_number_and_the_company_is_left_to_the_agent(
    caller: Caller, kept: Any, language: Language
) -> None:
    call = in_his_language(caller, language, "+32470654321").presses("2")
    assert len(call.document.findall(".//Say")) == 1
    call.presses("1").goes_on()
    assert (kept.callback.state, kept.callback.number) == (CallbackState.WAITING, "+32470654321")
    assert (kept.ticket.customer_id, kept.ticket.contact_id) == (None, None)
    assert len(kept(Callback)) == 1
