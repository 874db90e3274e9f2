"""`/schedule/week`: seven days, the room there is in each, and what was promised into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isinf
from typing import Any

from flask import Blueprint, render_template

from callbacks.ports import Services
from callbacks.rules.day_grid import FIRST_DAY, LAST_DAY
from callbacks.rules.room import share
from callbacks.store import week as weeks
from callbacks.store.week import DayLoad
from models.vocabulary import OverrideKind, Role
from web import live as polled
from web.access import only_for
from web.schedule import day_page, day_words
from web.words import Words

SEVEN = timedelta(days=7)
WHOLE = 100


@dataclass(frozen=True)
class Load:
    """How much of the room is taken: a bar in percents of its width, and the same in words."""

    bar: int
    is_over: bool
    text: str


@dataclass(frozen=True)
class Row:
    """One day in words."""

    day: date
    name: str
    is_today: bool
    hours: str
    remarks: Sequence[str]
    time: str
    slots: str
    load: Load | None
    booked: int
    promised: int
    planned: int
    done: str


def create_blueprint(services: Services) -> Blueprint:
    """Return the page of a week."""
    pages = Blueprint("week", __name__)

    @pages.get("/schedule/week")
    @only_for(Role.SUPERVISOR)
    def page() -> tuple[str, int]:
        words = polled.of(services)
        today = day_page.local_day(services.clock.now(), words)
        day, form = day_page.asked(today, words)
        content = _content(services, words, today, day or today)
        return render_template("schedule/week.html", form=form, **content), day_page.status_of(form)

    return pages


def _content(services: Services, words: Words, today: date, day: date) -> dict[str, Any]:
    now = services.clock.now()
    monday = day - timedelta(days=day.weekday())
    with services.database.read() as session:
        days = weeks.read(session, services.rules, now, monday)
    ends = monday + SEVEN - timedelta(days=1)
    first, last = f"{monday.day}/{monday.month}", f"{ends.day}/{ends.month}/{ends.year}"
    return {
        "title": words.say("week_of", starts=first, ends=last),
        "rows": [_row(each, words, today, services.rules.slot_minutes) for each in days],
        "before": max(monday - SEVEN, FIRST_DAY) if monday > FIRST_DAY else None,
        "after": monday + SEVEN if monday + SEVEN <= LAST_DAY else None,
    }


def _row(load: DayLoad, words: Words, today: date, slot_minutes: int) -> Row:
    name = f"{words.say(f'weekday_{load.day.weekday()}')} {load.day.day}/{load.day.month}"
    slots = "" if load.room is None else words.say("week_slots", slots=load.room.slots, minutes=slot_minutes)
    is_past = load.day < today
    return Row(
        day=load.day,
        name=name,
        is_today=load.day == today,
        hours=day_words.windows(load.windows, words) or day_words.closed(load.day, load.exceptions, words),
        remarks=_remarks(load, words),
        time="" if load.room is None or not load.windows else words.span(load.room.time),
        slots=slots,
        load=_load(load, words) if load.windows else None,
        booked=load.booked,
        promised=load.promised,
        planned=load.planned,
        done=words.say("week_talks", talked=load.talked, tried=load.tried) if is_past or load.tried else "",
    )


def _load(load: DayLoad, words: Words) -> Load | None:
    if load.room is None:
        return None
    taken = share(load.spoken_for, load.room)
    if isinf(taken) or not load.room.time:
        return Load(WHOLE if load.spoken_for else 0, bool(load.spoken_for), words.say("week_nobody"))
    percent = round(taken * WHOLE)
    key = "week_over" if percent > WHOLE else "week_share"
    return Load(min(WHOLE, percent), percent > WHOLE, words.say(key, percent=percent))


def _remarks(load: DayLoad, words: Words) -> list[str]:
    """Say what is unusual about a day that opens all the same: a holiday, closures and openings with their notes."""
    exceptions = [each for each in load.exceptions if load.windows or each.kind is OverrideKind.OPENING]
    noted = [words.say(f"week_exception_{each.kind}", note=each.note) for each in exceptions]
    name = day_words.holiday_name(load.day, words) if load.windows else ""
    return [name, *noted] if name else noted
