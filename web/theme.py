"""Light, dark, or as the machine has it: a cookie, and the form that sets it."""

from flask import Blueprint, abort, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from web.access import public
from web.forms import back

COOKIE = "theme"
THEMES = ("system", "light", "dark")
YEAR_SECONDS = 31_536_000


def create_blueprint() -> Blueprint:
    """Return the form's address, `POST /theme`."""
    pages = Blueprint("theme", __name__)

    @pages.post("/theme")
    @public
    def choose() -> AnyResponse:
        wanted = request.form.get("theme")
        if wanted not in THEMES:
            abort(400)
        answer = redirect(back(), code=303)
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        answer.set_cookie(COOKIE, wanted, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
        return answer

    return pages


def chosen() -> str:
    """Return the theme of this request; an unknown word counts as none."""
    word = request.cookies.get(COOKIE, THEMES[0])
    return word if word in THEMES else THEMES[0]
