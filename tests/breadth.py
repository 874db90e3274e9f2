"""How broadly the tests run on PostgreSQL: the rule, in one place.

On SQLite every case is told. On PostgreSQL too, but for one thing: a conversation or a page that is told in three
languages is told there in one. The language decides what is heard and read; where it is kept does not. Whatever else
makes a case (what somebody types, a state, an hour, a switch) is told on both.
"""

from collections.abc import Hashable

import pytest

from models.vocabulary import Language

LANGUAGE_ROOMS = ("tests/ivr/", "tests/web/")
"""Where languages are told. Elsewhere a language is an input like any other, and is told on both databases."""


def once_a_language(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the items that repeat on PostgreSQL, in another language, what is told there already."""
    told: set[Hashable] = set()
    repeated = []
    for item in items:
        case = _case(item)
        if case is None:
            continue
        if case in told:
            repeated.append(item)
        told.add(case)
    return repeated


def _case(item: pytest.Item) -> Hashable | None:
    callspec = getattr(item, "callspec", None)
    if callspec is None or not item.nodeid.startswith(LANGUAGE_ROOMS):
        return None
    if callspec.params.get("database_url") != "postgresql":
        return None
    # A value is the same object in all cases that it makes; not every value can be compared.
    other = [(name, id(value)) for name, value in callspec.params.items() if not isinstance(value, Language)]
    return item.nodeid.partition("[")[0], tuple(sorted(other))
