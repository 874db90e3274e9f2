"""A number as a caller keys it in: with a zero, with 00 and a country, with a country alone, and with an extension."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from callbacks.rules.phone_numbers import NumberRefused, Refusal, parse_typed, region_of

BETWEEN = "*"
HALF_SECOND = "w"
"""The provider waits half a second for each before it goes on keying (https://www.twilio.com/docs/voice/twiml/number)."""
WAITS = 4

_EXTENSION = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class KeyedNumber:
    """A number as E.164, and what to key in once its switchboard answers (None: nothing)."""

    number: str
    extension: str | None = None


def parse_keyed(keys: str, allowed_countries: Collection[str], country: str = "BE") -> KeyedNumber:
    """Return what somebody keyed in on a telephone, read as dialled in `country`; an extension stands after a star.

    A star at the end, keyed for a hash, counts for nothing. A number without a zero in front may be one with its
    country's code and no 00; it is taken for that only where nothing else fits and the country is an allowed one.
    Raises NumberRefused, as `parse_typed` does, and for an extension of more than six digits.
    """
    digits, star, after = keys.partition(BETWEEN)
    number = _number(digits, allowed_countries, country)
    if not after:
        return KeyedNumber(number)
    if not (star and _EXTENSION.fullmatch(after)):
        raise NumberRefused(Refusal.EXTENSION)
    return KeyedNumber(number, after)


def tones(extension: str) -> str:
    """Return what the provider keys once a switchboard answers: two seconds of rest, then the extension."""
    return HALF_SECOND * WAITS + extension


def _number(digits: str, allowed_countries: Collection[str], country: str) -> str:
    try:
        return parse_typed(digits, country)
    except NumberRefused as refused:
        if refused.reason is not Refusal.INVALID or not digits[:1].isdecimal() or digits.startswith("0"):
            raise
        try:
            number = parse_typed(f"+{digits}", country)
        except NumberRefused:
            number = None
        if number is None or region_of(number) not in allowed_countries:
            raise
        return number
