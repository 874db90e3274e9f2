"""The tone: a caller says in his own words what it is about. Of what comes with a recording only its SID is used."""

from flask import Response, request

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.workflows import leaving_messages
from callbacks.workflows.leaving_messages import Room
from ivr.caller import asked
from ivr.parameters import number
from ivr.twiml import heard, render

COMPLETED = "completed"


def tone(services: Services) -> Response:
    """Ask for a message, for the call-back this line is about."""
    line = asked(services).line
    room = leaving_messages.room(services, line)
    if room is Room.OPEN:
        return render("message", line.language, services, longest=services.rules.message_seconds)
    if room is Room.FULL:
        return render("on", line.language, services, sentences=["message_enough"], path=webhook_paths.FAREWELL)
    return render("on", line.language, services, sentences=["farewell_bye"], path=webhook_paths.BYE)


def left(services: Services) -> Response:
    """Keep what was recorded, and only then say so; a caller who hung up in the middle comes here, too."""
    line = asked(services).line
    if line.callback_id is None:
        return render("on", line.language, services, sentences=["farewell_bye"], path=webhook_paths.BYE)
    kept = _keep(services)
    sentence = "message_kept" if kept else "message_nothing"
    return render("on", line.language, services, sentences=[sentence], path=webhook_paths.FAREWELL)


def status(services: Services) -> Response:
    """Take the provider's notice of a recording: it comes where the line's own request was lost."""
    if request.form.get("RecordingStatus", COMPLETED) == COMPLETED:
        _keep(services)
    return heard()


def _keep(services: Services) -> bool:
    form = request.form
    return leaving_messages.leave(services, form["CallSid"], form.get("RecordingSid", ""), number("RecordingDuration"))
