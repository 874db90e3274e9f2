"""What the customer hears when he picks up, before he is joined to the agent."""

from flask import Response, request

from callbacks.ports import Services
from callbacks.rules.spoken import digits
from callbacks.workflows import bridging
from ivr.twiml import render
from models.vocabulary import Language


def answered(services: Services, token: str) -> Response:
    """Say who is calling and about which ticket; a leg nobody waits for is hung up."""
    form = request.form
    known = bridging.customer_answered(services, token, form["CallSid"], form.get("ParentCallSid"))
    if known is None:
        return render("hang_up", Language.NL, services)
    language, ticket = known
    return render(
        "whisper_customer",
        language,
        services,
        service=services.rules.service_name,
        number=digits(language, str(ticket)),
    )
