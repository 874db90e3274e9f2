"""The cells of an import, each read in its own way; what is wrong with one is noted with its line."""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from callbacks.ports import HouseRules
from callbacks.rules.phone_numbers import NumberRefused, check_dialable, parse_typed
from callbacks.workflows.csv_rows import Mistakes, Row
from models.vocabulary import Language, Role

LONGEST_NAME = 200

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

Word = TypeVar("Word", bound=StrEnum)


def folded(text: str) -> str:
    """Return the text with single spaces."""
    return " ".join(text.split())


def name(row: Row, column: str, mistakes: Mistakes) -> str:
    """Return a name; an empty or overlong one is a mistake."""
    name = folded(row.cells[column])
    if not name:
        mistakes.add(row.line, f"{column} is empty")
    elif len(name) > LONGEST_NAME:
        mistakes.add(row.line, f"{column} is longer than {LONGEST_NAME} characters")
    return name


def word(row: Row, column: str, words: type[Word], mistakes: Mistakes, default: Word | None = None) -> Word | None:
    """Return a word of a vocabulary, or None after noting the mistake; an empty cell is `default`, if any."""
    cell = row.cells[column].lower()
    if not cell and default is not None:
        return default
    try:
        return words(cell)
    except ValueError:
        mistakes.add(row.line, f"{column} must be {' or '.join(words)}")
        return None


def languages(row: Row, mistakes: Mistakes) -> str | None:
    """Return the languages somebody speaks as stored, the first being his own; empty means Dutch."""
    spoken = [word for word in re.split(r"[;,\s]+", row.cells["languages"].lower()) if word] or [str(Language.NL)]
    if not set(spoken) <= set(Language):
        mistakes.add(row.line, f"languages must be of {', '.join(Language)}, separated by ;")
        return None
    return ",".join(dict.fromkeys(spoken))


def email(row: Row, mistakes: Mistakes, *, optional: bool) -> str:
    """Return an address in small letters; empty where it is left out or after noting the mistake."""
    email = row.cells["email"].lower()
    if not email and optional:
        return ""
    if not _ADDRESS.fullmatch(email):
        mistakes.add(row.line, "email is no address")
        return ""
    return email


def numbers(row: Row, rules: HouseRules, agent_numbers: Collection[str], mistakes: Mistakes) -> tuple[str, ...]:
    """Return the numbers of a contact as E.164, each once; none is a mistake."""
    found: dict[str, None] = {}
    for part in row.cells["phone"].split(";"):
        if part.strip() and (one := number(row.line, part, rules, agent_numbers, mistakes)):
            found[one] = None
    if not row.cells["phone"].strip(" ;"):
        mistakes.add(row.line, "phone is empty")
    return tuple(found)


def agent_phone(row: Row, rules: HouseRules, role: Role | None, mistakes: Mistakes) -> str | None:
    """Return the number of a person of the desk; only a supervisor can do without."""
    if row.cells["phone"]:
        return number(row.line, row.cells["phone"], rules, (), mistakes)
    if role is Role.AGENT:
        mistakes.add(row.line, "phone is empty; only a supervisor can do without")
    return None


def number(
    line: int,
    text: str,
    rules: HouseRules,
    agent_numbers: Collection[str],
    mistakes: Mistakes,
) -> str | None:
    """Return one number as E.164, or None after noting why it is not taken."""
    try:
        e164 = parse_typed(text)
        check_dialable(e164, rules.allowed_countries, rules.own_numbers, agent_numbers)
    except NumberRefused as refusal:
        mistakes.add(line, f"phone: {refusal}")
        return None
    return e164
