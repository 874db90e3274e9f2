"""The door: who is not the provider's own account is refused with an empty body, and nothing changes."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from callbacks.ports import Services
from ivr.blueprint import HANDLERS, voice
from ivr.signature import EVERY_METHOD, LARGEST_BODY
from models.ticket import Ticket

SID = "CA" + "1" * 32
PATH = "/voice/incoming"
BASE = "https://desk.example"
ACCOUNT = "AC" + "a" * 32


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: nobody who is refused comes as far as it."""
    return sqlite_url


def sign(path: str, form: dict[str, str], token: str = "primary-token", base: str = BASE) -> str:
    return str(RequestValidator(token).compute_signature(base + path, form))


def form(**changes: str) -> dict[str, str]:
    return {"CallSid": SID, "AccountSid": ACCOUNT, "From": "+32470123456", "CallerCity": "", **changes}


def post(client: FlaskClient, fields: dict[str, str], signature: str | None, path: str = PATH) -> TestResponse:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    return client.post(path, data=fields, headers=headers)


def is_refused(answer: TestResponse) -> bool:
    return answer.status_code == 403 and answer.data == b""


def test_a_signed_request_is_let_in(client: FlaskClient) -> None:
    assert post(client, form(), sign(PATH, form())).status_code == 200


def test_the_next_token_counts_too(client: FlaskClient) -> None:
    assert post(client, form(), sign(PATH, form(), "next-token")).status_code == 200


def test_the_query_is_checked_as_it_was_sent(client: FlaskClient, kept: Any) -> None:
    path = "/voice/menu?round=1&who=Jos%C3%A9%7B"
    assert post(client, form(), sign(path, form()), path).status_code == 200
    assert is_refused(post(client, form(), sign("/voice/menu?round=1&who=José{", form()), path))
    assert is_refused(post(client, form(Digits="1"), sign(path, form(Digits="1")), "/voice/menu?round=2"))
    assert kept(Ticket) == []


@pytest.mark.parametrize(
    ("fields", "signature"),
    [
        (form(), None),
        (form(), ""),
        (form(), "bm90IGEgc2lnbmF0dXJl"),
        (form(), "é" * 28),
        (form(), sign(PATH, form(), "somebody-elses-token")),
        (form(), sign(PATH, form(), "")),
        (form(), sign(PATH, form(), base="https://elsewhere.example")),
        (form(Digits="1"), sign(PATH, form())),
        (form(AccountSid="AC" + "b" * 32), sign(PATH, form(AccountSid="AC" + "b" * 32))),
        (form(CallSid=""), sign(PATH, form(CallSid=""))),
        (form(CallSid="CA123"), sign(PATH, form(CallSid="CA123"))),
        (form(CallSid=f"{SID}\n"), sign(PATH, form(CallSid=f"{SID}\n"))),
    ],
)
def test_others_are_refused_and_change_nothing(
    client: FlaskClient,
    kept: Any,
    fields: dict[str, str],
    signature: str | None,
) -> None:
    headers = {} if signature is None else {"X-Twilio-Signature": signature.encode().decode("latin-1")}
    assert is_refused(client.post(PATH, data=fields, headers=headers))
    assert kept.is_empty()


@pytest.mark.parametrize("missing", ["AccountSid", "CallSid"])
def test_a_signed_request_without_its_sid_is_refused(client: FlaskClient, kept: Any, missing: str) -> None:
    fields = {name: value for name, value in form().items() if name != missing}
    assert is_refused(post(client, fields, sign(PATH, fields)))
    assert kept.is_empty()


@pytest.mark.parametrize("method", [method for method in EVERY_METHOD if method != "POST"])
def test_only_post_is_taken(client: FlaskClient, kept: Any, method: str) -> None:
    path = f"{PATH}?CallSid={SID}&AccountSid={ACCOUNT}"
    assert is_refused(client.open(path, method=method, headers={"X-Twilio-Signature": sign(path, {})}))
    assert is_refused(client.open(PATH, method=method, data=form(), headers={"X-Twilio-Signature": sign(PATH, form())}))
    assert kept.is_empty()


def test_a_body_over_the_limit_is_refused_though_signed(client: FlaskClient, kept: Any) -> None:
    large = form(CallerCity="x" * LARGEST_BODY)
    assert is_refused(post(client, large, sign(PATH, large)))
    assert kept.is_empty()


def test_a_json_body_is_refused(client: FlaskClient) -> None:
    assert is_refused(client.post(PATH, json=form(), headers={"X-Twilio-Signature": sign(PATH, {})}))


@pytest.mark.parametrize(
    "changes",
    [{"auth_tokens": ()}, {"auth_tokens": ("",)}, {"account_sid": ""}],
)
def test_without_a_secret_nobody_is_let_in(services: Services, changes: dict[str, Any]) -> None:
    app = Flask("unset")
    app.register_blueprint(voice(replace(services, webhooks=replace(services.webhooks, **changes))))
    for token in ("", "primary-token"):
        for account in ("", ACCOUNT):
            fields = form(AccountSid=account)
            assert is_refused(post(app.test_client(), fields, sign(PATH, fields, token)))


@pytest.mark.parametrize("path", [path for path, _ in HANDLERS])
def test_every_route_stands_behind_the_door(client: FlaskClient, kept: Any, path: str) -> None:
    path = path.replace("<token>", "x" * 43)
    assert is_refused(post(client, form(), None, path))
    assert kept.is_empty()


def test_a_forwarded_host_is_not_believed(client: FlaskClient) -> None:
    base = "https://evil.example"
    headers = {
        "X-Twilio-Signature": sign(PATH, form(), base=base),
        "Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    assert is_refused(client.post(PATH, data=form(), headers=headers))
