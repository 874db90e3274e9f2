"""Dial and Number, by Twilio's pages of those names. The agent is called over REST, the customer by <Dial>."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.client import Call, Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Service
    from twilio.rest import Client

AGENT = "+32475000001"
CUSTOMER = "+32470123456"
HOTLINE = "+3234603535"
EVENTS = "initiated ringing answered completed"


class Bridge:
    """An agent whose document dials the customer."""

    def __init__(self, service: Service, twilio: Client, phones: Telephones) -> None:
        self.service, self.twilio, self.phones = service, twilio, phones
        phones.behaves(AGENT, "answers")
        service.says("/whisper", "<Say>Dag klant</Say>")
        service.says("/after", "<Say>Uitkomst?</Say><Hangup/>")
        self.dials()

    def dials(
        self, dial: str = 'action="/after" timeout="20" hangupOnStar="true"', number: str = 'url="/whisper"'
    ) -> None:
        told = f'statusCallback="/child" statusCallbackEvent="{EVENTS}"'
        self.answer_with(f'<Dial callerId="{HOTLINE}" {dial}><Number {number} {told}>{CUSTOMER}</Number></Dial>')

    def answer_with(self, verbs: str) -> None:
        self.service.says("/agent", verbs)

    def starts(self) -> str:
        return str(self.twilio.calls.create(to=AGENT, from_=HOTLINE, url=f"{self.service.url}/agent").sid)

    def rings_customer(self) -> tuple[str, Call]:
        sid = self.starts()
        return sid, self.phones.rings(CUSTOMER)

    def after(self) -> dict[str, Any]:
        return {name: value for name, value in self.service.forms("/after")[0].items() if name.startswith("Dial")}


@pytest.fixture
def bridge(service: Service, twilio: Client, phones: Telephones) -> Bridge:
    return Bridge(service, twilio, phones)


def test_the_customer_hears_the_whisper_and_is_joined_to_the_agent(bridge: Bridge, phones: Telephones) -> None:
    agent, ringing = bridge.rings_customer()
    customer = phones.answers(ringing["sid"])
    assert phones.call(agent, until="bridged")["bridged"]
    heard = [line["text"] for line in phones.call(customer["sid"])["transcript"]]
    whisper = bridge.service.forms("/whisper")[0]
    # Number page, url: runs on the called party's side after the answer and before the two are joined.
    assert heard == ["Dag klant"]
    assert (whisper["CallSid"], whisper["ParentCallSid"]) == (customer["sid"], agent)
    assert (whisper["Direction"], whisper["From"], whisper["To"]) == ("outbound-dial", HOTLINE, CUSTOMER)
    phones.advance(300)
    phones.hangs_up(customer["sid"])
    phones.call(agent, until="ended")
    # Dial page, action parameters: `completed` when the called party answered.
    assert bridge.after() == {
        "DialCallStatus": "completed",
        "DialCallSid": customer["sid"],
        "DialCallDuration": "300",
        "DialBridged": "true",
    }
    assert phones.call(agent)["transcript"][-2]["text"] == "Uitkomst?"


def test_the_childs_progress_is_told_to_the_numbers_callback(bridge: Bridge, phones: Telephones) -> None:
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    phones.hangs_up(ringing["sid"])
    phones.call(ringing["sid"], until="reported")
    told = bridge.service.forms("/child")
    # Number page, statusCallbackEvent: space-separated; CallSid is the child's, ParentCallSid the first leg's.
    assert [(form["CallStatus"], form["SequenceNumber"]) for form in told] == [
        ("initiated", "0"),
        ("ringing", "1"),
        ("in-progress", "2"),
        ("completed", "3"),
    ]
    assert {(form["CallSid"], form["ParentCallSid"]) for form in told} == {(ringing["sid"], agent)}
    # The list filters on the parent.
    assert [call.sid for call in bridge.twilio.calls.list(parent_call_sid=agent)] == [ringing["sid"]]


def test_the_childs_completed_event_alone_comes_where_none_was_asked(bridge: Bridge, phones: Telephones) -> None:
    bridge.answer_with(f'<Dial callerId="{HOTLINE}"><Number statusCallback="/child">{CUSTOMER}</Number></Dial>')
    phones.behaves(CUSTOMER, "busy")
    phones.call(bridge.starts(), until="ended")
    child = phones.phone(CUSTOMER)["legs"][0]
    phones.call(child["sid"], until="reported")
    # Number page: `completed` by default, and it comes for every end, busy included.
    assert [form["CallStatus"] for form in bridge.service.forms("/child")] == ["busy"]


@pytest.mark.parametrize(
    ("behaviour", "status"), [("busy", "busy"), ("rings_out", "no-answer"), ("fails", "failed")]
)
def test_a_customer_who_is_not_reached_is_told_to_the_action(
    bridge: Bridge, phones: Telephones, behaviour: str, status: str
) -> None:
    phones.behaves(CUSTOMER, behaviour)
    phones.call(bridge.starts(), until="ended")
    # Dial page, DialCallStatus.
    after = bridge.after()
    assert (after["DialCallStatus"], after["DialBridged"], after["DialCallDuration"]) == (status, "false", "0")


def test_twilio_adds_five_seconds_to_the_dial_timeout(bridge: Bridge, phones: Telephones) -> None:
    _, ringing = bridge.rings_customer()
    phones.advance(24)
    assert phones.call(ringing["sid"])["status"] == "ringing"
    phones.advance(1.5)
    # Dial page, timeout: 5 to 600, and Twilio adds a buffer of 5 seconds.
    assert phones.call(ringing["sid"], until="ended")["status"] == "no-answer"


def test_without_action_the_document_goes_on(bridge: Bridge, phones: Telephones) -> None:
    phones.behaves(CUSTOMER, "busy")
    bridge.answer_with(f'<Dial callerId="{HOTLINE}">{CUSTOMER}</Dial><Say>Daarna</Say>')
    # Dial page, action: without one the next verb is executed.
    assert phones.call(bridge.starts(), until="ended")["transcript"][-1]["text"] == "Daarna"


def test_star_drops_the_customer_and_keeps_the_agent(bridge: Bridge, phones: Telephones) -> None:
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    phones.presses(agent, "*")
    assert phones.call(ringing["sid"], until="ended")["status"] == "completed"
    # Dial page, hangupOnStar: the first caller's `*` ends the other party's call; then the action follows.
    assert phones.call(agent, until="ended")["transcript"][-2]["text"] == "Uitkomst?"


def test_star_means_nothing_where_it_was_not_asked_for(bridge: Bridge, phones: Telephones) -> None:
    bridge.dials('action="/after"')
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    phones.presses(agent, "*")
    assert phones.call(agent, wait=0.1, until="ended")["bridged"]


def test_an_agent_who_hangs_up_ends_the_customers_leg_and_no_action_is_asked(
    bridge: Bridge, phones: Telephones
) -> None:
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    phones.hangs_up(agent)
    assert phones.call(ringing["sid"], until="reported")["status"] == "completed"
    # Dial page: when the initial caller hangs up the TwiML session ends. Whether the action is still requested is not
    # documented; the stand-in does so only with dial_action_after_hangup.
    assert bridge.service.forms("/after") == []


def test_an_agent_who_hangs_up_while_it_rings_stops_the_ringing(bridge: Bridge, phones: Telephones) -> None:
    agent, ringing = bridge.rings_customer()
    phones.hangs_up(agent)
    assert phones.call(ringing["sid"], until="reported")["status"] == "canceled"
    assert [form["CallStatus"] for form in bridge.service.forms("/child")] == ["initiated", "ringing", "canceled"]


def test_the_action_after_a_hang_up_can_be_switched_on(
    service: Service, start: Callable[..., Simulator], twilio_of: Callable[[Simulator], Client],
    telephones_of: Callable[[Simulator], Telephones],
) -> None:
    simulator = start(dial_action_after_hangup=True)
    phones = telephones_of(simulator)
    bridge = Bridge(service, twilio_of(simulator), phones)
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    phones.hangs_up(agent)
    entries: list[dict[str, Any]] = []
    while not any(entry.get("purpose") == "dial-action" for entry in entries):
        fresh = phones.journal(after=len(entries), wait=5)
        assert fresh, "no Dial action was requested"
        entries += fresh
    assert (bridge.after()["DialBridged"], service.forms("/after")[0]["CallStatus"]) == ("true", "completed")


def test_a_whisper_that_hangs_up_is_answered_but_not_bridged(bridge: Bridge, phones: Telephones) -> None:
    bridge.service.says("/whisper", '<Gather numDigits="1"><Say>Druk 1</Say></Gather><Hangup/>')
    _, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.stays_silent(ringing["sid"])
    agent = phones.call(bridge.phones.phone(AGENT)["legs"][0]["sid"], until="ended")
    # Dial page, DialBridged: whether the two were connected; `completed` says only that somebody answered.
    assert (bridge.after()["DialCallStatus"], bridge.after()["DialBridged"], agent["was_bridged"]) == (
        "completed",
        "false",
        False,
    )


def test_dial_inside_a_whisper_is_an_application_error(bridge: Bridge, phones: Telephones) -> None:
    bridge.service.says("/whisper", f"<Dial>{AGENT}</Dial>")
    _, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    # Number page, url / error 13201: such documents may not contain <Dial>.
    assert phones.call(ringing["sid"], until="ended")["transcript"][-1]["code"] == 13201


def test_a_foreign_caller_id_is_refused(bridge: Bridge, phones: Telephones) -> None:
    bridge.answer_with(f'<Dial callerId="+32999999999" action="/after"><Number>{CUSTOMER}</Number></Dial>')
    phones.call(bridge.starts(), until="ended")
    # Dial page, callerId / 13214: a number of the account, a verified one, or the call's own To or From.
    assert bridge.after() == {"DialCallStatus": "failed", "DialBridged": "false"}
    assert (13214 in [entry.get("code") for entry in phones.journal()], phones.phone(CUSTOMER)["legs"]) == (True, [])


def test_a_number_that_is_not_e164_is_refused(bridge: Bridge, phones: Telephones) -> None:
    bridge.answer_with(f'<Dial callerId="{HOTLINE}" action="/after"><Number>0470 12 34 56</Number></Dial>')
    phones.call(bridge.starts(), until="ended")
    # Error 13223: the number is not in E.164.
    assert (bridge.after()["DialCallStatus"], 13223 in [entry.get("code") for entry in phones.journal()]) == ("failed", True)


def test_the_time_limit_ends_the_childs_leg(bridge: Bridge, phones: Telephones) -> None:
    bridge.dials('action="/after" timeLimit="60"')
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    phones.advance(61)
    # Dial page, timeLimit: the most seconds of the dialled call.
    assert phones.call(ringing["sid"], until="ended")["status"] == "completed"
    assert phones.call(agent, until="ended")["transcript"][-2]["text"] == "Uitkomst?"


def test_of_several_numbers_the_first_who_answers_wins(bridge: Bridge, phones: Telephones) -> None:
    others = ["+32470000001", "+32470000002"]
    numbers = "".join(f"<Number>{number}</Number>" for number in others)
    bridge.answer_with(f'<Dial callerId="{HOTLINE}" action="/after">{numbers}</Dial>')
    agent = bridge.starts()
    legs = [phones.rings(number)["sid"] for number in others]
    phones.answers(legs[1])
    phones.call(agent, until="bridged")
    # Number page: up to ten ring at once; the first to answer is connected, the other calls are ended.
    assert (phones.call(legs[0], until="ended")["status"], phones.call(legs[1])["bridged"]) == ("canceled", True)


def test_redirecting_the_child_ends_the_dial_without_a_duration(bridge: Bridge, phones: Telephones) -> None:
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    bridge.service.says("/elsewhere", '<Gather timeout="600"/>')
    bridge.twilio.calls(ringing["sid"]).update(url=f"{bridge.service.url}/elsewhere")
    assert phones.call(agent, until="ended")["status"] == "completed"
    # Dial page, DialCallDuration: not sent when the child was redirected to other TwiML before it ended.
    assert ("DialCallDuration" in bridge.after(), phones.call(ringing["sid"])["status"]) == (False, "in-progress")


def test_answer_on_bridge_keeps_an_inbound_caller_ringing(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", f'<Dial answerOnBridge="true" callerId="{HOTLINE}"><Number>{AGENT}</Number></Dial>')
    caller = phones.places_call(CUSTOMER)
    ringing = phones.rings(AGENT)
    assert phones.call(caller)["status"] == "ringing"
    phones.answers(ringing["sid"])
    # Dial page, answerOnBridge: the inbound call is answered only when the dialled party answers.
    assert phones.call(caller, until="bridged")["status"] == "in-progress"
