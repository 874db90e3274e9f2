"""What nobody should send to the console neither breaks nor holds it up, and no page of another place can use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Service

CUSTOMER = "+32470123456"


@pytest.mark.parametrize("query", ["wait=nan&after=9", "wait=inf&after=0", "after=nan", "after=inf", "wait=x"])
def test_a_number_that_is_none_is_refused_and_waits_for_nothing(network: Simulator, query: str) -> None:
    answer = requests.get(f"{network.url}/console/journal?{query}", timeout=5)
    assert (answer.status_code, "is no number" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize("caller", ["\ud800", "a b", "x\0", "+" * 99, "é"])
def test_a_caller_that_is_neither_number_nor_word_is_refused_and_the_page_lives_on(
    network: Simulator, caller: str
) -> None:
    answer = requests.post(f"{network.url}/console/calls", json={"from": caller}, timeout=5)
    assert answer.status_code == 400
    assert requests.get(f"{network.url}/console/state", timeout=5).status_code == 200


def test_words_of_a_message_that_cannot_be_encoded_do_not_break_the_page(
    service: Service, network: Simulator, phones: Telephones
) -> None:
    service.says("/voice/incoming", '<Record timeout="60"/>')
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="recording")
    phones.speaks(sid, "\ud800")
    assert requests.get(f"{network.url}/console/state", timeout=5).status_code == 200


@pytest.mark.parametrize("seconds", ['"x"', "null", "NaN", "1e999", "-1", "[]"])
def test_a_message_of_no_length_is_refused_and_the_call_goes_on(
    service: Service, network: Simulator, phones: Telephones, seconds: str
) -> None:
    service.says("/voice/incoming", '<Record timeout="60"/>')
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="recording")
    answer = requests.post(
        f"{network.url}/console/calls/{sid}/speak",
        data=f'{{"seconds": {seconds}}}',
        headers={"Content-Type": "application/json"},
        timeout=5,
    )
    assert answer.status_code == 400
    assert phones.hangs_up(sid)["status"] == "completed"


def test_a_look_at_the_head_alone_does_not_break_the_wire(network: Simulator) -> None:
    login = (network.exchange.settings.account_sid, network.exchange.settings.auth_token)
    path = f"/2010-04-01/Accounts/{login[0]}/Calls/CA{'0' * 32}.json"
    requests.head(f"{network.url}{path}", auth=login, timeout=5)
    assert requests.get(f"{network.url}/console/wire", timeout=5).json()["exchanges"][-1]["purpose"] == "other"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
    ],
)
def test_only_its_own_page_and_a_link_that_is_followed_may_read(
    network: Simulator, headers: dict[str, str], status: int
) -> None:
    assert requests.get(f"{network.url}/console/", headers=headers, timeout=5).status_code == status
