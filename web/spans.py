"""From when until when, as typed into two days and two times; a day without a time is meant whole."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from callbacks.errors import RuleRefused
from callbacks.rules.local_times import ends_at, starts_at
from web.forms import Form


def typed_span(form: Form, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the two instants of `from_day`, `from_time`, `until_day` and `until_time`.

    Without a last day it is the first. Raises RuleRefused beside the day that cannot be read.
    """
    first = form.value("from_day")
    return (
        _instant(starts_at, first, form.value("from_time"), zone, "from_day"),
        _instant(ends_at, form.value("until_day") or first, form.value("until_time"), zone, "until_day"),
    )


def _instant(read: Callable[[str, ZoneInfo], datetime], day: str, clock: str, zone: ZoneInfo, field: str) -> datetime:
    try:
        return read(f"{day} {clock}".strip(), zone)
    except RuleRefused as refusal:
        raise RuleRefused(refusal.rule, str(refusal), field) from None
