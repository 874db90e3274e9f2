"""Puts the real parts together: settings, clock, database, bell, telephone, mail, texts."""

import os
from functools import cache
from pathlib import Path

from callbacks.clock import MovableClock, SystemClock
from callbacks.embedded_redis import running_url
from callbacks.errors import NotReady
from callbacks.ports import Clock, HouseRules, Mailer, Services, Webhooks
from callbacks.providers.file_mailer import FileMailer
from callbacks.providers.file_recordings import FileRecordings
from callbacks.providers.rq_bell import RqBell
from callbacks.providers.smtp_mailer import SmtpMailer
from callbacks.providers.twilio_phone import TwilioPhone
from callbacks.secret_key import ensure_secret_key
from callbacks.settings import Settings, load_settings
from callbacks.texts import Catalogs
from models.sessions import WEB_BUSY_SECONDS, WORKER_BUSY_SECONDS, Database
from models.vocabulary import Language

LANGUAGE_TAGS = {Language.NL: "nl-BE", Language.FR: "fr-BE", Language.EN: "en-GB"}


@cache
def settings() -> Settings:
    """Return the settings of this process, read once. Raises RefusedInput with what to mend."""
    return load_settings()


def build(settings: Settings, *, web: bool = False) -> Services:
    """Return everything a process works with. Nothing is connected yet, so that a process may still fork.

    A web process waits less long for a busy SQLite file than a worker: a caller listens to silence meanwhile.
    """
    database = Database(settings.database_url, busy_seconds=WEB_BUSY_SECONDS if web else WORKER_BUSY_SECONDS)
    clock: Clock = MovableClock(database) if settings.demo else SystemClock()
    return Services(
        clock=clock,
        database=database,
        bell=RqBell(redis_url(settings)),
        phone=_phone(settings),
        recordings=FileRecordings(settings.home / "recordings"),
        mailer=_mailer(settings, clock),
        texts=_texts(settings.texts_file),
        rules=house_rules(settings),
        webhooks=_webhooks(settings),
    )


_mine: dict[int, Services] = {}


def of_this_process() -> Services:
    """Return the services of this very process: a forked work-horse must not use its parent's connections."""
    pid = os.getpid()
    if pid not in _mine:
        for inherited in _mine.values():
            if isinstance(inherited.database, Database):
                inherited.database.forget_connections()
        _mine.clear()
        _mine[pid] = build(settings())
    return _mine[pid]


def redis_url(settings: Settings) -> str:
    """Return where the bell is: as given, else the server that `ringback up` runs for this home.

    Without either, an address that answers nobody: a command rings in vain, and the next sweep finds its work.
    """
    return settings.redis_url or running_url(settings.home) or f"unix://{Path('/nonexistent/redis.sock')}"


def require_redis(settings: Settings) -> str:
    """Return where the bell is, for a process that cannot work without. Raises NotReady."""
    url = settings.redis_url or running_url(settings.home)
    if url is None:
        message = "Redis is not there yet: set REDIS_URL, or run `ringback up`, which brings its own"
        raise NotReady(message)
    return url


def house_rules(settings: Settings) -> HouseRules:
    """Return the tunables of the work."""
    return HouseRules(
        service_name=settings.service_name,
        zone=settings.zone,
        opening_hours=settings.opening_hours,
        envelope=settings.envelope,
        hotline=settings.hotline_number,
        caller_id=settings.caller_id,
        allowed_countries=settings.allowed_countries,
        preparation=settings.preparation_seconds,
        last_call_margin=settings.last_call_margin,
        agent_ring=settings.ring_timeout,
        customer_ring=settings.dial_timeout,
        time_limit=settings.time_limit,
        wrap_up=settings.wrap_up_seconds,
        offer_cool_off=settings.offer_cool_off,
        missed_pause=settings.missed_pause,
        missed_in_a_row=settings.missed_in_a_row,
        retry_busy=settings.retry_busy,
        retry_no_answer=settings.retry_no_answer,
        retry_machine=settings.retry_machine,
        retry_failed=settings.retry_failed,
        failed_limit=settings.failed_limit,
        max_tries=settings.max_tries,
        retry_windows=settings.retry_windows,
        slot_minutes=settings.slot_minutes,
        booking_days=settings.booking_days,
        last_agent_for_outage=settings.last_agent_for_outage,
        max_open_per_number=settings.max_open_per_number,
        message_seconds=settings.message_seconds,
        message_days=settings.message_days,
        customer_key=settings.customer_key,
        overload_queue=settings.overload_queue,
        overload_wait=settings.overload_wait,
        alarm_outage_minutes=settings.alarm_outage_minutes,
        alarm_supervisor_seconds=settings.alarm_supervisor_seconds,
        alarm_mail_seconds=settings.alarm_mail_seconds,
        daily_limits=settings.daily_limits,
        held_max=settings.held_max,
        sending_deadline=settings.sending_deadline,
        lease=settings.lease_seconds,
        horizon=settings.horizon,
        calls_per_second=settings.twilio_cps,
        head_start_outage_managed=settings.head_start_outage_managed,
        head_start_outage=settings.head_start_outage,
        head_start_managed=settings.head_start_managed,
    )


def secret_key(settings: Settings) -> str:
    """Return the secret that signs forms: as given, else the one kept in the home folder."""
    return settings.secret_key.get_secret_value() or ensure_secret_key(settings.home)


def _webhooks(settings: Settings) -> Webhooks:
    tokens = (settings.twilio_auth_token.get_secret_value(), settings.twilio_auth_token_next.get_secret_value())
    voices = {Language.NL: settings.voice_nl, Language.FR: settings.voice_fr, Language.EN: settings.voice_en}
    return Webhooks(
        public_base_url=settings.public_base_url,
        account_sid=settings.twilio_account_sid,
        auth_tokens=tuple(token for token in tokens if token),
        voices={language: (LANGUAGE_TAGS[language], voice) for language, voice in voices.items()},
    )


def _phone(settings: Settings) -> TwilioPhone:
    # An API key can be taken away without touching the token that signs webhooks.
    username = settings.twilio_api_key or settings.twilio_account_sid
    password = settings.twilio_api_secret if settings.twilio_api_key else settings.twilio_auth_token
    return TwilioPhone(
        settings.twilio_account_sid,
        username,
        password.get_secret_value(),
        settings.twilio_base_url or None,
        settings.twilio_region or None,
        settings.twilio_edge or None,
    )


@cache
def _texts(house_file: Path | None) -> Catalogs:
    """Read the catalogs once; a forked job inherits them."""
    return Catalogs(house_file)


def _mailer(settings: Settings, clock: Clock) -> Mailer:
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from, clock)
    return FileMailer(settings.home / "mail", settings.mail_from, clock)
