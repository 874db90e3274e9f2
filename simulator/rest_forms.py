"""What the Calls resource accepts: Twilio's published OpenAPI description, and what only its pages say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from simulator.errors import RestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.settings import Settings

    Form = Mapping[str, list[str]]

SPEC: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "twilio_calls_api.json").read_text(encoding="utf-8")
)
COLLECTION = SPEC["paths"]["/2010-04-01/Accounts/{AccountSid}/Calls.json"]
ITEM = SPEC["paths"]["/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json"]

E164 = re.compile(r"\+[1-9]\d{6,14}")
EVENTS = ("initiated", "ringing", "answered", "completed")
LONGEST_RING = 600  # seconds (Call resource page, parameter Timeout)
LONGEST_TWIML = 4000  # characters (Call resource page, parameter Twiml)
INVALID_PARAMETER = 20001
# Error dictionary: the code for a value that is refused, by parameter.
CODES = {
    "To": 21211,
    "From": 21212,
    "Url": 21205,
    "SendDigits": 21206,
    "Timeout": 21208,
    "Method": 21209,
    "ApplicationSid": 21218,
}
MISSING = {"To": 21201, "From": 21213}


def check_create(form: Form, settings: Settings) -> dict[str, str]:
    """The single values of a create; raises RestError for what Twilio refuses."""
    values = _against_spec(form, _form_schema(COLLECTION["post"]))
    # Required in the description only as `x-twilio.conditional`: one of Url, Twiml, ApplicationSid.
    if not any(values.get(name) for name in ("Url", "Twiml", "ApplicationSid")):
        raise RestError(21205, "Url parameter is required.")
    if values.get("ApplicationSid"):
        raise RestError(
            21218, f"ApplicationSid {values['ApplicationSid']} is not valid: this account has no applications."
        )
    _check_common(values)
    for event in form.get("StatusCallbackEvent", []):
        if event not in EVENTS:
            raise RestError(INVALID_PARAMETER, f"StatusCallbackEvent {event!r} is not one of {', '.join(EVENTS)}.")
    _check_numbers(values, settings)
    if not 0 < int(values.get("Timeout", "60")) <= LONGEST_RING:
        raise RestError(21208, "Timeout must be between 1 and 600 seconds.")
    if not re.fullmatch(r"[0-9A-D#*wW]{0,32}", values.get("SendDigits", "")):
        raise RestError(21206, "SendDigits may hold 32 of 0-9 A-D # * w W.")
    return values


def check_update(form: Form) -> dict[str, str]:
    """The single values of an update; raises RestError for what Twilio refuses."""
    values = _against_spec(form, _form_schema(ITEM["post"]))
    if values.get("Url") and values.get("Twiml"):
        raise RestError(INVALID_PARAMETER, "Url and Twiml exclude each other.")
    _check_common(values)
    return values


def check_query(query: Form) -> dict[str, str]:
    """The single values of a list's query; raises RestError for an unknown filter or a value out of its schema."""
    known = {item["name"]: item["schema"] for item in COLLECTION["get"]["parameters"] if item["in"] == "query"}
    return _against_spec(query, {"properties": known})


def _check_numbers(values: Mapping[str, str], settings: Settings) -> None:
    if not E164.fullmatch(values["To"]):
        raise RestError(21211, f"The phone number you are attempting to call, {values['To']}, is not valid.")
    if not E164.fullmatch(values["From"]):
        raise RestError(21212, f"The source phone number provided, {values['From']}, is not valid.")
    if values["To"] == values["From"]:
        raise RestError(21211, "The To and From numbers must not be the same.")
    if values["From"] not in settings.numbers:
        message = (
            f"The source phone number provided, {values['From']}, is not yet verified for your account. "
            "You may only make calls from phone numbers that you've verified or purchased from Twilio."
        )
        raise RestError(21210, message)


def _check_common(values: Mapping[str, str]) -> None:
    if len(values.get("Twiml", "")) > LONGEST_TWIML and not values.get("Url"):
        raise RestError(INVALID_PARAMETER, f"Twiml is longer than {LONGEST_TWIML} characters.")
    # Call resource page: host names with an underscore are refused for callbacks.
    if "_" in (urlsplit(values.get("StatusCallback", "")).hostname or ""):
        raise RestError(INVALID_PARAMETER, "The host name of StatusCallback may not hold an underscore.")
    if int(values.get("TimeLimit", "1")) < 1:
        raise RestError(INVALID_PARAMETER, "TimeLimit must be a positive number of seconds.")


def _form_schema(operation: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    return schema


def _against_spec(form: Form, schema: dict[str, Any]) -> dict[str, str]:
    known = schema["properties"]
    for name in schema.get("required", []):
        if not any(form.get(name, [])):
            raise RestError(MISSING.get(name, INVALID_PARAMETER), f"A '{name}' phone number is required.")
    values: dict[str, str] = {}
    for name, given in form.items():
        if name not in known:
            raise RestError(INVALID_PARAMETER, f"Unknown parameter {name!r}.")
        rule = _resolved(known[name])
        if rule["type"] != "array" and len(given) > 1:
            raise RestError(INVALID_PARAMETER, f"{name} is given more than once.")
        # An empty value counts as not given.
        for value in filter(None, given):
            _check_value(name, value, rule["items"] if rule["type"] == "array" else rule)
            values[name] = value
    return values


def _resolved(rule: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in rule:
        return rule
    target: dict[str, Any] = SPEC["components"]["schemas"][rule["$ref"].rpartition("/")[2]]
    return target


def _check_value(name: str, value: str, rule: dict[str, Any]) -> None:
    if rule["type"] == "integer":
        fits = value.isdecimal() and rule.get("minimum", 0) <= int(value) <= rule.get("maximum", 2**63)
    elif rule["type"] == "boolean":
        fits = value.lower() in {"true", "false"}
    else:
        fits = re.search(rule.get("pattern", ""), value) is not None and value in rule.get("enum", [value])
        fits = fits and (rule.get("format") != "uri" or _is_address(value))
        fits = fits and (rule.get("format") != "date-time" or re.match(r"\d{4}-\d\d-\d\d(T|$)", value) is not None)
    if not fits:
        raise RestError(CODES.get(name, INVALID_PARAMETER), f"{name} {value!r} is not valid.")


def _is_address(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
