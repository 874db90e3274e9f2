"""One call leg and what it hears, says and listens for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.clock import Deadline

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
RINGABLE = frozenset({"queued", "initiated", "ringing"})


def new_sid(prefix: str) -> str:
    """A SID as Twilio makes them: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass(frozen=True)
class Source:
    """Where the next TwiML document comes from: a URL, or the document itself (`inline`)."""

    url: str | None
    method: str = "POST"
    extra: tuple[tuple[str, str], ...] = ()
    inline: str | None = None


@dataclass(frozen=True)
class Subscription:
    """Who is told of a leg's progress, and of which events (`initiated ringing answered completed`)."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass
class Listening:
    """A Gather that waits for keys."""

    num_digits: int | None
    finish_on_key: str
    timeout: float
    takes_keys: bool = True
    digits: str = ""
    closed: bool = False
    quiet_until: Deadline | None = None
    """When silence ends it; set with the last key, so that a clock moved right after counts from there."""

    def feed(self, keys: str) -> bool:
        """Hear the keys that still fit; says whether any was heard."""
        heard = False
        for key in keys if self.takes_keys else "":
            if self.closed:
                break
            heard = True
            if key in self.finish_on_key:
                self.closed = True
            else:
                self.digits += key
                self.closed = self.num_digits is not None and len(self.digits) >= self.num_digits
        return heard


@dataclass
class Taping:
    """A Record that runs."""

    finish_on_key: str
    started: datetime
    silence: float
    quiet_until: Deadline
    spoken: float = 0.0
    words: str = ""
    language: str = ""
    ended_by: str | None = None
    """A key, `hangup`, or `silence`."""


@dataclass
class Leg:
    """A call leg. Only the exchange changes it, and only while holding its condition."""

    sid: str
    from_: str
    to: str
    direction: str
    created: datetime
    updated: datetime
    number: int
    parent_sid: str | None = None
    source: Source | None = None
    fallback: Source | None = None
    subscription: Subscription | None = None
    ring_seconds: float = 60.0
    time_limit: float = 14400.0
    status: str = "queued"
    sip_code: int | None = None
    dialled: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    expires: Deadline | None = None
    tones: str = ""
    """What is keyed as soon as the called side answers."""
    picked_up: bool = False
    declined: bool = False
    silent: bool = False
    stays: float | None = None
    """Seconds from the answer until whoever answered hangs up; None where he stays."""
    keys_to_press: list[str] = field(default_factory=list)
    transcript: list[dict[str, Any]] = field(default_factory=list)
    keyed: list[dict[str, Any]] = field(default_factory=list)
    """The keys that were heard, each with the number of lines that the transcript had by then."""
    listening: Listening | None = None
    taping: Taping | None = None
    redirect: Source | None = None
    ready: bool = False
    """A dialled leg that answered and has heard its whisper out."""
    bridged_to: str | None = None
    was_bridged: bool = False
    pressed_star: bool = False
    redirected_away: bool = False
    """A dialled leg that a REST update took out of its Dial."""
    reported: int = 0
    undelivered: int = 0
    reports: SimpleQueue[dict[str, str]] | None = None

    @property
    def live(self) -> bool:
        """Whether the leg has not ended yet."""
        return self.status not in FINAL

    @property
    def phone(self) -> str:
        """The number of the telephone on this leg; the other end is the account."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def gathering(self) -> Listening | None:
        """The Gather that hears the next key, if there is one."""
        return self.listening if self.live and self.listening and not self.listening.closed else None

    def note_keys(self, keys: str) -> None:
        """Write down keys that were heard."""
        self.keyed.append({"after": len(self.transcript), "digits": keys})

    def duration(self, now: datetime) -> int:
        """Whole seconds since the answer; 0 for a leg that was never answered."""
        if self.answered is None:
            return 0
        return max(0, round(((self.ended or now) - self.answered).total_seconds()))

    def as_seen(self, now: datetime) -> dict[str, Any]:
        """The leg as the console shows it; `duration` in seconds."""
        waits_for = self.gathering
        return {
            "sid": self.sid,
            "from": self.from_,
            "to": self.to,
            "direction": self.direction,
            "status": self.status,
            "sip_code": self.sip_code,
            "parent_sid": self.parent_sid,
            "transcript": list(self.transcript),
            "keyed": list(self.keyed),
            "gathering": waits_for
            and {
                "numDigits": waits_for.num_digits,
                "finishOnKey": waits_for.finish_on_key,
                "timeout": waits_for.timeout,
                "digits": waits_for.digits,
            },
            "recording": self.live and self.taping is not None and self.taping.ended_by is None,
            "bridged": self.live and self.bridged_to is not None,
            "was_bridged": self.was_bridged,
            "duration": self.duration(now),
            "undelivered": self.undelivered,
        }
