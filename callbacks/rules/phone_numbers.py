"""Which numbers we take, and which of them may be dialled.

A caller ID can be forged, and whoever asks to be called back chooses what we pay for: so a number must be valid, in an
allowed country and of an ordinary kind, and is checked at every entry and again right before dialling.
"""

import re
from collections.abc import Collection
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from callbacks.errors import RefusedInput

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
WITHHELD = frozenset({"anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld"})
# The first five words keyed on a telephone. Twilio sent withheld caller IDs so until November 2022, and some carriers
# still do; they look like numbers in Lesotho, Russia, Uganda and China.
SENTINELS = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})

_ORDINARY = frozenset(
    {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE},
)
_TYPED = re.compile(r"\+?[0-9 ()./-]{2,30}")
# Separators as people type them. The digits of other scripts are left out on purpose: they pass isdigit().
_SEPARATORS = re.compile(r"[ ()./-]")


class Refusal(StrEnum):
    """Why a number is not taken; the texts have a sentence for each."""

    INVALID = "invalid"
    WITHHELD = "withheld"
    EMERGENCY = "emergency"
    PREMIUM = "premium"
    SPECIAL = "special"
    NOT_ALLOWED = "not_allowed"
    OWN = "own"
    AGENT = "agent"
    GUARDED = "guarded"
    EXTENSION = "extension"
    TOO_MANY = "too_many"


_SENTENCES = {
    Refusal.INVALID: "This is not a number that exists; write it with its zero in front, or as +32…",
    Refusal.WITHHELD: "This caller withholds the number; ask for one to call back.",
    Refusal.EMERGENCY: "This is an emergency number; give an ordinary one.",
    Refusal.PREMIUM: "This number costs extra to call; give an ordinary one.",
    Refusal.SPECIAL: "This is no ordinary fixed or mobile number; give one that is.",
    Refusal.NOT_ALLOWED: "Numbers in this country are not called; give another, or allow the country in the settings.",
    Refusal.OWN: "This is our own number; give another.",
    Refusal.AGENT: "This is the number of an agent; give another.",
    Refusal.GUARDED: "This number is on the list of numbers that are never dialled (`ringback numbers`); give another.",
    Refusal.EXTENSION: "An extension has at most six digits.",
    Refusal.TOO_MANY: "This number has as many open call-backs as one number may have.",
}


class NumberRefused(RefusedInput):
    """A number that is not taken; `reason` picks the sentence to say. Neither holds the number itself."""

    def __init__(self, reason: Refusal) -> None:
        """Explain the reason in one sentence."""
        super().__init__(_SENTENCES[reason])
        self.reason = reason


def parse_caller_id(raw: str) -> str | None:
    """Return a caller ID as E.164, or None where it is withheld, not a telephone number or not valid.

    Twilio passes what it cannot normalise as it came (twilio.com/docs/voice/twiml, Request Parameters), so words,
    keypad digits and SIP addresses all arrive here. A valid number may still be one that is never dialled.
    """
    text = raw.strip()
    if text.lower() in WITHHELD or text.lstrip("+") in SENTINELS or not text.startswith(("+", "0")):
        return None
    number = _valid(text, "BE")
    return _e164(number) if number else None


def parse_typed(digits: str, country: str = "BE") -> str:
    """Return what somebody keyed in or typed as E.164, read as dialled in `country` unless it has a country's own code.

    Raises NumberRefused: invalid, emergency, premium, special (toll-free, shared cost, universal access, satellite …).
    Whether the number may be dialled (country, own, agents') is for `check_dialable`.
    """
    text = digits.strip()
    bare = _SEPARATORS.sub("", text)
    if not _TYPED.fullmatch(text):
        raise NumberRefused(Refusal.INVALID)
    if phonenumbers.is_emergency_number(bare, country):
        raise NumberRefused(Refusal.EMERGENCY)
    number = None if bare.lstrip("+") in SENTINELS else _valid(text, country)
    if number is None:
        raise NumberRefused(Refusal.INVALID)
    _check_kind(number)
    return _e164(number)


def check_dialable(
    e164: str,
    allowed_countries: Collection[str],
    own_numbers: Collection[str],
    agent_numbers: Collection[str],
) -> None:
    """Raise NumberRefused unless this number may be dialled for a customer. To be asked again right before dialling.

    The allow-list of countries (ISO codes) is the real wall: known fraud ranges abroad count as ordinary numbers.
    """
    if e164.lstrip("+") in SENTINELS or e164.lower() in WITHHELD:
        raise NumberRefused(Refusal.WITHHELD)
    # fullmatch: `$` would let a line feed through, and `\d` the digits of other scripts.
    number = _valid(e164, None) if E164.fullmatch(e164) else None
    if number is None or _e164(number) != e164:
        raise NumberRefused(Refusal.INVALID)
    if e164 in own_numbers:
        raise NumberRefused(Refusal.OWN)
    if e164 in agent_numbers:
        raise NumberRefused(Refusal.AGENT)
    _check_kind(number)
    if phonenumbers.region_code_for_number(number) not in allowed_countries:
        raise NumberRefused(Refusal.NOT_ALLOWED)


def region_of(e164: str) -> str | None:
    """Return the country (ISO code) a number belongs to; None for what is no number of any."""
    number = _valid(e164, None)
    return phonenumbers.region_code_for_number(number) if number else None


def masked(e164: str) -> str:
    """Return a number for the logs, such as +32470…56: at least four digits are always hidden."""
    if not E164.fullmatch(e164):
        return "…"
    return f"{e164[: min(6, len(e164) - 6)]}…{e164[-2:]}"


def grouped(e164: str, country: str = "BE") -> list[str]:
    """Return the number in the groups people write: national inside `country`, else with +code as the first group.

    Raises NumberRefused for what is not a number.
    """
    number = _valid(e164, None)
    if number is None:
        raise NumberRefused(Refusal.INVALID)
    home = phonenumbers.region_code_for_number(number) == country
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return re.findall(r"\+?[0-9]+", phonenumbers.format_number(number, style))


def _valid(text: str, country: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    # Possible is not enough: two of the five keypad words are possible numbers.
    return number if phonenumbers.is_valid_number(number) and not number.extension else None


def _check_kind(number: PhoneNumber) -> None:
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.PREMIUM_RATE:
        raise NumberRefused(Refusal.PREMIUM)
    # Region 001: numbers of no country, satellite telephones among them, some of which call themselves mobile.
    if kind not in _ORDINARY or phonenumbers.region_code_for_number(number) == "001":
        raise NumberRefused(Refusal.SPECIAL)


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
