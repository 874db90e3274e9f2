"""A supervisor's announcement, such as a known outage: entered, taken away, and read for a caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.speakable import speakable
from callbacks.store import announcements
from callbacks.store.transitions import WHY_LIMIT, Cause
from models.vocabulary import Language

LONGEST = 300
"""Characters: some twenty seconds that every caller hears before he may choose."""


@dataclass(frozen=True)
class Spoken:
    """A text and the language it is in, which is not always the caller's."""

    text: str
    language: Language


@dataclass(frozen=True)
class Standing:
    """An announcement as it was entered."""

    language: Language
    text: str
    until: datetime | None
    entered_by: str


def announce(services: Services, texts: Mapping[Language, str], until: datetime | None, who: str) -> None:
    """Have callers hear these texts, instead of any before. Raises RefusedInput for one too long, silent or past."""
    now = services.clock.now()
    if until is not None and until <= now:
        message = "that moment is past; give a later --until, or none"
        raise RuleRefused(Rule.MOMENT_PAST, message, field="until")
    said = checked(texts)
    with services.database.write() as session:
        why = " / ".join(said.values())[:WHY_LIMIT]
        announcements.replace(session, said, until, Cause(now, who, why))


def mark(services: Services) -> int:
    """Return which announcement stands, to be read before its texts and sent along by whoever takes it away."""
    with services.database.read() as session:
        return announcements.mark(session)


def fall_silent(services: Services, who: str, seen: int | None = None) -> bool:
    """Take the announcement away; False where none was heard.

    `seen` is the mark of the one that was shown. Raises RuleRefused where another has come since: that one stays.
    """
    now = services.clock.now()
    with services.database.write() as session:
        if seen is not None and announcements.mark(session) != seen:
            message = "another announcement has come since; read it first"
            raise RuleRefused(Rule.NOT_AS_SHOWN, message)
        if not announcements.standing(session, now):
            return False
        announcements.replace(session, {}, None, Cause(now, who, "taken away"))
    return True


def what_is_heard(services: Services) -> list[Standing]:
    """Return the announcement as callers hear it now, by language."""
    with services.database.read() as session:
        rows = announcements.standing(session, services.clock.now())
        return [
            Standing(each, rows[each].text, rows[each].until, rows[each].entered_by)
            for each in Language
            if each in rows
        ]


def for_caller(services: Services, language: Language) -> Spoken | None:
    """Return what this caller hears: in his language, else in the first there is; any tongue is better than none."""
    heard = {each.language: each.text for each in what_is_heard(services)}
    if not heard:
        return None
    tongue = language if language in heard else next(iter(heard))
    return Spoken(heard[tongue], tongue)


def checked(texts: Mapping[Language, str]) -> dict[Language, str]:
    """Return the texts as they are said. Raises RuleRefused for one too long or silent, naming its language's field."""
    return {language: _checked(text, language) for language, text in texts.items()}


def _checked(text: str, field: str) -> str:
    said = speakable(text, len(text) + 1)
    if not said:
        message = "the text has nothing that can be said"
        raise RuleRefused(Rule.NOT_SPOKEN, message, field=field)
    if len(said) > LONGEST:
        message = f"the text has {len(said)} characters; {LONGEST} at most, since every caller hears it"
        raise RuleRefused(Rule.TEXT_TOO_LONG, message, field=field, limit=LONGEST)
    return said
