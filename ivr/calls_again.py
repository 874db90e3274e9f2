"""Who rings again hears first that a request is open, and when we call; nothing else is told to a number alone."""

from flask import Response

from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.rules.number_words import number_words
from callbacks.workflows import recalling
from callbacks.workflows.recalling import Again, Standing
from callbacks.workflows.registering import Line
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
    when = _when(services, line.language, again)
    return render(
        "calls_again",
        line.language,
        services,
        service=services.rules.service_name,
        greet=greet,
        **{"notice": None, "announced": "", "announced_in": "", "until": "", "when": when, **greeting},
        standing=_standing(again),
        count=number_words(line.language, again.count),
        between=_between(services, line.language, again),
        hang_up=again.standing is Standing.MISSED and again.opening.rings_now,
        opens=again.standing is Standing.MISSED and bool(when) and not greeting.get("notice"),
        same=again.standing is Standing.OPEN,
        new=again.may_add,
        tongues=[str(tongue) for tongue in Language if tongue is not line.language],
        query=query,
    )


def _standing(again: Again) -> str:
    if again.standing is Standing.OPEN and again.count > 1:
        return "again_several"
    return f"again_{again.standing}"


def _between(services: Services, language: Language, again: Again) -> str:
    """Return the promise in words; "" where none stands, where it is past, and where something nearer is said."""
    calls_at_once = again.standing is Standing.CALLING or (
        again.standing is Standing.MISSED and again.opening.rings_now
    )
    if again.promise is None or calls_at_once:
        return ""
    given, now = again.promise, again.opening.now
    return spoken.promised(language, given.starts, given.ends, now, services.rules.zone)


def _when(services: Services, language: Language, again: Again) -> str:
    hours = again.opening
    if hours.rings_from is None or hours.rings_now:
        return ""
    return spoken.moment(language, hours.rings_from, hours.now, services.rules.zone)
