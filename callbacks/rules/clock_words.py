"""The time on the clock in words: "kwart na twee", "quatorze heures quinze", "quarter past two".

Dutch and English count to twelve; outside the usual day (7:00 to 18:59) they add the part of the day, so that nobody
waits at eight in the morning for a call at eight in the evening. French counts to twenty-four and needs no such word.
"""

from enum import Enum, auto

from callbacks.rules.number_words import number_words
from models.vocabulary import Language


class PartOfDay(Enum):
    """How a day is divided when people speak of it."""

    NIGHT = auto()
    EARLY = auto()
    MORNING = auto()
    MIDDAY = auto()
    AFTERNOON = auto()
    EVENING = auto()


_FIRST_HOURS = (
    (18, PartOfDay.EVENING),
    (13, PartOfDay.AFTERNOON),
    (12, PartOfDay.MIDDAY),
    (9, PartOfDay.MORNING),
    (6, PartOfDay.EARLY),
    (0, PartOfDay.NIGHT),
)
_USUAL_HOURS = range(7, 19)
_ADDED = {
    Language.NL: {PartOfDay.NIGHT: "'s nachts", PartOfDay.EARLY: "'s ochtends", PartOfDay.EVENING: "'s avonds"},
    Language.EN: {
        PartOfDay.NIGHT: "at night",
        PartOfDay.EARLY: "in the morning",
        PartOfDay.EVENING: "in the evening",
    },
}
# Flemish tells from the hour, and from the half hour only five minutes around it; odd minutes as on a timetable.
_DUTCH = {
    0: "{this} uur",
    5: "vijf na {this}",
    10: "tien na {this}",
    15: "kwart na {this}",
    20: "twintig na {this}",
    25: "vijf voor half {following}",
    30: "half {following}",
    35: "vijf na half {following}",
    40: "twintig voor {following}",
    45: "kwart voor {following}",
    50: "tien voor {following}",
    55: "vijf voor {following}",
}
_NOON = 12
_QUARTER = 15
_HALF = 30


def part_of_day(hour: int) -> PartOfDay:
    """Return the part of the day an hour (0-23) belongs to."""
    return next(part for first, part in _FIRST_HOURS if hour >= first)


def clock_words(language: Language, hour: int, minute: int, *, part_known: bool = False) -> str:
    """Return a time of day in words; `part_known` leaves out the part of the day where the sentence has said it."""
    if language is Language.FR:
        return _french(hour, minute)
    if (hour, minute) == (0, 0):
        return "middernacht" if language is Language.NL else "midnight"
    words = _dutch(hour, minute) if language is Language.NL else _english(hour, minute)
    if part_known or hour in _USUAL_HOURS:
        return words
    return f"{words} {_ADDED[language][part_of_day(hour)]}"


def _hour(language: Language, hour: int) -> str:
    return number_words(language, (hour - 1) % _NOON + 1)


def _dutch(hour: int, minute: int) -> str:
    this, following = _hour(Language.NL, hour), _hour(Language.NL, hour + 1)
    form = _DUTCH.get(minute, "{this} uur {minute}")
    return form.format(this=this, following=following, minute=number_words(Language.NL, minute))


def _french(hour: int, minute: int) -> str:
    if minute == 0 and hour in {0, _NOON}:
        return "midi" if hour else "minuit"
    # Hours and minutes are feminine.
    words = f"{french_feminine(hour)} {'heures' if hour > 1 else 'heure'}"
    return f"{words} {french_feminine(minute)}" if minute else words


def french_feminine(number: int) -> str:
    """Return a number below a hundred in French, as said before a feminine word: une, vingt et une."""
    words = number_words(Language.FR, number)
    return f"{words}e" if words == "un" or words.endswith((" un", "-un")) else words


def _english(hour: int, minute: int) -> str:
    this, following = _hour(Language.EN, hour), _hour(Language.EN, hour + 1)
    if minute == 0:
        return "noon" if hour == _NOON else this
    if minute == _QUARTER:
        return f"quarter past {this}"
    if minute == _HALF:
        return f"half past {this}"
    if minute == _HALF + _QUARTER:
        return f"quarter to {following}"
    count = minute if minute < _HALF else 60 - minute
    unit = "" if count % 5 == 0 else " minute" if count == 1 else " minutes"
    side = f"past {this}" if minute < _HALF else f"to {following}"
    return f"{number_words(Language.EN, count)}{unit} {side}"
