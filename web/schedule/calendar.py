"""`/schedule/hours`: closures and extra openings, and the days as they are and would become."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.workflows import changing_hours
from callbacks.workflows.changing_hours import Look
from models.vocabulary import OverrideKind, Role
from web import live as polled
from web.access import only_for, person
from web.forms import Form, done, not_done, shown_again, typed
from web.row_numbers import row_number
from web.schedule import calendar_view, day_words
from web.spans import typed_span

DAYS = 14
LONGEST_NOTE = 200
FIELDS = ("kind", "from_day", "from_time", "until_day", "until_time", "note")


def create_blueprint(services: Services) -> Blueprint:
    """Return the page and what its forms do."""
    pages = Blueprint("calendar", __name__)

    @pages.get("/schedule/hours")
    @only_for(Role.SUPERVISOR)
    def page() -> ResponseReturnValue:
        if "from_day" not in request.args:
            return render_template("schedule/calendar.html", **_content(services, Form()))
        # Looking changes nothing, so that it has an address: it can be sent to a colleague, and loaded again.
        form = Form({name: request.args.get(name, "").strip() for name in FIELDS})
        try:
            look = changing_hours.look(services, _kind(form), *typed_span(form, services.rules.zone), DAYS)
        except RefusedInput as refusal:
            return _again(services, form, refusal)
        return render_template("schedule/calendar.html", **_content(services, form, look))

    @pages.post("/schedule/hours/look")
    @only_for(Role.SUPERVISOR)
    def look() -> ResponseReturnValue:
        form = typed()
        asked = urlencode({name: form.value(name) for name in FIELDS})
        return redirect(f"{url_for('calendar.page')}?{asked}", code=303)

    @pages.post("/schedule/hours/enter")
    @only_for(Role.SUPERVISOR)
    def enter() -> ResponseReturnValue:
        form, words = typed(), polled.of(services)
        note, kind = form.value("note")[:LONGEST_NOTE], _kind(form)
        try:
            starts, ends = typed_span(form, services.rules.zone)
            changing_hours.change(services, kind, starts, ends, note, person().name)
        except RefusedInput as refusal:
            return _again(services, form, refusal)
        return done(words.say(f"calendar_entered_{kind}"), url_for("calendar.page"))

    @pages.post("/schedule/hours/remove")
    @only_for(Role.SUPERVISOR)
    def remove() -> ResponseReturnValue:
        number = row_number(request.form.get("number")) or 0
        try:
            changing_hours.take_back(services, number, person().name)
        except RefusedInput as refusal:
            return not_done(refusal, polled.of(services))
        return done(polled.of(services).say("calendar_removed"), url_for("calendar.page"))

    return pages


def _kind(form: Form) -> OverrideKind:
    """Return what is entered; a closure, which can do no harm outside the hours, where the word is none of ours."""
    return OverrideKind.OPENING if form.value("kind") == OverrideKind.OPENING else OverrideKind.CLOSURE


def _again(services: Services, form: Form, refusal: RefusedInput) -> ResponseReturnValue:
    form.refuse(refusal, polled.of(services), "from_day")
    return shown_again("schedule/calendar.html", url_for("calendar.page"), **_content(services, form))


def _content(services: Services, form: Form, look: Look | None = None) -> dict[str, Any]:
    words, now = polled.of(services), services.clock.now()
    days = look.before if look else changing_hours.coming_days(services, DAYS)
    unfixed = changing_hours.days_to_fix(services)
    return {
        "form": form,
        "look": look,
        "kinds": [(kind, words.say(f"calendar_kind_{kind}")) for kind in (OverrideKind.CLOSURE, OverrideKind.OPENING)],
        "days": calendar_view.day_rows(days, look.after if look else days, words, now),
        "marks": calendar_view.MARKS,
        "width": calendar_view.WIDTH,
        "entered": [
            (each, calendar_view.span_line(each.starts, each.ends, words, now))
            for each in changing_hours.entered(services)
        ],
        "unfixed": unfixed and (unfixed[0], ", ".join(day_words.date_of(day, now, words) for day in unfixed[1])),
    }
