"""The Calls resource: what it accepts, refuses and answers. Codes from Twilio's error dictionary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from twilio.base.exceptions import TwilioRestException

import simulator

if TYPE_CHECKING:
    from collections.abc import Callable

    from twilio.rest import Client

    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Rest, Service

ACCOUNT = "AC" + "5" * 32
AGENT = "+32475000001"
HOTLINE = "+3234603535"
URL = "http://127.0.0.1:9/agent"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        # Call resource page, "Create a Call": To, From and one of Url, Twiml, ApplicationSid are needed.
        ({"To": None}, 21201),
        ({"From": None}, 21213),
        ({"Url": None}, 21205),
        # 21211 invalid To, also when it is the same as From; 21212 invalid From; 21210 From not on the account.
        ({"To": "0475000001"}, 21211),
        ({"To": "client:jan"}, 21211),
        ({"To": HOTLINE}, 21211),
        ({"From": "hotline"}, 21212),
        ({"From": "+32999999999"}, 21210),
        # 21205 no absolute URL, 21209 method, 21208 timeout (600 at most), 21206 SendDigits, 21218 ApplicationSid.
        ({"Url": "/agent"}, 21205),
        ({"Method": "PUT"}, 21209),
        ({"Timeout": "soon"}, 21208),
        ({"Timeout": "601"}, 21208),
        ({"SendDigits": "1x"}, 21206),
        ({"Url": None, "ApplicationSid": "AP1"}, 21218),
        # The OpenAPI description knows no other parameters, and the page no other events.
        ({"Colour": "red"}, 20001),
        ({"StatusCallbackEvent": ["ringing", "rings"]}, 20001),
        ({"StatusCallbackEvent": "initiated ringing"}, 20001),
        ({"StatusCallback": "not a url"}, 20001),
        ({"StatusCallback": "http://my_host/x"}, 20001),
        ({"Url": None, "Twiml": "x" * 4001}, 20001),
        ({"Record": "perhaps"}, 20001),
        ({"TimeLimit": "0"}, 20001),
    ],
)
def test_a_create_that_twilio_would_refuse_is_refused(
    rest: Rest, network: Simulator, form: dict[str, Any], code: int
) -> None:
    answer = rest.create(**form)
    body = answer.json()
    # REST API page, "Exceptions": the body holds code, message, more_info and status.
    assert (answer.status_code, body["code"], body["status"], sorted(body)) == (
        400,
        code,
        400,
        ["code", "message", "more_info", "status"],
    )
    assert network.exchange.legs == {}


def test_a_wrong_token_is_401_and_20003_and_the_library_says_so(rest: Rest, twilio: Client) -> None:
    # Error 20003: authentication failed, HTTP 401.
    answer = rest.get("Calls.json", token="wrong")
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    twilio.auth = (ACCOUNT, "wrong")
    with pytest.raises(TwilioRestException) as caught:
        twilio.calls.create(to=AGENT, from_=HOTLINE, url=URL)
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_an_api_key_signs_in_too(start: Callable[..., Simulator]) -> None:
    url = f"{start(api_key=('SK1', 'secret')).url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    # API keys page: username SK…, password its secret.
    assert requests.get(url, auth=("SK1", "secret"), timeout=5).status_code == 200
    assert requests.get(url, auth=("SK1", "other"), timeout=5).status_code == 401


def test_what_is_not_there_is_404_and_20404(rest: Rest, twilio: Client) -> None:
    # Error 20404: the requested resource was not found, HTTP 404.
    with pytest.raises(TwilioRestException) as caught:
        twilio.calls("CA" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
    assert rest.get("Conferences.json").json()["code"] == 20404


def test_a_call_that_ended_cannot_be_updated(twilio: Client, phones: Telephones) -> None:
    phones.behaves(AGENT, "busy")
    sid = str(twilio.calls.create(to=AGENT, from_=HOTLINE, url=URL).sid)
    phones.call(sid, until="ended")
    # Error 21220: the call is in no state for this update.
    for change in ({"status": "completed"}, {"status": "canceled"}, {"url": URL}):
        with pytest.raises(TwilioRestException) as caught:
            twilio.calls(sid).update(**change)
        assert (caught.value.status, caught.value.code) == (400, 21220)


def test_a_ringing_call_cannot_be_redirected(twilio: Client, phones: Telephones) -> None:
    sid = str(twilio.calls.create(to=AGENT, from_=HOTLINE, url=URL).sid)
    phones.rings(AGENT)
    # Error 21220: only calls in progress can be redirected.
    with pytest.raises(TwilioRestException, match="not in-progress"):
        twilio.calls(sid).update(url=URL)


def test_a_running_call_cannot_be_deleted_an_ended_one_can(twilio: Client, phones: Telephones) -> None:
    sid = str(twilio.calls.create(to=AGENT, from_=HOTLINE, url=URL).sid)
    phones.rings(AGENT)
    # Error 20009: cannot delete a call that is not completed.
    with pytest.raises(TwilioRestException) as caught:
        twilio.calls(sid).delete()
    assert caught.value.code == 20009
    phones.declines(sid)
    assert twilio.calls(sid).delete()
    with pytest.raises(TwilioRestException):
        twilio.calls(sid).fetch()


def test_lists_filter_and_page_newest_first(twilio: Client, phones: Telephones) -> None:
    numbers = [f"+3247500001{n}" for n in range(5)]
    made = []
    for number in numbers:
        phones.behaves(number, "busy")
        made.append(str(twilio.calls.create(to=number, from_=HOTLINE, url=URL).sid))
        phones.call(made[-1], until="ended")
    # Call resource page, "List": next_page_uri leads from page to page; the library follows it.
    assert [call.sid for call in twilio.calls.list(page_size=2)] == made[::-1]
    page = twilio.calls.page(page_size=2)
    twilio.calls.create(to=AGENT, from_=HOTLINE, url=URL)
    following = page.next_page()
    # PageToken: a call that arrives between two pages shifts nothing.
    assert following is not None
    assert [call.sid for call in following] == made[1:3][::-1]
    # Filters: To, From, Status.
    assert [call.sid for call in twilio.calls.list(to=numbers[3])] == [made[3]]
    assert len(twilio.calls.list(from_=HOTLINE, status="busy")) == 5
    assert twilio.calls.list(to=numbers[3], status="completed") == []


def test_start_time_filters_by_day_and_leaves_queued_calls_out(
    start: Callable[..., Simulator],
    twilio_of: Callable[[Simulator], Client],
    telephones_of: Callable[[Simulator], Telephones],
) -> None:
    simulator = start(cps=0.001)
    twilio, phones = twilio_of(simulator), telephones_of(simulator)
    first = str(twilio.calls.create(to=AGENT, from_=HOTLINE, url=URL).sid)
    twilio.calls.create(to="+32475000002", from_=HOTLINE, url=URL)
    phones.rings(AGENT)
    today = simulator.exchange.clock.now()
    # Call resource page, StartTime: days in UTC; both inequalities include the day itself.
    assert [call.sid for call in twilio.calls.list(start_time_after=today)] == [first]
    assert [call.sid for call in twilio.calls.list(start_time_before=today)] == [first]
    assert twilio.calls.list(start_time=today.replace(year=2001)) == []
    # start_time is empty until the call is dialled: queued calls must be asked for by status.
    assert [call.to for call in twilio.calls.list(status="queued")] == ["+32475000002"]


@pytest.mark.parametrize(
    "query", [{"Status": "ringing-out"}, {"PageSize": "1001"}, {"StartTime": "now"}, {"Who": "me"}]
)
def test_a_wrong_filter_is_refused(rest: Rest, query: dict[str, str]) -> None:
    assert rest.get("Calls.json", **query).status_code == 400


def test_fields_have_twilios_forms(service: Service, twilio: Client, phones: Telephones) -> None:
    phones.behaves(AGENT, "answers")
    service.says("/agent", '<Gather timeout="600"/>')
    sid = str(twilio.calls.create(to=AGENT, from_=HOTLINE, url=f"{service.url}/agent").sid)
    phones.call(sid, until="gathering")
    phones.advance(61)
    phones.hangs_up(sid)
    call = twilio.calls(sid).fetch()
    # Call resource page, properties: duration in seconds as text, times in UTC, the library calls `from` `_from`.
    assert (call.status, call.direction, call.duration, call._from) == ("completed", "outbound-api", "61", HOTLINE)
    assert call.end_time is not None
    assert call.start_time is not None
    assert (call.end_time - call.start_time).total_seconds() == pytest.approx(61, abs=1)


@pytest.fixture(scope="module")
def description() -> OpenAPI:
    """Twilio's published description of the Calls resource, with the stand-in as its server."""
    path = Path(simulator.__file__).parent / "data" / "twilio_calls_api.json"
    slice_ = json.loads(path.read_text(encoding="utf-8"))
    slice_["servers"] = [{"url": "http://127.0.0.1:{port}", "variables": {"port": {"default": "80"}}}]
    for item in slice_["paths"].values():
        item.pop("servers", None)
    return OpenAPI.from_dict(slice_)


def test_requests_and_answers_fit_the_published_description(
    description: OpenAPI, network: Simulator, twilio: Client
) -> None:
    """Each exchange between Twilio's library and the stand-in is held against the description."""
    seen: list[requests.Response] = []
    session = twilio.http_client.session
    session.hooks["response"].append(lambda answer, **_: seen.append(answer))
    call = twilio.calls.create(to=AGENT, from_=HOTLINE, url=URL, status_callback_event=["ringing"], timeout=20)
    twilio.calls(call.sid).fetch()
    twilio.calls.list(to=AGENT, limit=1)
    twilio.calls(call.sid).update(status="completed")
    assert [answer.status_code for answer in seen] == [201, 200, 200, 200]
    for answer in seen:
        address = str(answer.request.url)
        assert address.startswith(network.url)
        asked = RequestsOpenAPIRequest(answer.request)
        description.validate_request(asked)
        description.validate_response(asked, RequestsOpenAPIResponse(answer))


def test_rest_requests_are_in_the_journal_without_credentials(rest: Rest, phones: Telephones) -> None:
    rest.create(To="nobody")
    entry = next(entry for entry in phones.journal() if entry["kind"] == "rest")
    assert (entry["method"], entry["form"]["To"], entry["status"], entry["answer"]["code"]) == (
        "POST",
        ["nobody"],
        400,
        21211,
    )
    assert "0123456789abcdef" not in json.dumps(phones.journal())
