"""What a WSGI server loads: `gunicorn web.wsgi:app`."""

from typing import Any

from callbacks import wiring
from callbacks.logs import set_up
from web.app import create_app


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute may be anything
    """Build `app` when it is first asked for, so that importing this module reads no settings and opens nothing."""
    if name != "app":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    set_up("web")
    settings = wiring.settings()
    app = create_app(wiring.build(settings, web=True), settings)
    globals()["app"] = app
    return app
