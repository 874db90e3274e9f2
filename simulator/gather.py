"""<Gather>: prompts that a key interrupts, then the keys (Gather page)."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from simulator import verbs
from simulator.attributes import choice, flag, method_of, whole_number
from simulator.legs import Listening

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from simulator.legs import Source
    from simulator.player import Player
    from simulator.twiml import Document

PROMPTS = {"Say": verbs.say, "Play": verbs.play, "Pause": verbs.pause}
INPUTS = {"dtmf", "speech", "dtmf speech", "speech dtmf"}


def gather(player: Player, element: ET.Element, document: Document) -> Source | None:
    """Listen; go to `action` with `Digits`, or fall through to the next verb when nothing was pressed."""
    exchange, leg = player.exchange, player.leg
    # The address of the action is resolved first: a document whose action is no URL fails before the caller presses.
    method = method_of(player, element)
    document.source(element.get("action", "").strip(), method)
    empty_too = flag(player, element, "actionOnEmptyResult")
    listening = _listening(player, element)

    def pressed() -> bool:
        return listening.closed or bool(listening.digits)

    # Fetched before anything is locked: the service may have to ask us for the sound.
    prompts = [each for each in element if each.tag != "Play" or verbs.retrieved(player, each, document)]
    # Where speaking takes no time the prompts and the listening appear together, so that a reader of the console who
    # sees the Gather has the prompts in the transcript.
    with exchange.changed if not exchange.speech_rate else nullcontext():
        leg.listening = listening
        for prompt in prompts:
            if prompt.tag in PROMPTS and not pressed():
                PROMPTS[prompt.tag](player, prompt, document, pressed)
        _fingers(player, listening)
        listening.quiet_until = exchange.clock.deadline(listening.timeout)
        exchange.changed_now()
    _wait_for_keys(player, listening)
    if not listening.digits and not empty_too:
        return None
    return document.source(element.get("action", "").strip(), method, {"Digits": listening.digits})


def _listening(player: Player, element: ET.Element) -> Listening:
    number = whole_number(player, element, "numDigits", 0, least=1)
    finish = element.get("finishOnKey", "#")
    if len(finish) > 1 or finish not in "0123456789#*":
        player.warn(12200, f"<Gather finishOnKey={finish!r}> is not valid")
        finish = "#"
    heard = choice(player, element, "input", "dtmf", INPUTS)
    if "speech" in heard:
        player.warn(0, "speech is not understood here, only keys are")
    return Listening(
        number or None, finish, whole_number(player, element, "timeout", 5, least=1), takes_keys="dtmf" in heard
    )


def _fingers(player: Player, listening: Listening) -> None:
    """What this telephone's owner does by himself."""
    with player.exchange.changed:
        if player.leg.keys_to_press:
            keys = player.leg.keys_to_press.pop(0)
            if listening.feed(keys):
                player.leg.note_keys(keys)
        elif player.leg.silent:
            listening.closed = True


def _wait_for_keys(player: Player, listening: Listening) -> None:
    """Until the keys are complete, or `timeout` seconds after the prompts or the last key."""
    exchange = player.exchange
    while not listening.closed:
        with exchange.changed:
            deadline, heard = listening.quiet_until, len(listening.digits)
        if not exchange.wait(player.leg, partial(_news, listening, heard), deadline):
            with exchange.changed:
                listening.closed = True
    exchange.checkpoint(player.leg)


def _news(listening: Listening, heard: int) -> bool:
    return listening.closed or len(listening.digits) != heard
