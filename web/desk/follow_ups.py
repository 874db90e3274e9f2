"""What an agent has still to do for tickets: written on their pages, ticked off wherever it is shown."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.store import talks, work
from callbacks.workflows import following_up
from models.vocabulary import Role, TalkOutcome
from web import live
from web.access import only_for, person
from web.desk import ticket
from web.forms import done, typed
from web.words import Words


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
        try:
            following_up.tick_off(services, follow_up_id, person())
        except RefusedInput:
            abort(404)
        return done(live.of(services).say("follow_up_done"))

    return pages


def shown(services: Services, words: Words) -> dict[str, object]:
    """Return what whoever reads this page has still to do, and on how many talks he owes a word.

    These are the values that `desk/follow_ups.html` wants.
    """
    with services.database.read() as session:
        to_do, owed = work.open_follow_ups(session, person().id), talks.owed(session, person().id)
    # The one of just now has its buttons right there.
    owing = sum(1 for each in owed if each.outcome is TalkOutcome.UNSTATED)
    return {"to_do": to_do, "owing": owing, "today": services.clock.now().astimezone(words.zone).date()}
