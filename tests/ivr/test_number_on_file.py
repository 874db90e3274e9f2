"""Another number that we know of a caller, and an extension behind a switchboard."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from callbacks.store import number_guards
from callbacks.store.transitions import Cause
from models.callback import Callback
from models.customer import Contact, ContactNumber
from models.sessions import Database
from models.vocabulary import CallbackState, Language
from tests.ivr.test_brevity import CHARACTERS_A_SECOND, SECONDS
from tests.ivr.test_brevity import MOMENTS as BREVITY
from tests.stand_ins import TEXTS

Caller = Callable[..., Any]
LUC = "+32475111111"
HIS_OTHER = "+32470999888"
TONGUES = {Language.NL: "", Language.FR: "8", Language.EN: "9"}


@pytest.fixture
def other(people: None, database: Database) -> int:
    """Luc, known by his mobile number, has another one that is his alone; he shares a third with a colleague."""
    del people
    with database.write() as session:
        luc = session.query(Contact).filter(Contact.name == "Luc").one()
        session.add(ContactNumber(contact_id=luc.id, number=HIS_OTHER))
        return int(luc.id)


def speaks(database: Database, language: Language) -> None:
    with database.write() as session:
        session.execute(update(Contact).values(language=language))


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("language", Language)
def test_who_is_known_may_be_called_on_his_other_number_and_hears_no_digit_of_it(
    caller: Caller, kept: Any, database: Database, language: Language
) -> None:
    speaks(database, language)
    call = caller(LUC).dials_in().presses("1")
    heard = call.heard
    assert heard == TEXTS.text(language, "confirm_number_on_file", number="0 4 7 5, 1 1, 1 1, 1 1")
    call.presses("3")
    heard += call.heard
    assert "1 0 0 0 1" in call.heard
    assert "0 4 7 0" not in heard
    assert "9 9" not in heard
    assert (kept.callback.number, kept.callback.number_confirmed) == (HIS_OTHER, True)
    call.goes_on()
    assert (kept.callback.state, kept.callback.number) == (CallbackState.WAITING, HIS_OTHER)


@pytest.mark.usefixtures("other")
def test_asked_back_for_a_number_from_the_file_the_telephone_never_reads_it_out(caller: Caller, kept: Any) -> None:
    call = caller(LUC).dials_in().presses("1")
    confirm = call.gather.get("action")
    said = call.presses("3").answer.data
    assert call.asks(confirm, Digits="3").answer.data == said
    for keys in ("", "2", "7"):
        assert "9 9" not in call.asks("/voice/number/read-back?round=1&turn=1", Digits=keys).heard
    assert (kept.callback.number, kept.callback.number_confirmed) == (HIS_OTHER, True)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("number", [LUC, "+3233445566", "+32470123456"])
def test_without_another_number_of_his_own_none_is_offered_and_its_key_asks_again(
    caller: Caller, kept: Any, number: str
) -> None:
    call = caller(number).dials_in().presses("1")
    before = call.heard
    assert "3" not in before.rsplit("2", 1)[-1]
    assert call.presses("3").heard == before
    assert kept.callback.number == number


@pytest.mark.parametrize("spoilt", ["shared", "guarded", "agent's", "premium"])
def test_another_number_that_may_not_be_called_or_is_not_his_alone_is_not_offered(
    caller: Caller, kept: Any, database: Database, clock: Any, other: int, spoilt: str
) -> None:
    with database.write() as session:
        row = session.query(ContactNumber).filter(ContactNumber.number == HIS_OTHER).one()
        if spoilt == "shared":
            bo = session.query(Contact).filter(Contact.name == "Bo").one()
            assert bo.id != other
            session.add(ContactNumber(contact_id=bo.id, number=HIS_OTHER))
        elif spoilt == "guarded":
            cause = Cause(clock.now(), "Els", "moved away")
            number_guards.add(session, HIS_OTHER, whole=True, expires_at=None, cause=cause)
        else:
            row.number = "+32486999999" if spoilt == "agent's" else "+3290312345"
    call = caller(LUC).dials_in().presses("1")
    assert "connaissons" not in call.heard
    call.presses("3")
    assert kept.callback.number == LUC


@pytest.mark.parametrize("language", Language)
def test_an_extension_is_read_back_and_kept_beside_its_number(caller: Caller, kept: Any, language: Language) -> None:
    call = caller().dials_in()
    if TONGUES[language]:
        call.presses(TONGUES[language])
    call.presses("1").presses("2")
    assert TEXTS.text(language, "ask_extension") in call.heard
    call.presses("034601234*123")
    assert call.heard == TEXTS.text(language, "read_back_extension", number="0 3, 4 6 0, 1 2, 3 4", extension="1 2 3")
    call.presses("1").goes_on()
    kept_now = kept.callback
    assert (kept_now.state, kept_now.number, kept_now.extension) == (CallbackState.WAITING, "+3234601234", "123")


@pytest.mark.parametrize("ends", ["in silence", "by hanging up"])
def test_an_extension_that_was_not_confirmed_never_goes_with_the_callers_own_number(
    caller: Caller, kept: Any, ends: str
) -> None:
    call = caller().dials_in().presses("1").presses("2").presses("034601234*123")
    if ends == "in silence":
        call.is_silent().is_silent().is_silent().goes_on()
    call.hangs_up()
    kept_now = kept.callback
    assert (kept_now.number, kept_now.extension) == ("+32470123456", None)


def test_a_number_keyed_in_anew_without_an_extension_loses_the_first_ones(caller: Caller, kept: Any) -> None:
    call = caller().dials_in().presses("1").presses("2").presses("034601234*123").presses("2")
    call.presses("034601234").presses("1").goes_on()
    (row,) = kept(Callback)
    assert (row.number, row.extension) == ("+3234601234", None)


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("moment", BREVITY)
def test_with_another_number_on_offer_a_known_caller_is_still_done_in_thirty_seconds(
    caller: Caller, database: Database, clock: Any, language: Language, moment: str
) -> None:
    clock.at = BREVITY[moment]
    speaks(database, language)
    call = caller(LUC).dials_in()
    heard = call.heard + call.presses("1").heard
    # What is offered after the farewell is for who wants more.
    *said, _message, _moment = [str(say.text) for say in call.presses("3").document.iter("Say")]
    assert "1 0 0 0 1" in said[0]
    heard += " ".join(said)
    assert len(heard) / CHARACTERS_A_SECOND <= SECONDS, heard
