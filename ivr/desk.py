"""An agent dials the hotline from his own telephone: his PIN first, then his duty, his last talk and his dossier."""

from dataclasses import replace

from flask import Response

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.workflows import dossier, owing, proving, standing
from callbacks.workflows.dossier import Dossier
from callbacks.workflows.duty import Wish
from callbacks.workflows.proving import Verdict
from callbacks.workflows.standing import Standing
from ivr import menu
from ivr.agent_leg import OUTCOMES
from ivr.caller import Asked, asked
from ivr.twiml import render
from models.vocabulary import Language

CUSTOMERS_MENU = "0"
"""Too short to be a PIN; without the PIN he is a caller like any other."""
WISHES = {"1": Wish.ON, "2": Wish.OFF, "3": Wish.BREAK}
LAST_TALK, DOSSIER = "4", "5"
REPEAT, BACK = "*", "0"
MOST_TURNS = 50
"""Keys a call: more is a telephone in somebody's pocket."""


def incoming(services: Services) -> Response:
    """Ask a caller with the number of an agent who has a PIN for it; greet everybody else."""
    language = proving.knocks(services, asked(services).line.call_sid)
    return menu.incoming(services) if language is None else _ask_pin(services, language, 1)


def pin(services: Services) -> Response:
    """Take a PIN: three tries a call."""
    call = asked(services)
    language = proving.knocks(services, call.line.call_sid)
    if language is None or call.keys == CUSTOMERS_MENU:
        return menu.incoming(services)
    if call.keys:
        # Without the keys: they would stand in the table of what was taken in.
        event = call.event("desk", with_keys=False)
        verdict = proving.tries(services, call.line.call_sid, call.keys, event)
        if verdict is Verdict.RIGHT:
            return _back(services, replace(call, turn=0))
        if verdict is Verdict.LOCKED:
            return _ends(services, language, "desk_locked")
    if call.is_last_round:
        return _ends(services, language, "desk_unproven")
    return _ask_pin(services, language, call.round + 1, wrong=bool(call.keys))


def key(services: Services) -> Response:
    """Take a key of the agents' menu: what it offers is done; anything else asks again."""
    call = asked(services)
    now = standing.look(services, call.line.call_sid)
    if now is None:
        return _unproven(services, call)
    if call.turn >= MOST_TURNS:
        return _goodbye(services, now)
    if call.keys in WISHES and now.offers(WISHES[call.keys]):
        standing.says(services, call.line.call_sid, WISHES[call.keys], call.event("desk menu"))
        return _back(services, call)
    if call.keys == LAST_TALK and now.owes is not None:
        return _ask_outcome(services, call, now, 1)
    if call.keys == DOSSIER and now.has_dossier:
        return _tell_dossier(services, call)
    return _once_more(services, call, now)


def outcome(services: Services) -> Response:
    """Take the outcome of his last talk."""
    call = asked(services)
    now = standing.look(services, call.line.call_sid)
    if now is None:
        return _unproven(services, call)
    if call.keys in OUTCOMES:
        done = owing.pays(services, call.line.call_sid, OUTCOMES[call.keys], call.event("desk outcome"))
        return _back(services, call, f"agent_outcome_{OUTCOMES[call.keys]}" if done else "desk_nothing_owed")
    if call.keys == BACK or now.owes is None:
        return _back(services, call)
    return _goodbye(services, now) if call.is_last_round else _ask_outcome(services, call, now, call.round + 1)


def told(services: Services) -> Response:
    """Take the key after the dossier: once more, or back to the menu."""
    call = asked(services)
    now = standing.look(services, call.line.call_sid)
    if now is None:
        return _unproven(services, call)
    if call.turn >= MOST_TURNS:
        return _goodbye(services, now)
    if call.keys == REPEAT and now.has_dossier:
        return _tell_dossier(services, call)
    return _back(services, call) if call.keys else _once_more(services, call, now)


def _ask_pin(services: Services, language: Language, round_: int, *, wrong: bool = False) -> Response:
    return render("desk_pin", language, services, wrong=wrong, query={"round": round_})


def _once_more(services: Services, call: Asked, now: Standing) -> Response:
    if call.is_last_round:
        return _goodbye(services, now)
    return _menu(services, now, {"round": call.round + 1, "turn": call.turn + 1})


def _back(services: Services, call: Asked, said: str | None = None) -> Response:
    """Say the menu with what is true now, which is what was just committed."""
    now = standing.look(services, call.line.call_sid)
    if now is None:
        return _unproven(services, call)
    return _menu(services, now, {"round": 1, "turn": call.turn + 1}, said)


def _menu(services: Services, now: Standing, query: dict[str, int], said: str | None = None) -> Response:
    return render(
        "desk_menu",
        now.language,
        services,
        said=said,
        state=now.state,
        leaves=now.leaves,
        on=now.offers(Wish.ON),
        off=now.offers(Wish.OFF),
        pause=now.offers(Wish.BREAK),
        owes=now.owes is not None,
        dossier=now.has_dossier,
        query=query,
    )


def _ask_outcome(services: Services, call: Asked, now: Standing, round_: int) -> Response:
    ticket = spoken.digits(now.language, str(now.owes))
    query = {"round": round_, "turn": call.turn + 1}
    return render("desk_outcome", now.language, services, ticket=ticket, query=query)


def _tell_dossier(services: Services, call: Asked) -> Response:
    found = dossier.of(services, call.line.call_sid)
    if found is None:
        return _back(services, call)
    brief = found.briefing
    return render(
        "desk_dossier",
        brief.language,
        services,
        number=spoken.digits(brief.language, str(brief.ticket)),
        company=brief.company or "",
        contact=brief.contact or "",
        agreement=brief.agreement,
        option=brief.option,
        customer_language=brief.customer_language,
        others=found.others_open,
        **_earlier(services, found),
        promise=_promise(services, found),
        message=found.has_message,
        query={"round": call.round, "turn": call.turn + 1},
    )


def _earlier(services: Services, found: Dossier) -> dict[str, object]:
    before = found.earlier
    if before is None:
        return {"subject": "", "day": "", "outcome": None}
    day = spoken.day(found.briefing.language, before.opened_at, found.now, services.rules.zone)
    return {"subject": before.subject, "day": day, "outcome": before.outcome}


def _promise(services: Services, found: Dossier) -> str:
    if found.promise is None:
        return ""
    when = found.promise
    return spoken.span(found.briefing.language, when.starts, when.ends, found.now, services.rules.zone)


def _goodbye(services: Services, now: Standing) -> Response:
    return _ends(services, now.language, "desk_goodbye")


def _unproven(services: Services, call: Asked) -> Response:
    """End a call on which nobody has proven himself (any more): nothing is told, nothing is done."""
    return _ends(services, call.line.language, "desk_unproven")


def _ends(services: Services, language: Language, sentence: str) -> Response:
    return render("on", language, services, sentences=[sentence], path=webhook_paths.BYE)
