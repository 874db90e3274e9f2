"""The call-back an agent prepares: let his phone ring now, or leave it to somebody else."""

from collections.abc import Callable

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RuleRefused
from callbacks.ports import Services
from callbacks.workflows import preparing
from models.vocabulary import Role
from web import live as polled
from web.access import only_for, person
from web.forms import done, not_done


def create_blueprint(services: Services) -> Blueprint:
    """Return the addresses of both buttons."""
    pages = Blueprint("offers", __name__)

    @pages.post("/desk/offers/<int:attempt_id>/now")
    @only_for(Role.AGENT)
    def call_now(attempt_id: int) -> AnyResponse:
        return _done(preparing.call_now, attempt_id, "desk_now_done")

    @pages.post("/desk/offers/<int:attempt_id>/decline")
    @only_for(Role.AGENT)
    def decline(attempt_id: int) -> AnyResponse:
        return _done(preparing.decline, attempt_id, "desk_decline_done")

    def _done(deed: Callable[[Services, int, int], None], attempt_id: int, said: str) -> AnyResponse:
        words = polled.of(services)
        try:
            deed(services, person().id, attempt_id)
        except RuleRefused as error:
            return not_done(error, words)
        return done(words.say(said))

    return pages
