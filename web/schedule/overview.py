"""`/schedule`: the desk's day, live. The page is drawn once; its middle is fetched again every two seconds."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.store import day as days
from callbacks.store import day_blocks, figures, queue_search
from callbacks.store import messages as stored
from callbacks.store import needy as needing
from models.vocabulary import Role
from web import alarms, own_language
from web import live as polled
from web.access import only_for, person
from web.schedule import day_page, day_view, figures_view, hours_view, needy_view, queue_filter

PAGE_ROWS = 50
MOST_PAGES = 10_000


def create_blueprint(services: Services) -> Blueprint:
    """Return the page and its live middle."""
    pages = Blueprint("schedule", __name__)

    @pages.get("/schedule")
    @only_for(Role.SUPERVISOR)
    def page() -> str | tuple[str, int]:
        words = polled.of(services)
        today = day_page.local_day(services.clock.now(), words)
        day, form = day_page.asked(today, words)
        if day is not None and day != today:
            return day_page.another(services, day, form)
        content = _content(services, _page_number())
        return render_template("schedule/overview.html", form=form, **content), day_page.status_of(form)

    @pages.get("/schedule/live")
    @only_for(Role.SUPERVISOR)
    def live() -> AnyResponse:
        return polled.answer(services, "schedule/overview_live.html", lambda: _content(services, _page_number()))

    return pages


def _content(services: Services, number: int) -> dict[str, Any]:
    words, now, skip = polled.of(services), services.clock.now(), (number - 1) * PAGE_ROWS
    wanted = queue_filter.asked(request.args)
    with services.database.read() as session:
        day = days.read(session, services.rules, now, skip=skip, limit=PAGE_ROWS, wanted=wanted)
        sheet = day_blocks.read(session, services.rules, now, day_page.local_day(now, words), day)
        waits, promises = figures.of_day(session, day.calendar, day.starts, day.ends)
        agents = queue_search.agents(session)
        needy = needing.read(session, now)
        shown = [*day_view.rows(day), *sheet.blocks]
        messages = stored.of_tickets(session, {row.caller.ticket for row in shown} | needy.tickets)
    return {
        "alarms": alarms.shown(services, words, person().role),
        "now": now,
        "words": words,
        "updated": words.clock_seconds(now),
        "page": number,
        "pages": max(1, -(-day.found // PAGE_ROWS)),
        "agents": agents,
        "search": queue_filter.form(wanted),
        "tongues": own_language.CHOICES,
        "filter": queue_filter.address(wanted),
        "day": day,
        "messages": messages,
        "open": hours_view.is_open(day),
        "hours": hours_view.hours_line(day, words),
        "exceptions": hours_view.exceptions(day, words),
        "oldest_wait": day_view.oldest_wait(day, words),
        "median_wait": figures_view.span(waits.median_open, words),
        "on_time": figures_view.share(promises.share),
        "free": day_view.free(day),
        "on_duty": day_view.on_duty(day),
        "held": [day_view.held_line(row, words, now) for row in day.held],
        "running": [day_view.running_line(row, words, now) for row in day.running],
        "queue": day_view.places(day, words, dict(agents)),
        "resting": [day_view.resting_line(row, words, now) for row in day.resting],
        "needy": needy_view.groups(needy, words, now),
        "needy_count": needy.count,
        "without_outcome": [day_view.ended_line(row, words, now) for row in day.without_outcome],
        "talked": words.talk(sum(row.talk_seconds for row in day.tries)),
        **day_page.parts_of(sheet, words),
    }


def _page_number() -> int:
    """Return the page asked for; anything that is no page is the first."""
    return min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
