"""What the work needs from the outside, as types: a clock, a telephone, a bell, a mailer, texts, a database.

The real ones live in `callbacks/providers` and are put together in `callbacks/wiring.py`; tests hand in others.
Handlers and jobs receive one `Services` and know nothing of what is behind it.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from callbacks.rules.daily_limits import DailyLimit
from models.vocabulary import CustomerKey, Language, LegStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Uptime:
    """A reading of monotonic time that other processes of the same machine can compare with theirs.

    `boot` names the machine and its last start; readings of different boots have nothing to do with each other.
    """

    boot: str
    ms: int

    def since(self, boot: str | None, ms: int | None) -> float | None:
        """Return the seconds passed since an earlier reading; None where it was another machine's, or none at all."""
        return (self.ms - ms) / 1000 if ms is not None and boot == self.boot else None


class Clock(Protocol):
    """The one clock. Asked once per unit of work and passed down; SQL's own now() is never used."""

    def now(self) -> datetime:
        """Return this instant, aware UTC."""
        ...

    def uptime(self) -> Uptime:
        """Return monotonic time: what must really have passed, however the wall clock was moved."""
        ...


@runtime_checkable
class Movable(Protocol):
    """A clock that can be set: the demo's and the tests', never that of real calls."""

    def move_to(self, instant: datetime) -> None:
        """Let it be this instant now, for every process of the service."""
        ...


class Database(Protocol):
    """Transactions on the one database."""

    def write(self) -> "AbstractContextManager[Session]":
        """Open a transaction that changes something; committed at the end, rolled back on any error."""
        ...

    def read(self) -> "AbstractContextManager[Session]":
        """Open a transaction that only looks."""
        ...


class Bell(Protocol):
    """Wakes the workers. Ringing may fail or be lost: the next sweep finds the work all the same."""

    def ring(self, queue: str) -> None:
        """Ask a worker of `queue` to look for work. Never raises, never waits long."""
        ...

    def wake_clock(self) -> None:
        """Tell the clock process that something earlier than it knows of was committed."""
        ...

    def ping(self) -> bool:
        """Say whether the bell can be rung at all."""
        ...


@dataclass(frozen=True)
class NewCall:
    """An agent's leg to place. URLs are absolute; times in seconds."""

    to: str
    sender: str
    url: str
    status_url: str
    ring_seconds: int
    limit_seconds: int


@dataclass(frozen=True)
class LegReport:
    """What the telephone provider says of one leg. `seconds` is its whole duration, once it has ended."""

    call_sid: str
    status: LegStatus
    to: str
    sender: str
    parent_sid: str | None
    seconds: int | None
    placed_by_api: bool


class Phone(Protocol):
    """The telephone provider. Raises callbacks.errors.PhoneError and its children, nothing else."""

    def place(self, call: NewCall) -> str:
        """Place one call and return its SID.

        Raises PhoneRefused, PhoneBusy, PhoneNotSent (nothing was placed) or PhoneUncertain (never repeat unasked).
        """
        ...

    def fetch(self, call_sid: str) -> LegReport:
        """Return one leg as it is now."""
        ...

    def calls_to(self, number: str, sender: str) -> list[LegReport]:
        """Return the latest legs from `sender` to `number`, newest first."""
        ...

    def children_of(self, call_sid: str) -> list[LegReport]:
        """Return the legs that a leg dialled."""
        ...

    def hang_up(self, call_sid: str) -> None:
        """End a leg, whether it is queued, ringing or talking; one that has ended already is no error."""
        ...

    def recording(self, recording_sid: str) -> bytes:
        """Return the sound of a recording, a WAV file; one that is not ready yet is refused like one never made."""
        ...

    def delete_recording(self, recording_sid: str, kept_for: timedelta) -> bool:
        """Delete a recording that is so old by the provider's own clock; False for a younger one, which stays.

        One that is not there (any more) counts as deleted.
        """
        ...


class Recordings(Protocol):
    """The folder of what callers said, one sound a recording. Raises OSError where the disk refuses."""

    def keep(self, recording_sid: str, sound: bytes) -> None:
        """Keep a sound, whole or not at all; readable by us alone."""
        ...

    def sound(self, recording_sid: str) -> bytes | None:
        """Return a sound, None where it is not here."""
        ...

    def forget(self, recording_sid: str) -> None:
        """Delete a sound; one that is not here is no error."""
        ...


@dataclass(frozen=True)
class Mail:
    """One mail as it goes out; the body in text and HTML."""

    recipient: str
    message_id: str
    subject: str
    body_text: str
    body_html: str
    language: Language


class Mailer(Protocol):
    """Sends mail. Raises MailRefused (never again) or MailDelayed (later)."""

    def send(self, mail: Mail) -> None:
        """Hand one mail to the mail server."""
        ...


class Texts(Protocol):
    """What is said and mailed, by key and language."""

    def text(self, language: Language, key: str, **values: object) -> str:
        """Return the text under `key` with `{names}` filled in; raises KeyError for an unknown key or name."""
        ...


BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class HouseRules:
    """The tunables of the work. All times in seconds; see .env.example for what each does."""

    service_name: str = "Accel"
    zone: ZoneInfo = BRUSSELS
    opening_hours: str = "Mo-Fr 09:00-12:00,13:00-17:00; PH off"
    envelope: str = "Mo-Fr 09:00-12:00,13:00-17:00"
    hotline: str = "+3234603535"
    caller_id: str = "+3234603535"
    allowed_countries: tuple[str, ...] = ("BE", "NL", "FR", "LU", "DE")
    preparation: int = 30
    last_call_margin: int = 120
    agent_ring: int = 25
    customer_ring: int = 20
    time_limit: int = 7200
    wrap_up: int = 120
    offer_cool_off: int = 300
    missed_pause: int = 30
    missed_in_a_row: int = 3
    retry_busy: int = 300
    retry_no_answer: int = 1800
    retry_machine: int = 3600
    retry_failed: int = 300
    failed_limit: int = 1
    max_tries: int = 3
    retry_windows: int = 2
    slot_minutes: int = 30
    booking_days: int = 14
    last_agent_for_outage: bool = True
    max_open_per_number: int = 3
    message_seconds: int = 90
    message_days: int = 30
    customer_key: CustomerKey = CustomerKey.OFF
    overload_queue: int = 50
    overload_wait: int = 14400
    alarm_outage_minutes: int = 15
    alarm_supervisor_seconds: int = 120
    alarm_mail_seconds: int = 600
    daily_limits: tuple[DailyLimit, ...] = ()
    held_max: int = 900
    sending_deadline: int = 20
    lease: int = 45
    horizon: int = 120
    calls_per_second: float = 1.0
    head_start_outage_managed: int = 75600
    head_start_outage: int = 50400
    head_start_managed: int = 25200

    @property
    def own_numbers(self) -> frozenset[str]:
        """Numbers that are ours and are never dialled."""
        return frozenset({self.hotline, self.caller_id})


@dataclass(frozen=True)
class Webhooks:
    """What the door of the webhooks needs to know: where we are reached, and whose requests count."""

    public_base_url: str
    account_sid: str
    auth_tokens: tuple[str, ...]
    voices: Mapping[Language, tuple[str, str]]


@dataclass(frozen=True)
class Services:
    """Everything a handler, a job or a command works with."""

    clock: Clock
    database: Database
    bell: Bell
    phone: Phone
    recordings: Recordings
    mailer: Mailer
    texts: Texts
    rules: HouseRules
    webhooks: Webhooks
