"""`/desk/tickets/<number>`: one ticket as an agent works on it."""

from flask import Blueprint, abort

from callbacks.ports import Services
from models.vocabulary import Role
from web.access import only_for


def create_blueprint(services: Services) -> Blueprint:
    """Return the page of one ticket."""
    pages = Blueprint("desk_ticket", __name__)
    del services

    @pages.get("/desk/tickets/<int:number>")
    @only_for(Role.AGENT)
    def page(number: int) -> str:
        del number
        abort(404)

    return pages
