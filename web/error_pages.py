"""What a person sees when a page cannot be shown: the same clothes, one sentence, a way on."""

from flask import Flask, g, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

from models.vocabulary import Language

EXPLAINED = frozenset({400, 403, 404, 405, 413, 500})
SERVER_ERROR = 500


def install(app: Flask) -> None:
    """Answer every error that no blueprint answers itself."""

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> ResponseReturnValue:
        code = error.code or SERVER_ERROR
        if code < min(EXPLAINED):
            return error.get_response()
        return _page(code, error)

    @app.errorhandler(Exception)
    def apologise(error: Exception) -> ResponseReturnValue:
        app.logger.error("a page failed", exc_info=error)
        return _page(SERVER_ERROR, InternalServerError())


def _page(code: int, error: HTTPException) -> ResponseReturnValue:
    # The error may have come before anybody was recognised, or from recognising.
    g.setdefault("language", Language.NL)
    g.setdefault("person", None)
    answer = make_response(render_template("error.html", code=code, text=code if code in EXPLAINED else 400), code)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer
