"""How the legs go: status callbacks of the agent's and of the customer's side."""

from flask import Response, request

from callbacks.leg_words import STATUSES
from callbacks.ports import Services
from callbacks.store.legs import LegNews
from callbacks.workflows import telling
from ivr.parameters import number
from ivr.twiml import heard
from models.vocabulary import LegKind


def agent(services: Services, token: str) -> Response:
    """Take in how the agent's leg goes."""
    return _told(services, token, LegKind.AGENT)


def customer(services: Services, token: str) -> Response:
    """Take in how the customer's leg goes."""
    return _told(services, token, LegKind.CUSTOMER)


def _told(services: Services, token: str, kind: LegKind) -> Response:
    form = request.form
    word = form.get("CallStatus", "")
    status = STATUSES.get(word)
    if status is None:
        return heard()
    sequence = number("SequenceNumber")
    call_sid = form["CallSid"]
    news = LegNews(
        call_sid,
        kind,
        status,
        sequence=sequence,
        seconds=number("CallDuration"),
        parent_sid=form.get("ParentCallSid") or None,
        number=form.get("To") or None,
    )
    # Without a number the status itself is the event: the provider's other form (docs/protocol.md §10).
    telling.told(services, token, news, f"{call_sid}|callback|{word if sequence is None else sequence}")
    return heard()
