"""The farewell: ticket and promise, then one short offer to whoever wants to add something or choose another moment."""

from flask import Response, request

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.workflows import booking, recalling
from callbacks.workflows.registering import Farewell, Line
from callbacks.workflows.what_stands import what_stands
from ivr import moments, promise_words
from ivr.caller import ROUNDS, asked
from ivr.twiml import render

ADD, REPEAT, ANOTHER_MOMENT = "2", "*", "9"
"""1 adds nothing: it is the key of whoever, or whatever, says yes to every question, and would record without end."""


def first(services: Services, line: Line, said: Farewell) -> Response:
    """Say what is committed of the call that has just been settled."""
    return _say(services, line, said, 1)


def key(services: Services) -> Response:
    """Take the key after the farewell; without a key or a round, ask what else there is.

    Another conversation comes here when it has done something, for the call-back of its own or the one it was about.
    """
    call = asked(services)
    language = call.line.language
    said = what_stands(services, call.line)
    if said is not None and call.keys == ADD and services.rules.message_seconds:
        return render("on", language, services, sentences=[], path=webhook_paths.MESSAGE)
    if said is not None and call.keys == ANOTHER_MOMENT and _may_move(services, call.line):
        return moments.first(services, call.line, said)
    # Of an open request that he only rings about, its ticket is not said: his number alone proves nobody.
    if said is not None and call.keys == REPEAT and call.round < ROUNDS and call.line.ticket is not None:
        return _say(services, call.line, said, call.round + 1)
    if call.keys or "round" in request.args:
        return render("on", language, services, sentences=[], path=webhook_paths.BYE)
    if said is not None and _has_moments(services, call.line, said):
        return render("anything_else", language, services, sentences=["anything_else"], query={"round": ROUNDS})
    return render("on", language, services, sentences=["farewell_bye"], path=webhook_paths.BYE)


def _say(services: Services, line: Line, said: Farewell, round_: int) -> Response:
    when = promise_words.sentences(said)
    sentences = ["registered", *when, *(["mail_follows"] if said.mail and "busy_mail" not in when else [])]
    offers = [
        *(["offer_message"] if services.rules.message_seconds else []),
        *(["offer_moment"] if _has_moments(services, line, said) else []),
    ]
    return render(
        "anything_else" if offers else "on",
        line.language,
        services,
        sentences=sentences + offers,
        query={"round": round_},
        path=webhook_paths.BYE,
        ticket=spoken.digits(line.language, str(said.ticket)),
        **promise_words.values(services, line.language, said),
    )


def _has_moments(services: Services, line: Line, said: Farewell) -> bool:
    """Say whether another moment may be offered; the diary is opened only where there is a number to call."""
    if said.number is None or line.callback_id is None or not _may_move(services, line):
        return False
    return bool(booking.offers(services, line.callback_id, count=1))


def _may_move(services: Services, line: Line) -> bool:
    """Say whether moments are chosen here at all, and of this call-back by this caller."""
    return services.rules.booking_days > 0 and recalling.may_change(services, line)
