"""The sound of a customer's message, for the telephone network that plays it to the agent.

It is fetched with a plain GET of which nobody promises that it is signed (docs/decisions.md), so this door has a lock
of its own: the secret token of a live attempt, together with a message of that attempt's ticket.
"""

from flask import Blueprint, Response

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.workflows import keeping_messages

CONTENT_TYPE = "audio/wav"


def sounds(services: Services) -> Blueprint:
    """Return the blueprint; 404 with an empty body for whatever may not be heard, for whichever reason."""
    blueprint = Blueprint("sounds", __name__)

    def message(token: str, recording_sid: str) -> Response:
        sound = keeping_messages.sound_for_agent(services, token, recording_sid)
        return Response(status=404) if sound is None else Response(sound, content_type=CONTENT_TYPE)

    path = webhook_paths.agent_message("<token>", "<recording_sid>")
    blueprint.add_url_rule(path, "message", message, methods=["GET"])
    return blueprint
