"""What an agent has still to do for tickets: written on their pages, ticked off wherever it is shown."""

from collections.abc import Sequence

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.store import work
from callbacks.store.work import ToDo
from callbacks.workflows import following_up
from models.vocabulary import Role
from web import live
from web.access import only_for, person
from web.desk import ticket
from web.forms import done, not_done, typed


def create_blueprint(services: Services) -> Blueprint:
    """Return the form of a follow-up, and its one button."""
    pages = Blueprint("desk_follow_ups", __name__)

    @pages.post("/desk/tickets/<int:number>/follow-ups")
    @only_for(Role.AGENT)
    def add(number: int) -> AnyResponse | tuple[str, int]:
        words, form = live.of(services), typed()
        try:
            following_up.add(services, number, form.values.get("body", ""), form.value("due"), person())
        except RefusedInput as error:
            form.refuse(error, words, "body")
            return ticket.refused(services, number, to_do=form)
        return done(words.say("follow_up_kept"))

    @pages.post("/desk/follow-ups/<int:follow_up_id>/done")
    @only_for(Role.AGENT)
    def tick_off(follow_up_id: int) -> AnyResponse:
        words = live.of(services)
        try:
            following_up.tick_off(services, follow_up_id, person())
        except RefusedInput as error:
            return not_done(error, words)
        return done(words.say("follow_up_done"))

    return pages


def mine(services: Services) -> Sequence[ToDo]:
    """Return what whoever reads this page has still to do, the most urgent on top: for `desk/follow_ups.html`."""
    with services.database.read() as session:
        return work.open_follow_ups(session, person().id)
