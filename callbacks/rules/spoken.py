"""How a Fleming, a Walloon and an English speaker say numbers, days, times and spans on the telephone.

Instants are aware UTC; seconds are dropped, so round beforehand. What comes out holds no markup.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from callbacks.rules.clock_words import PartOfDay, clock_words, french_feminine, part_of_day
from callbacks.rules.day_words import MONTHS, WEEKDAYS
from callbacks.rules.number_words import number_words
from callbacks.rules.phone_numbers import grouped
from callbacks.rules.windows import aware_utc
from models.vocabulary import Language

_SIGNS = {
    Language.NL: {"+": "plus", "*": "sterretje", "#": "hekje"},
    Language.FR: {"+": "plus", "*": "étoile", "#": "dièse"},
    Language.EN: {"+": "plus", "*": "star", "#": "hash"},
}
_TODAY = {Language.NL: "vandaag", Language.FR: "aujourd'hui", Language.EN: "today"}
_TOMORROW = {Language.NL: "morgen", Language.FR: "demain", Language.EN: "tomorrow"}
_PARTS = {
    Language.NL: {
        PartOfDay.NIGHT: "deze nacht",
        PartOfDay.EARLY: "deze ochtend",
        PartOfDay.MORNING: "deze voormiddag",
        PartOfDay.MIDDAY: "deze middag",
        PartOfDay.AFTERNOON: "deze namiddag",
        PartOfDay.EVENING: "deze avond",
    },
    # The twenty-four hours say it already.
    Language.FR: {},
    Language.EN: {
        PartOfDay.EARLY: "this morning",
        PartOfDay.MORNING: "this morning",
        PartOfDay.AFTERNOON: "this afternoon",
        PartOfDay.EVENING: "this evening",
    },
}
_FROM = {Language.NL: "{day} vanaf {time}", Language.FR: "{day} à partir de {time}", Language.EN: "{day} from {time}"}
_BETWEEN = {
    Language.NL: ("{day}, tussen {start} en {end}", "tussen {first} {start} en {last} {end}"),
    Language.FR: ("{day}, entre {start} et {end}", "entre {first} {start} et {last} {end}"),
    Language.EN: ("{day}, between {start} and {end}", "between {start} {first} and {end} {last}"),
}
_AROUND = {Language.NL: "{day}, rond {time}", Language.FR: "{day}, vers {time}", Language.EN: "{day}, around {time}"}
_BEFORE = {
    Language.NL: ("vóór {end}", "vóór {last} {end}"),
    Language.FR: ("avant {end}", "avant {last} {end}"),
    Language.EN: ("before {end}", "before {end} {last}"),
}
_HOURS = {Language.NL: ("uur", "uur"), Language.FR: ("heure", "heures"), Language.EN: ("hour", "hours")}
_MINUTES = {Language.NL: ("minuut", "minuten"), Language.FR: ("minute", "minutes"), Language.EN: ("minute", "minutes")}
_LESS = {
    Language.NL: "minder dan één minuut",
    Language.FR: "moins d'une minute",
    Language.EN: "less than a minute",
}
_AND = {Language.NL: " en ", Language.FR: " et ", Language.EN: " and "}
_MINUTE = timedelta(minutes=1)
_JUST_BEGUN = timedelta(minutes=5)
_WEEK = 7


def digits(language: Language, text: str) -> str:
    """Return the digits and telephone signs of `text` one by one: "14027" is said "1 4 0 2 7".

    Single digits with spaces between them are read one by one by every voice; "14027" is fourteen thousand.
    """
    return " ".join(_SIGNS[language].get(each, each) for each in text if each in "0123456789+*#")


def phone_number(language: Language, e164: str, country: str = "BE") -> str:
    """Return a number digit by digit, with a comma (a short rest) between the groups in which people write it.

    Raises NumberRefused for what is not a valid number.
    """
    return ", ".join(digits(language, group) for group in grouped(e164, country))


def day(language: Language, at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return the day of `at` as said at `now`: this afternoon, tomorrow, on Monday, and from a week on the date."""
    return _day(language, at, now, zone, part=_part(at, zone))


def time_of_day(language: Language, at: datetime, zone: ZoneInfo) -> str:
    """Return the wall time of `at` in words, clear by itself: "half drie", "acht uur 's avonds"."""
    wall = aware_utc(at).astimezone(zone)
    return clock_words(language, wall.hour, wall.minute)


def moment(language: Language, at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return from when we call: "deze namiddag vanaf één uur", "lundi à partir de neuf heures", "tomorrow from one"."""
    part = _part(at, zone)
    return _FROM[language].format(
        day=_day(language, at, now, zone, part),
        time=_time(language, at, zone, part_known=_says_part(language, at, now, zone, part)),
    )


def within(language: Language, start: datetime, end: datetime, now: datetime, zone: ZoneInfo) -> tuple[str, str, str]:
    """Return the day and the two times of a range inside one day, for a sentence that puts them where it likes.

    "deze namiddag", "kwart na twee", "kwart voor drie". Raises ValueError for a range that is not inside one day.
    """
    start, end = aware_utc(start), aware_utc(end)
    # Until twelve o'clock is still the morning, and until midnight the same day.
    before_end = max(start, end - _MINUTE)
    if end < start or start.astimezone(zone).date() != before_end.astimezone(zone).date():
        message = f"not inside one day: {start.isoformat()} to {end.isoformat()}"
        raise ValueError(message)
    part = _part(start, zone) if _part(start, zone) is _part(before_end, zone) else None
    known = _says_part(language, start, now, zone, part)
    return (
        _day(language, start, now, zone, part),
        _time(language, start, zone, part_known=known),
        _time(language, end, zone, part_known=known),
    )


def span(language: Language, start: datetime, end: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return the range in which we call: "deze namiddag, tussen kwart na twee en kwart voor drie".

    Raises ValueError where it ends before it starts.
    """
    start, end = aware_utc(start), aware_utc(end)
    if end < start:
        message = f"a span runs forward, not from {start.isoformat()} to {end.isoformat()}"
        raise ValueError(message)
    first, last = start.astimezone(zone), end.astimezone(zone)
    inside, across = _BETWEEN[language]
    if first.date() != max(start, end - _MINUTE).astimezone(zone).date():
        return across.format(
            first=_day(language, start, now, zone, None),
            start=time_of_day(language, start, zone),
            last=_day(language, end, now, zone, None),
            end=time_of_day(language, end, zone),
        )
    said, opening, closing = within(language, start, end, now, zone)
    if (first.hour, first.minute) == (last.hour, last.minute):
        return _AROUND[language].format(day=said, time=opening)
    return inside.format(day=said, start=opening, end=closing)


def has_begun(start: datetime, now: datetime) -> bool:
    """Say whether a range began so long ago that its beginning is better left out."""
    return now >= start + _JUST_BEGUN


def promised(language: Language, start: datetime, end: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a promise as it is told at `now`, for a sentence that ends with it: "we bellen u terug …".

    One that has begun some minutes ago is "vóór half tien": "tussen negen uur en half tien", said at ten past nine,
    sounds like a mistake. One that is over is "": nothing true is left to say of it. Raises ValueError where it ends
    before it starts.
    """
    start, end, now = aware_utc(start), aware_utc(end), aware_utc(now)
    if now >= end:
        return ""
    if not has_begun(start, now):
        return span(language, start, end, now, zone)
    today, later = _BEFORE[language]
    # Until midnight is still today.
    form = today if _days_ahead(end - _MINUTE, now, zone) == 0 else later
    return form.format(end=time_of_day(language, end, zone), last=_day(language, end, now, zone, None))


def duration_minutes(language: Language, minutes: int) -> str:
    """Return a length of time in words: "één minuut", "une heure et vingt minutes"; under one, "less than a minute"."""
    if minutes < 1:
        return _LESS[language]
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(f"{_count(language, hours)} {_HOURS[language][hours > 1]}")
    if rest:
        parts.append(f"{_count(language, rest)} {_MINUTES[language][rest > 1]}")
    return _AND[language].join(parts)


def _count(language: Language, number: int) -> str:
    return french_feminine(number) if language is Language.FR else number_words(language, number)


def _part(at: datetime, zone: ZoneInfo) -> PartOfDay:
    return part_of_day(aware_utc(at).astimezone(zone).hour)


def _time(language: Language, at: datetime, zone: ZoneInfo, *, part_known: bool) -> str:
    wall = aware_utc(at).astimezone(zone)
    return clock_words(language, wall.hour, wall.minute, part_known=part_known)


def _days_ahead(at: datetime, now: datetime, zone: ZoneInfo) -> int:
    return (aware_utc(at).astimezone(zone).date() - aware_utc(now).astimezone(zone).date()).days


def _says_part(language: Language, at: datetime, now: datetime, zone: ZoneInfo, part: PartOfDay | None) -> bool:
    """Say whether the day's own words tell the part of the day."""
    return _days_ahead(at, now, zone) == 0 and part in _PARTS[language]


def _day(language: Language, at: datetime, now: datetime, zone: ZoneInfo, part: PartOfDay | None) -> str:
    wall = aware_utc(at).astimezone(zone)
    ahead = _days_ahead(at, now, zone)
    if ahead == 0:
        return _PARTS[language].get(part, _TODAY[language]) if part else _TODAY[language]
    if ahead == 1:
        return _TOMORROW[language]
    said = WEEKDAYS[language][wall.weekday()]
    if not 0 < ahead < _WEEK:
        number = "premier" if language is Language.FR and wall.day == 1 else str(wall.day)
        said = f"{said} {number} {MONTHS[language][wall.month - 1]}"
        if language is Language.FR:
            said = f"le {said}"
    return f"on {said}" if language is Language.EN else said
