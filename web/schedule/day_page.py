"""What the schedule shows of one day: the drawing, the same as a table, and the ways to other days."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request

from callbacks.errors import RuleRefused
from callbacks.ports import Services
from callbacks.rules.day_grid import FIRST_DAY, LAST_DAY, written_day
from callbacks.store import day_blocks
from callbacks.store import messages as stored
from callbacks.store.day_sheet import Kind, Sheet
from web import live as polled
from web.forms import REFUSED, Form
from web.schedule import day_drawing, day_table, day_words
from web.words import Words

ONE = timedelta(days=1)


def asked(today: date, words: Words) -> tuple[date | None, Form]:
    """Return the day that was asked for, today where none was, and the field in which it was; None where it is none."""
    form = Form({"date": request.args.get("date", "").strip() or today.isoformat()})
    try:
        return written_day(form.value("date")), form
    except RuleRefused as error:
        form.refuse(error, words)
        return None, form


def local_day(now: datetime, words: Words) -> date:
    """Return which day it is where the desk stands."""
    return now.astimezone(words.zone).date()


def parts_of(sheet: Sheet, words: Words) -> dict[str, Any]:
    """Return what the templates draw of a day."""
    rows = [day_words.said(block, words, sheet.now) for block in sheet.blocks]
    return {
        "sheet": sheet,
        "day_name": day_words.date_of(sheet.day, sheet.now, words),
        "day_hours": day_words.hours(sheet, words),
        "is_today": sheet.day == local_day(sheet.now, words),
        "drawing": day_drawing.drawing(sheet, rows, words),
        "kinds": [(kind, day_drawing.MARKS[kind], day_drawing.HATCHED.get(kind, "")) for kind in Kind],
        "parts": day_table.parts(sheet, list(zip(sheet.blocks, rows, strict=True)), words),
        "before": sheet.day - ONE if sheet.day > FIRST_DAY else None,
        "after": sheet.day + ONE if sheet.day < LAST_DAY else None,
    }


def another(services: Services, day: date, form: Form) -> str:
    """Return the page of a day that is not today; nothing on it goes on, so it is not fetched again."""
    words, now = polled.of(services), services.clock.now()
    with services.database.read() as session:
        sheet = day_blocks.read(session, services.rules, now, day)
        messages = stored.of_tickets(session, {block.caller.ticket for block in sheet.blocks})
    return render_template(
        "schedule/day.html", words=words, now=now, form=form, messages=messages, **parts_of(sheet, words)
    )


def status_of(form: Form) -> int:
    """Return the answer's status: what was asked for is no day, or it is one."""
    return REFUSED if form.problems else 200
