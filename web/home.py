"""`/`: leads everybody to the page he works on."""

from flask import Blueprint, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import home_of, public


def create_blueprint() -> Blueprint:
    """Return the way home."""
    pages = Blueprint("home", __name__)

    @pages.get("/")
    @public
    def page() -> AnyResponse:
        return redirect(url_for(home_of(g.person.role) if g.person else "sign_in.form"), code=303)

    return pages
