"""What somebody typed into a search field, taken apart: words, and numbers however people write them. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MOST_TERMS = 6
LONGEST = 100
HOME = "+32"
ESCAPE = "\\"

_NUMERIC = re.compile(r"\+?[0-9()./-]*[0-9][0-9()./-]*")
_SEPARATORS = re.compile(r"\(0\)|[ ()./-]")


@dataclass(frozen=True)
class Term:
    """One thing that is looked for; a number may also be part of a name ("Garage 66").

    `begins` is how a telephone number must begin, as E.164; `digits` what must stand somewhere in it, or at the
    beginning of a ticket's number. Both are empty for a word.
    """

    text: str
    begins: str = ""
    digits: str = ""


def terms(typed: str) -> Sequence[Term]:
    """Return what is looked for; all of it must be found. A telephone number is one term, however it is grouped.

    Of a text that nobody types by hand only the beginning counts.
    """
    found: list[str] = []
    was_number = False
    for word in unicodedata.normalize("NFC", typed)[:LONGEST].split():
        is_number = _NUMERIC.fullmatch(word) is not None
        if is_number and was_number and not word.startswith("+"):
            found[-1] += f" {word}"
        else:
            found.append(word)
        was_number = is_number
    return [_term(text) for text in found[:MOST_TERMS]]


def pattern(text: str) -> str:
    """Return the LIKE pattern, with ESCAPE, that finds a text anywhere in a name turned to small letters by SQL.

    The databases turn only the letters of ASCII to small ones, each in its own way: any other letter matches any.
    """
    return f"%{''.join(_letter(each) for each in text)}%"


def _letter(letter: str) -> str:
    if not letter.isascii():
        return "_"
    return ESCAPE + letter if letter in f"%_{ESCAPE}" else letter.lower()


def _term(text: str) -> Term:
    if _NUMERIC.fullmatch(text.replace(" ", "")) is None:
        return Term(text)
    bare = _SEPARATORS.sub("", text)
    if bare.startswith("+"):
        return Term(text, begins=bare)
    if bare.startswith("00"):
        return Term(text, begins=f"+{bare[2:]}")
    if bare.startswith("0"):
        return Term(text, begins=HOME + bare[1:])
    return Term(text, digits=bare)
