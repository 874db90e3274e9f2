"""The figures as a supervisor reads them: one table each, what is drawn of it, and what it means in one sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from markupsafe import Markup

from callbacks.rules import figures
from models.vocabulary import Language
from web import charts
from web.charts import Chart, Series
from web.csv_file import Cell
from web.schedule.figure_groups import Facts, Group, by_day, by_hour, hours_shown, midnight
from web.words import Words

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Table:
    """One figure: its picture, the numbers behind it as they are, and the same as they are read."""

    name: str
    title: str
    meaning: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    read: Sequence[Sequence[str]]
    picture: Markup = field(repr=False)
    legend: Sequence[Series]


def every(facts: Facts, words: Words) -> list[Table]:
    """Return every figure, in the order of the page."""
    days, hours = by_day(facts, words), by_hour(facts, words)
    day, hour = words.say("figures_day"), words.say("figures_hour")
    return [
        _wait("wait-by-day", words.say("figures_wait_by_day"), day, days, words),
        _promises("promises-by-day", words.say("figures_promises_by_day"), day, days, words),
        _first_try("first-try-by-day", words.say("figures_first_try_by_day"), day, days, words),
        _wait("wait-by-hour", words.say("figures_wait_by_hour"), hour, hours, words),
        _promises("promises-by-hour", words.say("figures_promises_by_hour"), hour, hours, words),
        _first_try("first-try-by-hour", words.say("figures_first_try_by_hour"), hour, hours, words),
        _queue(facts, words),
    ]


def today_and_month(facts: Facts, words: Words) -> tuple[Group, Group]:
    """Return today, and all thirty days together."""
    return by_day(facts, words)[-1], Group("", "", facts.rung, facts.ended)


def span(length: timedelta | None, words: Words) -> str:
    """Return a span of time, a dash where there is none."""
    return "–" if length is None else words.span(length)


def share(percentage: int | None) -> str:
    """Return 93 %, a dash where there is nothing to divide."""
    return "–" if percentage is None else f"{percentage} %"


def _wait(name: str, title: str, by: str, groups: Sequence[Group], words: Words) -> Table:
    found = [each.waits() for each in groups]
    legend = [
        Series(words.say("figures_median_open"), "accent", [_minutes(each.median_open) for each in found]),
        Series(words.say("figures_median_wall"), "quiet", [_minutes(each.median_wall) for each in found]),
    ]
    columns = [
        by, words.say("figures_talks"), words.say("figures_median_open"), words.say("figures_median_wall"),
        words.say("figures_longest_open"),
    ]  # fmt: skip
    rows = [
        (
            group.label, each.talks, _minutes(each.median_open), _minutes(each.median_wall),
            _minutes(each.longest_open),
        )
        for group, each in zip(groups, found, strict=True)
    ]  # fmt: skip
    return _table(name, title, words.say("figures_wait_means"), (columns, rows), groups, (charts.lines, legend), words)


def _promises(name: str, title: str, by: str, groups: Sequence[Group], words: Words) -> Table:
    found = [each.punctuality() for each in groups]
    legend = [
        Series(words.say("figures_kept"), "good", [each.kept for each in found]),
        Series(words.say("figures_early"), "busy", [each.early for each in found]),
        Series(words.say("figures_late"), "bad", [each.late for each in found]),
    ]
    columns = [
        by, words.say("figures_early"), words.say("figures_kept"), words.say("figures_late"),
        words.say("figures_on_time"), words.say("figures_median_late"), words.say("figures_most_late"),
        words.say("figures_renewed"), words.say("figures_lapsed"),
    ]  # fmt: skip
    rows = [
        (
            group.label, each.early, each.kept, each.late, each.share, _minutes(each.median_late),
            _minutes(each.most_late), each.renewed, each.lapsed,
        )
        for group, each in zip(groups, found, strict=True)
    ]  # fmt: skip
    meaning = words.say("figures_promises_mean")
    return _table(name, title, meaning, (columns, rows), groups, (charts.bars, legend), words)


def _first_try(name: str, title: str, by: str, groups: Sequence[Group], words: Words) -> Table:
    found = [each.first_tries() for each in groups]
    legend = [
        Series(words.say("figures_reached"), "good", [each.reached for each in found]),
        Series(words.say("figures_not_reached"), "quiet", [each.rung - each.reached for each in found]),
    ]
    columns = [by, words.say("figures_rung"), words.say("figures_reached"), words.say("figures_share")]
    rows = [(group.label, each.rung, each.reached, each.share) for group, each in zip(groups, found, strict=True)]
    meaning = words.say("figures_first_try_means")
    return _table(name, title, meaning, (columns, rows), groups, (charts.bars, legend), words)


def _queue(facts: Facts, words: Words) -> Table:
    """Return how full the queue was today and how many agents were free, hour by hour up to now."""
    starts = midnight(facts.today, words)
    seen = [at.astimezone(words.zone).hour for at, _ in (*facts.steps.waiting, *facts.steps.free)]
    hours = hours_shown(seen)
    edges = [starts]
    edges += [at for n in hours if starts < (at := _at_hour(facts.today, n, words)) < facts.now]
    edges.append(max(facts.now, starts))
    # Before the first hour shown lies the night.
    night = 1 if hours.start else 0
    waiting = figures.levels(facts.present.waiting, facts.steps.waiting, edges)[night:]
    free = figures.levels(facts.present.free, facts.steps.free, edges)[night:]
    groups = [Group(f"{n:02}:00", f"{n}", (), ()) for n in hours]
    past = len(waiting)
    legend = [
        Series(words.say("figures_mean_waiting"), "accent", _filled([each.mean for each in waiting], len(groups))),
        Series(words.say("figures_mean_free"), "good", _filled([each.mean for each in free], len(groups))),
    ]
    columns = [
        words.say("figures_hour"), words.say("figures_mean_waiting"), words.say("figures_most_waiting"),
        words.say("figures_mean_free"),
    ]  # fmt: skip
    rows = [
        (group.label, round(waiting[i].mean, 1), waiting[i].most, round(free[i].mean, 1))
        for i, group in enumerate(groups[:past])
    ]
    title, meaning = words.say("figures_queue_by_hour"), words.say("figures_queue_means")
    return _table("queue-by-hour", title, meaning, (columns, rows), groups, (charts.lines, legend), words)


def _at_hour(day: date, hour: int, words: Words) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=words.zone).astimezone(UTC)


def _filled(values: Sequence[float], length: int) -> list[float | None]:
    return [*values, *[None] * (length - len(values))]


def _table(
    name: str,
    title: str,
    meaning: str,
    cells: tuple[Sequence[str], Sequence[Sequence[Cell]]],
    groups: Sequence[Group],
    drawing: tuple[Callable[[Chart, Sequence[Series]], Markup], Sequence[Series]],
    words: Words,
) -> Table:
    columns, rows = cells
    draw, legend = drawing
    highest = max((value for each in legend for value in each.values if value is not None), default=0)
    described = words.say(
        "figures_described",
        first=groups[0].label,
        last=groups[-1].label,
        highest=_read(float(highest), words),
    )
    chart = Chart(name, title, described, [each.short for each in groups])
    read = [[_read(cell, words) for cell in row] for row in rows]
    return Table(name, title, meaning, columns, rows, read, draw(chart, legend), legend)


def _minutes(length: timedelta | None) -> float | None:
    return None if length is None else length / MINUTE


def _read(cell: Cell, words: Words) -> str:
    if cell is None:
        return "–"
    if not isinstance(cell, float):
        return str(cell)
    text = f"{cell:.1f}"
    return text if words.language is Language.EN else text.replace(".", ",")
