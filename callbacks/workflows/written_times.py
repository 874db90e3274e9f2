"""Days and times as they are written in a mail, which may be read a day later: so never "today", always the date."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from callbacks.ports import Texts
from models.vocabulary import Language

_LOCALES = {Language.NL: "nl_BE", Language.FR: "fr_BE", Language.EN: "en_GB"}


def written_day(language: Language, at: datetime, zone: ZoneInfo) -> str:
    """Return the day of `at` in words: "maandag 12 oktober", "jeudi 1er octobre", "Monday 12 October"."""
    day = at.astimezone(zone).date()
    text = format_date(day, "EEEE d MMMM", locale=_LOCALES[language])
    return text.replace(" 1 ", " 1er ") if language is Language.FR else text


def written_time(language: Language, at: datetime, zone: ZoneInfo) -> str:
    """Return the wall time of `at`: "14.15" (the texts add "uur"), "14 h 15", "14:15".

    A whole hour is "9", "9 h", "9:00".
    """
    local = at.astimezone(zone)
    if language is Language.NL:
        return f"{local.hour}.{local:%M}" if local.minute else f"{local.hour}"
    if language is Language.FR:
        return f"{local.hour} h {local:%M}" if local.minute else f"{local.hour} h"
    return f"{local.hour}:{local:%M}"


def written_range(texts: Texts, language: Language, starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """Return what was promised, in the same words wherever it is read: "dinsdag 24 november, tussen 9 en 9.30 uur"."""
    first_day, last_day = written_day(language, starts, zone), written_day(language, ends, zone)
    start, end = written_time(language, starts, zone), written_time(language, ends, zone)
    if first_day == last_day:
        return texts.text(language, "mail_when_span", day=first_day, start=start, end=end)
    return texts.text(language, "mail_when_days", first_day=first_day, start=start, last_day=last_day, end=end)
