"""The hands of a supervisor on one call-back: each a form with a POST, kept with his name, refused with its rule.

A form on the page of its ticket is shown again where it is refused. A button in a live list sends `back` along: who
pressed it comes back there, with the reason on top.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, abort, make_response, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.local_times import starts_at
from callbacks.rules.queue_order import HOUR
from callbacks.store import ticket_facts
from callbacks.workflows import deciding, merging, moving, ranking
from callbacks.workflows.taking_in_hand import Wish
from models.vocabulary import AgentState, CallbackState, Option, Role
from web import live as polled
from web.access import only_for, person
from web.forms import Form, done, not_done, typed
from web.row_numbers import row_number
from web.schedule import ticket
from web.schedule.typed_values import hours_typed
from web.spans import typed_minute
from web.words import Words

Deed = Callable[[Services, Wish, Form, Words], str]
PATH = "/schedule/callbacks/<int:callback_id>"
ENDINGS = {
    "waiting": CallbackState.WAITING,
    "done": CallbackState.DONE,
    "cancelled": CallbackState.CANCELLED,
}
FROM_THE_LIST = "decided on the schedule"
"""The reason that is kept where somebody presses a button in a list, which asks for none."""


def create_blueprint(services: Services) -> Blueprint:
    """Return the forms, one address a hand."""
    pages = Blueprint("hands", __name__)

    @pages.post(f"{PATH}/<hand>")
    @only_for(Role.SUPERVISOR)
    def lay(callback_id: int, hand: str) -> AnyResponse:
        if hand not in DEEDS:
            abort(404)
        return _lay(services, callback_id, hand, DEEDS[hand])

    @pages.post(f"{PATH}/resolve/<ending>")
    @only_for(Role.SUPERVISOR)
    def resolve_from_list(callback_id: int, ending: str) -> AnyResponse:
        def deed(services: Services, wish: Wish, form: Form, words: Words) -> str:
            del form
            return _end(services, replace(wish, why=FROM_THE_LIST), ending, "", words)

        return _lay(services, callback_id, "resolve", deed)

    return pages


def _lay(services: Services, callback_id: int, hand: str, deed: Deed) -> AnyResponse:
    """Do what a form asks for, and answer it."""
    form, words, number = typed(), polled.of(services), _number(services, callback_id)
    wish = Wish(callback_id, form.value("seen"), person().name, form.value("why"))
    try:
        said = deed(services, wish, form, words)
    except RefusedInput as error:
        if form.value("back"):
            return not_done(error, words)
        form.refuse(error, words)
        return make_response(ticket.refused(services, number, hand, form))
    return done(said, None if form.value("back") else url_for("ticket.page", number=number))


def _number(services: Services, callback_id: int) -> int:
    with services.database.read() as session:
        number = ticket_facts.number_of(session, callback_id)
    if number is None:
        abort(404)
    return number


def _move(services: Services, wish: Wish, form: Form, words: Words) -> str:
    if form.value("at"):
        moving.move(services, wish, _moment(form, "at", words), beside_others=True)
    else:
        moment = typed_minute(form.value("slot"))
        if moment is None:
            message = "choose a moment"
            raise RuleRefused(Rule.NO_MOMENT, message, field="slot")
        moving.move(services, wish, moment)
    return words.say("hand_move_done")


def _pin(services: Services, wish: Wish, form: Form, words: Words) -> str:
    if not form.value("agent"):
        ranking.unpin(services, wish)
        return words.say("hand_unpin_done")
    doing = ranking.pin(services, wish, row_number(form.value("agent")) or 0)
    if doing in {AgentState.FREE, AgentState.WRAP_UP}:
        return words.say("hand_pin_done")
    return words.say("hand_pin_away", state=words.say(f"agent_{doing}"))


def _put_off(services: Services, wish: Wish, form: Form, words: Words) -> str:
    moving.put_off(services, wish, _moment(form, "until", words))
    return words.say("hand_put_off_done")


def _hold(services: Services, wish: Wish, form: Form, words: Words) -> str:
    del form
    moving.hold(services, wish)
    return words.say("hand_hold_done")


def _prioritise(services: Services, wish: Wish, form: Form, words: Words) -> str:
    option = Option.OUTAGE if form.value("option") == str(Option.OUTAGE.value) else Option.QUESTION
    ranking.prioritise(services, wish, option, round(hours_typed(form.value("hours")) * HOUR))
    return words.say("hand_prioritise_done")


def _call_now(services: Services, wish: Wish, form: Form, words: Words) -> str:
    del form
    ranking.call_now(services, wish)
    return words.say("hand_call_now_done")


def _cancel(services: Services, wish: Wish, form: Form, words: Words) -> str:
    number, tell = _number(services, wish.callback_id), bool(form.value("tell"))
    at_once = deciding.cancel(
        services, number, wish.why, wish.who, tell=tell, callback_id=wish.callback_id, seen=wish.seen
    )
    return words.say("hand_cancel_done" if at_once else "hand_cancel_soon")


def _merge(services: Services, wish: Wish, form: Form, words: Words) -> str:
    stays = merging.merge(services, wish, row_number(form.value("other")) or 0)
    return words.say("hand_merge_done", ticket=stays)


def _resolve(services: Services, wish: Wish, form: Form, words: Words) -> str:
    return _end(services, wish, form.value("ending"), form.value("number"), words)


def _end(services: Services, wish: Wish, ending: str, number: str, words: Words) -> str:
    if ending not in ENDINGS:
        abort(404)
    if ENDINGS[ending] is not CallbackState.WAITING:
        # Nobody is called any more: what stands in the field cannot stand in the way.
        number = ""
    which, goes_on = _number(services, wish.callback_id), ENDINGS[ending]
    deciding.resolve(services, which, goes_on, wish.why, wish.who, number, callback_id=wish.callback_id, seen=wish.seen)
    return words.say(f"hand_resolved_{ending}")


def _moment(form: Form, name: str, words: Words) -> datetime:
    """Return the moment somebody typed, on the wall clock of the desk."""
    try:
        return starts_at(form.value(name), words.zone)
    except RefusedInput as error:
        raise RuleRefused(Rule.NO_MOMENT, str(error), field=name) from error


DEEDS: dict[str, Deed] = {
    "move": _move,
    "put_off": _put_off,
    "hold": _hold,
    "pin": _pin,
    "prioritise": _prioritise,
    "call_now": _call_now,
    "cancel": _cancel,
    "merge": _merge,
    "resolve": _resolve,
}
"""What each form does; it returns what is said of it, and raises RefusedInput."""
