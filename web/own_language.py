"""The language somebody chose for the pages in this browser: a cookie, apart from what he speaks on the telephone."""

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from models.vocabulary import Language

COOKIE = "language"
YEAR_SECONDS = 31_536_000
NAMES = {Language.NL: "Nederlands", Language.FR: "Français", Language.EN: "English"}
"""Each in its own language: who cannot read the page must find his."""
CHOICES = [(str(language), name) for language, name in NAMES.items()]


def chosen() -> Language | None:
    """Return the language of this browser's cookie; None without one, or for an unknown word."""
    word = request.cookies.get(COOKIE)
    return Language(word) if word in set(Language) else None


def keep(answer: AnyResponse, language: Language) -> None:
    """Keep a language in the browser that gets this answer."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(COOKIE, language, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
