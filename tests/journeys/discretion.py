"""No secret and no full number or address stands in what the processes wrote, whatever happened."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.journeys.stack import Stack

TOKEN = re.compile(r"/voice/(?:status/)?(?:agent|customer)/([\w-]{20,})")
NUMBER = re.compile(r"\+(\d{8,15})\b")
SHAPES = {
    "a full number": re.compile(r"(?:\+|%2B)\d{8,}", re.IGNORECASE),
    "an address": re.compile(r"\w(?:@|%40)\w[\w-]*\.\w"),
    "a password": re.compile(r"\w://[^\s:/@]*:[^\s…@]+@"),
}
"""What no line may hold, whosever it is; the masked forms end in "…"."""
SECRET_SETTINGS = ("SECRET_KEY", "TWILIO_AUTH_TOKEN")
URL_SETTINGS = ("DATABASE_URL", "REDIS_URL", "SMTP_URL")


@dataclass(frozen=True)
class Secrets:
    """What is known and must not be read: each word with what it is."""

    words: dict[str, str]

    def found_in(self, log: str) -> list[str]:
        """Return each line that gives something away, with what it gives away."""
        return [f"{what}: {line}" for line in log.splitlines() for what in self._given_away(line)]

    def _given_away(self, line: str) -> Iterable[str]:
        yield from (what for word, what in self.words.items() if word in line)
        yield from (what for what, shape in SHAPES.items() if shape.search(line))


def secrets_of(stack: Stack, entries: Iterable[dict[str, Any]]) -> Secrets:
    """Return the keys and passwords of a service, and every token and number in these entries of its network."""
    words = {stack.env[name]: name for name in SECRET_SETTINGS}
    for name in URL_SETTINGS:
        password = urlsplit(stack.env[name]).password
        if password:
            words[password] = f"the password of {name}"
    journal = json.dumps(list(entries))
    words |= dict.fromkeys(TOKEN.findall(journal), "an attempt's token")
    # Belgian numbers are also written without their country.
    words |= {digits.removeprefix("32"): "a telephone number" for digits in NUMBER.findall(journal)}
    return Secrets(words)


def gives_nothing_away(log: str, secrets: Secrets) -> None:
    """Raise AssertionError with the lines that give something away."""
    found = secrets.found_in(log)
    assert not found, "\n".join(["the log gives away", *found])
