"""What makes a setting nonsense, each with a sentence that says what to write instead. No setting is read here."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callbacks.errors import RefusedInput
from callbacks.rules.daily_limits import DailyLimit, parse_daily_limits

E164 = re.compile(r"\+[1-9]\d{6,14}")
ACCOUNT_SID = re.compile(r"AC[0-9a-zA-Z]{32}")
HTTP_CONNECT_SECONDS = 3
HTTP_READ_SECONDS = 10
LIST_LAG_SECONDS = 60
"""How long a call may be missing from Twilio's list; the documentation only says "eventually", this is our caution."""


def e164(value: str) -> str:
    """Return the number; refuse what is not +, country and number."""
    if not E164.fullmatch(value):
        message = "write the number as +3234603535: plus sign, country, number, no spaces"
        raise ValueError(message)
    return value


def account_sid(value: str) -> str:
    """Return Twilio's account id."""
    if not ACCOUNT_SID.fullmatch(value):
        message = "write the Account SID of Twilio's console: AC and 32 characters"
        raise ValueError(message)
    return value


def web_address(value: str) -> str:
    """Return the address without closing slash; https, so that no signature travels open, but on this machine."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = "write a whole address, such as https://hotline.example.be"
        raise ValueError(message)
    if parts.query or parts.fragment or parts.username or parts.password:
        message = "leave out everything but scheme, host, port and path"
        raise ValueError(message)
    if parts.scheme == "http" and not is_loopback(value):
        message = "write https:// (http only for an address of this machine, such as http://127.0.0.1:8000)"
        raise ValueError(message)
    return value.rstrip("/")


def is_loopback(address: str) -> bool:
    """Say whether the address points at this very machine."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def daily_limits(value: object) -> tuple[DailyLimit, ...] | object:
    """Return the limits as written; what is no text passes, since it was checked before."""
    if not isinstance(value, str):
        return value
    try:
        return parse_daily_limits(value)
    except RefusedInput as refused:
        raise ValueError(str(refused)) from None


def time_zone(value: str) -> str:
    """Return the zone's name, if this machine knows it."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = "write a zone of the IANA list, such as Europe/Brussels"
        raise ValueError(message) from error
    return value


def countries(value: object) -> object:
    """Split `BE,NL` into its country codes."""
    if not isinstance(value, str):
        return value
    codes = tuple(code.strip().upper() for code in value.split(",") if code.strip())
    if not codes or not all(re.fullmatch("[A-Z]{2}", code) for code in codes):
        message = "write two-letter countries with commas, such as BE,NL,FR"
        raise ValueError(message)
    return codes


def scheme_in(value: str, schemes: tuple[str, ...]) -> str:
    """Return the URL when its scheme is one of `schemes`."""
    if urlsplit(value).scheme not in schemes:
        message = f"write an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}"
        raise ValueError(message)
    return value


def database_address(value: str) -> str:
    """Return the URL as SQLAlchemy wants it: platforms hand out postgres:// and postgresql://, which mean psycopg 3."""
    scheme_in(value, ("sqlite", "postgres", "postgresql", "postgresql+psycopg"))
    scheme, _, rest = value.partition("://")
    if scheme == "sqlite" and rest.strip("/") in {"", ":memory:"}:
        message = "name a file, such as sqlite:////srv/ringback/ringback.db: several processes share it"
        raise ValueError(message)
    return value if scheme == "sqlite" else f"postgresql+psycopg://{rest}"


def timing_mistakes(*, sending_deadline: int, lease: int, horizon: int, ring_timeout: int) -> list[str]:
    """Return what makes the protocol unsafe: a time-out that must lie inside another and does not.

    With a horizon shorter than Twilio's own delay in listing calls, a call is placed twice.
    """
    post = HTTP_CONNECT_SECONDS + HTTP_READ_SECONDS
    rules = [
        (post + 2 <= sending_deadline, f"SENDING_DEADLINE: at least {post + 2}; a request to Twilio may take {post} s"),
        (sending_deadline < lease, "LEASE_SECONDS: more than SENDING_DEADLINE, or two workers hold one call-back"),
        (ring_timeout + 5 < lease, "LEASE_SECONDS: more than RING_TIMEOUT + 5; Twilio rings 5 s longer than asked"),
        (
            max(LIST_LAG_SECONDS, lease) < horizon,
            f"HORIZON: more than {LIST_LAG_SECONDS} and LEASE_SECONDS; a call may be listed late, and be repeated",
        ),
    ]
    return [text for holds, text in rules if not holds]
