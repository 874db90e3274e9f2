"""The end of a caller's line, from both sides: our last document, and the provider's word that the call is over."""

from flask import Response, request

from callbacks.ports import Services
from callbacks.workflows import releasing
from ivr.twiml import heard, render
from models.vocabulary import Language, LegStatus

ENDS = {
    "completed": LegStatus.COMPLETED,
    "busy": LegStatus.BUSY,
    "no-answer": LegStatus.NO_ANSWER,
    "failed": LegStatus.FAILED,
    "canceled": LegStatus.CANCELED,
}
"""The provider's words for a call that is over. What it tells of a call that goes on, our own documents know better."""


def bye(services: Services) -> Response:
    """Let go what was chosen on this line, and hang up."""
    releasing.says_goodbye(services, request.form["CallSid"])
    return render("hang_up", Language.NL, services)


def status(services: Services) -> Response:
    """Take in the end of a hotline call: a caller who hangs up in the middle keeps what he chose."""
    form = request.form
    end = ENDS.get(form.get("CallStatus", ""))
    if end is not None:
        releasing.hangs_up(services, form["CallSid"], end, _number("SequenceNumber"), _number("CallDuration"))
    return heard()


def _number(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
