"""Moments as forms send them: from when until when, in two days and two times, and a moment chosen from a list."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from callbacks.errors import RuleRefused
from callbacks.rules.local_times import ends_at, starts_at
from web.forms import Form

MINUTE_DIGITS = 8
"""Enough until the year 2160."""


def typed_span(form: Form, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the two instants of `from_day`, `from_time`, `until_day` and `until_time`.

    Without a last day it is the first; a day without a time is meant whole. Raises RuleRefused beside the day
    that cannot be read.
    """
    first = form.value("from_day")
    return (
        _instant(starts_at, first, form.value("from_time"), zone, "from_day"),
        _instant(ends_at, form.value("until_day") or first, form.value("until_time"), zone, "until_day"),
    )


def typed_minute(text: str) -> datetime | None:
    """Return the moment of a minute since 1970, as a choice of moments sends it; None for what is none."""
    whole = text.isascii() and text.isdigit() and len(text) <= MINUTE_DIGITS
    return datetime.fromtimestamp(60 * int(text), UTC) if whole else None


def _instant(read: Callable[[str, ZoneInfo], datetime], day: str, clock: str, zone: ZoneInfo, field: str) -> datetime:
    try:
        return read(f"{day} {clock}".strip(), zone)
    except RuleRefused as refusal:
        raise RuleRefused(refusal.rule, str(refusal), field) from None
