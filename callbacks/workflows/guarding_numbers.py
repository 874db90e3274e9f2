"""A person says which numbers are never dialled, why, and up to when; each entry and each removal is in the history."""

import re
from dataclasses import dataclass
from datetime import datetime

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.rules.phone_numbers import parse_typed
from callbacks.store import number_guards
from callbacks.store.transitions import WHY_LIMIT, Cause

PREFIX = re.compile(r"(?:\+|00)([1-9][0-9]{0,13})\*")


@dataclass(frozen=True)
class Guard:
    """One entry as people read it: "+32470123456", or "+37*" for every number that begins so."""

    id: int
    number: str
    why: str
    entered_by: str
    expires_at: datetime | None
    counts: bool


def guards(services: Services) -> list[Guard]:
    """Return every entry; one that has run out no longer counts, and is shown until it is taken away."""
    now = services.clock.now()
    with services.database.read() as session:
        return [
            Guard(
                row.id,
                row.prefix if row.whole else f"{row.prefix}*",
                row.why,
                row.entered_by,
                row.expires_at,
                row.expires_at is None or now < row.expires_at,
            )
            for row in number_guards.everything(session)
        ]


def block(services: Services, text: str, why: str, expires_at: datetime | None, who: str) -> int:
    """Enter a number as people write it, or "+37*"; return the entry's number. A waiting call-back to it is set aside.

    Raises RefusedInput for what is neither, without a reason, or with an end that has passed.
    """
    prefix, whole = _read(text)
    now = services.clock.now()
    if not why.strip():
        message = "give a reason with --why"
        raise RefusedInput(message)
    if expires_at is not None and expires_at <= now:
        message = "the end has passed already"
        raise RefusedInput(message)
    with services.database.write() as session:
        cause = Cause(now, who, why.strip()[:WHY_LIMIT])
        guard_id = number_guards.add(session, prefix, whole=whole, expires_at=expires_at, cause=cause)
    services.bell.ring("dispatch")
    return guard_id


def allow(services: Services, text: str, who: str) -> list[int]:
    """Take entries away: the one with this number, or all of this telephone number or beginning. Returns which.

    Raises RefusedInput where there is none.
    """
    now = services.clock.now()
    with services.database.write() as session:
        rows = number_guards.everything(session)
        if _is_row_number(text):
            found = [row.id for row in rows if row.id == int(text)]
        else:
            wanted = _read(text)
            found = [row.id for row in rows if (row.prefix, row.whole) == wanted]
        if not found:
            message = f"{text!r} is not on the list; `ringback numbers` shows it"
            raise RefusedInput(message)
        for guard_id in found:
            number_guards.remove(session, guard_id, Cause(now, who, "taken off the list"))
    services.bell.ring("dispatch")
    return found


def _read(text: str) -> tuple[str, bool]:
    beginning = PREFIX.fullmatch(text.replace(" ", ""))
    if beginning is not None:
        return f"+{beginning[1]}", False
    if "*" in text:
        message = f"{text!r} is no beginning of numbers; write it with its country, such as +3290*"
        raise RefusedInput(message)
    return parse_typed(text), True


def _is_row_number(text: str) -> bool:
    # No telephone number is so short, nor begins without a zero or a plus when it is written down.
    return text.isascii() and text.isdecimal() and len(text) <= 6 and not text.startswith("0")  # noqa: PLR2004 - as said
