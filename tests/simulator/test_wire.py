"""What went over the wire, made readable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from twilio.request_validator import RequestValidator

from simulator.wire import on_the_wire, readable

if TYPE_CHECKING:
    from simulator.client import Telephones
    from tests.simulator.conftest import Bridge, Reply, Rest, Service

CUSTOMER = "+32470123456"
TOKEN = "0123456789abcdef0123456789abcdef"


def wire(phones: Telephones, sid: str = "") -> list[dict[str, Any]]:
    answer = requests.get(f"{phones.base_url}/console/wire", params={"sid": sid}, timeout=5)
    exchanges: list[dict[str, Any]] = answer.json()["exchanges"]
    return exchanges


def test_a_webhook_is_shown_with_the_signature_that_the_service_got(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Say>Dag</Say><Hangup/>")
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="reported")
    shown = next(one for one in wire(phones, sid) if one["purpose"] == "twiml")
    asked = next(one for one in service.asked if one.path == "/voice/incoming")
    assert shown["signature"] == asked.headers["X-Twilio-Signature"]
    # With its URL and parameters it is what a service can check.
    form = dict(shown["parameters"])
    assert RequestValidator(TOKEN).validate(shown["url"], form, shown["signature"])
    assert (form["From"], shown["direction"], shown["status"], shown["tries"]) == (CUSTOMER, "to the service", 200, 1)
    assert (shown["answer_type"], "\n  <Say>Dag</Say>\n" in shown["answer"]) == ("twiml", True)


def test_only_the_last_of_repeated_requests_is_shown(service: Service, phones: Telephones, reply: type[Reply]) -> None:
    service.replies["/moved"] = reply("<Response><Hangup/></Response>")
    service.replies["/voice/incoming"] = reply("", 307, headers={"Location": "/moved"})
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="reported")
    asked = {one.path: one.headers["X-Twilio-Signature"] for one in service.asked}
    shown = [one["signature"] for one in wire(phones, sid) if one["purpose"] == "twiml"]
    assert shown == [asked["/moved"]]
    assert asked["/moved"] != asked["/voice/incoming"]


def test_a_request_without_an_answer_says_why(service: Service, phones: Telephones) -> None:
    phones.goes_wrong("twiml", "lose-answer", times=2)
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="reported")
    shown = next(one for one in wire(phones, sid) if one["purpose"] == "twiml")
    asked = next(one for one in service.asked if one.path == "/voice/incoming")
    assert (shown["status"], shown["trouble"]) == (None, "11200: no answer in time")
    assert shown["signature"] == asked.headers["X-Twilio-Signature"]


def test_the_requests_of_the_service_about_a_call_are_shown_with_it(
    bridge: Bridge, phones: Telephones, rest: Rest
) -> None:
    bridge.answer_with('<Gather timeout="60"/>')
    sid = bridge.starts()
    phones.call(sid, until="gathering")
    rest.get(f"Calls/{sid}.json")
    rest.get("Calls.json", To=CUSTOMER)
    rest.post(f"Calls/{sid}.json", {"Status": "completed"})
    phones.call(sid, until="reported")
    other = bridge.starts()
    asked = [one for one in wire(phones, sid) if one["direction"] == "to the network"]
    assert [(one["purpose"], one["method"], one["status"]) for one in asked] == [
        ("create", "POST", 201),
        ("fetch", "GET", 200),
        ("update", "POST", 200),
    ]
    assert asked[2]["parameters"] == [["Status", "completed"]]
    assert json.loads(asked[0]["answer"])["sid"] == sid
    assert (asked[0]["answer_type"], '{\n  "' in asked[0]["answer"]) == ("json", True)
    # Without a call: all of it, a list of calls too.
    everything = wire(phones)
    assert [one["parameters"] for one in everything if one["purpose"] == "list"] == [[["To", CUSTOMER]]]
    assert any(json.loads(one["answer"])["sid"] == other for one in everything if one["purpose"] == "create")


def test_a_request_that_made_a_call_is_shown_with_it_though_its_answer_was_lost(phones: Telephones, rest: Rest) -> None:
    phones.goes_wrong("create", "lose-answer")
    with pytest.raises(requests.ConnectionError):
        rest.create()
    sid = phones.finds(kind="placed")["sid"]
    shown = next(one for one in wire(phones, sid) if one["purpose"] == "create")
    assert (shown["status"], shown["trouble"], shown["answer"]) == (None, "no answer went out", "")


def test_no_credential_is_shown(service: Service, phones: Telephones, rest: Rest) -> None:
    address = service.url.replace("http://", "http://ann:s3cret@")
    service.says("/voice/incoming", f"<Redirect>{address}/next</Redirect>")
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="reported")
    rest.create(Url=f"{address}/agent")
    rest.post("Calls.json", {}, token="wrong-token")
    shown = json.dumps(wire(phones))
    assert next(one for one in service.asked if one.path == "/next").headers["Authorization"]
    assert f"{service.url}/next" in shown
    for secret in ("s3cret", TOKEN, "wrong-token", "Authorization", "Basic "):
        assert secret not in shown


def test_the_newest_are_shown_where_there_are_many() -> None:
    entries = [{"n": n, "at": "", "kind": "rest", "path": "/x", "method": "GET"} for n in range(1, 4)]
    whole = [{**entry, "query": {}, "form": {}, "status": 404, "answer": None, "made": ""} for entry in entries]
    assert [one["n"] for one in on_the_wire(whole, most=2)] == [2, 3]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<Say> Dag,  An </Say>", "\n  <Say> Dag,  An </Say>\n"),
        ("<Say>U <emphasis>moet</emphasis> niets</Say>", "\n  <Say>U <emphasis>moet</emphasis> niets</Say>\n"),
        ("<Say><p>a</p> <p>b</p></Say>", "\n  <Say><p>a</p> <p>b</p></Say>\n"),
        ("<Gather><Say>Eén &amp; twee</Say></Gather>", "\n  <Gather>\n    <Say>Eén &amp; twee</Say>\n  </Gather>\n"),
        ("<!-- menu --><Hangup/>", "\n  <!-- menu -->\n  <Hangup />\n"),
        ("words<Hangup/>", "words<Hangup />"),
    ],
)
def test_a_document_is_indented_and_what_is_said_stays_as_it_is(inside: str, shown: str) -> None:
    text = f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'
    assert readable(text) == (f'<?xml version="1.0" encoding="UTF-8"?>\n<Response>{shown}</Response>', "twiml")


@pytest.mark.parametrize(
    ("text", "content_type", "kind"),
    [
        ("<Response><Say>", "text/xml", "text"),
        ("<html></html>", "text/html", "text"),
        ("", "", "text"),
        ("{broken", "application/json", "text"),
    ],
)
def test_what_cannot_be_read_is_shown_as_it_came(text: str, content_type: str, kind: str) -> None:
    assert readable(text, content_type) == (text, kind)
