"""What goes wrong on purpose with the requests to the service: lost, delayed, repeated, told backwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from twilio.rest import Client

    from simulator.client import Telephones
    from tests.simulator.conftest import Bridge, Service

AGENT = "+32475000001"
CUSTOMER = "+32470123456"
HOTLINE = "+3234603535"
EVENTS = ["initiated", "ringing", "answered", "completed"]
IN_ORDER = ["initiated", "ringing", "in-progress", "completed"]
ERROR = "An application error has occurred"


def calls_agent(service: Service, twilio: Client, phones: Telephones, fragment: str = "") -> str:
    phones.behaves(AGENT, "answers")
    return str(
        twilio.calls.create(
            to=AGENT,
            from_=HOTLINE,
            url=f"{service.url}/agent{fragment}",
            status_callback=f"{service.url}/told",
            status_callback_event=EVENTS,
        ).sid
    )


def told(service: Service) -> list[str]:
    return [form["CallStatus"] for form in service.forms("/told")]


def test_a_lost_callback_never_arrives_and_is_not_sent_again(
    service: Service, twilio: Client, phones: Telephones
) -> None:
    rule = phones.goes_wrong("status-callback", "lose", {"CallStatus": "ringing"})
    phones.call(calls_agent(service, twilio, phones), until="reported")
    # Webhook pages: a status callback is not retried after a read time-out; the others come with their own numbers.
    assert told(service) == ["initiated", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in service.forms("/told")] == ["0", "2", "3"]
    assert phones.faults() == {rule: 1}
    lost = phones.finds(kind="webhook", error=11200)
    assert (lost["form"]["CallStatus"], lost["status"], lost["tries"]) == ("ringing", None, 1)


def test_callbacks_are_told_apart_by_the_leg_they_are_about(bridge: Bridge, phones: Telephones) -> None:
    phones.goes_wrong("status-callback", "lose", {"Direction": "outbound-dial"})
    phones.goes_wrong("status-callback", "lose", {"Direction": "inbound"})
    agent, customer = bridge.rings_customer()
    phones.answers(customer["sid"])
    phones.call(agent, until="bridged")
    phones.hangs_up(customer["sid"])
    phones.call(customer["sid"], until="reported")
    assert bridge.service.forms("/child") == []


def test_a_repeated_callback_is_the_same_to_the_letter(service: Service, twilio: Client, phones: Telephones) -> None:
    phones.goes_wrong("status-callback", "repeat", {"CallStatus": "completed"}, copies=2)
    phones.call(calls_agent(service, twilio, phones), until="reported")
    assert told(service) == [*IN_ORDER, "completed", "completed"]
    last = service.forms("/told")[-3:]
    assert last[0] == last[1] == last[2]


def test_callbacks_come_backwards_at_the_end_of_the_leg(service: Service, twilio: Client, phones: Telephones) -> None:
    phones.goes_wrong("status-callback", "reverse")
    phones.call(calls_agent(service, twilio, phones), until="reported")
    # Call resource page: there is no guaranteed order of delivery; SequenceNumber tells it.
    assert told(service) == IN_ORDER[::-1]


def test_callbacks_held_backwards_are_let_go_when_all_works_again(
    service: Service, twilio: Client, phones: Telephones
) -> None:
    service.says("/agent", '<Gather timeout="600"/>')
    phones.goes_wrong("status-callback", "reverse")
    sid = calls_agent(service, twilio, phones)
    phones.call(sid, until="gathering")
    assert told(service) == []
    phones.works_again()
    phones.hangs_up(sid)
    phones.call(sid, until="reported")
    assert told(service) == ["in-progress", "ringing", "initiated", "completed"]


def test_a_delayed_callback_is_overtaken(service: Service, twilio: Client, phones: Telephones) -> None:
    phones.goes_wrong("status-callback", "delay", {"CallStatus": "ringing"}, seconds=3600)
    sid = calls_agent(service, twilio, phones)
    phones.finds(purpose="status-callback", sid=sid, status=200)
    assert phones.call(sid, until="ended")["met"]
    assert not phones.call(sid, until="reported", wait=0.2)["met"]
    phones.advance(3600)
    phones.call(sid, until="reported")
    assert told(service) == ["initiated", "in-progress", "completed", "ringing"]


def test_a_delayed_document_keeps_the_line_waiting(service: Service, twilio: Client, phones: Telephones) -> None:
    service.says("/agent", "<Say>Dag</Say>")
    phones.goes_wrong("twiml", "delay", {"Direction": "outbound-api"})
    sid = calls_agent(service, twilio, phones)
    assert not phones.call(sid, until="said:Dag", wait=0.2)["met"]
    phones.works_again()
    assert phones.call(sid, until="said:Dag")["met"]


@pytest.mark.parametrize(
    ("fragment", "tries", "heard"),
    [
        # Connection overrides page, rp: a read time-out is tried again only where the fragment says so.
        ("", 1, ERROR),
        ("#rc=1&rp=rt", 2, "Dag"),
    ],
)
def test_an_answer_lost_after_the_service_acted_is_a_read_time_out(
    service: Service, twilio: Client, phones: Telephones, fragment: str, tries: int, heard: str
) -> None:
    service.says("/agent", "<Say>Dag</Say>")
    phones.goes_wrong("twiml", "lose-answer", times=1)
    call = phones.call(calls_agent(service, twilio, phones, fragment), until="ended")
    assert [asked.path for asked in service.asked if asked.path == "/agent"] == ["/agent"] * tries
    assert call["transcript"][-1]["text"] == heard


def test_a_gathers_action_is_asked_for_by_that_name(service: Service, twilio: Client, phones: Telephones) -> None:
    service.says("/agent", '<Gather action="/key" numDigits="1"/>')
    service.says("/key", "<Say>Dank u</Say>")
    rule = phones.goes_wrong("gather-action", "repeat", {"Digits": "1"})
    sid = calls_agent(service, twilio, phones)
    phones.presses(sid, "1")
    phones.call(sid, until="said:Dank u")
    assert (len(service.forms("/key")), phones.faults()) == (2, {rule: 1})
    phones.finds(purpose="gather-action", sid=sid)


def test_a_dials_action_is_asked_for_by_that_name(bridge: Bridge, phones: Telephones) -> None:
    agent, customer = bridge.rings_customer()
    phones.goes_wrong("dial-action", "lose")
    phones.declines(customer["sid"])
    call = phones.call(agent, until="ended")
    assert (bridge.service.forms("/after"), call["transcript"][-1]["text"]) == ([], ERROR)
