"""`/schedule/figures`: how the desk does, by day and by hour, drawn, as tables, and as files for a spreadsheet.

The page is not polled: it reads thirty days, and nobody decides anything by it within two seconds.
"""

from datetime import timedelta

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.store import figures as stored
from callbacks.store.hours import calendar
from models.vocabulary import Role
from web import csv_file
from web import live as polled
from web.access import only_for
from web.schedule import figures_view
from web.schedule.figure_groups import Facts, days_shown, midnight
from web.words import Words


def create_blueprint(services: Services) -> Blueprint:
    """Return the page and its files."""
    pages = Blueprint("figures", __name__)

    @pages.get("/schedule/figures")
    @only_for(Role.SUPERVISOR)
    def page() -> str:
        words = polled.of(services)
        facts = _facts(services, words)
        today, month = figures_view.today_and_month(facts, words)
        return render_template(
            "schedule/figures.html",
            words=words,
            updated=words.clock_seconds(facts.now),
            present=facts.present,
            longest=figures_view.span(facts.present.longest, words),
            stretches=[
                (words.say("figures_today"), today.waits(), today.punctuality(), today.first_tries()),
                (words.say("figures_month"), month.waits(), month.punctuality(), month.first_tries()),
            ],
            span=lambda length: figures_view.span(length, words),
            share=figures_view.share,
            tables=figures_view.every(facts, words),
        )

    @pages.get("/schedule/figures/<name>.csv")
    @only_for(Role.SUPERVISOR)
    def file(name: str) -> AnyResponse:
        words = polled.of(services)
        found = [each for each in figures_view.every(_facts(services, words), words) if each.name == name]
        if not found:
            abort(404)
        return csv_file.answer(found[0].name, found[0].columns, found[0].rows)

    return pages


def _facts(services: Services, words: Words) -> Facts:
    now = services.clock.now()
    today = now.astimezone(words.zone).date()
    begins = midnight(today, words)
    first = midnight(days_shown(today)[0], words)
    ends = midnight(today + timedelta(days=1), words)
    with services.database.read() as session:
        hours = calendar(session, services.rules)
        return Facts(
            now=now,
            today=today,
            present=stored.present(session, hours, now),
            rung=stored.rung(session, hours, first, ends),
            ended=stored.ended(session, hours, first, ends),
            steps=stored.steps(session, begins, now),
        )
