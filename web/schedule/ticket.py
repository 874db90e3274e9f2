"""`/schedule/tickets/<number>`: everything about one ticket, and what a supervisor may do about it."""

from flask import Blueprint, abort

from callbacks.ports import Services
from models.vocabulary import Role
from web.access import only_for


def create_blueprint(services: Services) -> Blueprint:
    """Return the page of one ticket."""
    pages = Blueprint("ticket", __name__)
    del services

    @pages.get("/schedule/tickets/<int:number>")
    @only_for(Role.SUPERVISOR)
    def page(number: int) -> str:
        del number
        abort(404)

    return pages
