"""A known caller is done in three keys and thirty seconds of speech, in every language, open or closed.

Done is who has heard his ticket, when we call and that a mail follows: he may hang up. What may be added or chosen
otherwise is offered in one line after that, which this budget does not count; how long it is, is measured by itself.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from models.customer import Contact
from models.sessions import Database
from models.vocabulary import Language

CHARACTERS_A_SECOND = 14
SECONDS = 30
OFFER_SECONDS = 5
MOMENTS = {
    "open": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    "lunch": datetime(2026, 11, 24, 11, 30, tzinfo=UTC),
    "weekend": datetime(2026, 11, 28, 9, 0, tzinfo=UTC),
    "before Christmas": datetime(2026, 12, 24, 16, 30, tzinfo=UTC),
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the words are the same on both."""
    return sqlite_url


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_known_caller_is_done_in_three_keys_and_thirty_seconds(
    caller: Callable[..., Any], clock: Any, database: Database, language: Language, moment: str
) -> None:
    clock.at = MOMENTS[moment]
    with database.write() as session:
        session.execute(update(Contact).values(language=language))
    call = caller("+32475111111").dials_in()
    heard, keys = [call.heard], 0
    while "1 0 0 0 1" not in heard[-1]:
        call.presses("1")
        heard.append(call.heard)
        keys += 1
    *said, message, moment = [str(say.text) for say in call.document.iter("Say")]
    assert ("2" in message, "9" in moment) == (True, True)
    assert "mail" in said[-1]
    assert len(f"{message} {moment}") / CHARACTERS_A_SECOND <= OFFER_SECONDS
    heard[-1] = " ".join(said)
    seconds = len(" ".join(heard)) / CHARACTERS_A_SECOND
    print(f"{language} {moment}: {keys} keys, {seconds:.1f} s")
    assert keys <= 3
    assert seconds <= SECONDS, heard
