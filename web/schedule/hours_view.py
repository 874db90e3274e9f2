"""Whether the desk is open, until when, or why not and when again: the sentence on top of the schedule."""

from datetime import timedelta

from callbacks.rules.calendar import NeverOpen, OutOfReach, Window, parse_hours
from callbacks.rules.moved_moments import WEEKEND
from callbacks.store.day_rows import Day
from models.vocabulary import OverrideKind
from web.words import Words

NOON = timedelta(hours=12)


def hours_line(day: Day, words: Words) -> str:
    """Say whether we are open, until when, or why not and when we open again."""
    try:
        closes = day.calendar.open_until(day.now)
        if closes is not None:
            return words.say("open_until", time=words.clock(closes))
        opens = words.moment(day.calendar.next_open(day.now), day.now)
    except (NeverOpen, OutOfReach):
        return words.say("never_open")
    today = today_windows(day)
    if not today:
        return words.say("closed", why=closed_reason(day, words), opens=opens)
    if day.now < today[0].opens:
        why = words.say("closed_early")
    else:
        why = words.say("closed_evening" if today[-1].closes <= day.now else "closed_between")
    return words.say("closed", why=why, opens=opens)


def is_open(day: Day) -> bool:
    """Say whether a window is open now."""
    return any(window.opens <= day.now < window.closes for window in today_windows(day))


def today_windows(day: Day) -> list[Window]:
    """Return today's windows; none where the clock shows a year that the calendar does not know."""
    try:
        return day.calendar.windows_between(day.starts, day.ends)
    except OutOfReach:
        return []


def exceptions(day: Day, words: Words) -> list[str]:
    """Return one sentence for each exception to the hours that touches today."""
    return [
        words.say(
            f"exception_{each.kind}",
            starts=words.moment(max(each.starts, day.starts), day.now),
            ends=words.moment(min(each.ends, day.ends), day.now) if each.ends < day.ends else words.say("end_of_day"),
            note=each.note,
        )
        for each in day.exceptions
    ]


def closed_reason(day: Day, words: Words) -> str:
    """Say why no window opens today: a closure somebody entered, a weekend, a public holiday."""
    for exception in day.exceptions:
        if exception.kind is OverrideKind.CLOSURE:
            return words.say("closed_by_closure", note=exception.note)
    noon = (day.starts + NOON).astimezone(words.zone)
    if noon.weekday() >= WEEKEND:
        return words.say("closed_weekend")
    if parse_hours("PH", day.calendar.country).is_open(noon.replace(tzinfo=None)):
        return words.say("closed_holiday")
    return words.say("closed_day")
