"""The end of a caller's line, from both sides: our last document, and the provider's word that the call is over."""

from flask import Response, request

from callbacks.leg_words import STATUSES
from callbacks.ports import Services
from callbacks.workflows import releasing
from ivr.parameters import number
from ivr.twiml import heard, render
from models.vocabulary import FINAL_LEGS, Language


def bye(services: Services) -> Response:
    """Let go what was chosen on this line, and hang up."""
    releasing.says_goodbye(services, request.form["CallSid"])
    return render("hang_up", Language.NL, services)


def status(services: Services) -> Response:
    """Take in the end of a hotline call: a caller who hangs up in the middle keeps what he chose."""
    form = request.form
    end = STATUSES.get(form.get("CallStatus", ""))
    # What is told of a call that goes on, our own documents know better.
    if end in FINAL_LEGS:
        releasing.hangs_up(services, form["CallSid"], end, number("SequenceNumber"), number("CallDuration"))
    return heard()
