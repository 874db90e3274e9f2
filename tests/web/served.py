"""The pages behind a server for browsers that leave whenever they like."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def whole(app: "WSGIApplication") -> "WSGIApplication":
    """Return an application that hands over each answer in one piece.

    Werkzeug's development server does not close what it was sending to a browser that leaves in the middle of it, and
    an open file that is swept up later fails whatever test runs by then.
    """

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    return serve
