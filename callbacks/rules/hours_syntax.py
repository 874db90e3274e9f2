"""Opening hours as people write them (OpenStreetMap syntax), turned into spans of UTC.

A span is open exactly while a clock on the wall of `zone` shows an opening time. On the night the clocks go back,
02:15-02:45 is therefore open twice, and on the night they go forward not at all.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# The library raises these two but leaves them out of its type stubs.
from opening_hours import (  # type: ignore[attr-defined]
    OpeningHours,
    ParserError,
    State,
    UnknownCountryError,
)

from callbacks.errors import RefusedInput
from callbacks.rules.windows import Span, united

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@lru_cache(maxsize=64)
def parse_hours(spec: str, country: str | None = None) -> OpeningHours:
    """Read opening hours such as `Mo-Fr 09:00-12:00,13:00-17:00; PH off`.

    `country` is an ISO code whose public holidays PH stands for; without one there are none. Raises RefusedInput with
    the column at which reading stopped. Later rules override earlier ones: PH belongs at the end.
    """
    try:
        return OpeningHours(spec, country=country)
    except ParserError as error:
        raise RefusedInput(_hint(spec, str(error))) from error
    except UnknownCountryError as error:
        message = f"No public holidays are known for country {country!r}; use an ISO code such as BE."
        raise RefusedInput(message) from error


def _hint(spec: str, complaint: str) -> str:
    """Turn the parser's drawing (` --> line:column`, then what it wanted) into one sentence."""
    column = complaint.partition("-->")[2].strip().partition("\n")[0].partition(":")[2] or "1"
    return (
        f"Opening hours {spec!r} cannot be read from column {column} on; "
        "write them like 'Mo-Fr 09:00-12:00,13:00-17:00; PH off' (English day names, times as HH:MM)."
    )


@lru_cache(maxsize=256)
def open_spans(spec: str, country: str | None, zone: ZoneInfo, year: int) -> tuple[Span, ...]:
    """Return the spans in which `spec` is open during one calendar year of UTC, in order, without touching ones."""
    hours = parse_hours(spec, country)
    spans: list[Span] = []
    for start, end, offset in _steady(zone, year):
        # Inside a stretch of one offset the wall clock runs like UTC, so naive wall time converts without a doubt.
        wall_start, wall_end = start.replace(tzinfo=None) + offset, end.replace(tzinfo=None) + offset
        for opens, closes, state, _ in hours.intervals(start=wall_start, end=wall_end):
            if state != State.OPEN:  # "unknown" counts as closed
                continue
            spans.append(
                (
                    (max(opens, wall_start) - offset).replace(tzinfo=UTC),
                    (min(closes, wall_end) - offset).replace(tzinfo=UTC),
                ),
            )
    return tuple(united(spans))


@lru_cache(maxsize=64)
def _steady(zone: ZoneInfo, year: int) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """Return the stretches of a UTC year between changes of the clocks, each with its offset from UTC."""
    end = datetime(year + 1, 1, 1, tzinfo=UTC)
    start = at = datetime(year, 1, 1, tzinfo=UTC)
    stretches: list[tuple[datetime, datetime, timedelta]] = []
    while at < end:
        following = min(at + DAY, end)
        if _offset(zone, following) != _offset(zone, at):
            change = _change(zone, at, following)
            stretches.append((start, change, _offset(zone, at)))
            start = change
        at = following
    if start < end:
        stretches.append((start, end, _offset(zone, start)))
    return tuple(stretches)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the second at which the offset of `before` ends, by halving."""
    old = _offset(zone, before)
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
