"""<Dial> and <Number>: ring others, whisper to the one who answers, join the two (Dial and Number pages)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.attributes import flag, method_of, whole_number
from simulator.exchange import LegEndedError
from simulator.legs import Leg, Source, Subscription
from simulator.twiml import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree import ElementTree as ET

    from simulator.player import Player, Verb
    from simulator.twiml import Document

E164 = re.compile(r"\+[1-9]\d{6,14}")
TONES = re.compile(r"[0-9A-D#*wW]{1,32}")
EVENTS = {"initiated", "ringing", "answered", "completed"}
ADDED_SECONDS = 5  # Dial page, timeout: Twilio adds five seconds to it
MOST_NUMBERS = 10


@dataclass
class Outcome:
    """What the Dial action is told."""

    status: str = "failed"
    child: Leg | None = None
    bridged: bool = False
    redirected: bool = False

    def parameters(self, player: Player) -> dict[str, str]:
        """DialCallStatus and the rest; no duration when the child was redirected before it ended (Dial page)."""
        told = {"DialCallStatus": self.status, "DialBridged": str(self.bridged).lower()}
        if self.child is not None:
            told["DialCallSid"] = self.child.sid
            if not self.redirected:
                told["DialCallDuration"] = str(self.child.duration(player.exchange.clock.now()))
        return told


def dial_with(calls: Callable[[Leg], None]) -> Verb:
    """The verb; `calls` starts the thread of a leg that is to be rung."""

    def dial(player: Player, element: ET.Element, document: Document) -> Source | None:
        """Ring, join, and afterwards go to `action` if there is one, else to the next verb."""
        action, method = element.get("action", "").strip(), method_of(player, element)
        after = document.source(action, method) if action else None
        if not flag(player, element, "answerOnBridge"):
            player.pick_up()
        children: list[Leg] = []
        outcome = Outcome()
        try:
            together = _children(player, element, document, children)
            for group in [[leg] for leg in together] if flag(player, element, "sequential") else [together]:
                outcome = _connect(player, element, group, calls)
                if outcome.status == "completed":
                    break
        except LegEndedError:
            _end(player, children)
            if after is not None and player.exchange.settings.dial_action_after_hangup:
                last = next((leg for leg in children if leg.was_bridged), children[-1] if children else None)
                outcome = Outcome(last.status if last else "failed", last, bridged=bool(last and last.was_bridged))
                told = tuple(outcome.parameters(player).items())
                player.request("dial-action", Source(after.url, after.method, told))
            raise
        finally:
            _end(player, children)
        player.pick_up()
        return document.source(action, method, outcome.parameters(player)) if action else None

    return dial


def _children(player: Player, element: ET.Element, document: Document, children: list[Leg]) -> list[Leg]:
    """A queued leg for each number, added to `children` as it is made; none when the caller ID may not be shown."""
    parent, settings = player.leg, player.exchange.settings
    caller_id = element.get("callerId", parent.from_)
    if caller_id not in {*settings.numbers, parent.to, parent.from_} or not E164.fullmatch(caller_id):
        player.warn(13214, f"<Dial callerId={caller_id!r}> is no number of this account, nor the call's own")
        return []
    nouns = [noun for noun in element if noun.tag == "Number"]
    if not nouns and (element.text or "").strip():
        nouns = [element]
    for noun in element:
        if noun.tag != "Number":
            player.warn(0, f"<Dial><{noun.tag}> is not imitated here")
    rings = whole_number(player, element, "timeout", 30, least=5, most=600) + ADDED_SECONDS
    for noun in nouns[:MOST_NUMBERS]:
        number = text_of(noun)
        if not E164.fullmatch(number):
            player.warn(13223, f"<Number> {number!r} is not in E.164")
            continue
        whisper, subscription = None, None
        if noun.tag == "Number":
            whisper = document.source(noun.attrib["url"], method_of(player, noun)) if noun.get("url") else None
            subscription = _subscription(player, noun, document)
        child = player.exchange.new_leg(
            caller_id, number, "outbound-dial", whisper, parent_sid=parent.sid, subscription=subscription
        )
        child.ring_seconds = rings
        if noun.tag == "Number":
            child.tones = _tones(player, noun)
        child.time_limit = whole_number(player, element, "timeLimit", 14400, least=1)
        children.append(child)
    return list(children)


def _tones(player: Player, noun: ET.Element) -> str:
    """Number page, sendDigits: 0-9 A-D # * and rests of half a second (w) or a whole one (W), keyed at the answer."""
    given = noun.get("sendDigits", "")
    if given and not TONES.fullmatch(given):
        player.warn(12200, f"<Number sendDigits={given!r}> is not valid")
        return ""
    return given


def _subscription(player: Player, noun: ET.Element, document: Document) -> Subscription | None:
    url = noun.get("statusCallback")
    if not url:
        return None
    # Number page: events are separated by spaces, `completed` where none is asked for.
    events = set(noun.get("statusCallbackEvent", "completed").split())
    if events - EVENTS:
        player.warn(12200, f"<Number statusCallbackEvent={noun.get('statusCallbackEvent')!r}> is not valid")
    target = document.source(url.strip(), method_of(player, noun, "statusCallbackMethod"))
    return Subscription(target.url or "", target.method, frozenset(events & EVENTS))


def _connect(player: Player, element: ET.Element, group: list[Leg], calls: Callable[[Leg], None]) -> Outcome:
    exchange, parent = player.exchange, player.leg
    if not group:
        return Outcome()
    for child in group:
        player.note("Dial", child.to, child_sid=child.sid, callerId=child.from_)
        calls(child)
    while True:
        exchange.wait(parent, lambda: _winner(group) is not None or not any(leg.live for leg in group))
        winner = _winner(group)
        if winner is None:
            last = max(group, key=lambda leg: (leg.answered is not None, leg.ended or leg.created))
            return Outcome(last.status, last)
        if exchange.bridge(parent, winner):
            break
    player.pick_up()
    _end(player, [leg for leg in group if leg is not winner])
    star = flag(player, element, "hangupOnStar")
    try:
        exchange.wait(parent, lambda: not winner.live or winner.bridged_to is None or (star and parent.pressed_star))
        redirected = winner.live and winner.bridged_to is None
        if not redirected:
            exchange.hang_up(winner)
    finally:
        exchange.unbridge(parent)
    return Outcome("completed", winner, bridged=True, redirected=redirected)


def _winner(group: list[Leg]) -> Leg | None:
    """The first number that answered and heard its whisper out."""
    return next((leg for leg in group if leg.ready and leg.live), None)


def _end(player: Player, children: list[Leg]) -> None:
    """Hang up what still rings or talks; a leg that was redirected by REST lives on by itself."""
    with player.exchange.changed:
        for child in children:
            if child.live and not (child.was_bridged and child.redirected_away):
                player.exchange.hang_up(child)
