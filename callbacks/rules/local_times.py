"""Times as somebody types them, on the wall clock of the desk."""

from datetime import MAXYEAR, UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from callbacks.errors import Rule, RuleRefused


def starts_at(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant of "2026-12-24 12:00"; of a day alone its first. Raises RefusedInput."""
    day = _day(text)
    return _instant(day, text, zone) if day is not None else _instant(_minute(text), text, zone)


def ends_at(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant of "2026-12-24 12:00"; of a day alone the first of the next day. Raises RefusedInput."""
    day = _day(text)
    if day is None:
        return _instant(_minute(text), text, zone)
    if day.year == MAXYEAR:
        message = f"{text!r} is too far away"
        raise RuleRefused(Rule.TOO_FAR, message)
    return _instant(day + timedelta(days=1), text, zone)


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d")  # noqa: DTZ007 - the zone is put on below
    except ValueError:
        return None


def _minute(text: str) -> datetime:
    try:
        return datetime.strptime(text.strip().replace("T", " "), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - as above
    except ValueError:
        message = f'{text!r} is no time; write it as "2026-12-24 12:00", or a day as 2026-12-24'
        raise RuleRefused(Rule.NO_TIME, message) from None


def _instant(wall: datetime, text: str, zone: ZoneInfo) -> datetime:
    try:
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        message = f"{text!r} is too far away"
        raise RuleRefused(Rule.TOO_FAR, message) from None
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        message = f"{text!r} does not exist: the clocks go forward then"
        raise RuleRefused(Rule.CLOCKS_SKIP_IT, message)
    return instant
