"""What an agent says of himself on his desk page: on duty, off duty, on a break, ready, and that the page is open."""

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.workflows import duty, preparing, wrapping_up
from callbacks.workflows.duty import Duty
from models.vocabulary import Role
from web import live as polled
from web.access import only_for, person
from web.desk.page import content
from web.forms import done, not_done, shown_again, typed

WISHES = {"on": duty.come_on_duty, "off": duty.go_off_duty}


def create_blueprint(services: Services) -> Blueprint:
    """Return the addresses of the buttons and of the page's sign of life."""
    pages = Blueprint("presence", __name__)

    @pages.post("/desk/duty")
    @only_for(Role.AGENT)
    def say() -> AnyResponse:
        wish = WISHES.get(request.form.get("wish", ""))
        if wish is None:
            abort(400)
        try:
            became = wish(services, person().name, person().name)
        except RefusedInput as error:
            return not_done(error, polled.of(services))
        return _said(became)

    @pages.post("/desk/break")
    @only_for(Role.AGENT)
    def rest() -> AnyResponse | tuple[str, int]:
        form = typed()
        if not form.value("away_why"):
            form.refuse(RuleRefused(Rule.NO_REASON, "a break has a reason", "away_why"), polled.of(services))
            return shown_again("desk/page.html", url_for("desk.page"), **content(services, form))
        return _said(duty.take_a_break(services, person().name, person().name, form.value("away_why")))

    @pages.post("/desk/ready")
    @only_for(Role.AGENT)
    def ready() -> AnyResponse:
        wrapping_up.is_ready(services, person().id)
        return done(polled.of(services).say("desk_ready_done"))

    @pages.post("/desk/here")
    @only_for(Role.AGENT)
    def here() -> AnyResponse:
        preparing.is_here(services, person().id)
        return Response(status=204)

    def _said(became: Duty) -> AnyResponse:
        return done(polled.of(services).say(f"desk_duty_{became.name.lower()}"))

    return pages
