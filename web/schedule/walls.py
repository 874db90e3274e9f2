"""`/schedule/walls`: the links of the screens on the wall, for supervisors: made here, shown once, and taken back."""

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.workflows import wall_screens
from models.vocabulary import Role
from web import forms, own_language
from web import live as polled
from web.access import only_for, person
from web.forms import Form
from web.wall_door import language

NEW_LINK = "new_wall_link"
"""Where the new address waits for the page that shows it: in the maker's own cookie, for that one page."""


def create_blueprint(services: Services) -> Blueprint:
    """Return the list and its two forms."""
    pages = Blueprint("walls", __name__)

    @pages.get("/schedule/walls")
    @only_for(Role.SUPERVISOR)
    def page() -> str:
        return render_template("wall/links.html", **_content(services, Form({"language": str(person().language)})))

    @pages.post("/schedule/walls")
    @only_for(Role.SUPERVISOR)
    def make() -> AnyResponse | tuple[str, int]:
        form = forms.typed()
        try:
            made = wall_screens.make(services, form.value("name"), person().name)
        except RefusedInput as error:
            form.refuse(error, polled.of(services), "name")
            return forms.shown_again("wall/links.html", url_for("walls.page"), **_content(services, form))
        path = url_for("wall.enter", secret=made.secret, language=language(form.value("language")))
        session[NEW_LINK] = services.webhooks.public_base_url.rstrip("/") + path
        return redirect(url_for("walls.page"), code=303)

    @pages.post("/schedule/walls/<int:link_id>/revoke")
    @only_for(Role.SUPERVISOR)
    def revoke(link_id: int) -> AnyResponse:
        words = polled.of(services)
        try:
            wall_screens.revoke(services, link_id, person().name)
        except RefusedInput as error:
            return forms.not_done(error, words)
        return forms.done(words.say("wall_revoked"))

    return pages


def _content(services: Services, form: Form) -> dict[str, object]:
    words = polled.of(services)
    return {
        "form": form,
        "words": words,
        "now": services.clock.now(),
        "links": wall_screens.every(services),
        "new_link": session.pop(NEW_LINK, None),
        "languages": own_language.CHOICES,
        "longest_name": wall_screens.LONGEST_NAME,
    }
