"""A known caller is done in three keys and thirty seconds of speech, in every language, open or closed."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from models.customer import Contact
from models.sessions import Database
from models.vocabulary import Language

CHARACTERS_A_SECOND = 14
SECONDS = 30
MOMENTS = {
    "open": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    "lunch": datetime(2026, 11, 24, 11, 30, tzinfo=UTC),
    "weekend": datetime(2026, 11, 28, 9, 0, tzinfo=UTC),
    "before Christmas": datetime(2026, 12, 24, 16, 30, tzinfo=UTC),
}


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """One database is enough: the words are the same on both."""
    shutil.copy(sqlite_template, tmp_path / "ringback.db")
    return f"sqlite:///{tmp_path / 'ringback.db'}"


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
    while call.document.find("Gather") is not None:
        call.presses("1")
        heard.append(call.heard)
        keys += 1
    assert "1 0 0 0 1" in heard[-1]
    assert "mail" in heard[-1]
    seconds = len(" ".join(heard)) / CHARACTERS_A_SECOND
    print(f"{language} {moment}: {keys} keys, {seconds:.1f} s")
    assert keys <= 3
    assert seconds <= SECONDS, heard
