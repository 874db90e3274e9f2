"""Every setting, read once from the environment (and `.env` in the current folder) into one typed object.

`.env.example` explains each for the person who sets it; a test compares the two. Nonsense is refused at the start, with
one line a mistake that names the variable and says what to do.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from callbacks import setting_checks as check
from callbacks.errors import RefusedInput
from callbacks.rules.daily_limits import DailyLimit
from callbacks.secret_key import SHORTEST_SECRET
from models.vocabulary import CustomerKey

E164 = Annotated[str, AfterValidator(check.e164)]
Address = Annotated[str, AfterValidator(lambda value: value and check.web_address(value))]
Seconds = Annotated[int, Field(ge=0, le=7 * 24 * 3600)]


class Settings(BaseSettings):
    """All settings. An empty string stands for "not set" where a plain command can do without."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    # Where things are
    home: Path = Field(default=Path("var"), validation_alias="RINGBACK_HOME")
    given_database_url: str = Field(default="", validation_alias="DATABASE_URL", repr=False)
    redis_url: str = Field(default="", repr=False)
    public_base_url: Address = ""
    secret_key: SecretStr = SecretStr("")
    bind_address: str = "0.0.0.0"  # noqa: S104 - a platform's router stands before it; the demo binds to loopback
    port: int = Field(default=8000, ge=1, le=65535)
    web_concurrency: int = Field(default=2, ge=1, le=64)
    demo: bool = Field(default=False, validation_alias="RINGBACK_DEMO")

    # The telephone
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_auth_token_next: SecretStr = SecretStr("")
    twilio_api_key: str = ""
    twilio_api_secret: SecretStr = SecretStr("")
    twilio_base_url: Address = ""
    twilio_region: str = ""
    twilio_edge: str = ""
    twilio_cps: float = Field(default=1, gt=0, le=100)
    hotline_number: E164 = "+3234603535"
    given_caller_id: str = Field(default="", validation_alias="CALLER_ID")
    allowed_countries: Annotated[tuple[str, ...], NoDecode, BeforeValidator(check.countries)] = (
        "BE",
        "NL",
        "FR",
        "LU",
        "DE",
    )
    ring_timeout: int = Field(default=25, ge=5, le=60)
    dial_timeout: int = Field(default=20, ge=5, le=60)
    time_limit: int = Field(default=7200, ge=60, le=14400)

    # What is heard and read
    service_name: str = "Accel"
    voice_nl: str = "Polly.Lisa-Neural"
    voice_fr: str = "Polly.Isabelle-Neural"
    voice_en: str = "Polly.Amy-Neural"
    texts_file: Path | None = None

    # Mail
    smtp_url: str = Field(default="", repr=False)
    mail_from: str = "Service Desk <servicedesk@localhost>"
    imap_url: str = Field(default="", repr=False)

    # Hours
    timezone: Annotated[str, AfterValidator(check.time_zone)] = "Europe/Brussels"
    opening_hours: str = "Mo-Fr 09:00-12:00,13:00-17:00; PH off"
    envelope: str = "Mo-Fr 09:00-12:00,13:00-17:00"
    last_call_margin: int = Field(default=120, ge=0, le=3600)

    # Order, in open seconds
    head_start_outage_managed: Seconds = 75600
    head_start_outage: Seconds = 50400
    head_start_managed: Seconds = 25200

    # Agents
    preparation_seconds: int = Field(default=30, ge=0, le=600)
    wrap_up_seconds: int = Field(default=120, ge=0, le=3600)
    offer_cool_off: Seconds = 300
    missed_pause: Seconds = 30
    missed_in_a_row: int = Field(default=3, ge=1, le=100)

    # Trying again
    retry_busy: Seconds = 300
    retry_no_answer: Seconds = 1800
    retry_machine: Seconds = 3600
    retry_failed: Seconds = 300
    failed_limit: int = Field(default=1, ge=1, le=20)
    max_tries: int = Field(default=3, ge=1, le=20)
    retry_windows: int = Field(default=2, ge=1, le=20)

    # The caller's side
    slot_minutes: int = Field(default=30, ge=15, le=240)
    booking_days: int = Field(default=14, ge=0, le=60)
    last_agent_for_outage: bool = True
    max_open_per_number: int = Field(default=3, ge=1, le=20)
    message_seconds: int = Field(default=90, ge=0, le=600)
    message_days: int = Field(default=30, ge=1, le=3650)
    customer_key: CustomerKey = CustomerKey.OFF
    overload_queue: int = Field(default=50, ge=0, le=100_000)
    overload_wait: int = Field(default=14400, ge=0, le=7 * 24 * 3600)
    alarm_outage_minutes: int = Field(default=15, ge=1, le=1440)
    alarm_supervisor_seconds: Seconds = 120
    alarm_mail_seconds: Seconds = 600
    daily_limits: Annotated[tuple[DailyLimit, ...], NoDecode, BeforeValidator(check.daily_limits)] = (
        DailyLimit("number", 50, 600),
        DailyLimit("*", 20000, 0),
    )

    # The machinery
    held_max: int = Field(default=900, ge=60, le=86400)
    sending_deadline: int = Field(default=20, ge=1, le=600)
    lease_seconds: int = Field(default=45, ge=1, le=3600)
    horizon: int = Field(default=120, ge=1, le=3600)
    dial_workers: int = Field(default=0, ge=0, le=64)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment and `.env`, in this order; no folder of secret files."""
        del settings_cls, file_secret_settings
        return (init_settings, env_settings, dotenv_settings)

    @model_validator(mode="after")
    def _refuse_nonsense(self) -> "Settings":
        mistakes = _optional_mistakes(self) + _hours_mistakes(self)
        mistakes += check.timing_mistakes(
            sending_deadline=self.sending_deadline,
            lease=self.lease_seconds,
            horizon=self.horizon,
            ring_timeout=self.ring_timeout,
        )
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    @property
    def database_url(self) -> str:
        """The database, as SQLAlchemy wants it; a file in the home folder where DATABASE_URL is not set."""
        if self.given_database_url:
            return check.database_address(self.given_database_url)
        return f"sqlite:///{self.home.absolute() / 'ringback.db'}"

    @property
    def caller_id(self) -> str:
        """The number that people see when we call: the hotline's, unless CALLER_ID says otherwise."""
        return self.given_caller_id or self.hotline_number

    @property
    def own_numbers(self) -> frozenset[str]:
        """Numbers that are never dialled: a call to them would ring ourselves."""
        return frozenset({self.hotline_number, self.caller_id})

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the opening hours."""
        return ZoneInfo(self.timezone)

    def require_service(self) -> None:
        """Raise RefusedInput naming all that a running service needs and is not set, in one line."""
        needed = {
            "PUBLIC_BASE_URL": self.public_base_url,
            "SECRET_KEY": self.secret_key.get_secret_value(),
            "TWILIO_ACCOUNT_SID": self.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": self.twilio_auth_token.get_secret_value(),
        }
        missing = [name for name, value in needed.items() if not value]
        if missing:
            message = f"Not set: {', '.join(missing)}. Set them in the environment or in .env (see .env.example)."
            raise RefusedInput(message)


class _Given(Settings):
    """Settings of a mapping alone, whatever the environment and `.env` say."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def variables() -> dict[str, str]:
    """Return each field's name by the environment variable it is read from."""
    return {str(field.validation_alias or name.upper()): name for name, field in Settings.model_fields.items()}


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read all settings from `env`, by default the environment and `.env`.

    Raises RefusedInput with one line a mistake.
    """
    try:
        if env is None:
            return Settings()
        return _Given(**{field: env[name] for name, field in variables().items() if env.get(name)})  # type: ignore[arg-type]
    except ValidationError as error:
        raise RefusedInput("\n".join(_lines(error))) from None


def _optional_mistakes(settings: Settings) -> list[str]:
    """Check what may be empty, and what must not go together."""
    checks = [
        ("DATABASE_URL", settings.given_database_url, check.database_address),
        ("REDIS_URL", settings.redis_url, lambda url: check.scheme_in(url, ("redis", "rediss", "unix"))),
        ("TWILIO_ACCOUNT_SID", settings.twilio_account_sid, check.account_sid),
        ("CALLER_ID", settings.given_caller_id, check.e164),
        ("SMTP_URL", settings.smtp_url, lambda url: check.scheme_in(url, ("smtp", "smtps"))),
        ("IMAP_URL", settings.imap_url, lambda url: check.scheme_in(url, ("imap", "imaps"))),
    ]
    mistakes = []
    for name, value, refuse in checks:
        try:
            if value:
                refuse(value)
        except ValueError as error:
            mistakes.append(f"{name}: {error}")
    if 0 < len(settings.secret_key.get_secret_value()) < SHORTEST_SECRET:
        mistakes.append(f"SECRET_KEY: at least {SHORTEST_SECRET} characters; `openssl rand -base64 48` makes one")
    if bool(settings.twilio_api_key) != bool(settings.twilio_api_secret.get_secret_value()):
        mistakes.append("TWILIO_API_KEY: set it together with TWILIO_API_SECRET, or neither")
    if (settings.twilio_region or settings.twilio_edge) and check.is_loopback(settings.twilio_base_url):
        # Twilio's library would turn 127.0.0.1 into 127.us1.0.1.
        mistakes.append("TWILIO_BASE_URL: an address of this machine goes with neither TWILIO_REGION nor TWILIO_EDGE")
    account = settings.twilio_account_sid or settings.twilio_api_key
    if settings.demo and account and not check.is_loopback(settings.twilio_base_url):
        # A clock that anybody moves would have real people rung at night.
        mistakes.append("RINGBACK_DEMO: goes with a TWILIO_BASE_URL on this machine alone; unset it for a real account")
    return mistakes


def _hours_mistakes(settings: Settings) -> list[str]:
    """Check that the hours can be read and lie inside the envelope."""
    from callbacks.rules.envelope import check_inside_envelope  # noqa: PLC0415 - a Rust library that most commands never need
    from callbacks.rules.hours_syntax import parse_hours  # noqa: PLC0415 - beside it

    try:
        parse_hours(settings.envelope)
    except RefusedInput as error:
        return [f"ENVELOPE: {error}"]
    try:
        check_inside_envelope(settings.opening_hours, settings.envelope)
    except RefusedInput as error:
        return [f"OPENING_HOURS: {error}"]
    return []


def _lines(error: ValidationError) -> list[str]:
    names = {field: name for name, field in variables().items()}
    lines = []
    for mistake in error.errors(include_url=False, include_context=False, include_input=False):
        text = mistake["msg"].removeprefix("Value error, ")
        field = str(mistake["loc"][0]) if mistake["loc"] else ""
        lines.append(f"{names.get(field, field)}: {text}" if field else text)
    return lines
