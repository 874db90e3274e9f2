"""The check of the log can fail: whatever is not masked is found."""

import pytest

from callbacks.logs import masked
from tests.journeys.discretion import Secrets, gives_nothing_away

SECRETS = Secrets(
    {
        "aB3-_xyz0123456789012345": "an attempt's token",
        "470123456": "a telephone number",
        "correct-horse": "SECRET_KEY",
    },
)
LINES = (
    "ringing +32470123456",
    "ringing 0470123456",
    "To=%2B31612345678",
    "mail to an.peeters@klant.example is refused",
    "who=an%40klant.example",
    "POST /voice/agent/aB3-_xyz0123456789012345/key",
    "redis://:hunter2@redis.example:6379/0",
    "postgresql+psycopg://ringback:hunter2@db/ringback",
)


@pytest.mark.parametrize("line", [*LINES, "signed with correct-horse", "the token aB3-_xyz0123456789012345"])
def test_what_a_line_gives_away_is_found_and_named(line: str) -> None:
    with pytest.raises(AssertionError, match="gives away"):
        gives_nothing_away(f"fine\n{line}\nfine", SECRETS)


@pytest.mark.parametrize("line", LINES)
def test_a_masked_line_gives_nothing_away(line: str) -> None:
    gives_nothing_away(masked(line), SECRETS)


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-24 09:00:00,123 INFO dial: call CA00000000000000000000000000000123 of attempt 42",
        "[2026-11-24 10:00:00 +0100] [812345] [INFO] Listening at: http://127.0.0.1:8000 (812345)",
        "redis on 127.0.0.1:6379, home /var/lib/ringback",
    ],
)
def test_an_ordinary_line_gives_nothing_away(line: str) -> None:
    gives_nothing_away(line, SECRETS)
