"""Which number to call back: the caller's own confirmed, or another keyed in and read back."""

from flask import Response

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.rules.keyed_numbers import KeyedNumber
from callbacks.rules.phone_numbers import NumberRefused, Refusal
from callbacks.workflows import registering
from callbacks.workflows.registering import Line
from ivr import farewell
from ivr.caller import ROUNDS, Asked, asked
from ivr.twiml import render

YES = "1"
ANOTHER = "2"
ON_FILE = "3"

REFUSED = {
    Refusal.INVALID: "refused_invalid",
    Refusal.WITHHELD: "refused_invalid",
    Refusal.EMERGENCY: "refused_special",
    Refusal.PREMIUM: "refused_premium",
    Refusal.SPECIAL: "refused_special",
    Refusal.NOT_ALLOWED: "refused_not_allowed",
    Refusal.OWN: "refused_own",
    # A stranger is not told that he found an agent's telephone.
    Refusal.AGENT: "refused_own",
    Refusal.GUARDED: "refused_guarded",
    Refusal.EXTENSION: "refused_extension",
    Refusal.TOO_MANY: "refused_too_many",
}


def first(services: Services, line: Line) -> Response:
    """Ask a caller whose number may be dialled whether it is right, and anybody else for a number."""
    return _confirm(services, line, 1) if line.number else _ask(services, line, 1)


def confirm(services: Services) -> Response:
    """Take the key after "is this your number?"; after three silences the caller ID stands."""
    call = asked(services)
    if call.keys == ON_FILE and registering.takes_known_number(services, call.line):
        return _farewell(services, call, "number", confirmed=True)
    if call.keys == YES or (call.keys != ANOTHER and call.is_last_round):
        return _farewell(services, call, "number", confirmed=call.keys == YES)
    if call.keys == ANOTHER or call.line.number is None:
        return _ask(services, call.line, 1)
    return _confirm(services, call.line, call.round + 1)


def typed(services: Services) -> Response:
    """Take a number as keyed in, and read it back; one that may not be dialled gets its reason and another chance."""
    call = asked(services)
    refused = None
    if call.keys and call.line.ticket is not None:
        try:
            keyed = registering.keys_in(services, call.line, call.keys, call.event("typed", with_keys=False))
        except NumberRefused as refusal:
            refused = REFUSED[refusal.reason]
        else:
            return _read_back(services, call.line, keyed, call.round, 1)
    if call.is_last_round:
        return _farewell(services, call, "typed", confirmed=False)
    return _ask(services, call.line, call.round + 1, refused)


def read_back(services: Services) -> Response:
    """Take the key after the number was read back."""
    call = asked(services)
    keyed = registering.keyed_number(services, call.line)
    if call.keys == YES and keyed is not None:
        return _farewell(services, call, "read-back", confirmed=True)
    if call.keys == ANOTHER or keyed is None:
        if call.is_last_round:
            return _farewell(services, call, "read-back", confirmed=False)
        return _ask(services, call.line, call.round + 1)
    if call.turn >= ROUNDS:
        return _farewell(services, call, "read-back", confirmed=False)
    return _read_back(services, call.line, keyed, call.round, call.turn + 1)


def _confirm(services: Services, line: Line, round_: int) -> Response:
    said = spoken.phone_number(line.language, str(line.number))
    on_file = registering.has_another_number(services, line)
    return render("confirm_number", line.language, services, number=said, on_file=on_file, query={"round": round_})


def _ask(services: Services, line: Line, round_: int, refused: str | None = None) -> Response:
    return render("ask_number", line.language, services, refused=refused, query={"round": round_})


def _read_back(services: Services, line: Line, keyed: KeyedNumber, round_: int, turn: int) -> Response:
    return render(
        "read_back",
        line.language,
        services,
        number=spoken.phone_number(line.language, keyed.number),
        extension=spoken.digits(line.language, keyed.extension or ""),
        query={"round": round_, "turn": turn},
    )


def _farewell(services: Services, call: Asked, route: str, *, confirmed: bool) -> Response:
    line = call.line
    event = call.event(route, with_keys=route != "typed")
    said = registering.concludes(services, line, f"{event}|end", confirmed=confirmed)
    if said is None:  # a foreign request: nothing was chosen on this line
        return render("on", line.language, services, sentences=["goodbye"], path=webhook_paths.BYE)
    return farewell.first(services, line, said)
