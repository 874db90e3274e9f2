"""Names of the Belgian public holidays, to say why a day is closed. Whether it is closed, the calendar alone knows.

The ten days of the law of 4 January 1974 on public holidays (royal decree of 18 April 1974, art. 1).
"""

from datetime import date, timedelta

from dateutil.easter import easter

_FIXED = {
    (1, 1): "New Year's Day",
    (5, 1): "Labour Day",
    (7, 21): "National Day",
    (8, 15): "Assumption Day",
    (11, 1): "All Saints' Day",
    (11, 11): "Armistice Day",
    (12, 25): "Christmas Day",
}
_AFTER_EASTER = {1: "Easter Monday", 39: "Ascension Day", 50: "Whit Monday"}


def holiday(day: date) -> str | None:
    """Return the name of the holiday on this day, or None."""
    after = (day - easter(day.year)) // timedelta(days=1)
    return _FIXED.get((day.month, day.day)) or _AFTER_EASTER.get(after)
