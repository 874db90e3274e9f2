"""<Record>: the caller's message after the tone (Record page)."""

from __future__ import annotations

import threading
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING

from simulator.attributes import method_of, whole_number
from simulator.exchange import LegEndedError
from simulator.legs import Taping, new_sid

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
        notice = _subscriber(player, element, document)
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
            # Record page, recordingStatusCallbackEvent: `absent` where nothing was recorded.
            _tell(player, notice, "absent", {"RecordingSid": new_sid("RE")})
            if ended:
                raise LegEndedError
            return None
        elapsed = (exchange.clock.now() - taping.started).total_seconds()
        seconds = min(longest, max(1, round(max(taping.spoken, elapsed if pressed else 0))))
        sid, url = recordings.keep(leg.sid, seconds, taping.started, taping.words, taping.language)
        key = "" if taping.ended_by == "silence" else taping.ended_by or ""
        told = {"RecordingSid": sid, "RecordingUrl": url, "RecordingDuration": str(seconds), "Digits": key}
        source = document.source(action, method, told)
        # Told beside the action, in no order that anybody promises: the recording may be ready before or after it.
        made = {"RecordingDuration": str(seconds), "RecordingStartTime": format_datetime(taping.started)}
        _tell(player, notice, "completed", {"RecordingSid": sid, "RecordingUrl": url, **made})
        if ended:
            # Record page: when the caller hung up, `Digits` is `hangup`; the answer has no call left to play to.
            player.request("record-action", source)
            raise LegEndedError
        return source

    return record


def _subscriber(player: Player, element: ET.Element, document: Document) -> tuple[Source, frozenset[str]] | None:
    """Whom Twilio tells of the recording, and of what: `completed` where no events are named (Record page)."""
    method = method_of(player, element, "recordingStatusCallbackMethod")
    address = element.get("recordingStatusCallback", "").strip()
    events = frozenset(element.get("recordingStatusCallbackEvent", "completed").split())
    return (document.source(address, method), events) if address else None


def _tell(player: Player, notice: tuple[Source, frozenset[str]] | None, status: str, facts: dict[str, str]) -> None:
    """Send a recording status callback from a thread of its own; the leg counts as reported once it is answered.

    Its parameters are the recording's alone, none of the standard ones of a call but CallSid and AccountSid (Record
    page, "recordingStatusCallback").
    """
    if notice is None or status not in notice[1]:
        return
    source, leg, exchange = notice[0], player.leg, player.exchange
    form = {
        "AccountSid": exchange.settings.account_sid,
        "CallSid": leg.sid,
        "RecordingStatus": status,
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
        **facts,
    }

    def send() -> None:
        delayed = exchange.faults.take("recording-status", form, "delay")
        if delayed is not None:
            exchange.faults.hold(delayed)
        player.webhooks.send("recording-status", leg.sid, source.method, source.url or "", form)
        with exchange.changed:
            leg.undelivered -= 1
            exchange.changed.notify_all()

    with exchange.changed:
        leg.undelivered += 1
    threading.Thread(target=send, daemon=True).start()


def _news(taping: Taping, spoken: float) -> bool:
    return taping.ended_by is not None or taping.spoken != spoken
