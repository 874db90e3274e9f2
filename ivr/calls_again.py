"""Who rings again hears first that a request is open, and when we call; nothing else is told to a number alone."""

from datetime import datetime

from flask import Response

from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.rules.number_words import number_words
from callbacks.rules.promise import Range
from callbacks.workflows import recalling
from callbacks.workflows.recalling import Again, Phase
from callbacks.workflows.registering import Line
from ivr.promise_words import said_moment
from ivr.twiml import render
from models.vocabulary import Language

ROUND_ONE = {"round": 1}


def asks(services: Services, line: Line, **greeting: str | None) -> Response | None:
    """Greet, and ask whether a new call is about what is open; None where nothing is open for the caller's number."""
    again = None if line.ticket is not None else recalling.calls_again(services, line)
    return None if again is None else ask(services, line, again, ROUND_ONE, greet=True, **greeting)


def ask(
    services: Services, line: Line, again: Again, query: dict[str, int], *, greet: bool = False, **greeting: str | None
) -> Response:
    """Say how the open request stands, and ask: the same (1), or something new (2), where another may be opened."""
    between = _between(services, line.language, again.opening.now, again.promise)
    when = "" if again.opening.rings_now else said_moment(services, line.language, again.opening)
    told = {"notice": None, "announced": "", "announced_in": "", "until": "", "when": when, **greeting}
    follows = _when_we_call(again, between, when, noticed=told["notice"] is not None)
    several = again.count > 1
    same = "again_one_of_them" if several else "again_same"
    return render(
        "calls_again",
        line.language,
        services,
        service=services.rules.service_name,
        greet=greet,
        **told,
        count=number_words(line.language, again.count),
        between=between,
        sentences=[
            "again_several" if several and again.phase is Phase.OPEN else f"again_{again.phase}",
            *([follows] if follows else []),
            *([same] if again.phase is Phase.OPEN else []),
            *(["again_new"] if again.may_add else []),
        ],
        tongues=[str(tongue) for tongue in Language if tongue is not line.language],
        query=query,
    )


def tell(services: Services, line: Line) -> Response:
    """Say to a caller for whose number enough is open that we know, and what is promised; then end the call."""
    now, promise = recalling.promise_of(services, line)
    between = _between(services, line.language, now, promise)
    return render("known_request", line.language, services, between=between)


def _when_we_call(again: Again, between: str, when: str, *, noticed: bool) -> str:
    """Return the key of the sentence that says when we call; "" where the notice has said it, or nobody knows."""
    if again.phase is Phase.CALLING:
        return ""
    if again.calls_at_once:
        return "again_hang_up"
    if between:
        return "again_between"
    if again.phase is Phase.OPEN or noticed:
        return ""
    if again.opening.rings_now:
        return "calls_back_now"
    return "calls_back_from" if when else ""


def _between(services: Services, language: Language, now: datetime, promise: Range | None) -> str:
    """Return the promise in words; "" where none stands, or where it is past."""
    if promise is None:
        return ""
    return spoken.promised(language, promise.starts, promise.ends, now, services.rules.zone)
