"""`/desk/day`: an agent's own day, or any day of his: calls, time, and every talk whose outcome he still owes."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request, url_for

from callbacks.ports import Services
from callbacks.rules.day_grid import bounds
from callbacks.rules.durations import as_typed
from callbacks.store import talks as tries
from callbacks.store import work
from models.vocabulary import CustomerOutcome, Role
from web import live
from web.access import only_for, person
from web.desk import follow_ups, talk

FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)


def create_blueprint(services: Services) -> Blueprint:
    """Return the page."""
    pages = Blueprint("desk_day", __name__)

    @pages.get("/desk/day")
    @only_for(Role.AGENT)
    def page() -> str:
        words, now, who = live.of(services), services.clock.now(), person()
        today = now.astimezone(words.zone).date()
        day = _day(request.args.get("date", ""), today)
        starts, ends = bounds(day, words.zone)
        with services.database.read() as session:
            calls = tries.between(session, who.id, starts, ends)
            entries = work.entries_between(session, who.id, starts, ends)
            owed = tries.owed(session, who.id)
        return render_template(
            "desk/day.html",
            words=words,
            now=now,
            day=day,
            title=words.date(starts),
            before=url_for("desk_day.page", date=day - timedelta(days=1)),
            after=url_for("desk_day.page", date=day + timedelta(days=1)),
            here=url_for("desk_day.page", date=day) if day != today else url_for("desk_day.page"),
            calls=[(call, *talk.became(call, words)) for call in calls],
            talks=sum(1 for call in calls if call.customer_outcome is CustomerOutcome.BRIDGED),
            entries=entries,
            total=sum(entry.seconds for entry in entries),
            owed=owed,
            choices=talk.choices(services, words) if owed else None,
            as_typed=as_typed,
            **follow_ups.shown(services, words),
        )

    return pages


def _day(typed: str, today: date) -> date:
    """Return the day asked for; today where it is none."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today
    return day if FIRST <= day <= LAST else today
