"""`/desk`: where an agent works."""

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from models.vocabulary import Role
from web import alarms
from web import live as polled
from web.access import only_for, person


def create_blueprint(services: Services) -> Blueprint:
    """Return the page and its live middle."""
    pages = Blueprint("desk", __name__)

    @pages.get("/desk")
    @only_for(Role.AGENT)
    def page() -> str:
        return render_template("desk/page.html", **_content(services))

    @pages.get("/desk/live")
    @only_for(Role.AGENT)
    def live() -> AnyResponse:
        return polled.answer(services, "desk/live.html", lambda: _content(services))

    return pages


def _content(services: Services) -> dict[str, Any]:
    now, words = services.clock.now(), polled.of(services)
    return {
        "now": now,
        "words": words,
        "updated": words.clock_seconds(now),
        "alarms": alarms.shown(services, words, person().role),
    }
