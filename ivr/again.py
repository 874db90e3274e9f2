"""The keys of a caller who rings again: the same or something new; and of the same: more, another moment, or no more.

Hanging up at any of these questions leaves everything as it was.
"""

from flask import Response

from callbacks import webhook_paths
from callbacks.ports import HouseRules, Services
from callbacks.workflows import recalling, registering
from callbacks.workflows.recalling import CANCELLABLE, Ending, Standing
from callbacks.workflows.registering import Line
from ivr import calls_again, menu, number
from ivr.caller import asked
from ivr.twiml import render
from models.vocabulary import CallbackState

SAME = "1"
NEW = "2"
ADD = "1"
MOVE = "2"
CANCEL = "3"
SURE = "1"
MOVABLE = frozenset({CallbackState.HELD, CallbackState.WAITING, CallbackState.RESTING})
ENDINGS = {
    Ending.CANCELLED: "again_cancelled",
    Ending.CALLING: "again_calling",
    Ending.OVER: "again_over",
}


def key(services: Services) -> Response:
    """Take the key after "is it about the same?"; something new goes on to the ordinary menu."""
    call = asked(services)
    line = call.line
    if line.ticket is not None:
        return number.first(services, line)
    again = recalling.calls_again(services, line)
    if again is None or (call.keys == NEW and again.may_add):
        return menu.asks(services, line)
    if call.keys == SAME and again.standing is Standing.OPEN:
        state = recalling.is_about_it(services, line, call.event("again"))
        return menu.asks(services, line) if state is None else _ask_same(services, line, state, 1)
    if menu.TONGUES.get(call.keys, line.language) is not line.language:
        line = registering.speaks(services, line, menu.TONGUES[call.keys], call.event("again"))
        return calls_again.ask(services, line, again, {"round": call.round, "turn": call.turn + 1})
    # While he listens on, our call cannot come through: he is asked once only.
    if call.is_last_round or again.standing is not Standing.OPEN:
        return _ends(services, line, "again_unchanged")
    return calls_again.ask(services, line, again, {"round": call.round + 1})


def same(services: Services) -> Response:
    """Take the key of a caller who rings about his open request, and hand him over to what he chose."""
    call = asked(services)
    line = call.line
    state = recalling.is_about_it(services, line, call.event("same", with_keys=False))
    if state is None:
        return number.first(services, line) if line.ticket is not None else menu.asks(services, line)
    offered = _offered(services.rules, state)
    if call.keys == ADD and "same_add" in offered:
        return render("on", line.language, services, sentences=[], path=webhook_paths.MESSAGE)
    if call.keys == MOVE and "same_move" in offered:
        return render("on", line.language, services, sentences=[], path=webhook_paths.MOMENT)
    if call.keys == CANCEL and "same_cancel" in offered:
        return render("again_sure", line.language, services)
    if call.is_last_round:
        return _ends(services, line, "again_unchanged")
    return _ask_same(services, line, state, call.round + 1)


def cancel(services: Services) -> Response:
    """Cancel, if the caller is sure; anything but the key, silence too, leaves his request as it is."""
    call = asked(services)
    if call.keys != SURE:
        return _ends(services, call.line, "again_unchanged")
    done = recalling.cancels(services, call.line)
    return _ends(services, call.line, ENDINGS[done.ending], mail=done.mail)


def _ask_same(services: Services, line: Line, state: CallbackState, round_: int) -> Response:
    offered = _offered(services.rules, state)
    return render("again_same", line.language, services, offered=offered, query={"round": round_})


def _offered(rules: HouseRules, state: CallbackState) -> list[str]:
    """Return the sentences of what may be done about a request now, in the order of their keys."""
    return [
        *(["same_add"] if rules.message_seconds > 0 else []),
        *(["same_move"] if rules.booking_days > 0 and state in MOVABLE else []),
        *(["same_cancel"] if state in CANCELLABLE else []),
    ]


def _ends(services: Services, line: Line, sentence: str, *, mail: bool = False) -> Response:
    sentences = [sentence, *(["mail_follows"] if mail else [])]
    return render("on", line.language, services, sentences=sentences, path=webhook_paths.BYE)
