"""What goes wrong with a REST request on purpose, as Twilio's own library sees it."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from simulator import faults
from simulator.client import TelephoneError

if TYPE_CHECKING:
    from twilio.rest import Client

    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Rest, Service

AGENT = "+32475000001"
HOTLINE = "+3234603535"
URL = "http://127.0.0.1:9/agent"


def create(twilio: Client, to: str = AGENT) -> str:
    return str(twilio.calls.create(to=to, from_=HOTLINE, url=URL).sid)


def placed(phones: Telephones) -> list[dict[str, Any]]:
    return [entry for entry in phones.journal() if entry["kind"] == "placed"]


def test_a_create_that_is_lost_resets_the_connection_and_places_nothing(
    twilio: Client, phones: Telephones, network: Simulator
) -> None:
    rule = phones.goes_wrong("create", "lose", times=1)
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        create(twilio)
    assert network.exchange.legs == {}
    assert phones.faults() == {rule: 1}
    entry = next(entry for entry in phones.journal() if entry["kind"] == "rest")
    assert (entry["form"]["To"], entry["status"], entry["answer"]) == ([AGENT], None, None)
    create(twilio)
    assert len(placed(phones)) == 1


def test_a_create_whose_answer_is_lost_is_acted_upon(twilio: Client, phones: Telephones) -> None:
    phones.goes_wrong("create", "lose-answer", times=1)
    with pytest.raises(requests.ConnectionError, match="without response"):
        create(twilio)
    leg = phones.rings(AGENT)
    entry = placed(phones)[0]
    assert (entry["sid"], entry["to"], entry["url"]) == (leg["sid"], AGENT, URL)
    assert [call.sid for call in twilio.calls.list(to=AGENT)] == [leg["sid"]]


def test_a_garbled_answer_cannot_be_read(twilio: Client, phones: Telephones) -> None:
    phones.goes_wrong("create", "garble", times=1)
    with pytest.raises(json.JSONDecodeError):
        create(twilio)
    phones.goes_wrong("create", "garble", times=1, text="{}")
    assert twilio.calls.create(to="+32475000002", from_=HOTLINE, url=URL).sid is None
    assert [entry["to"] for entry in placed(phones)] == [AGENT, "+32475000002"]


def test_an_answer_is_held_until_its_seconds_have_passed_and_the_phone_rings_meanwhile(
    twilio: Client, phones: Telephones
) -> None:
    phones.goes_wrong("create", "delay-answer", times=1, seconds=60)
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(create(twilio)))
    asking.start()
    leg = phones.rings(AGENT)
    asking.join(0.2)
    assert answers == []
    phones.advance(61)
    asking.join(5)
    assert answers == [leg["sid"]]


def test_a_request_is_held_before_it_is_acted_upon_until_everything_works_again(
    twilio: Client, phones: Telephones
) -> None:
    rule = phones.goes_wrong("create", "delay", times=1)
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(create(twilio)))
    asking.start()
    phones.finds(kind="fault", rule=rule)
    assert (answers, placed(phones)) == ([], [])
    assert phones.works_again() == {rule: 1}
    asking.join(5)
    assert answers == [phones.rings(AGENT)["sid"]]


@pytest.mark.parametrize("how", [{}, {"status": 503}])
def test_a_request_that_got_no_answer_may_be_acted_upon_late(
    twilio: Client, phones: Telephones, how: dict[str, Any]
) -> None:
    phones.goes_wrong("create", "act-late", seconds=30, **how)
    with pytest.raises((requests.ConnectionError, TwilioRestException)):
        create(twilio)
    assert twilio.calls.list(to=AGENT) == []
    phones.advance(31)
    # Error 20500: "the call may have been made"; it is found in the list later.
    assert phones.rings(AGENT)["sid"] == placed(phones)[0]["sid"]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        # Error dictionary: 20429 too many requests, 20003 authentication, 20500 server error, 20503 unavailable;
        # the 21xxx and 13xxx of calls are HTTP 400.
        (20429, 429),
        (20003, 401),
        (20404, 404),
        (20500, 500),
        (20503, 503),
        (21211, 400),
        (21216, 400),
        (13224, 400),
    ],
)
def test_a_refusal_has_twilios_body_and_places_nothing(
    rest: Rest, twilio: Client, phones: Telephones, code: int, status: int
) -> None:
    phones.goes_wrong("create", "refuse", code=code, times=2)
    answer = rest.create()
    # REST API page, "Exceptions": the body holds code, message, more_info and status.
    assert sorted(answer.json()) == ["code", "message", "more_info", "status"]
    with pytest.raises(TwilioRestException) as caught:
        create(twilio)
    assert (caught.value.code, caught.value.status, answer.status_code) == (code, status, status)
    assert placed(phones) == []
    create(twilio)


def test_the_page_of_a_proxy_is_no_json_and_the_call_may_exist(twilio: Client, phones: Telephones) -> None:
    phones.goes_wrong("create", "refuse-after", status=503, times=1)
    with pytest.raises(TwilioRestException) as caught:
        create(twilio)
    # The library takes the HTTP status for the code where the body is no JSON.
    assert (caught.value.status, caught.value.code) == (503, 503)
    assert phones.rings(AGENT)["sid"] == placed(phones)[0]["sid"]


def test_a_list_lags_by_age_or_for_some_listings(twilio: Client, phones: Telephones) -> None:
    sid = create(twilio)
    # Call resource page: what is fetched is eventually consistent.
    phones.goes_wrong("list", "hide", {"To": AGENT}, seconds=20)
    assert twilio.calls.list(to=AGENT) == []
    assert [call.sid for call in twilio.calls.list(from_=HOTLINE)] == [sid]
    phones.advance(20)
    assert [call.sid for call in twilio.calls.list(to=AGENT)] == [sid]
    phones.works_again()
    phones.goes_wrong("list", "hide", times=2)
    assert [len(twilio.calls.list(to=AGENT)) for _ in range(3)] == [0, 0, 1]


def test_fetches_and_updates_of_one_telephone_fail_and_those_of_others_do_not(
    twilio: Client, phones: Telephones
) -> None:
    first, second = create(twilio), create(twilio, "+32475000002")
    phones.goes_wrong("fetch", "refuse", {"To": AGENT}, code=20404)
    phones.goes_wrong("update", "lose-answer", {"CallSid": first})
    with pytest.raises(TwilioRestException) as caught:
        twilio.calls(first).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
    with pytest.raises(requests.ConnectionError):
        twilio.calls(first).update(status="completed")
    assert phones.call(first)["status"] == "canceled"
    assert twilio.calls(second).fetch().status in {"queued", "ringing"}


def test_a_call_kept_in_the_queue_leaves_it_when_cancelled_or_when_all_works_again(
    service: Service, twilio: Client, phones: Telephones
) -> None:
    phones.goes_wrong("create", "queue")
    told = f"{service.url}/told"
    made = [
        str(twilio.calls.create(to=to, from_=HOTLINE, url=URL, status_callback=told).sid)
        for to in (AGENT, "+32475000002")
    ]
    assert [twilio.calls(sid).fetch().status for sid in made] == ["queued", "queued"]
    assert not phones.call(made[0], until="ringing", wait=0.2)["met"]
    # Call resource page: `canceled` takes a call out of the queue, and no status callback tells of it.
    assert twilio.calls(made[0]).update(status="canceled").status == "canceled"
    phones.works_again()
    phones.rings("+32475000002")
    assert service.forms("/told") == []


def test_the_first_requests_may_be_spared(twilio: Client, phones: Telephones) -> None:
    phones.goes_wrong("create", "refuse", code=20429, after=1, times=1)
    create(twilio)
    with pytest.raises(TwilioRestException):
        create(twilio)
    create(twilio)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"on": "create"},
        {"on": "create", "do": "explode"},
        {"on": ["create"], "do": "lose"},
        {"on": "twiml", "do": "reverse"},
        {"on": "list", "do": "queue"},
        {"on": "create", "do": "refuse"},
        {"on": "create", "do": "refuse", "status": 200},
        {"on": "create", "do": "lose", "times": "many"},
        {"on": "create", "do": "lose", "times": -1},
        {"on": "create", "do": "lose", "times": True},
        {"on": "create", "do": "delay", "seconds": 1e308},
        {"on": "twiml", "do": "repeat", "copies": 100_000_000},
        {"on": "create", "do": "refuse", "code": 99_999_999},
        {"on": "create", "do": "refuse", "status": "abc"},
        {"on": "create", "do": "garble", "text": 3},
        {"on": "create", "do": "lose", "match": {"To": 32475000001}},
        {"on": "create", "do": "lose", "n": 7},
    ],
)
def test_nonsense_is_refused_with_a_sentence(network: Simulator, phones: Telephones, rule: dict[str, Any]) -> None:
    answer = requests.post(f"{network.url}/console/faults", json=rule, timeout=5)
    assert answer.status_code == 400
    assert len(answer.json()["error"].split()) >= 3
    assert phones.faults() == {}


def test_every_word_of_the_table_is_explained_where_it_stands() -> None:
    words: set[str] = set().union(*faults.DOES.values())
    assert [word for word in sorted(words) if f"| `{word}` |" not in str(faults.__doc__)] == []


def test_what_is_wished_is_journalled_and_a_refused_wish_is_not(phones: Telephones) -> None:
    phones.goes_wrong("create", "lose", {"To": AGENT})
    with pytest.raises(TelephoneError):
        phones.goes_wrong("create", "explode")
    phones.works_again()
    told = [entry for entry in phones.journal() if entry["kind"] == "console"]
    assert [entry["deed"] for entry in told] == ["goes-wrong", "works-again"]
    assert told[0]["rule"]["match"] == {"To": AGENT}
