"""The time of a ticket: a correction with its reason, and work that no telephone measured."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput, RuleRefused
from callbacks.ports import Services
from callbacks.workflows import entering_time
from models.vocabulary import Role
from web import live
from web.access import only_for, person
from web.desk import ticket
from web.forms import done, not_done, typed


def create_blueprint(services: Services) -> Blueprint:
    """Return the two forms."""
    pages = Blueprint("desk_times", __name__)

    @pages.post("/desk/time/<int:entry_id>")
    @only_for(Role.AGENT)
    def correct(entry_id: int) -> AnyResponse | tuple[str, int]:
        words, form = live.of(services), typed()
        was = form.value("was")
        if not (was.isascii() and was.isdigit() and len(was) < 8):  # noqa: PLR2004 - as many seconds as a day and more
            abort(400)
        try:
            number = entering_time.ticket_of(services, entry_id)
        except RefusedInput:
            abort(404)
        try:
            entering_time.correct(
                services, entry_id, typed=form.value("duration"), was=int(was), why=form.value("why"), who=person()
            )
        except RuleRefused as error:
            if not error.field:
                return not_done(error, words)
            form.refuse(error, words)
            form.values = {**form.values, "entry": str(entry_id)}
            return ticket.refused(services, number, correction=form)
        return done(words.say("spent_corrected"))

    @pages.post("/desk/tickets/<int:number>/time")
    @only_for(Role.AGENT)
    def add(number: int) -> AnyResponse | tuple[str, int]:
        words, form = live.of(services), typed()
        try:
            entering_time.add(services, number, typed=form.value("duration"), what=form.value("what"), who=person())
        except RefusedInput as error:
            form.refuse(error, words, "duration")
            return ticket.refused(services, number, work=form)
        return done(words.say("spent_added"))

    return pages
