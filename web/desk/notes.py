"""Notes on a ticket, written on its page or in the live middle of the desk."""

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.workflows import noting
from models.vocabulary import Role
from web import live
from web.access import only_for, person
from web.desk import ticket
from web.forms import done, typed


def create_blueprint(services: Services) -> Blueprint:
    """Return the form of a note."""
    pages = Blueprint("desk_notes", __name__)

    @pages.post("/desk/tickets/<int:number>/notes")
    @only_for(Role.AGENT)
    def write(number: int) -> AnyResponse | tuple[str, int]:
        words, form = live.of(services), typed()
        try:
            noting.write(services, number, form.values.get("note", ""), person())
        except RefusedInput as error:
            form.refuse(error, words, "note")
            return ticket.refused(services, number, note=form)
        return done(words.say("talk_note_kept"))

    return pages
