"""`/messages/<SID>`: what a caller said, to be heard by everybody of the desk.

Every agent, not only who is offered the call: whoever takes the ticket over tomorrow reads all of it, and a message is
part of it. Its address cannot be guessed, and is shown only beside its ticket.
"""

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.workflows import keeping_messages
from models.vocabulary import Role
from web.access import only_for

CONTENT_TYPE = "audio/wav"


def create_blueprint(services: Services) -> Blueprint:
    """Return the sound of a message; 404 for one that was never left, was deleted, or cannot be had now."""
    pages = Blueprint("messages", __name__)

    @pages.get("/messages/<recording_sid>")
    @only_for(*Role)
    def sound(recording_sid: str) -> AnyResponse:
        found = keeping_messages.sound(services, recording_sid)
        if found is None:
            abort(404)
        answer = Response(found, content_type=CONTENT_TYPE)
        # It is somebody's voice: neither the browser nor anything before it keeps it.
        answer.headers["Cache-Control"] = "private, no-store"
        # Some browsers play only what they may ask for in pieces.
        return answer.make_conditional(request, accept_ranges=True, complete_length=len(found))

    return pages
