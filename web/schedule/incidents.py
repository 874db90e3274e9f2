"""`/schedule/incidents`: outage mode. The failures that many report at once, and a form that opens another."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.store import incidents as stored
from callbacks.workflows import announcing, incidents
from models.vocabulary import Language, Role
from web import forms
from web import live as polled
from web.access import only_for, person
from web.forms import Form
from web.schedule.switches import announced


def create_blueprint(services: Services) -> Blueprint:
    """Return the list of incidents and its form."""
    pages = Blueprint("incidents", __name__)

    @pages.get("/schedule/incidents")
    @only_for(Role.SUPERVISOR)
    def page() -> str:
        return render_template("schedule/incidents.html", **_list(services, Form()))

    @pages.post("/schedule/incidents")
    @only_for(Role.SUPERVISOR)
    def begin() -> ResponseReturnValue:
        form, words = forms.typed(), polled.of(services)
        try:
            texts = announced(form, may_be_none=True)
            number = incidents.open_incident(services, form.value("title"), texts, person().name)
        except RefusedInput as error:
            form.refuse(error, words, "title")
            return forms.shown_again("schedule/incidents.html", url_for("incidents.page"), **_list(services, form))
        return forms.done(words.say("incident_is_open"), url_for("incident.page", number=number))

    return pages


def _list(services: Services, form: Form) -> dict[str, object]:
    with services.database.read() as session:
        every = stored.every(session)
    return {
        "now": services.clock.now(),
        "words": polled.of(services),
        "every": every,
        "form": form,
        "languages": list(Language),
        "longest": announcing.LONGEST,
    }
