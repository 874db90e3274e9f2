"""The greeting and the menu: one key makes a ticket, and it is kept before anything is said of it."""

from flask import Response

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.workflows import announcing, intake, opening, registering
from callbacks.workflows.opening import Opening
from callbacks.workflows.registering import Line
from ivr import calls_again, number
from ivr.caller import Asked, asked
from ivr.promise_words import said_moment
from ivr.twiml import render
from models.vocabulary import Language, Option

OPTIONS = {str(option.value): option for option in Option}
TONGUES = {"7": Language.NL, "8": Language.FR, "9": Language.EN}
"""7 is said only to somebody who is spoken to in another language than the house's own."""


def incoming(services: Services) -> Response:
    """Greet a new call, with one notice where the desk is closed; the same menu at every hour."""
    line = asked(services).line
    hours = opening.look(services)
    if hours.is_open:
        notice = None
    elif hours.rings_from is None:
        notice = "closed_unknown"
    else:
        notice = "closed_lunch" if hours.at_lunch else "closed"
    values = {**_opening(services, line.language, hours), **announcement(services, line.language)}
    again = calls_again.asks(services, line, notice=notice, **values)
    return again or _ask(services, line, 1, 0, greet=True, notice=notice, **values)


def asks(services: Services, line: Line) -> Response:
    """Ask the menu's question of somebody who was greeted already."""
    return _ask(services, line, 1, 0)


def key(services: Services) -> Response:
    """Take the menu's key: an option, a language, or anything else, which asks again."""
    call = asked(services)
    if call.keys in OPTIONS:
        if call.line.ticket is None and not intake.takes(services, OPTIONS[call.keys]):
            registering.gives_up(services, call.line)
            return render("on", call.line.language, services, sentences=["intake_not_now"], path=webhook_paths.BYE)
        line = registering.chooses(services, call.line, OPTIONS[call.keys], call.event("menu"))
        if line.ticket is None and line.callback_id is not None:
            return calls_again.tell(services, line)
        return number.first(services, line)
    if call.line.ticket is not None:
        return number.first(services, call.line)
    if TONGUES.get(call.keys, call.line.language) is not call.line.language:
        line = registering.speaks(services, call.line, TONGUES[call.keys], call.event("menu"))
        return _ask(services, line, call.round, call.turn + 1)
    return _again(services, call)


def _again(services: Services, call: Asked) -> Response:
    if call.is_last_round:
        registering.gives_up(services, call.line)
        return render("on", call.line.language, services, sentences=["goodbye"], path=webhook_paths.BYE)
    return _ask(services, call.line, call.round + 1, call.turn)


def _ask(
    services: Services,
    line: Line,
    round_: int,
    turn: int,
    *,
    greet: bool = False,
    notice: str | None = None,
    **greeting: str,
) -> Response:
    values = {"announced": "", "announced_in": "", **greeting}
    return render(
        "menu",
        line.language,
        services,
        service=services.rules.service_name,
        greet=greet,
        notice=notice,
        **values,
        outages_only=not intake.takes(services, Option.QUESTION),
        tongues=[str(tongue) for tongue in TONGUES.values() if tongue is not line.language],
        query={"round": round_, "turn": turn} if turn else {"round": round_},
    )


def announcement(services: Services, language: Language) -> dict[str, str]:
    """Return what a supervisor has every caller hear, and its language; empty where there is nothing."""
    heard = announcing.for_caller(services, language)
    return {"announced": heard.text, "announced_in": heard.language} if heard else {"announced": "", "announced_in": ""}


def _opening(services: Services, language: Language, hours: Opening) -> dict[str, str]:
    """Return from when we call, in full and as a time of day alone, for the notices; empty where nobody knows."""
    if hours.rings_from is None:
        return {"when": "", "until": ""}
    until = spoken.time_of_day(language, hours.rings_from, services.rules.zone)
    return {"when": said_moment(services, language, hours), "until": until}
