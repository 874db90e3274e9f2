"""A caller for whose number enough call-backs are open: he hears that we know, and when we call."""

from flask import Response

from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.workflows import knowing_requests
from callbacks.workflows.registering import Line
from ivr.twiml import render


def tell(services: Services, line: Line) -> Response:
    """Say that the request is known, with the range promised for it where one still stands, and end the call."""
    now, range_ = knowing_requests.promised(services, line.callback_id)
    day, start, end = ("", "", "")
    if range_ is not None:
        day, start, end = spoken.within(line.language, range_.starts, range_.ends, now, services.rules.zone)
    return render("known_request", line.language, services, day=day, start=start, end=end)
