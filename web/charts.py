"""Bars and lines as SVG, drawn from plain numbers: no style, no script, colours by class, words escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

WIDTH, HEIGHT = 400, 210
LEFT, RIGHT, TOP, BOTTOM = 36, 14, 12, 26
MOST_TICKS = 5
MOST_LABELS = 8
GAP = 0.25
"""The part of a bar's place that stays empty."""

Value = float | None


@dataclass(frozen=True)
class Series:
    """One row of numbers, one for each label of the chart; None where there is nothing to show. Not below zero.

    `tone` is a class of the style sheet: good, busy, bad, quiet or accent.
    """

    name: str
    tone: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Chart:
    """What every chart says of itself to those who cannot see it; `name` is unique on the page."""

    name: str
    title: str
    description: str
    labels: Sequence[str]


def bars(chart: Chart, series: Sequence[Series]) -> Markup:
    """Return one bar a label, its series on top of each other."""
    heights = [sum(value or 0 for value in column) for column in _columns(chart, series)]
    scale = _Scale(max(heights, default=0), len(chart.labels))
    drawn = Markup()
    for i, column in enumerate(_columns(chart, series)):
        tops = list(accumulate(value or 0 for value in column))
        for each, value, top in zip(series, column, tops, strict=True):
            if value:
                bar = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>')
                drawn += bar.format(
                    each.tone,
                    _short(scale.left(i)),
                    _short(scale.y(top)),
                    _short(scale.width),
                    _short(scale.y(top - value) - scale.y(top)),
                    f"{chart.labels[i]}: {_short(value)} {each.name}",
                )
    return _frame(chart, scale, drawn)


def lines(chart: Chart, series: Sequence[Series]) -> Markup:
    """Return one line a series, broken where it has no value; every value is a dot, so that a lonely one is seen."""
    highest = max((value for each in series for value in each.values if value is not None), default=0)
    scale = _Scale(highest, len(chart.labels))
    drawn = Markup()
    for each in series:
        for stretch in _stretches(each.values):
            points = " ".join(f"{_short(scale.middle(i))},{_short(scale.y(value))}" for i, value in stretch)
            drawn += Markup('<polyline class="{}" points="{}"/>').format(each.tone, points)
            for i, value in stretch:
                drawn += Markup('<circle class="{}" cx="{}" cy="{}" r="2.6"><title>{}</title></circle>').format(
                    each.tone,
                    _short(scale.middle(i)),
                    _short(scale.y(value)),
                    f"{chart.labels[i]}: {_short(value)} {each.name}",
                )
    return _frame(chart, scale, drawn)


def ticks(highest: float) -> list[float]:
    """Return round numbers from 0 up to at least `highest`, in steps of 1, 2 or 5 with zeros; 0 and 1 for nothing."""
    if highest <= 0:
        return [0.0, 1.0]
    power = 1.0
    while power * 10 <= highest:
        power *= 10
    while power > highest:
        power /= 10
    # Below ten in all a step is a whole number: half a customer stands on no axis.
    steps = [step * size for size in (power / 10, power, power * 10) for step in (1, 2, 5) if step * size >= 1]
    step = next(each for each in steps or [1.0] if each * (MOST_TICKS - 1) >= highest)
    count = next(n for n in range(1, MOST_TICKS) if n * step >= highest)
    return [n * step for n in range(count + 1)]


class _Scale:
    """Where a value and a label lie on the paper."""

    def __init__(self, highest: float, labels: int) -> None:
        self.ticks = ticks(highest)
        self._place = (WIDTH - LEFT - RIGHT) / max(labels, 1)
        self.width = self._place * (1 - GAP)

    def left(self, i: int) -> float:
        return LEFT + self._place * (i + GAP / 2)

    def middle(self, i: int) -> float:
        return LEFT + self._place * (i + 0.5)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / self.ticks[-1]


def _frame(chart: Chart, scale: _Scale, drawn: Markup) -> Markup:
    grid = Markup()
    for tick in scale.ticks:
        y = _short(scale.y(tick))
        grid += Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(LEFT, WIDTH - RIGHT, y, y)
        grid += Markup('<text class="tick" x="{}" y="{}" dy="4" text-anchor="end">{}</text>').format(
            LEFT - 5, y, _short(tick)
        )
    every = -(-len(chart.labels) // MOST_LABELS) or 1
    # Counted from the end, so that the latest always has its label.
    for i in range(len(chart.labels) - 1, -1, -every):
        grid += Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>').format(
            _short(scale.middle(i)), HEIGHT - BOTTOM + 16, chart.labels[i]
        )
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>{grid}{drawn}</svg>'
    ).format(
        width=WIDTH,
        height=HEIGHT,
        name=chart.name,
        title=chart.title,
        description=chart.description,
        grid=grid,
        drawn=drawn,
    )


def _columns(chart: Chart, series: Sequence[Series]) -> list[tuple[Value, ...]]:
    return [tuple(each.values[i] for each in series) for i in range(len(chart.labels))]


def _stretches(values: Sequence[Value]) -> list[list[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((i, value))
    return [each for each in found if each]


def _short(value: float) -> str:
    """Return 12 and 12.5, never 12.500000001."""
    return f"{value:.1f}".removesuffix(".0")
