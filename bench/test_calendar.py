"""What one question to the calendar costs, beside the library it is built on; printed, not promised."""

import timeit
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

from callbacks.rules.calendar import Calendar

HOURS = "Mo-Fr 09:00-12:00,13:00-17:00; PH off"
ENVELOPE = "Mo-Fr 09:00-12:00,13:00-17:00"
ZONE = ZoneInfo("Europe/Brussels")
AT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
ROUNDS = 20_000


def microseconds(question: str, **names: object) -> float:
    return timeit.timeit(question, globals=names, number=ROUNDS) / ROUNDS * 1e6


def test_the_cost_of_a_question() -> None:
    calendar = Calendar(HOURS, ENVELOPE, ZONE)
    library = OpeningHours(HOURS, timezone=ZONE, country="BE")
    names = {"calendar": calendar, "library": library, "at": AT, "local": AT.astimezone(ZONE), "day": timedelta(days=1)}
    questions = {
        "library.is_open": "library.is_open(local)",
        "calendar.is_open": "calendar.is_open(at)",
        "calendar.next_open": "calendar.next_open(at)",
        "calendar.open_seconds_at": "calendar.open_seconds_at(at)",
        "calendar.add_open_time": "calendar.add_open_time(at, 3600)",
        "calendar.open_time_between": "calendar.open_time_between(at, at + day)",
    }
    calendar.is_open(AT)
    print()
    print("| question | µs |")
    print("|---|---|")
    for name, question in questions.items():
        print(f"| {name} | {microseconds(question, **names):.2f} |")
    assert calendar.is_open(AT) == library.is_open(AT.astimezone(ZONE))
