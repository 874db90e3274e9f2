"""Status callbacks: what a leg's subscriber is told, in which words."""

from __future__ import annotations

import math
import threading
from email.utils import format_datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING

from simulator.legs import FINAL, Leg

if TYPE_CHECKING:
    from simulator.exchange import Exchange
    from simulator.faults import Rule
    from simulator.webhooks import Webhooks

PLACES = ("City", "State", "Zip", "Country")


def standard_parameters(account_sid: str, leg: Leg) -> dict[str, str]:
    """The parameters of every request about a leg (TwiML page, "Twilio's request to your application").

    City, state and zip are sent empty: they may be, and blank fields must survive the service's signature check.
    """
    form = {
        "CallSid": leg.sid,
        "AccountSid": account_sid,
        "From": leg.from_,
        "To": leg.to,
        "Caller": leg.from_,
        "Called": leg.to,
        "CallStatus": leg.status,
        "ApiVersion": "2010-04-01",
        "Direction": leg.direction,
    }
    for side, number in (("From", leg.from_), ("Caller", leg.from_), ("To", leg.to), ("Called", leg.to)):
        form |= {side + place: "" for place in PLACES}
        form[side + "Country"] = "BE" if number.startswith("+32") else ""
    if leg.parent_sid:
        form["ParentCallSid"] = leg.parent_sid
    return form


class Progress:
    """Puts each event of a leg into words at once, and sends it from a thread of that leg, in order.

    Twilio promises no order between events (Call resource page); one order that repeats makes tests that do.
    """

    def __init__(self, exchange: Exchange, webhooks: Webhooks) -> None:
        self._exchange = exchange
        self._webhooks = webhooks
        exchange.on_progress = self.happened

    def happened(self, leg: Leg, event: str) -> None:
        """Queue the callback if the subscriber asked for this event. Never blocks; the exchange calls it locked."""
        wanted = leg.subscription
        if wanted is None:
            return
        if leg.reports is None:
            leg.reports = SimpleQueue()
            threading.Thread(target=self._deliver, args=(leg, leg.reports), daemon=True).start()
        if event in wanted.events:
            leg.undelivered += 1
            leg.reports.put(self._form(leg))
            leg.reported += 1
        if leg.status in FINAL:
            leg.reports.put({})

    def _form(self, leg: Leg) -> dict[str, str]:
        now = self._exchange.clock.now()
        form = standard_parameters(self._exchange.settings.account_sid, leg) | {
            "Timestamp": format_datetime(now),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(leg.reported),
        }
        if leg.status in FINAL:
            seconds = leg.duration(now)
            form["CallDuration"] = str(seconds)
            form["SipResponseCode"] = str(leg.sip_code)
            if leg.status == "completed":
                form["Duration"] = str(math.ceil(seconds / 60))
        return form

    def _deliver(self, leg: Leg, reports: SimpleQueue[dict[str, str]]) -> None:
        faults = self._exchange.faults
        held: list[tuple[Rule, dict[str, str]]] = []
        while True:
            self._exchange.watch(lambda: not reports.empty() or any(rule.cleared for rule, _ in held), None)
            form = {} if reports.empty() else reports.get()
            if not form:
                while held:
                    self._tell(leg, held.pop()[1])
                if not leg.live and reports.empty():
                    return
            elif rule := faults.take("status-callback", form, "reverse"):
                held.append((rule, form))
            elif rule := faults.take("status-callback", form, "delay"):
                threading.Thread(target=self._tell_later, args=(leg, rule, form), daemon=True).start()
            else:
                self._tell(leg, form)

    def _tell_later(self, leg: Leg, rule: Rule, form: dict[str, str]) -> None:
        self._exchange.faults.hold(rule)
        self._tell(leg, form)

    def _tell(self, leg: Leg, form: dict[str, str]) -> None:
        wanted = leg.subscription
        if wanted is not None:
            self._webhooks.send("status-callback", leg.sid, wanted.method, wanted.url, form)
        with self._exchange.changed:
            leg.undelivered -= 1
            self._exchange.changed.notify_all()
