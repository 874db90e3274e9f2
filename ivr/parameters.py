"""Numbers and words out of a webhook, read forgivingly: a lost or foreign parameter never stops a call."""

from flask import request

from callbacks.leg_words import STATUSES
from callbacks.workflows.telling import DialResult
from models.vocabulary import LegStatus

LONGEST_NUMBER = 9


def number(name: str) -> int | None:
    """Return a whole number of the form, or None where there is none."""
    return _whole(request.form.get(name, ""))


def count(name: str) -> int:
    """Return a counter of the query, or 1."""
    return _whole(request.args.get(name, "")) or 1


def dial_result() -> DialResult:
    """Return what the Dial action says (https://www.twilio.com/docs/voice/twiml/dial, parameters of the action)."""
    form = request.form
    bridged = form.get("DialBridged")
    return DialResult(
        status=STATUSES.get(form.get("DialCallStatus", ""), LegStatus.FAILED),
        call_sid=form.get("DialCallSid") or None,
        seconds=number("DialCallDuration"),
        bridged=None if bridged is None else bridged == "true",
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
