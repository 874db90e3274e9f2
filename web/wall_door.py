"""The door of a screen on the wall: a cookie of its own that opens the wall and nothing else."""

from datetime import timedelta

from flask import Response, current_app, g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.workflows import wall_screens
from models.vocabulary import Language

COOKIE = "ringback_wall"
KEPT = timedelta(days=365)
"""No browser keeps a cookie for much longer; then the link is opened once more."""


def keep(answer: AnyResponse, secret: str, language: Language) -> None:
    """Have the browser keep the secret of its link, and in which language its screen is read."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    value = f"{language}.{secret}"
    answer.set_cookie(cookie_name(), value, max_age=KEPT, secure=secure, httponly=True, samesite="Lax")


def shown_key() -> bool:
    """Say whether this browser has ever opened a link for the wall."""
    return cookie_name() in request.cookies


def open_or_shut(services: Services) -> AnyResponse | None:
    """Let the screen in, or say that its link was taken back: a plain page, to which a poll leads as well."""
    word, _, secret = request.cookies[cookie_name()].partition(".")
    g.language = language(word)
    g.screen = wall_screens.screen_of(services, secret)
    if g.screen is not None:
        return None
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": url_for("wall.page")})
    return make_response(render_template("wall/shut.html"), 403)


def language(word: str) -> Language:
    """Return the language of this name, the house's own for any other word."""
    return Language(word) if word in set(Language) else Language.NL


def cookie_name() -> str:
    """Return the cookie's name; the prefix is explained in web.access."""
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE
