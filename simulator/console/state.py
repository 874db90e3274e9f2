"""The page, and what it asks twice a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    del parts
    routes = Blueprint("state", __name__, template_folder="templates")
    routes.add_url_rule("/", "page", _page)
    return routes


def _page() -> ResponseReturnValue:
    return render_template("console.html")
