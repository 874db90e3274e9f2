"""The door of every telephone webhook: who is not the telephone provider's own account changes nothing."""

import re
from collections.abc import Mapping

from flask import Blueprint, Response, request
from twilio.request_validator import RequestValidator
from werkzeug.exceptions import HTTPException

from callbacks.ports import Services, Webhooks

LARGEST_BODY = 64 * 1024
"""Bytes. A voice webhook has some forty short parameters; what is larger is not one."""

EVERY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
"""Routes take all methods so that the door answers them; one that knew only POST would send Flask's own page first."""

CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}")


def guard(blueprint: Blueprint, services: Services) -> None:
    """Put the door before every handler of this blueprint; 403 with an empty body to whoever is refused."""

    @blueprint.before_request
    def check() -> Response | None:
        request.max_content_length = LARGEST_BODY
        try:
            form = request.form
        except HTTPException:  # too large, or no form at all
            return _refusal()
        if request.method != "POST" or not _counts(services.webhooks, form):
            return _refusal()
        return None


def signed_url(webhooks: Webhooks) -> str:
    """Return the address that was signed: as the provider knows us, with the query exactly as it was sent.

    Flask's request.url has its percent-escapes decoded and names the inner host behind a proxy; both would refuse
    genuine requests. Source: reference of Twilio's request validation, "the full URL of the request".
    """
    query = request.query_string.decode("latin-1")
    return public_url(webhooks, request.path) + (f"?{query}" if query else "")


def public_url(webhooks: Webhooks, path: str) -> str:
    """Return the absolute address of a path of ours, as the telephone provider reaches it."""
    return webhooks.public_base_url.rstrip("/") + path


def _counts(webhooks: Webhooks, form: Mapping[str, str]) -> bool:
    signature = request.headers.get("X-Twilio-Signature", "")
    if not signature or not webhooks.account_sid:
        return False
    if form.get("AccountSid") != webhooks.account_sid or not CALL_SID.fullmatch(form.get("CallSid", "")):
        return False
    url = signed_url(webhooks)
    # An empty token would sign with an empty key, which anybody has.
    return any(RequestValidator(token).validate(url, form, signature) for token in webhooks.auth_tokens if token)


def _refusal() -> Response:
    return Response(status=403)
