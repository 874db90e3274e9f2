"""`/desk`: where an agent works. The page is drawn once; its middle is fetched again every two seconds."""

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.rules.queue_order import explanation
from callbacks.store import desks, dossiers, hours
from models.vocabulary import Role
from web import alarms
from web import live as polled
from web.access import only_for, person
from web.desk import follow_ups, stages, talk
from web.forms import Form
from web.open_time import waited


def create_blueprint(services: Services) -> Blueprint:
    """Return the page and its live middle."""
    pages = Blueprint("desk", __name__)

    @pages.get("/desk")
    @only_for(Role.AGENT)
    def page() -> str:
        return render_template("desk/page.html", **content(services))

    @pages.get("/desk/live")
    @only_for(Role.AGENT)
    def live() -> AnyResponse:
        with services.database.read() as session:
            ended = desks.ended_by_itself(session, person().id, services.clock.now())
        return polled.answer(services, "desk/live.html", lambda: content(services), also=str(ended))

    return pages


def content(services: Services, form: Form | None = None) -> dict[str, Any]:
    """Return what the page shows to whoever is signed in; `form` is that of a break as it was typed."""
    now, words, who = services.clock.now(), polled.of(services), person()
    with services.database.read() as session:
        desk = desks.read(session, services.rules, who.id, now)
        current = desk.current
        dossier = dossiers.of(session, current.attempt_id) if current else None
    has_message = dossier is not None and not all(each.deleted for each in dossier.messages)
    starts = hours.head_starts(services.rules)
    return {
        "now": now,
        "words": words,
        "updated": words.clock_seconds(now),
        "alarms": alarms.shown(services, words, who.role),
        "form": form or Form(),
        "desk": desk,
        "top": stages.top(desk, words, has_message=has_message),
        "ended": stages.ending(desk.last, words) if desk.last else "",
        "missed": [(words.moment(each.reserved_at, now), each, stages.ending(each, words)) for each in desk.missed],
        "dossier": dossier,
        "why": explanation(dossier.standing, starts, words.language) if dossier else "",
        "waits": words.span(waited(desk.calendar, dossier.arrived_at, desk.now)) if dossier else "",
        "coming": [
            (
                each,
                explanation(each.standing, starts, words.language),
                words.span(waited(desk.calendar, each.arrived_at, desk.now)),
            )
            for each in desk.coming
        ],
        "talk": None,
        **follow_ups.shown(services, words),
        **(talk.panel(services, words, current.attempt_id) if current else {}),
    }
