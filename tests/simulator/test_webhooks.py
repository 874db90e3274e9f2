"""How the service is asked: signatures, time-outs, retries, redirects, content types, fallbacks."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
from twilio.request_validator import RequestValidator

from simulator.clock import Clock
from simulator.exchange import Exchange
from simulator.settings import Settings
from simulator.webhooks import Overrides, Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Asked, Reply, Service

CUSTOMER = "+32470123456"
ERROR = "An application error has occurred"


@pytest.fixture
def webhooks() -> Webhooks:
    exchange = Exchange(Settings("AC1", "12345", ("+3234603535",), "http://127.0.0.1:9/"))
    return Webhooks("12345", exchange.journal, exchange.faults)


@pytest.mark.parametrize(
    ("url", "number", "signature"),
    [
        # Security page, the worked example; and the test vector of Twilio's library.
        ("https://example.com/myapp.php?foo=1&bar=2", "+14158675310", "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        # Security page, table of ports: over https the port and the userinfo are not signed; fragments never are.
        ("https://example.com:8443/myapp.php?foo=1&bar=2", "+14158675310", "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        ("https://u:p@example.com/myapp.php?foo=1&bar=2#rc=2", "+14158675310", "L/OH5YylLD5NRKLltdqwSvS0BnU="),
    ],
)
def test_signatures_are_those_of_twilios_examples(webhooks: Webhooks, url: str, number: str, signature: str) -> None:
    form = {"CallSid": "CA1234567890ABCDE", "Caller": number, "From": number, "Digits": "1234", "To": "+18005551212"}
    request = webhooks.signed("POST", url, form, "token")
    assert request is not None
    assert request.headers["X-Twilio-Signature"] == signature
    assert "#" not in str(request.url)


def test_over_http_the_port_is_signed(webhooks: Webhooks) -> None:
    request = webhooks.signed("POST", "http://example.com:8000/x", {"A": "1"}, "token")
    assert request is not None
    # Security page, table of ports: voice over http keeps the port.
    expected = RequestValidator("12345").compute_signature("http://example.com:8000/x", {"A": "1"})
    assert request.headers["X-Twilio-Signature"] == expected


def test_a_get_is_signed_over_its_query_alone(service: Service, webhooks: Webhooks) -> None:
    webhooks.send("twiml", "CA1", "GET", f"{service.url}/x?name=Jos%C3%A9", {"From": "+32 4"})
    asked = service.asked[0]
    # Security page: with GET nothing is appended, the parameters are in the URL already, percent-encoding untouched.
    assert "name=Jos%C3%A9" in asked.url
    assert RequestValidator("12345").validate(asked.url, {}, asked.headers["X-Twilio-Signature"])


def test_overrides_are_read_and_kept_in_range() -> None:
    # Connection overrides page: defaults, and ranges ct 100-10000, rt 100-15000, rc 0-5.
    assert Overrides.of("") == Overrides(5.0, 15.0, 15.0, 1, frozenset({"ct"}))
    assert Overrides.of("rc=9&rp=ct,5xx&ct=1&rt=99999") == Overrides(0.1, 15.0, 15.0, 5, frozenset({"ct", "5xx"}))


def fails(times: int, reply: type[Reply], status: int = 500) -> Callable[[Asked], Reply]:
    """Answer with a status so many times, then as it should be."""
    left = [times]

    def answer(_: Asked) -> Reply:
        left[0] -= 1
        return reply(status=status) if left[0] >= 0 else reply("<Response><Say>Daar</Say></Response>")

    return answer


def test_a_5xx_is_not_retried_unless_asked_for(service: Service, webhooks: Webhooks, reply: type[Reply]) -> None:
    service.replies["/x"] = fails(2, reply)
    # Connection overrides page, rp: by default only a failed connection is tried again.
    first = webhooks.send("twiml", "CA1", "POST", f"{service.url}/x", {})
    assert (first.status, first.error, len(service.asked)) == (500, 11200, 1)
    second = webhooks.send("twiml", "CA1", "POST", f"{service.url}/x#rc=2&rp=5xx", {})
    assert (second.status, len(service.asked)) == (200, 3)
    tokens = [asked.headers["I-Twilio-Idempotency-Token"] for asked in service.asked]
    # I-Twilio-Idempotency-Token: the same for the retries of one request.
    assert tokens[0] != tokens[1] == tokens[2]


def test_a_refused_connection_is_tried_twice(webhooks: Webhooks) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/x"
        # Connection overrides page: rc=1, rp=ct. Error 11205: the connection failed.
        answer = webhooks.send("twiml", "CA1", "POST", url, {})
    assert (answer.error, answer.status) == (11205, None)
    assert webhooks_journal(webhooks)[-1]["tries"] == 2


def webhooks_journal(webhooks: Webhooks) -> list[dict[str, Any]]:
    return webhooks.journal.after(0)


def test_an_answer_that_takes_too_long_is_no_answer(webhooks: Webhooks) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x#rt=100"
        # Connection overrides page: rt, 15 s by default; not tried again by default. Error 11200.
        answer = webhooks.send("twiml", "CA1", "POST", url, {})
    assert (answer.error, webhooks_journal(webhooks)[-1]["tries"]) == (11200, 1)


@pytest.mark.parametrize(("status", "method"), [(302, "GET"), (307, "POST")])
def test_redirects_are_followed(
    service: Service, webhooks: Webhooks, reply: type[Reply], status: int, method: str
) -> None:
    service.replies["/x"] = reply(status=status, headers={"Location": "/y"})
    webhooks.send("twiml", "CA1", "POST", f"{service.url}/x", {"Digits": "1"})
    # TwiML page: redirects are followed; a 302 after POST becomes a GET that has lost the form, a 307 does not.
    asked = service.asked[1]
    assert (asked.path, asked.method, asked.form) == ("/y", method, {"Digits": "1"} if method == "POST" else {})


def test_redirects_in_a_circle_end_after_ten(service: Service, webhooks: Webhooks, reply: type[Reply]) -> None:
    service.replies["/x"] = reply(status=302, headers={"Location": "/x"})
    # Error 11215: more than ten redirects.
    assert (webhooks.send("twiml", "CA1", "POST", f"{service.url}/x", {}).error, len(service.asked)) == (11215, 11)


def hears(phones: Telephones) -> tuple[str, int | None]:
    call = phones.call(phones.places_call(CUSTOMER), until="ended")
    line = call["transcript"][-1]
    return line["text"], line.get("code")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        # 11200: HTTP retrieval failure.
        ({"status": 500}, 11200),
        ({"status": 403}, 11200),
        # 12100: no XML, white space before the declaration, an unescaped &, no <Response>.
        ({"body": "<Response>"}, 12100),
        ({"body": '\n<?xml version="1.0"?><Response/>'}, 12100),
        ({"body": "<Response><Say>a & b</Say></Response>"}, 12100),
        ({"body": "<html/>"}, 12100),
        ({"body": ""}, 12100),
        # 12300: content type that is none of TwiML's, or none at all.
        ({"content_type": "application/json"}, 12300),
        ({"content_type": None}, 12300),
        # 11750: more than 64 kB.
        ({"body": f"<Response><Say>{'x' * 65536}</Say></Response>"}, 11750),
    ],
)
def test_what_is_no_twiml_is_an_application_error(
    service: Service, phones: Telephones, reply: type[Reply], answer: dict[str, Any], code: int
) -> None:
    service.replies["/voice/incoming"] = reply(**answer)
    # High-availability article: the caller hears a canned error and the call ends.
    assert hears(phones) == (ERROR, code)


@pytest.mark.parametrize("kind", ["text/xml", "application/xml", "text/html; charset=utf-8", "text/plain"])
def test_these_content_types_are_twiml(service: Service, phones: Telephones, reply: type[Reply], kind: str) -> None:
    service.replies["/voice/incoming"] = reply("<Response><Say>Hé</Say></Response>", content_type=kind)
    # TwiML page, content types.
    assert hears(phones)[0] == "Hé"


def test_plain_text_is_read_aloud_and_sound_is_played(service: Service, phones: Telephones, reply: type[Reply]) -> None:
    service.replies["/voice/incoming"] = reply("Goeiedag", content_type="text/plain")
    # TwiML page, content types: text/plain that is no TwiML is spoken, audio is played and the call hung up.
    assert hears(phones)[0] == "Goeiedag"
    service.replies["/voice/incoming"] = reply(b"RIFF", content_type="audio/wav")
    call = phones.call(phones.places_call(CUSTOMER), until="ended")
    assert [line["verb"] for line in call["transcript"]] == ["Play", "Hangup"]


def test_the_fallback_is_told_what_failed(
    service: Service,
    start: Callable[..., Simulator],
    reply: type[Reply],
    telephones_of: Callable[[Simulator], Telephones],
) -> None:
    service.replies["/voice/incoming"] = reply(status=500)
    service.says("/fallback", "<Say>Een ogenblik</Say>")
    phones = telephones_of(start(voice_fallback_url=f"{service.url}/fallback"))
    # High-availability article: the fallback URL is requested with ErrorCode and ErrorUrl.
    assert hears(phones)[0] == "Een ogenblik"
    form = service.forms("/fallback")[0]
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{service.url}/voice/incoming")


def test_a_fallback_that_fails_too_leaves_the_canned_error(
    service: Service,
    start: Callable[..., Simulator],
    reply: type[Reply],
    telephones_of: Callable[[Simulator], Telephones],
) -> None:
    service.replies |= {"/voice/incoming": reply(status=500), "/fallback": reply(status=500)}
    assert hears(telephones_of(start(voice_fallback_url=f"{service.url}/fallback")))[0] == ERROR


def test_the_journal_holds_the_whole_exchange(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Say>Dag</Say>")
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="reported")
    entries = [entry for entry in phones.journal() if entry["kind"] == "webhook"]
    assert [entry["purpose"] for entry in entries] == ["twiml", "status-callback"]
    first = entries[0]
    assert (first["form"]["CallSid"], first["status"], "<Say>Dag</Say>" in first["answer"]) == (sid, 200, True)
    assert [entry["n"] for entry in phones.journal()] == list(range(1, len(phones.journal()) + 1))


def test_a_deadline_in_both_clocks_comes_with_the_first() -> None:
    clock = Clock()
    deadline = clock.deadline(3600)
    assert clock.left(deadline) > 3000
    clock.advance(3601)
    assert clock.left(deadline) == 0
