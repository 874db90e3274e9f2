"""Every page in Dutch, French and English: one that mixes them up is found."""

import html
import re
import shutil
from pathlib import Path

import pytest

from models.sessions import Database
from models.vocabulary import Language
from tests.stand_ins import TEXTS
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.tuesday import busy_tuesday

PAGES = {
    "els": (
        "/schedule",
        "/schedule?date=2026-11-25",
        "/schedule/week",
        "/schedule/tickets/new",
        "/schedule/tickets/10002",
        "/schedule/numbers/link?number=%2B3234871122",
        "/schedule/incidents",
        "/schedule/switches",
        "/schedule/team",
        "/schedule/hours",
        "/schedule/figures",
        "/schedule/wall",
        "/schedule/walls",
        "/account",
    ),
    "ann": ("/desk", "/desk/day", "/desk/tickets/10002"),
}
LONG_ENOUGH = 12
"""Characters from which on a text is a sentence of one language and no word that two of them share."""


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Desk:
    """A busy desk in a SQLite file: what is read is the same whatever the database."""
    shutil.copy(sqlite_template, tmp_path / "ringback.db")
    desk = Desk(Database(f"sqlite:///{tmp_path / 'ringback.db'}"))
    busy_tuesday(desk)
    return desk


def foreign(language: Language) -> set[str]:
    """Return the sentences of the pages that no text of this language holds."""
    texts = TEXTS._texts
    own = " ".join(texts[language].values())
    strange = [texts[other] for other in Language if other is not language]
    others = {text for each in strange for key, text in each.items() if key.startswith("web_")}
    return {each for each in others if len(each) >= LONG_ENOUGH and "{" not in each and each not in own}


def read(page: str) -> str:
    """Return what is read on a page, and what its attributes say."""
    return html.unescape(re.sub(r"\s+", " ", page))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("who", PAGES)
def test_a_page_speaks_one_language(signed_in: SignIn, who: str, language: Language) -> None:
    browser = signed_in(who)
    form = {"csrf_token": token(browser.get("/account").text), "language": str(language), "back": "/account"}
    assert browser.post("/account/language", data=form).status_code == 303
    strange = foreign(language)
    assert len(strange) > 200
    for path in PAGES[who]:
        answer = browser.get(path)
        assert (answer.status_code, f'<html lang="{language}"' in answer.text) == (200, True), path
        assert [each for each in strange if each in read(answer.text)] == [], path
