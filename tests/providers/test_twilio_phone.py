import json
import socket
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses

from callbacks.errors import PhoneBusy, PhoneError, PhoneNotSent, PhoneRefused, PhoneUncertain
from callbacks.ports import NewCall
from callbacks.providers import twilio_phone
from callbacks.providers.twilio_phone import TwilioPhone
from callbacks.rules.refusals import Fault, fault_of
from models.vocabulary import LegStatus

ACCOUNT = "AC" + "0" * 32
BASE = "http://twilio.test"
CALLS = f"{BASE}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
CALL_SID = "CA" + "1" * 32
CALL = NewCall(
    to="+32470000001",
    sender="+3234603535",
    url="https://desk.test/voice/agent/token",
    status_url="https://desk.test/voice/status/agent/token",
    ring_seconds=25,
    limit_seconds=7200,
)


@pytest.fixture
def twilio() -> Iterator[responses.RequestsMock]:
    """Twilio's host; a request that no test expects fails."""
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def phone() -> TwilioPhone:
    return TwilioPhone(ACCOUNT, ACCOUNT, "auth-token", base_url=BASE)


def resource(call_sid: str = CALL_SID, status: str = "queued", **more: Any) -> dict[str, Any]:
    fields = {
        "sid": call_sid,
        "status": status,
        "to": "+32470000001",
        "from": "+3234603535",
        "direction": "outbound-api",
        "parent_call_sid": None,
        "duration": None,
    }
    return fields | more


def refusal(status: int, code: int) -> dict[str, Any]:
    return {"code": code, "message": f"refused {CALL.to}", "status": status, "more_info": "https://…"}


def test_one_request_asks_for_everything_the_call_needs(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    twilio.post(CALLS, json=resource(), status=201)
    assert phone.place(CALL) == CALL_SID
    [sent] = twilio.calls
    assert isinstance(sent.request.body, str)
    assert parse_qs(sent.request.body) == {
        "To": ["+32470000001"],
        "From": ["+3234603535"],
        "Url": [CALL.url],
        "Method": ["POST"],
        "FallbackUrl": [CALL.url],
        "FallbackMethod": ["POST"],
        "StatusCallback": [CALL.status_url],
        "StatusCallbackMethod": ["POST"],
        # Repeated, not comma-separated: https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": ["25"],
        "TimeLimit": ["7200"],
    }


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (400, 21211, Fault.AGENT),
        (400, 21214, Fault.AGENT),
        (400, 21216, Fault.AGENT),
        (400, 21217, Fault.AGENT),
        (400, 13224, Fault.AGENT),
        (400, 21210, Fault.ACCOUNT),
        (400, 21212, Fault.ACCOUNT),
        (400, 21215, Fault.ACCOUNT),
        (401, 20003, Fault.ACCOUNT),
        (403, 10004, Fault.ACCOUNT),
        (404, 20404, Fault.ACCOUNT),
        (405, 20004, Fault.ACCOUNT),
        (422, 20422, Fault.ACCOUNT),
    ],
)
def test_a_definite_no_is_a_refusal_with_twilio_s_own_number(
    twilio: responses.RequestsMock,
    phone: TwilioPhone,
    status: int,
    code: int,
    fault: Fault,
) -> None:
    twilio.post(CALLS, json=refusal(status, code), status=status)
    with pytest.raises(PhoneRefused) as refused:
        phone.place(CALL)
    assert refused.value.code == code
    assert fault_of(refused.value.code) is fault
    assert len(twilio.calls) == 1


def test_no_number_stands_in_what_is_logged_of_a_refusal(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    twilio.post(CALLS, json=refusal(400, 21211), status=400)
    with pytest.raises(PhoneRefused) as refused:
        phone.place(CALL)
    assert CALL.to not in str(refused.value)
    assert ACCOUNT not in str(refused.value)


def test_too_many_requests_may_be_sent_again(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    twilio.post(CALLS, json=refusal(429, 20429), status=429)
    with pytest.raises(PhoneBusy):
        phone.place(CALL)
    assert len(twilio.calls) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 500, 502, 503, 504])
@pytest.mark.parametrize("body", ['{"code": 20500, "message": "oops", "status": 500}', "<html>Bad gateway</html>", ""])
def test_a_fault_or_a_detour_proves_nothing_and_is_not_followed(
    twilio: responses.RequestsMock,
    phone: TwilioPhone,
    status: int,
    body: str,
) -> None:
    twilio.post(CALLS, body=body, status=status, headers={"Location": f"{BASE}/elsewhere"})
    with pytest.raises(PhoneUncertain):
        phone.place(CALL)
    assert len(twilio.calls) == 1


@pytest.mark.parametrize(
    "body",
    ["", "garbled", '{"sid": "CA', "null", "[]", "{}", '{"sid": null}', json.dumps(resource(call_sid=""))],
)
def test_a_success_that_names_no_call_proves_nothing(
    twilio: responses.RequestsMock, phone: TwilioPhone, body: str
) -> None:
    twilio.post(CALLS, body=body, status=201)
    with pytest.raises(PhoneUncertain):
        phone.place(CALL)
    assert len(twilio.calls) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        requests.exceptions.ReadTimeout("timed out"),
        requests.exceptions.ConnectionError("('Connection aborted.', ConnectionResetError(104))"),
        requests.exceptions.ChunkedEncodingError("broken"),
        requests.exceptions.ContentDecodingError("broken"),
    ],
)
def test_a_broken_answer_proves_nothing(twilio: responses.RequestsMock, phone: TwilioPhone, trouble: Exception) -> None:
    twilio.post(CALLS, body=trouble)
    with pytest.raises(PhoneUncertain):
        phone.place(CALL)
    assert len(twilio.calls) == 1


def test_a_connection_that_never_came_to_be_sent_nothing(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    twilio.post(CALLS, body=requests.exceptions.ConnectTimeout("no route"))
    with pytest.raises(PhoneNotSent):
        phone.place(CALL)


# ---- On real sockets: what the library makes of the network's own faults


class Listener:
    """A server on loopback that treats every request as told; `requests` counts them."""

    def __init__(self, treat: str) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.requests = 0
        self.over = Event()
        self._treat = treat
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self.socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                self.requests += 1
                if self._treat == "reset":
                    linger = b"\1\0\0\0\0\0\0\0"
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                elif self._treat == "half an answer":
                    connection.sendall(b'HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"sid": "CA')
                elif self._treat == "silence":
                    self.over.wait(5)


@pytest.mark.parametrize("treat", ["reset", "hang up", "half an answer", "silence"])
def test_a_connection_that_breaks_after_the_request_proves_nothing(treat: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twilio_phone, "READ_SECONDS", 0.3)
    server = Listener(treat)
    try:
        with pytest.raises(PhoneUncertain):
            TwilioPhone(ACCOUNT, ACCOUNT, "auth-token", base_url=server.url).place(CALL)
        assert server.requests == 1
    finally:
        server.close()


def test_a_closed_port_was_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(PhoneNotSent):
        TwilioPhone(ACCOUNT, ACCOUNT, "auth-token", base_url=f"http://127.0.0.1:{port}").place(CALL)


def test_a_name_nobody_knows_was_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(PhoneNotSent):
        TwilioPhone(ACCOUNT, ACCOUNT, "auth-token", base_url="http://api.twilio.test").place(CALL)


# ---- Questions


def test_a_leg_is_reported_in_our_words(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    body = resource(status="no-answer", duration="0")
    twilio.get(f"{BASE}/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL_SID}.json", json=body)
    report = phone.fetch(CALL_SID)
    assert (report.call_sid, report.status, report.to, report.sender) == (
        CALL_SID,
        LegStatus.NO_ANSWER,
        "+32470000001",
        "+3234603535",
    )
    assert report.placed_by_api
    assert report.seconds == 0


def test_a_status_nobody_has_heard_of_is_no_answer_at_all(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    twilio.get(f"{BASE}/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL_SID}.json", json=resource(status="levitating"))
    with pytest.raises(PhoneUncertain):
        phone.fetch(CALL_SID)


def test_calls_are_looked_up_by_both_numbers_and_never_by_time(
    twilio: responses.RequestsMock, phone: TwilioPhone
) -> None:
    found = resource(), resource("CA" + "2" * 32, direction="outbound-dial", parent_call_sid=CALL_SID)
    page = {"calls": found, "next_page_uri": None, "page": 0, "page_size": 20, "uri": "", "start": 0, "end": 1}
    twilio.get(CALLS, json=page)
    reports = phone.calls_to("+32470000001", "+3234603535")
    assert [report.placed_by_api for report in reports] == [True, False]
    query = parse_qs(str(twilio.calls[0].request.url).split("?")[1])
    assert query == {"To": ["+32470000001"], "From": ["+3234603535"], "PageSize": ["20"]}


def test_children_are_looked_up_by_their_parent(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    child = resource("CA" + "2" * 32, "completed", direction="outbound-dial", parent_call_sid=CALL_SID, duration="95")
    twilio.get(CALLS, json={"calls": [child], "next_page_uri": None, "page": 0, "page_size": 20, "uri": ""})
    [report] = phone.children_of(CALL_SID)
    assert (report.parent_sid, report.seconds, report.status) == (CALL_SID, 95, LegStatus.COMPLETED)


def test_hanging_up_a_call_that_is_over_is_no_error(twilio: responses.RequestsMock, phone: TwilioPhone) -> None:
    url = f"{BASE}/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL_SID}.json"
    twilio.post(url, json=refusal(400, 21220), status=400)
    twilio.post(url, json=refusal(400, 21220), status=400)
    phone.hang_up(CALL_SID)
    assert [parse_qs(str(call.request.body))["Status"] for call in twilio.calls] == [["canceled"], ["completed"]]


def test_hanging_up_a_call_that_twilio_does_not_know_is_an_error(
    twilio: responses.RequestsMock, phone: TwilioPhone
) -> None:
    url = f"{BASE}/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL_SID}.json"
    twilio.post(url, json=refusal(404, 20404), status=404)
    with pytest.raises(PhoneError):
        phone.hang_up(CALL_SID)
