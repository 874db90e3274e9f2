"""What the customer hears when he picks up, before he is joined to the agent."""

from flask import Response, request

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.workflows import bridging, screening
from callbacks.workflows.screening import Greeting, Step
from ivr.parameters import count
from ivr.twiml import render
from models.vocabulary import CustomerKey, Language


def answered(services: Services, token: str) -> Response:
    """Say who is calling and about which ticket; a leg nobody waits for is hung up."""
    form = request.form
    known = bridging.customer_answered(services, token, form["CallSid"], form.get("ParentCallSid"))
    return _say(services, token, known)


def key(services: Services, token: str) -> Response:
    """Take the key by which a person shows that he is one, or its absence."""
    form = request.form
    known = screening.pressed(
        services,
        token,
        form["CallSid"],
        form.get("ParentCallSid"),
        key=bool(form.get("Digits")),
        turn=count("round"),
    )
    return _say(services, token, known)


def _say(services: Services, token: str, known: Greeting | None) -> Response:
    if known is None:
        return render("hang_up", Language.NL, services)
    language, service = known.language, services.rules.service_name
    ticket = spoken.digits(language, str(known.ticket))
    if known.step is Step.JOIN:
        return render("join_customer", language, services)
    if known.step is Step.VOICEMAIL:
        zone = services.rules.zone
        return render(
            "voicemail",
            language,
            services,
            service=service,
            number=ticket,
            when=spoken.moment(language, known.again, known.at, zone) if known.again else "",
            hotline=spoken.phone_number(language, services.rules.hotline),
        )
    if known.step is Step.ASK:
        return render(
            "ask_customer",
            language,
            services,
            service=service,
            number=ticket,
            action=webhook_paths.customer_key(token),
            turn=known.turn,
            required=services.rules.customer_key is CustomerKey.REQUIRED,
        )
    return render("whisper_customer", language, services, service=service, number=ticket)
