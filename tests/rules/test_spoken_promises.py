"""A promise as it is told: ahead, begun or past; and times of day, never in digits."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callbacks.rules.spoken import moment, promised, span, time_of_day
from models.vocabulary import Language

NL, FR, EN = Language.NL, Language.FR, Language.EN
BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)  # a Tuesday, half past nine in Brussels


def wall(text: str) -> datetime:
    """Return a wall time of Brussels, in UTC; without a date it is that Tuesday's."""
    full = text if "T" in text else f"2026-11-24T{text}"
    return datetime.fromisoformat(full).replace(tzinfo=BRUSSELS).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "start", "end", "dutch", "french", "english"),
    [
        ("08:30", "09:00", "09:30", "deze voormiddag, tussen negen uur en half tien", None, None),
        ("09:04", "09:00", "09:30", "deze voormiddag, tussen negen uur en half tien", None, None),
        ("09:05", "09:00", "09:30", "vóór half tien", "avant neuf heures trente", "before half past nine"),
        ("09:10", "09:00", "09:30", "vóór half tien", "avant neuf heures trente", "before half past nine"),
        ("09:29", "09:00", "09:30", "vóór half tien", "avant neuf heures trente", "before half past nine"),
        ("11:40", "11:30", "12:00", "vóór twaalf uur", "avant midi", "before noon"),
        ("14:20", "14:15", "14:45", "vóór kwart voor drie", "avant quatorze heures quarante-cinq", None),
        ("20:10", "20:00", "21:00", "vóór negen uur 's avonds", "avant vingt et une heures", None),
        ("23:40", "23:30", "2026-11-25T00:00", "vóór middernacht", "avant minuit", "before midnight"),
        (
            "16:45",
            "16:30",
            "2026-11-25T09:20",
            "vóór morgen twintig na negen",
            "avant demain neuf heures vingt",
            "before twenty past nine tomorrow",
        ),
        ("09:30", "09:00", "09:30", "", "", ""),
        ("10:00", "09:00", "09:30", "", "", ""),
    ],
)
def test_a_promise_that_has_begun_is_said_by_its_end_alone_and_a_past_one_not_at_all(
    now: str, start: str, end: str, dutch: str, french: str | None, english: str | None
) -> None:
    for language, expected in ((NL, dutch), (FR, french), (EN, english)):
        if expected is not None:
            assert promised(language, wall(start), wall(end), wall(now), BRUSSELS) == expected


@pytest.mark.parametrize("language", list(Language))
def test_no_time_of_the_coming_week_is_ever_said_in_digits(language: Language) -> None:
    for minutes in range(0, 6 * 24 * 60, 7):
        start = NOW + timedelta(minutes=minutes)
        end = start + timedelta(minutes=30)
        said = [
            time_of_day(language, start, BRUSSELS),
            moment(language, start, NOW, BRUSSELS),
            span(language, start, end, NOW, BRUSSELS),
            promised(language, start, end, start - timedelta(minutes=1), BRUSSELS),
            promised(language, start, end, start + timedelta(minutes=10), BRUSSELS),
        ]
        assert all(words and not re.search(r"[0-9:]", words) for words in said), said


def test_a_promise_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        promised(NL, wall("14:00"), wall("13:59"), wall("09:00"), BRUSSELS)
