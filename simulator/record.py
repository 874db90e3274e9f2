"""<Record>: the caller's message after the tone (Record page)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simulator.attributes import method_of, whole_number
from simulator.exchange import LegEndedError
from simulator.legs import Taping

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from simulator.legs import Source
    from simulator.player import Player, Verb
    from simulator.recordings import Recordings
    from simulator.twiml import Document

ANY_KEY = "1234567890*#"


def record_into(recordings: Recordings) -> Verb:
    """The verb, keeping what it records in `recordings`."""

    def record(player: Player, element: ET.Element, document: Document) -> Source | None:
        """Record until a key, silence of `timeout` (5) seconds, `maxLength` (3600) seconds, or the end of the call.

        After a recording the action, or the current document, is requested; silence only goes on to the next verb.
        """
        exchange, leg = player.exchange, player.leg
        method, action = method_of(player, element), element.get("action", "").strip()
        document.source(action, method)
        silence = whole_number(player, element, "timeout", 5, least=1)
        longest = whole_number(player, element, "maxLength", 3600, least=1)
        player.note("Record", "", maxLength=longest)
        with exchange.changed:
            quiet_until, ends = exchange.clock.deadline(silence), exchange.clock.deadline(longest)
            taping = Taping(element.get("finishOnKey", ANY_KEY), exchange.clock.now(), silence, quiet_until)
            leg.taping = taping
            if leg.silent:
                taping.ended_by = "silence"
            exchange.changed_now()
        ended = False
        try:
            while taping.ended_by is None:
                with exchange.changed:
                    first, spoken = min(taping.quiet_until, ends, key=lambda end: end.at), taping.spoken
                if not exchange.wait(leg, partial(_news, taping, spoken), first):
                    with exchange.changed:
                        taping.ended_by = "silence"
        except LegEndedError:
            ended = True
        pressed = taping.ended_by not in {"silence", "hangup"}
        if not taping.spoken and not pressed:
            if ended:
                raise LegEndedError
            return None
        elapsed = (exchange.clock.now() - taping.started).total_seconds()
        seconds = min(longest, max(1, round(max(taping.spoken, elapsed if pressed else 0))))
        sid, url = recordings.keep(leg.sid, seconds)
        key = "" if taping.ended_by == "silence" else taping.ended_by or ""
        told = {"RecordingSid": sid, "RecordingUrl": url, "RecordingDuration": str(seconds), "Digits": key}
        source = document.source(action, method, told)
        if ended:
            # Record page: when the caller hung up, `Digits` is `hangup`; the answer has no call left to play to.
            player.request("record-action", source)
            raise LegEndedError
        return source

    return record


def _news(taping: Taping, spoken: float) -> bool:
    return taping.ended_by is not None or taping.spoken != spoken
