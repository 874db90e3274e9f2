"""Names of the Belgian public holidays, to say why a day is closed. Whether it is closed, the calendar alone knows.

The ten days of the law of 4 January 1974 on public holidays (royal decree of 18 April 1974, art. 1).
"""

from datetime import date, timedelta
from enum import StrEnum

from dateutil.easter import easter


class Holiday(StrEnum):
    """A public holiday by its English name; the pages say it in the reader's language."""

    NEW_YEAR = "New Year's Day"
    LABOUR = "Labour Day"
    NATIONAL = "National Day"
    ASSUMPTION = "Assumption Day"
    ALL_SAINTS = "All Saints' Day"
    ARMISTICE = "Armistice Day"
    CHRISTMAS = "Christmas Day"
    EASTER_MONDAY = "Easter Monday"
    ASCENSION = "Ascension Day"
    WHIT_MONDAY = "Whit Monday"


_FIXED = {
    (1, 1): Holiday.NEW_YEAR,
    (5, 1): Holiday.LABOUR,
    (7, 21): Holiday.NATIONAL,
    (8, 15): Holiday.ASSUMPTION,
    (11, 1): Holiday.ALL_SAINTS,
    (11, 11): Holiday.ARMISTICE,
    (12, 25): Holiday.CHRISTMAS,
}
_AFTER_EASTER = {1: Holiday.EASTER_MONDAY, 39: Holiday.ASCENSION, 50: Holiday.WHIT_MONDAY}


def holiday(day: date) -> Holiday | None:
    """Return the holiday on this day, or None."""
    after = (day - easter(day.year)) // timedelta(days=1)
    return _FIXED.get((day.month, day.day)) or _AFTER_EASTER.get(after)
