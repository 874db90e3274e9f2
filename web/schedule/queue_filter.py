"""Which of those who wait are shown: read from the address, so that a link, a reload and every poll keep it."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from callbacks.rules.search_words import LONGEST
from callbacks.store.queue_search import Wanted
from models.vocabulary import Agreement, Language, Option
from web.forms import Form
from web.row_numbers import row_number

Word = TypeVar("Word", bound=Enum)
LATE = "1"


def asked(arguments: Mapping[str, str]) -> Wanted:
    """Return what the address asks for; what it cannot mean asks for nothing."""
    return Wanted(
        text=arguments.get("q", "").strip()[:LONGEST],
        option=_word(Option, arguments.get("option", "")),
        agreement=_word(Agreement, arguments.get("agreement", "")),
        language=_word(Language, arguments.get("language", "")),
        agent_id=row_number(arguments.get("agent")),
        late=arguments.get("late") == LATE,
    )


def address(wanted: Wanted) -> dict[str, str]:
    """Return the arguments of an address that asks for the same."""
    every = {
        "q": wanted.text,
        "option": str(wanted.option.value) if wanted.option else "",
        "agreement": str(wanted.agreement or ""),
        "language": str(wanted.language or ""),
        "agent": "" if wanted.agent_id is None else str(wanted.agent_id),
        "late": LATE if wanted.late else "",
    }
    return {name: value for name, value in every.items() if value}


def form(wanted: Wanted) -> Form:
    """Return the search form with what is asked for in it."""
    return Form(address(wanted))


def _word(words: type[Word], text: str) -> Word | None:
    return next((word for word in words if str(word.value) == text), None)
