"""The telephone by Twilio's REST API. Twilio's words and errors stop here.

Which answer proves what: docs/protocol.md §3 and Twilio's page on error 20500 (a call may exist after a 5xx).
"""

import json
import ssl
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import requests
import urllib3.exceptions as low
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from callbacks.errors import PhoneBusy, PhoneError, PhoneNotSent, PhoneRefused, PhoneUncertain
from callbacks.leg_words import STATUSES
from callbacks.ports import LegReport, NewCall
from callbacks.providers import twilio_recordings

CONNECT_SECONDS = 3.05
READ_SECONDS = 10.0
NOT_MODIFIABLE = 21220
"""A call that has ended already cannot be changed (https://www.twilio.com/docs/api/errors/21220)."""
EVENTS = ["initiated", "ringing", "answered", "completed"]
LISTED = 20
TOO_MANY_REQUESTS = 429
REQUEST_TIMEOUT = 408
"""Says that the server gave up waiting, not that it did nothing."""

Answer = TypeVar("Answer")


class _ImpatientAdapter(HTTPAdapter):
    """Time-outs of two kinds: Twilio's client takes one number only, and by default waits for ever."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - requests' own signature
        kwargs["timeout"] = (CONNECT_SECONDS, READ_SECONDS)
        return super().send(request, *args, **kwargs)


class TwilioPhone:
    """Places and asks about calls. One client a process, made at the first use, so that a forked job has its own."""

    def __init__(
        self,
        account_sid: str,
        username: str,
        password: str,
        base_url: str | None = None,
        region: str | None = None,
        edge: str | None = None,
    ) -> None:
        """Use an API key (or the account and its token); `base_url` points to a stand-in instead of Twilio."""
        self._account_sid = account_sid
        self._place = (region, edge)
        self._login = (username, password)
        self._base_url = base_url
        self._made: Client | None = None

    def place(self, call: NewCall) -> str:
        """Place one call; see callbacks.ports.Phone for what is raised."""
        placed = _sorted(
            lambda: self._client.calls.create(
                to=call.to,
                from_=call.sender,
                url=call.url,
                method="POST",
                # The same address again: it gives the same answer to the same leg, and a second chance costs nothing.
                fallback_url=call.url,
                fallback_method="POST",
                status_callback=call.status_url,
                status_callback_method="POST",
                status_callback_event=EVENTS,
                timeout=call.ring_seconds,
                time_limit=call.limit_seconds,
            ),
        )
        if not placed.sid:
            message = "the answer names no call"
            raise PhoneUncertain(message)
        return str(placed.sid)

    def fetch(self, call_sid: str) -> LegReport:
        """Return one leg as it is now; Twilio calls this eventually consistent."""
        return _report(_sorted(lambda: self._client.calls(call_sid).fetch()))

    def calls_to(self, number: str, sender: str) -> list[LegReport]:
        """Return the latest legs from `sender` to `number`, newest first."""
        calls = _sorted(lambda: self._client.calls.list(to=number, from_=sender, limit=LISTED, page_size=LISTED))
        return [_report(call) for call in calls]

    def children_of(self, call_sid: str) -> list[LegReport]:
        """Return the legs that a leg dialled."""
        calls = _sorted(lambda: self._client.calls.list(parent_call_sid=call_sid, limit=LISTED, page_size=LISTED))
        return [_report(call) for call in calls]

    def hang_up(self, call_sid: str) -> None:
        """End a leg: `canceled` stops one that is queued or ringing, `completed` one that talks."""
        for status in ("canceled", "completed"):
            try:
                _sorted(lambda status=status: self._client.calls(call_sid).update(status=status))  # type: ignore[misc]
            except PhoneRefused as refusal:
                if refusal.code != NOT_MODIFIABLE:
                    raise

    def recording(self, recording_sid: str) -> bytes:
        """Return the sound of a recording; see callbacks.ports.Phone."""
        return _sorted(lambda: twilio_recordings.sound(self._client, recording_sid))

    def delete_recording(self, recording_sid: str, kept_for: timedelta) -> bool:
        """Delete a recording that is so old by Twilio's clock; see callbacks.ports.Phone."""
        try:
            return _sorted(lambda: twilio_recordings.delete(self._client, recording_sid, kept_for))
        except PhoneRefused as refusal:
            if refusal.code != twilio_recordings.NOT_FOUND:
                raise
            return True

    @property
    def _client(self) -> Client:
        if self._made is None:
            http = TwilioHttpClient(timeout=READ_SECONDS)
            if http.session is not None:
                http.session.mount("https://", _ImpatientAdapter())
                http.session.mount("http://", _ImpatientAdapter())
            username, password = self._login
            region, edge = self._place
            client = Client(
                username,
                password,
                account_sid=self._account_sid,
                region=region,
                edge=edge,
                http_client=http,
            )
            if self._base_url:
                client.api.base_url = self._base_url
            self._made = client
        return self._made


def _sorted(ask: Callable[[], Answer]) -> Answer:
    """Ask Twilio, and sort what goes wrong by what it proves."""
    try:
        return ask()
    except TwilioException as error:
        raise _by_status(error) from error
    except requests.exceptions.RequestException as error:
        if _never_left(error):
            message = f"not sent: {type(error).__name__}"
            raise PhoneNotSent(message) from error
        message = f"no answer: {type(error).__name__}"
        raise PhoneUncertain(message) from error
    except (json.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        # A success whose body cannot be read: the call may well exist.
        message = f"unreadable answer: {type(error).__name__}"
        raise PhoneUncertain(message) from error


def _by_status(error: TwilioException) -> PhoneError:
    status = getattr(error, "status", None)
    code = getattr(error, "code", None)
    # Fields, not str(error): that is coloured on a terminal and names the account.
    message = f"HTTP {status}, code {code}"
    if status == TOO_MANY_REQUESTS:
        return PhoneBusy(message, code)
    if isinstance(status, int) and 400 <= status < 500 and status != REQUEST_TIMEOUT:  # noqa: PLR2004 - HTTP's own class of client errors
        return PhoneRefused(message, code)
    return PhoneUncertain(message, code)


def _never_left(error: requests.exceptions.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    if isinstance(reason, low.NewConnectionError | low.ConnectTimeoutError | low.NameResolutionError):
        return True
    # A certificate is checked before the first byte of the request; other TLS trouble may come later.
    bad_certificate = any(isinstance(part, ssl.SSLCertVerificationError) for part in getattr(reason, "args", ()))
    return isinstance(reason, low.SSLError) and bad_certificate


def _report(call: CallInstance) -> LegReport:
    status = STATUSES.get(str(call.status))
    if status is None or not call.sid:
        message = f"a call of unknown status {call.status}"
        raise PhoneUncertain(message)
    return LegReport(
        call_sid=call.sid,
        status=status,
        to=call.to or "",
        sender=call._from or "",  # noqa: SLF001 - the only name the library gives the caller
        parent_sid=call.parent_call_sid,
        seconds=int(call.duration) if call.duration else None,
        placed_by_api=call.direction == "outbound-api",
    )
