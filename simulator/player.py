"""Plays TwiML on one leg: fetch, walk, go on to the next document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from simulator import twiml
from simulator.exchange import Exchange, LegEndedError, RedirectedError
from simulator.progress import standard_parameters
from simulator.twiml import ApplicationFaultError, Document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from xml.etree import ElementTree as ET

    from simulator.legs import Leg, Source
    from simulator.webhooks import Answer, Webhooks

    Verb = Callable[["Player", ET.Element, Document], Source | None]

SPOKEN_ERROR = "An application error has occurred"
# No cap on documents is documented for voice; a service that redirects in a circle must not keep two processes busy.
MOST_DOCUMENTS = 500
IN_A_WHISPER = frozenset({"Say", "Play", "Gather", "Hangup"})  # Number page, attribute url
ALSO_HARMLESS = frozenset({"Pause", "Redirect"})


class Finished(Exception):
    """A verb ended the call."""


class Player:
    """One leg's voice. `whisper` is true for the document of <Number url>, which may hold less."""

    def __init__(
        self, exchange: Exchange, webhooks: Webhooks, leg: Leg, verbs: Mapping[str, Verb], *, whisper: bool = False
    ) -> None:
        self.exchange = exchange
        self.webhooks = webhooks
        self.leg = leg
        self.whisper = whisper
        self.sounds: dict[str, str] = {}
        """The names of the sounds that were fetched for this leg, by their addresses (see `simulator.sounds`)."""
        self._verbs = verbs

    def run(self, source: Source) -> None:
        """Play documents until the last one runs out.

        Raises LegEndedError when the call ended on the way, also by <Hangup> and after an application error.
        """
        current: Source | None = source
        for _ in range(MOST_DOCUMENTS):
            if current is None:
                return
            current = self._one(current)
        self._say_error(ApplicationFaultError(0, f"more than {MOST_DOCUMENTS} documents in one call"))

    def _one(self, source: Source) -> Source | None:
        try:
            return self._play(source)
        except RedirectedError:
            with self.exchange.changed:
                taken, self.leg.redirect = self.leg.redirect, None
                self.leg.listening = self.leg.taping = None
                return taken
        except Finished:
            self.exchange.hang_up(self.leg)
            raise LegEndedError from None
        except ApplicationFaultError as fault:
            fallback = self.leg.fallback
            if fallback is None or source.url == fallback.url:
                self._say_error(fault)
            self.warn(fault.code, fault.text)
            # High-availability article: the request for the fallback carries the code and the address that failed.
            told = (("ErrorCode", str(fault.code)), ("ErrorUrl", source.url or ""))
            return type(fallback)(fallback.url, fallback.method, told)

    def _play(self, source: Source) -> Source | None:
        document = self.fetch(source)
        for warning in twiml.warnings(document.root):
            self.warn(warning.code, warning.text)
        for element in document.root:
            self.exchange.checkpoint(self.leg)
            if self.whisper and not self._allowed(element.tag):
                continue
            verb = self._verbs.get(element.tag)
            if verb is None:
                if element.tag in twiml.GRAMMAR["Response"]:
                    self.warn(0, f"<{element.tag}> is not imitated here")
                continue
            if element.tag not in {"Reject", "Dial"}:
                self.pick_up()
            following = verb(self, element, document)
            if following is not None:
                return following
        return None

    def _allowed(self, tag: str) -> bool:
        if tag == "Dial":
            raise ApplicationFaultError(13201, "<Dial> inside the document of <Number url>")
        if tag not in IN_A_WHISPER:
            self.warn(12200, f"<{tag}> is not documented for the document of <Number url>")
        return tag in IN_A_WHISPER | ALSO_HARMLESS

    def fetch(self, source: Source) -> Document:
        """The document behind a source; raises ApplicationFaultError with Twilio's code, and what `checkpoint` does."""
        if source.inline is not None:
            return twiml.parse(source.inline, None)
        answer = self.request(_purpose(source), source)
        self.exchange.checkpoint(self.leg)
        if answer.error is not None:
            raise ApplicationFaultError(answer.error, answer.text)
        return _document(answer, source)

    def request(self, purpose: str, source: Source) -> Answer:
        """Request a URL with the standard parameters and those of the source."""
        with self.exchange.changed:
            form = standard_parameters(self.exchange.settings.account_sid, self.leg) | dict(source.extra)
        delayed = self.exchange.faults.take(purpose, form, "delay")
        if delayed is not None:
            self.exchange.faults.hold(delayed)
        return self.webhooks.send(purpose, self.leg.sid, source.method, source.url or "", form)

    def pick_up(self) -> None:
        """Answer an inbound call: its first verb does, unless that is <Reject> (Reject page)."""
        with self.exchange.changed:
            if self.leg.live and self.leg.answered is None:
                self.exchange.move(self.leg, "in-progress")

    def note(self, verb: str, text: str, **facts: object) -> dict[str, Any]:
        """Write what is heard into the leg's transcript."""
        with self.exchange.changed:
            line = {"verb": verb, "text": text, "at": self.exchange.clock.now().isoformat(), **facts}
            self.leg.transcript.append(line)
            self.exchange.changed.notify_all()
            return line

    def sound(self, seconds: float, interrupted: Callable[[], bool] = lambda: False) -> None:
        """Let a sound last, unless speaking takes no time here."""
        if self.exchange.speech_rate > 0:
            self.exchange.wait(self.leg, interrupted, self.exchange.clock.deadline(seconds))

    def warn(self, code: int, text: str) -> None:
        """Journal what Twilio would show in its debugger."""
        self.exchange.journal.add("warning", sid=self.leg.sid, code=code, text=text)

    def _say_error(self, fault: ApplicationFaultError) -> NoReturn:
        self.pick_up()
        self.warn(fault.code, fault.text)
        self.note("Error", SPOKEN_ERROR, code=fault.code, reason=fault.text)
        self.exchange.hang_up(self.leg)
        raise LegEndedError


def _purpose(source: Source) -> str:
    """What a document is asked for: at first, or after a Dial, a Record or a Gather with what came of it."""
    told = {name for name, _ in source.extra}
    if "DialCallStatus" in told:
        return "dial-action"
    if "RecordingSid" in told:
        return "record-action"
    return "gather-action" if "Digits" in told else "twiml"


def _document(answer: Answer, source: Source) -> Document:
    """Which content types are TwiML (TwiML page, "TwiML response content types"); 12300 for the others."""
    kind = (answer.content_type or "").partition(";")[0].strip().lower()
    # Attributes are resolved against the address that answered; an overrides fragment stays with its own URL.
    url = source.url if not answer.url or answer.url == (source.url or "").partition("#")[0] else answer.url
    if kind in {"text/xml", "application/xml", "text/html"}:
        return twiml.parse(answer.body, url)
    if kind == "text/plain":
        try:
            return twiml.parse(answer.body, url)
        except ApplicationFaultError:
            return twiml.spoken(answer.body, url)
    if kind.startswith("audio/"):
        return twiml.played(url)
    raise ApplicationFaultError(12300, f"invalid content type {kind or '(none)'}")
