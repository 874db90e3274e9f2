"""Calls created over REST, by Twilio's Call resource page, through Twilio's own library."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from twilio.rest import Client

    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Service

AGENT = "+32475000001"
HOTLINE = "+3234603535"
ALL = ["initiated", "ringing", "answered", "completed"]


def calls(client: Client, service: Service, **more: Any) -> str:
    urls = {"url": f"{service.url}/agent?t=1", "status_callback": f"{service.url}/status?t=1"}
    return str(client.calls.create(**{"to": AGENT, "from_": HOTLINE, **urls, **more}).sid)


def test_a_call_is_queued_rings_is_answered_and_plays_its_document(
    service: Service, twilio: Client, phones: Telephones
) -> None:
    service.says("/agent", "<Say>Oproep</Say><Hangup/>")
    sid = calls(twilio, service, status_callback_event=ALL)
    ringing = phones.rings(AGENT)
    assert (ringing["sid"], ringing["direction"], twilio.calls(sid).fetch().status) == (sid, "outbound-api", "ringing")
    assert service.forms("/agent") == []
    phones.answers(sid)
    phones.call(sid, until="reported")
    # Call resource page, url: requested when the called party picks up; CallStatus is then in-progress.
    assert [(form["CallStatus"], form["Direction"], form.get("t", "1")) for form in service.forms("/agent")] == [
        ("in-progress", "outbound-api", "1")
    ]
    told = service.forms("/status")
    # StatusCallbackEvent: `answered` is sent as in-progress, the end as its final status.
    assert [form["CallStatus"] for form in told] == ["initiated", "ringing", "in-progress", "completed"]
    # SequenceNumber counts from 0; CallbackSource is the same for all; Timestamp is RFC 2822 in UTC.
    assert [form["SequenceNumber"] for form in told] == ["0", "1", "2", "3"]
    assert {form["CallbackSource"] for form in told} == {"call-progress-events"}
    assert all(parsedate_to_datetime(form["Timestamp"]).utcoffset() is not None for form in told)
    # CallDuration belongs to the end only.
    assert ["CallDuration" in form for form in told] == [False, False, False, True]


def test_without_events_only_the_end_is_told(service: Service, twilio: Client, phones: Telephones) -> None:
    phones.behaves(AGENT, "answers")
    sid = calls(twilio, service)
    phones.call(sid, until="reported")
    # StatusCallbackEvent: `completed` when none is given.
    assert [(form["CallStatus"], form["SequenceNumber"]) for form in service.forms("/status")] == [("completed", "0")]


@pytest.mark.parametrize(
    ("behaviour", "status", "sip"),
    [
        # Call status values; SipResponseCode: 486 busy, 487 not answered, 404 not reachable.
        ("busy", "busy", "486"),
        ("rings_out", "no-answer", "487"),
        ("fails", "failed", "404"),
    ],
)
def test_a_call_that_is_not_answered_ends_with_its_reason_and_fetches_nothing(
    service: Service, twilio: Client, phones: Telephones, behaviour: str, status: str, sip: str
) -> None:
    phones.behaves(AGENT, behaviour)
    sid = calls(twilio, service)
    phones.call(sid, until="reported")
    told = service.forms("/status")[0]
    assert (told["CallStatus"], told["SipResponseCode"], told["CallDuration"]) == (status, sip, "0")
    # Duration (minutes) is sent for completed calls only; the resource's duration is empty too.
    assert ("Duration" in told, twilio.calls(sid).fetch().duration) == (False, None)
    assert service.forms("/agent") == []


def test_declining_is_no_answer(service: Service, twilio: Client, phones: Telephones) -> None:
    sid = calls(twilio, service)
    phones.declines(phones.rings(AGENT)["sid"])
    # Call status values: no-answer also when the call was rejected.
    assert phones.call(sid, until="ended")["status"] == "no-answer"


def test_ringing_stops_after_the_timeout_of_the_simulators_clock(
    service: Service, twilio: Client, phones: Telephones
) -> None:
    sid = calls(twilio, service, timeout=25)
    phones.rings(AGENT)
    phones.advance(24)
    assert phones.call(sid)["status"] == "ringing"
    phones.advance(1.5)
    # Timeout: seconds of ringing before the call is given up; 60 by default.
    assert phones.call(sid, until="ended")["status"] == "no-answer"


def test_setting_the_clock_back_does_not_let_a_telephone_ring_for_ever(
    service: Service, twilio: Client, phones: Telephones
) -> None:
    sid = calls(twilio, service, timeout=1)
    phones.rings(AGENT)
    phones.advance(-86400)
    assert phones.call(sid, until="ended")["status"] == "no-answer"


def test_a_telephone_in_a_call_is_busy(service: Service, twilio: Client, phones: Telephones) -> None:
    first, second = calls(twilio, service), calls(twilio, service)
    ends = {sid: phones.call(sid, wait=0.2, until="ended")["status"] for sid in (first, second)}
    assert sorted(ends.values()) == ["busy", "ringing"]


def test_a_canceled_call_in_the_queue_tells_nobody(
    service: Service,
    start: Callable[..., Simulator],
    twilio_of: Callable[[Simulator], Client],
    telephones_of: Callable[[Simulator], Telephones],
) -> None:
    simulator = start(cps=0.01)
    client, phones = twilio_of(simulator), telephones_of(simulator)
    first = calls(client, service)
    second = calls(client, service, to="+32475000002", status_callback_event=ALL)
    phones.rings(AGENT)
    # CPS: calls above the rate are created all the same and wait as `queued`.
    assert (client.calls(second).fetch().status, client.calls(second).fetch().start_time) == ("queued", None)
    client.calls(second).update(status="canceled")
    phones.hangs_up(first)
    phones.call(first, until="reported")
    # Call resource page: a call canceled while queued produces no status callback.
    assert (phones.call(second, until="reported")["status"], len(service.forms("/status"))) == ("canceled", 1)


def test_a_queued_call_leaves_when_its_turn_comes(
    service: Service,
    start: Callable[..., Simulator],
    twilio_of: Callable[[Simulator], Client],
    telephones_of: Callable[[Simulator], Telephones],
) -> None:
    simulator = start(cps=0.01)
    client, phones = twilio_of(simulator), telephones_of(simulator)
    calls(client, service)
    second = calls(client, service, to="+32475000002")
    phones.advance(101)
    assert phones.rings("+32475000002")["sid"] == second
    # Call resource, queue_time: milliseconds in the queue, as text.
    assert int(client.calls(second).fetch().queue_time) >= 100_000


def test_canceling_stops_a_ringing_call_and_leaves_one_in_progress_alone(
    service: Service, twilio: Client, phones: Telephones
) -> None:
    service.says("/agent", '<Gather timeout="600"/>')
    sid = calls(twilio, service)
    phones.rings(AGENT)
    # Update, Status: `canceled` ends calls that are queued or ringing …
    assert twilio.calls(sid).update(status="canceled").status == "canceled"
    phones.behaves(AGENT, "answers")
    sid = calls(twilio, service)
    phones.call(sid, until="gathering")
    # … and does not affect calls in progress; `completed` ends those too.
    assert twilio.calls(sid).update(status="canceled").status == "in-progress"
    assert twilio.calls(sid).update(status="completed").status == "completed"


def test_a_call_in_progress_is_taken_to_another_document(service: Service, twilio: Client, phones: Telephones) -> None:
    service.says("/agent", '<Gather timeout="600"><Say>Eerst</Say></Gather>')
    service.says("/other", "<Say>Dan</Say>")
    phones.behaves(AGENT, "answers")
    sid = calls(twilio, service)
    phones.call(sid, until="gathering")
    twilio.calls(sid).update(url=f"{service.url}/other")
    # Update, Url: the call leaves what it was doing and asks for the new document.
    assert [line["text"] for line in phones.call(sid, until="ended")["transcript"]] == ["Eerst", "Dan"]


def test_twiml_can_come_with_the_call(service: Service, twilio: Client, phones: Telephones) -> None:
    phones.behaves(AGENT, "answers")
    sid = str(twilio.calls.create(to=AGENT, from_=HOTLINE, twiml="<Response><Say>Meteen</Say></Response>").sid)
    # Twiml: played without a request for a URL.
    assert phones.call(sid, until="ended")["transcript"][0]["text"] == "Meteen"
    assert service.asked == []


def test_a_relative_action_in_twiml_given_inline_is_an_application_error(twilio: Client, phones: Telephones) -> None:
    phones.behaves(AGENT, "answers")
    twiml = '<Response><Gather action="/x"/></Response>'
    sid = str(twilio.calls.create(to=AGENT, from_=HOTLINE, twiml=twiml).sid)
    # Gather page: calls started with inline TwiML need absolute action URLs (error 11100).
    assert phones.call(sid, until="ended")["transcript"][-1]["code"] == 11100


def test_a_telephone_presses_its_keys_one_gather_each(service: Service, twilio: Client, phones: Telephones) -> None:
    service.says("/agent", '<Gather numDigits="1" action="/second"/>')
    service.says("/second", '<Gather action="/third"/>')
    phones.behaves(AGENT, "answers_and_presses:1,0470123456#")
    phones.call(calls(twilio, service), until="ended")
    assert (service.forms("/second")[0]["Digits"], service.forms("/third")[0]["Digits"]) == ("1", "0470123456")


def test_voicemail_answers_and_never_presses(service: Service, twilio: Client, phones: Telephones) -> None:
    service.says("/agent", '<Gather numDigits="1" action="/second"><Say>Druk 1</Say></Gather><Say>Dag</Say><Hangup/>')
    phones.behaves(AGENT, "voicemail")
    call = phones.call(calls(twilio, service), until="ended")
    assert (call["transcript"][-2]["text"], service.forms("/second")) == ("Dag", [])


def test_a_call_does_not_outlast_its_time_limit(service: Service, twilio: Client, phones: Telephones) -> None:
    service.says("/agent", '<Gather timeout="9999"/>')
    phones.behaves(AGENT, "answers")
    sid = calls(twilio, service, time_limit=120)
    phones.call(sid, until="gathering")
    phones.advance(121)
    # TimeLimit: the most seconds a call may last.
    assert phones.call(sid, until="ended")["status"] == "completed"
