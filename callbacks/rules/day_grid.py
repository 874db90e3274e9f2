"""One day as it is drawn: time runs down, a column an agent, and what stands where. Pure.

Everything is in whole minutes from the top. They are minutes that pass, not those of the wall clock: on the day on
which the clocks change, the hours stand where they come.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from callbacks.errors import Rule, RuleRefused
from callbacks.rules.windows import Span, Window, shared, united, without

FIRST, LAST = time(8, 30), time(17, 30)
"""What is always shown of a day, on the wall clock; it is widened where something lies outside."""
MINUTE, HALF_HOUR, DAY = timedelta(minutes=1), timedelta(minutes=30), timedelta(days=1)
FIRST_DAY, LAST_DAY = date(2025, 1, 2), date(2099, 12, 30)
"""The days of which the calendar knows all hours, whatever the zone."""


class Shade(StrEnum):
    """Why nobody is called in a stretch: between two windows, outside all of them, or in this column alone."""

    BREAK = "break"
    CLOSED = "closed"
    AWAY = "away"


class Piece(NamedTuple):
    """Something that takes its time in one column; aware UTC. It may have begun before the day, or end after it.

    It is drawn no lower than `least` minutes, so that it can be seen and pressed.
    """

    column: int
    starts: datetime
    ends: datetime
    least: int = 1

    @property
    def over(self) -> datetime:
        """Return where its drawing ends."""
        return max(self.ends, self.starts + self.least * MINUTE)


class Place(NamedTuple):
    """Where a piece is drawn; pieces of one column that would overlap share its width in `lanes`."""

    column: int
    top: int
    height: int
    lane: int
    lanes: int


class Stretch(NamedTuple):
    """A stretch that is shaded, in one column or in all of them (None)."""

    column: int | None
    top: int
    height: int
    shade: Shade


@dataclass(frozen=True)
class Grid:
    """The drawing of one day from `starts` to `ends`; `places` are in the order of the pieces.

    `hours` are full hours with where they stand; `now` is None where it does not lie within.
    """

    starts: datetime
    ends: datetime
    minutes: int
    places: Sequence[Place]
    shades: Sequence[Stretch]
    hours: Sequence[tuple[datetime, int]]
    now: int | None


def written_day(text: str) -> date:
    """Return the day written as 2026-11-25. Raises RuleRefused where it is none, or one beyond the calendar."""
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the desk, no instant
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        message = f"{text!r} is no day from {FIRST_DAY} to {LAST_DAY}; write it as 2026-11-25"
        raise RuleRefused(Rule.NO_SUCH_DAY, message, "date", first=FIRST_DAY.year, last=LAST_DAY.year)
    return day


def bounds(day: date, zone: ZoneInfo) -> Span:
    """Return the midnights at both ends of a day: 23 to 25 hours apart. Aware UTC."""
    return _wall(day, time(), zone), _wall(day + DAY, time(), zone)


def grid(
    day: date,
    zone: ZoneInfo,
    pieces: Sequence[Piece],
    windows: Sequence[Window],
    away: Sequence[tuple[int, Span]],
    now: datetime,
) -> Grid:
    """Lay out a day.

    `away` are stretches in which one column's agent does not work; only what lies inside a window is shaded.
    """
    midnights = bounds(day, zone)
    starts, ends = _reach(day, zone, pieces, windows)
    minutes = (ends - starts) // MINUTE
    frame = [(starts, ends)]
    opened = shared(united((window.opens, window.closes) for window in windows), frame)
    shades = [
        _stretch(None, span, starts, _between(span, opened)) for span in without(frame, opened) if span[0] < span[1]
    ]
    for column, span in away:
        shades += [_stretch(column, part, starts, Shade.AWAY) for part in shared(opened, [span])]
    return Grid(
        starts=starts,
        ends=ends,
        minutes=minutes,
        places=_places(pieces, starts, minutes),
        shades=shades,
        hours=list(_hours(starts, ends, zone)),
        now=(now - starts) // MINUTE if midnights[0] <= now < midnights[1] and starts <= now < ends else None,
    )


def _reach(day: date, zone: ZoneInfo, pieces: Sequence[Piece], windows: Sequence[Window]) -> tuple[datetime, datetime]:
    """Return from when until when is drawn: half past eight to half past five, wider by half hours, never beyond."""
    midnight, end = bounds(day, zone)
    begins = [piece.starts for piece in pieces] + [window.opens for window in windows]
    ends = [piece.over for piece in pieces] + [each.closes for each in windows]
    inside = [at for at in (*begins, *ends) if midnight <= at <= end]
    first = min([_wall(day, FIRST, zone), *(_half_hour(at, zone) for at in inside)])
    last = max([_wall(day, LAST, zone), *(_half_hour(at + HALF_HOUR - MINUTE, zone) for at in inside)])
    begun_before, over_after = any(at < midnight for at in begins), any(at > end for at in ends)
    return midnight if begun_before else max(first, midnight), end if over_after else min(last, end)


def _places(pieces: Sequence[Piece], starts: datetime, minutes: int) -> list[Place]:
    """Return where each piece stands. Who overlaps another, directly or through a third, shares the column with him."""
    flat = []
    for piece in pieces:
        top = max(0, min((piece.starts - starts) // MINUTE, minutes - piece.least))
        # Both ends are rounded the same way: what follows on something else never overlaps it by a minute.
        bottom = min(minutes, (piece.ends - starts) // MINUTE)
        flat.append((piece.column, top, max(piece.least, bottom - top)))
    columns: dict[int, list[int]] = defaultdict(list)
    for n in sorted(range(len(flat)), key=lambda n: (flat[n][1], -flat[n][2], n)):
        columns[flat[n][0]].append(n)
    places: dict[int, Place] = {}
    for order in columns.values():
        for cluster in _clusters(order, flat):
            lanes = _lanes(cluster, flat)
            count = max(lanes.values()) + 1
            places |= {n: Place(*flat[n], lane, count) for n, lane in lanes.items()}
    return [places[n] for n in range(len(flat))]


def _clusters(order: Iterable[int], flat: Sequence[tuple[int, int, int]]) -> Iterator[list[int]]:
    """Yield the pieces of one column in bunches between which nothing goes on."""
    bunch: list[int] = []
    over = 0
    for n in order:
        _, top, height = flat[n]
        if bunch and top >= over:
            yield bunch
            bunch = []
        bunch.append(n)
        over = max(over, top + height)
    if bunch:
        yield bunch


def _lanes(cluster: Sequence[int], flat: Sequence[tuple[int, int, int]]) -> dict[int, int]:
    """Return a lane for each piece of a bunch: the first that is free when it begins."""
    free_at: list[int] = []
    lanes = {}
    for n in cluster:
        _, top, height = flat[n]
        lane = next((lane for lane, over in enumerate(free_at) if over <= top), len(free_at))
        free_at[lane : lane + 1] = [top + height]
        lanes[n] = lane
    return lanes


def _between(span: Span, opened: Sequence[Span]) -> Shade:
    """Say whether a stretch without a window is the break between two of them."""
    before, after = any(closes <= span[0] for _, closes in opened), any(opens >= span[1] for opens, _ in opened)
    return Shade.BREAK if before and after else Shade.CLOSED


def _stretch(column: int | None, span: Span, starts: datetime, shade: Shade) -> Stretch:
    top = (span[0] - starts) // MINUTE
    return Stretch(column, top, (span[1] - starts) // MINUTE - top, shade)


def _hours(starts: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, int]]:
    """Yield every full hour of the wall clock within, with the minutes from the top."""
    at = _half_hour(starts, zone)
    while at < ends:
        if at >= starts and at.astimezone(zone).minute == 0:
            yield at, (at - starts) // MINUTE
        at += HALF_HOUR


def _half_hour(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the half hour of the wall clock that `at` lies in."""
    local = at.astimezone(zone)
    return local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0).astimezone(UTC)


def _wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
