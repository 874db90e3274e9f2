"""The small verbs: Say, Play, Pause, Redirect, Hangup, Reject."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urljoin

from simulator.attributes import method_of, whole_number
from simulator.exchange import LegEndedError
from simulator.media import retrieve
from simulator.player import Finished
from simulator.twiml import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree import ElementTree as ET

    from simulator.legs import Source
    from simulator.player import Player
    from simulator.twiml import Document

PLAYED_SECONDS = 3.0  # an unknown recording's length, for people who listen


def never() -> bool:
    """Outside a Gather no key stops what is said."""
    return False


def say(player: Player, element: ET.Element, _document: Document, interrupted: Callable[[], bool] = never) -> None:
    """<Say>: voice `man` and language en-US where none is given (Say page)."""
    text = text_of(element)
    if not text:
        player.warn(13520, "<Say> without text")
        return
    loop = whole_number(player, element, "loop", 1, least=0)
    player.note("Say", text, language=element.get("language", "en-US"), voice=element.get("voice", "man"), loop=loop)
    rate = player.exchange.speech_rate
    _repeat(player, loop, len(text) / rate if rate else 0.0, interrupted)


def retrieved(player: Player, element: ET.Element, document: Document) -> bool:
    """Whether the sound of a <Play> is there: Twilio retrieves the file from its URL (Play page)."""
    url = urljoin(document.url or "", text_of(element)) if text_of(element) else ""
    sound = retrieve(player.exchange.journal, player.leg.sid, url) if url else None
    if sound is not None:
        player.sounds[url] = player.exchange.sounds.keep(sound)
    return not url or sound is not None


def play(player: Player, element: ET.Element, document: Document, interrupted: Callable[[], bool] = never) -> None:
    """<Play>: the address of a recording, relative to the document, or `digits` as tones (Play page)."""
    loop = whole_number(player, element, "loop", 1, least=0)
    digits, url = element.get("digits"), text_of(element)
    if not digits and not url:
        player.warn(12200, "<Play> without URL and digits")
        return
    address = urljoin(document.url or "", url) if url else ""
    player.note("Play", address, digits=digits, loop=loop, sound=player.sounds.get(address, ""))
    _repeat(player, loop, PLAYED_SECONDS if url else len(digits or "") / 2, interrupted)


def pause(player: Player, element: ET.Element, _document: Document, interrupted: Callable[[], bool] = never) -> None:
    """<Pause>: 1 second where no length is given (Pause page)."""
    length = whole_number(player, element, "length", 1, least=1)
    player.note("Pause", "", length=length)
    player.sound(length, interrupted)


def _repeat(player: Player, loop: int, seconds: float, interrupted: Callable[[], bool]) -> None:
    if loop == 0:
        # Say and Play pages: 0 repeats until the call ends; a key ends it inside a Gather.
        player.exchange.wait(player.leg, interrupted)
    player.sound(loop * seconds, interrupted)


def say_alone(player: Player, element: ET.Element, document: Document) -> None:
    """<Say> outside a Gather."""
    say(player, element, document)


def play_alone(player: Player, element: ET.Element, document: Document) -> None:
    """<Play> outside a Gather."""
    if retrieved(player, element, document):
        play(player, element, document)


def pause_alone(player: Player, element: ET.Element, document: Document) -> None:
    """<Pause> outside a Gather."""
    pause(player, element, document)


def redirect(player: Player, element: ET.Element, document: Document) -> Source:
    """<Redirect>: POST unless told otherwise; an empty text asks for the current document again (Redirect page)."""
    return document.source(text_of(element), method_of(player, element))


def hangup(player: Player, _element: ET.Element, _document: Document) -> NoReturn:
    """<Hangup>: ends the call; as first verb it has answered it all the same (Hangup page)."""
    player.note("Hangup", "")
    raise Finished


def reject(player: Player, element: ET.Element, _document: Document) -> NoReturn:
    """<Reject>: as first verb the call is not answered; `busy` ends it so, else `no-answer` (Reject page)."""
    reason = element.get("reason", "rejected")
    player.note("Reject", "", reason=reason)
    if player.leg.answered is not None:
        player.warn(12200, "<Reject> after the call was answered hangs up")
        raise Finished
    busy = reason == "busy"
    player.exchange.move(player.leg, "busy" if busy else "no-answer", 486 if busy else 603)
    raise LegEndedError
