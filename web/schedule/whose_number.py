"""`/schedule/numbers/link`: a number that nobody knows is put with a contact, and its open tickets go along."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.rules.phone_numbers import NumberRefused
from callbacks.rules.search_words import LONGEST
from callbacks.store import contacts
from callbacks.workflows import naming_callers
from models.vocabulary import Role
from web import forms
from web import live as polled
from web.access import only_for, person
from web.forms import Form
from web.row_numbers import row_number

Page = str | tuple[str, int]


def create_blueprint(services: Services) -> Blueprint:
    """Return the page and its form."""
    pages = Blueprint("whose_number", __name__)

    @pages.get("/schedule/numbers/link")
    @only_for(Role.SUPERVISOR)
    def page() -> Page:
        return _page(services, Form({name: value.strip() for name, value in request.args.items()}))

    @pages.post("/schedule/numbers/link")
    @only_for(Role.SUPERVISOR)
    def link() -> AnyResponse | Page:
        form, words = forms.typed(), polled.of(services)
        contact_id = row_number(form.value("contact")) or 0
        try:
            known, moved = naming_callers.name(services, form.value("number"), contact_id, person().name)
        except RefusedInput as refused:
            form.refuse(refused, words, "number" if isinstance(refused, NumberRefused) else "")
            return _page(services, form)
        told = words.say("whose_done", name=known.name, company=known.company, tickets=moved)
        return forms.done(told, url_for("schedule.page"))

    return pages


def _page(services: Services, form: Form) -> Page:
    words, number, typed = polled.of(services), form.value("number"), form.value("q")[:LONGEST]
    stranger = None
    if number:
        try:
            stranger = naming_callers.look(services, number)
        except RefusedInput as refused:
            form.refuse(refused, words, "number")
    with services.database.read() as session:
        found = contacts.search(session, typed)
    values = {"form": form, "words": words, "stranger": stranger, "typed": typed, "found": found}
    if form.problems and request.method == "POST":
        here = url_for("whose_number.page", number=number, q=typed or None)
        return forms.shown_again("schedule/whose_number.html", here, **values)
    return render_template("schedule/whose_number.html", **values)
