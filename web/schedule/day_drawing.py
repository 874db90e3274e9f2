"""The day as it is drawn: where each block stands in pixels and percents, and what is written in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from callbacks.rules.day_grid import Grid, Piece, Place, Shade, grid
from callbacks.store.day_sheet import Block, Kind, Sheet
from web.schedule import day_words
from web.schedule.day_words import Said
from web.words import Words

PIXELS = 1.4
"""Height of a minute."""
LINE_MINUTES, FORESEEN_MINUTES = 12, 7
"""No call is drawn lower than a line of writing, none that is foreseen so low that it could not be pressed: those
follow one another, and drawn higher they would overlap."""
TWO_LINES, THREE_LINES = 22, 32
"""Minutes from which a block has room for them."""
BASE, LEADING = 12.5, 14
"""Where its first line stands, and how far below it the next, in pixels."""
COLUMN_PIXELS = 116
MOST_WIDTHS = 4
MARKS = {
    Kind.DONE: "✓",
    Kind.FAILED: "✕",
    Kind.RUNNING: "●",
    Kind.PLANNED: "○",
    Kind.APPOINTMENT: "◆",
    Kind.RESTING: "↻",
}
"""One sign a kind, so that none is told by its colour alone."""
HATCHED = {Kind.FAILED: "day-failed", Kind.APPOINTMENT: "day-appointment"}


@dataclass(frozen=True)
class Head:
    """A column: its name, and where it stands in percents of the width."""

    name: str
    x: float
    width: float


@dataclass(frozen=True)
class Box:
    """A block: across in percents, down in pixels; each line with where it stands. `fill` names its pattern."""

    url: str
    kind: Kind
    late: bool
    x: float
    y: float
    width: float
    height: float
    lines: Sequence[tuple[str, float]]
    title: str
    fill: str


@dataclass(frozen=True)
class Band:
    """A shaded stretch, and what is written in it."""

    shade: Shade
    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True)
class Drawing:
    """Everything that is drawn; lengths down in pixels. `now` is where the line of this moment lies, if it does."""

    heads: Sequence[Head]
    boxes: Sequence[Box]
    bands: Sequence[Band]
    hours: Sequence[tuple[str, float]]
    now: float | None
    height: float
    least_width: int


def drawing(sheet: Sheet, rows: Sequence[Said], words: Words) -> Drawing:
    """Return the drawing of a day."""
    numbers = {column.id: n for n, column in enumerate(sheet.columns)}
    nobodys = len(numbers)
    pieces = [
        Piece(
            nobodys if block.agent_id is None else numbers.get(block.agent_id, nobodys),
            block.starts,
            block.ends,
            FORESEEN_MINUTES if block.kind is Kind.PLANNED else LINE_MINUTES,
        )
        for block in sheet.blocks
    ]
    away = [(numbers[column.id], span) for column in sheet.columns for span in column.away]
    laid = grid(sheet.day, words.zone, pieces, sheet.windows, away, sheet.now)
    names = [column.name for column in sheet.columns]
    if not names or any(piece.column == nobodys for piece in pieces):
        names.append(words.say("day_nobody"))
    heads, widths = _heads(names, laid.places)
    return Drawing(
        heads=heads,
        boxes=[
            _box(block, row, place, heads[place.column], words)
            for block, row, place in zip(sheet.blocks, rows, laid.places, strict=True)
        ],
        bands=_bands(sheet, laid, heads, words),
        hours=[(words.clock(at), _pixels(top)) for at, top in laid.hours],
        now=None if laid.now is None else _pixels(laid.now),
        height=_pixels(laid.minutes),
        least_width=widths * COLUMN_PIXELS,
    )


def _heads(names: Sequence[str], places: Sequence[Place]) -> tuple[list[Head], int]:
    """Return the columns, wider where much goes on at once, and how many usual widths they are together."""
    widths = [1] * len(names)
    for place in places:
        widths[place.column] = max(widths[place.column], min(MOST_WIDTHS, (place.lanes + 1) // 2))
    everything = sum(widths)
    heads, x = [], 0.0
    for name, width in zip(names, widths, strict=True):
        share = 100 * width / everything
        heads.append(Head(name, round(x, 3), round(share, 3)))
        x += share
    return heads, everything


def _box(block: Block, row: Said, place: Place, head: Head, words: Words) -> Box:
    width, height = head.width / place.lanes, _pixels(place.height)
    lines = [f"{MARKS[block.kind]} {row.who}"]
    if block.late:
        # The first that is read, also where the name is cut off.
        lines[0] = f"{words.say('day_late')} · {lines[0]}"
    if place.height >= TWO_LINES:
        lines.append(f"{row.starts} · {block.caller.ticket}")
    if place.height >= THREE_LINES:
        lines.append(row.word)
    return Box(
        url=row.url,
        kind=block.kind,
        late=block.late,
        x=round(head.x + place.lane * width, 3),
        y=_pixels(place.top),
        width=round(width, 3),
        height=height,
        lines=[(line, round(min(BASE, height - 3) + n * LEADING, 1)) for n, line in enumerate(lines)],
        title=day_words.whole(block, row, words),
        fill=HATCHED.get(block.kind, ""),
    )


def _bands(sheet: Sheet, laid: Grid, heads: Sequence[Head], words: Words) -> list[Band]:
    bands = []
    for shade in laid.shades:
        head = Head("", 0, 100) if shade.column is None else heads[shade.column]
        text = words.say(f"day_shade_{shade.shade}")
        if shade.shade is Shade.CLOSED and not sheet.windows:
            text = day_words.closed(sheet.day, sheet.exceptions, words)
        bands.append(
            Band(
                shade.shade,
                head.x,
                _pixels(shade.top),
                head.width,
                _pixels(shade.height),
                text if shade.height > LINE_MINUTES else "",
            )
        )
    return bands


def _pixels(minutes: int) -> float:
    return round(minutes * PIXELS, 1)
