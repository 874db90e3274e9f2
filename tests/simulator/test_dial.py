"""Dial and Number, by Twilio's pages of those names. The agent is called over REST, the customer by <Dial>."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from simulator.client import Telephones
    from tests.simulator.conftest import Bridge, Service

AGENT = "+32475000001"
CUSTOMER = "+32470123456"
HOTLINE = "+3234603535"


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


@pytest.mark.parametrize(("behaviour", "status"), [("busy", "busy"), ("rings_out", "no-answer"), ("fails", "failed")])
def test_a_customer_who_is_not_reached_is_told_to_the_action(
    bridge: Bridge, phones: Telephones, behaviour: str, status: str
) -> None:
    phones.behaves(CUSTOMER, behaviour)
    phones.call(bridge.starts(), until="ended")
    # Dial page, DialCallStatus.
    after = bridge.after()
    assert (after["DialCallStatus"], after["DialBridged"], after["DialCallDuration"]) == (status, "false", "0")


def test_without_action_the_document_goes_on(bridge: Bridge, phones: Telephones) -> None:
    phones.behaves(CUSTOMER, "busy")
    bridge.answer_with(f'<Dial callerId="{HOTLINE}">{CUSTOMER}</Dial><Say>Daarna</Say>')
    # Dial page, action: without one the next verb is executed.
    assert phones.call(bridge.starts(), until="ended")["transcript"][-1]["text"] == "Daarna"


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
    assert (bridge.after()["DialCallStatus"], 13223 in [entry.get("code") for entry in phones.journal()]) == (
        "failed",
        True,
    )


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


def test_answer_on_bridge_keeps_an_inbound_caller_ringing(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", f'<Dial answerOnBridge="true" callerId="{HOTLINE}"><Number>{AGENT}</Number></Dial>')
    caller = phones.places_call(CUSTOMER)
    ringing = phones.rings(AGENT)
    assert phones.call(caller)["status"] == "ringing"
    phones.answers(ringing["sid"])
    # Dial page, answerOnBridge: the inbound call is answered only when the dialled party answers.
    assert phones.call(caller, until="bridged")["status"] == "in-progress"


def test_a_whisper_may_ask_for_a_key_and_only_the_answer_to_it_joins(bridge: Bridge, phones: Telephones) -> None:
    bridge.service.says("/whisper", '<Gather numDigits="1" action="/pressed"><Say>Druk 1</Say></Gather><Hangup/>')
    bridge.service.says("/pressed", "<Say>We verbinden u door</Say>")
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    # Number page, url: such a document may hold Play, Say, Gather and Hangup; the parties are connected when it ends.
    assert not phones.call(ringing["sid"], until="gathering")["bridged"]
    phones.presses(ringing["sid"], "5")
    assert phones.call(agent, until="bridged")["bridged"]
    asked = bridge.service.forms("/pressed")[0]
    # TwiML page: the request for a document carries the leg's own CallSid, and its parent's.
    assert (asked["Digits"], asked["CallSid"], asked["ParentCallSid"]) == ("5", ringing["sid"], agent)


def test_a_whisper_is_told_of_silence_where_it_asks_to_be(bridge: Bridge, phones: Telephones) -> None:
    gather = '<Gather numDigits="1" action="/pressed" actionOnEmptyResult="true"><Say>Druk 1</Say></Gather>'
    bridge.service.says("/whisper", gather)
    bridge.service.says("/pressed", "<Say>We konden u niet bereiken</Say><Hangup/>")
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.stays_silent(ringing["sid"])
    assert phones.call(ringing["sid"], until="ended")["transcript"][-2]["text"] == "We konden u niet bereiken"
    phones.call(agent, until="ended")
    # Gather page, actionOnEmptyResult: the action is requested with no Digits, too. Number page: <Hangup> declines.
    assert bridge.service.forms("/pressed")[0]["Digits"] == ""
    assert bridge.after()["DialBridged"] == "false"


def test_an_agent_who_hangs_up_ends_the_whisper_too(bridge: Bridge, phones: Telephones) -> None:
    bridge.service.says("/whisper", '<Gather numDigits="1" action="/pressed"><Say>Druk 1</Say></Gather><Hangup/>')
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(ringing["sid"], until="gathering")
    phones.hangs_up(agent)
    # Dial page: when the initial caller hangs up, the dialled party's call ends.
    assert phones.call(ringing["sid"], until="ended")["status"] == "completed"
    assert bridge.service.forms("/pressed") == []


def test_a_redirect_is_not_documented_for_a_whisper(bridge: Bridge, phones: Telephones) -> None:
    bridge.service.says("/whisper", "<Redirect>/elsewhere</Redirect>")
    _, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.finds(kind="warning", sid=ringing["sid"])
    assert 12200 in [entry.get("code") for entry in phones.journal()]
