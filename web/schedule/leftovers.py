"""What is left over, settled by a supervisor: calls in doubt, customers not reached, mails that went nowhere."""

from collections.abc import Callable

from flask import Blueprint, make_response, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.workflows import settling
from models.vocabulary import Role
from web import live as polled
from web.access import only_for, person
from web.forms import done, not_done, typed
from web.schedule import ticket


def create_blueprint(services: Services) -> Blueprint:
    """Return the forms."""
    pages = Blueprint("leftovers", __name__)

    @pages.post("/schedule/attempts/<int:attempt_id>/ask")
    @only_for(Role.SUPERVISOR)
    def ask(attempt_id: int) -> AnyResponse:
        return _press(services, lambda: settling.ask_provider(services, attempt_id, person().name), "hand_ask_done")

    @pages.post("/schedule/callbacks/<int:callback_id>/again")
    @only_for(Role.SUPERVISOR)
    def call_again(callback_id: int) -> AnyResponse:
        return _press(services, lambda: settling.call_again(services, callback_id, person().name), "hand_again_done")

    @pages.post("/schedule/mails/<int:mail_id>/settled")
    @only_for(Role.SUPERVISOR)
    def settle_mail(mail_id: int) -> AnyResponse:
        return _press(
            services, lambda: settling.settle_mail(services, mail_id, person().name), "hand_mail_settled_done"
        )

    @pages.post("/schedule/mails/<int:mail_id>/again")
    @only_for(Role.SUPERVISOR)
    def send_again(mail_id: int) -> AnyResponse:
        return _press(services, lambda: settling.send_again(services, mail_id, person().name), "hand_mail_again_done")

    @pages.post("/schedule/tickets/<int:number>/mails/<int:mail_id>")
    @only_for(Role.SUPERVISOR)
    def send_elsewhere(number: int, mail_id: int) -> AnyResponse:
        address = typed().value("recipient")
        return _fill_in(
            services,
            number,
            f"mail-{mail_id}",
            lambda: settling.send_again(services, mail_id, person().name, address),
            "hand_mail_again_done",
        )

    @pages.post("/schedule/tickets/<int:number>/close")
    @only_for(Role.SUPERVISOR)
    def close(number: int) -> AnyResponse:
        why, tell = typed().value("why"), bool(typed().value("tell"))
        return _fill_in(
            services,
            number,
            "close",
            lambda: settling.close_ticket(services, number, why, person().name, tell=tell),
            "hand_close_done",
        )

    return pages


def _press(services: Services, deed: Callable[[], None], said: str) -> AnyResponse:
    """Do what a button without fields asks for; whoever pressed it comes back to where it was."""
    words = polled.of(services)
    try:
        deed()
    except RefusedInput as error:
        return not_done(error, words)
    return done(words.say(said))


def _fill_in(services: Services, number: int, hand: str, deed: Callable[[], None], said: str) -> AnyResponse:
    """Do what a form on the page of a ticket asks for, and answer it there."""
    words = polled.of(services)
    try:
        deed()
    except RefusedInput as error:
        form = typed()
        form.refuse(error, words)
        return make_response(ticket.refused(services, number, hand, form))
    return done(words.say(said), url_for("ticket.page", number=number))
