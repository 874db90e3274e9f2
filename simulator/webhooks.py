"""Signed requests to the service, with Twilio's time-outs, retries and redirects."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit, urlunsplit

import requests
from twilio.request_validator import RequestValidator
from urllib3.exceptions import MaxRetryError, NewConnectionError

if TYPE_CHECKING:
    from simulator.faults import Faults
    from simulator.journal import Journal

LONGEST = 15.0  # seconds for one request with its retries, whatever the overrides say (connection overrides page)
LARGEST = 64 * 1024  # bytes of one answer (error 11750)
MOST_REDIRECTS = 10  # error 11215


@dataclass(frozen=True)
class Overrides:
    """What the fragment of a URL may change: `#rc=2&rp=ct,rt,5xx&ct=2000&rt=5000` (connection overrides page)."""

    connect: float = 5.0
    read: float = LONGEST
    total: float = LONGEST
    retries: int = 1
    retry_on: frozenset[str] = field(default_factory=lambda: frozenset({"ct"}))

    @classmethod
    def of(cls, fragment: str) -> Overrides:
        """Read a fragment; a value that is no number leaves the default, one out of range is brought into it."""
        given = {key: values[-1] for key, values in parse_qs(fragment).items()}

        def number(key: str, low: int, high: int, default: float) -> float:
            text = given.get(key, "")
            return min(high, max(low, int(text))) if text.isdecimal() else default

        return cls(
            number("ct", 100, 10_000, 5000) / 1000,
            number("rt", 100, 15_000, 15_000) / 1000,
            number("tt", 100, 15_000, 15_000) / 1000,
            int(number("rc", 0, 5, 1)),
            frozenset(given.get("rp", "ct").split(",")),
        )

    def repeats(self, failure: str | None) -> bool:
        """Whether a failure of this kind (`ct`, `rt`, `4xx`, `5xx`) is tried again."""
        return failure is not None and bool(self.retry_on & {failure, "all"})


@dataclass(frozen=True)
class Answer:
    """What came back: an HTTP answer, or Twilio's error code for why there is none."""

    url: str
    status: int | None = None
    content_type: str | None = None
    body: str = ""
    error: int | None = None
    failure: str | None = None
    text: str = ""
    signature: str = ""
    """The one the last request was sent with; empty where none left."""


LOST = Answer("", error=11200, failure="rt", text="no answer in time")
"""A request or its answer that was lost on the way looks like a read time-out; nobody waits 15 seconds for it."""


class Webhooks:
    """Sends form requests as Twilio does and writes each into the journal, whatever came of it."""

    def __init__(self, auth_token: str, journal: Journal, faults: Faults) -> None:
        self._validator = RequestValidator(auth_token)
        self._faults = faults
        self.journal = journal

    def send(self, purpose: str, sid: str, method: str, url: str, form: dict[str, str]) -> Answer:
        """Request `url` for the leg `sid` and give the answer. Raises nothing."""
        repeat = self._faults.take(purpose, form, "repeat")
        for _ in range(repeat.copies if repeat else 0):
            self._send(purpose, sid, method, url, form)
        return self._send(purpose, sid, method, url, form)

    def _send(self, purpose: str, sid: str, method: str, url: str, form: dict[str, str]) -> Answer:
        sent_at, sent_real = self._sent_at(), time.monotonic()
        overrides = Overrides.of(urlsplit(url).fragment)
        token, tries = secrets.token_hex(16), 0
        while True:
            tries += 1
            left = overrides.total - (time.monotonic() - sent_real)
            lost = self._faults.take(purpose, form, "lose", "lose-answer")
            answer = LOST
            if lost is None or lost.do == "lose-answer":
                arrived = self._follow(method, url, form, token, overrides, left)
                answer = replace(LOST, signature=arrived.signature) if lost else arrived
            spent = time.monotonic() - sent_real
            if tries > overrides.retries or not overrides.repeats(answer.failure) or spent >= overrides.total:
                break
        self.journal.add(
            "webhook",
            purpose=purpose,
            sid=sid,
            method=method,
            url=url,
            form=form,
            status=answer.status,
            content_type=answer.content_type,
            answer=answer.body,
            error=answer.error,
            error_text=answer.text,
            signature=answer.signature,
            tries=tries,
            sent_at=sent_at,
            sent_real_at=sent_real,
        )
        return answer

    def _sent_at(self) -> str:
        return self.journal.now().isoformat()

    def _follow(
        self, method: str, url: str, form: dict[str, str], token: str, overrides: Overrides, left: float
    ) -> Answer:
        ends, signature = time.monotonic() + left, ""
        for _ in range(MOST_REDIRECTS + 1):
            request = self.signed(method, url, form, token)
            if request is None:
                return Answer(url, error=11100, text="invalid URL")
            signature = request.headers["X-Twilio-Signature"]
            answer, location = _exchange(request, overrides, ends)
            if location is None:
                return replace(answer, signature=signature)
            # A 301, 302 or 303 turns POST into GET and loses the form, so also `Digits` (field experience).
            if answer.status not in {307, 308}:
                method, form = "GET", {}
            url = urljoin(urldefrag(url).url, location)
        return Answer(url, error=11215, text="too many redirects", signature=signature)

    def signed(self, method: str, url: str, form: dict[str, str], token: str) -> requests.PreparedRequest | None:
        """The request with its signature, or None when the URL is none.

        The URL is signed without fragment and userinfo; over https without port, over http with it
        (security page, "Validating requests").
        """
        parts = urlsplit(urldefrag(url).url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        login = (parts.username, parts.password or "") if parts.username else None
        try:
            if method == "GET":
                request = requests.Request("GET", bare, params=form, auth=login).prepare()
            else:
                request = requests.Request("POST", bare, data=form, auth=login).prepare()
        except (requests.RequestException, UnicodeError):
            return None
        signed = urlsplit(str(request.url))
        if signed.scheme == "https":
            signed = signed._replace(netloc=signed.netloc.rsplit(":", 1)[0] if signed.port else signed.netloc)
        params = {} if method == "GET" else form
        request.headers["X-Twilio-Signature"] = self._validator.compute_signature(urlunsplit(signed), params)
        request.headers["I-Twilio-Idempotency-Token"] = token
        request.headers["X-Home-Region"] = "us1"
        request.headers["User-Agent"] = "TwilioProxy/1.1"
        return request


def _exchange(request: requests.PreparedRequest, overrides: Overrides, ends: float) -> tuple[Answer, str | None]:
    """One request and its answer; the second value is where a redirect points."""
    url = str(request.url)
    left = max(0.05, ends - time.monotonic())
    session = requests.Session()
    session.trust_env = False  # a proxy of the environment must not see, or break, loopback traffic
    try:
        with session.send(
            request,
            stream=True,
            timeout=(min(overrides.connect, left), min(overrides.read, left)),
            allow_redirects=False,
        ) as response:
            body = b""
            for piece in response.iter_content(8192):
                body += piece
                if len(body) > LARGEST:
                    return Answer(url, response.status_code, error=11750, text="response body over 64 kB"), None
                if time.monotonic() > ends:
                    return Answer(url, error=11200, failure="rt", text="the answer took too long"), None
            kind = response.headers.get("Content-Type")
            named = response.encoding if "charset" in (kind or "") else None
            text = body.decode(named or "utf-8", "replace")
            if response.is_redirect:
                return Answer(url, response.status_code), response.headers["Location"]
            first = response.status_code // 100
            if first in {4, 5}:
                why = f"HTTP {response.status_code}"
                return Answer(url, response.status_code, kind, text, 11200, f"{first}xx", why), None
            return Answer(url, response.status_code, kind, text), None
    except requests.RequestException as trouble:
        return _failed(url, trouble), None
    finally:
        session.close()


def _failed(url: str, trouble: requests.RequestException) -> Answer:
    """The error code for a request that got no answer."""
    reason = trouble.args[0] if trouble.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    early = isinstance(trouble, requests.ConnectTimeout | requests.exceptions.SSLError)
    if early or isinstance(reason, NewConnectionError):
        # TCP connect and TLS handshake are what `ct` means (connection overrides page).
        return Answer(url, error=11205, failure="ct", text=f"no connection: {type(trouble).__name__}")
    if isinstance(trouble, requests.Timeout):
        return Answer(url, error=11200, failure="rt", text="no answer in time")
    return Answer(url, error=11206, text=f"HTTP protocol violation: {type(trouble).__name__}")
