"""How a bridged call ends, by Twilio's Dial page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from twilio.rest import Client

    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Bridge, Service

AGENT = "+32475000001"
CUSTOMER = "+32470123456"
HOTLINE = "+3234603535"


def test_twilio_adds_five_seconds_to_the_dial_timeout(bridge: Bridge, phones: Telephones) -> None:
    _, ringing = bridge.rings_customer()
    phones.advance(24)
    assert phones.call(ringing["sid"])["status"] == "ringing"
    phones.advance(1.5)
    # Dial page, timeout: 5 to 600, and Twilio adds a buffer of 5 seconds.
    assert phones.call(ringing["sid"], until="ended")["status"] == "no-answer"


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
    service: Service,
    start: Callable[..., Simulator],
    twilio_of: Callable[[Simulator], Client],
    telephones_of: Callable[[Simulator], Telephones],
    bridge_of: type[Bridge],
) -> None:
    simulator = start(dial_action_after_hangup=True)
    phones = telephones_of(simulator)
    bridge = bridge_of(service, twilio_of(simulator), phones)
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    phones.hangs_up(agent)
    phones.finds(purpose="dial-action", sid=agent)
    assert (bridge.after()["DialBridged"], service.forms("/after")[0]["CallStatus"]) == ("true", "completed")


def test_the_time_limit_ends_the_childs_leg(bridge: Bridge, phones: Telephones) -> None:
    bridge.dials('action="/after" timeLimit="60"')
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    phones.advance(61)
    # Dial page, timeLimit: the most seconds of the dialled call.
    assert phones.call(ringing["sid"], until="ended")["status"] == "completed"
    assert phones.call(agent, until="ended")["transcript"][-2]["text"] == "Uitkomst?"


def test_redirecting_the_child_ends_the_dial_without_a_duration(bridge: Bridge, phones: Telephones) -> None:
    agent, ringing = bridge.rings_customer()
    phones.answers(ringing["sid"])
    phones.call(agent, until="bridged")
    bridge.service.says("/elsewhere", '<Gather timeout="600"/>')
    bridge.twilio.calls(ringing["sid"]).update(url=f"{bridge.service.url}/elsewhere")
    assert phones.call(agent, until="ended")["status"] == "completed"
    # Dial page, DialCallDuration: not sent when the child was redirected to other TwiML before it ended.
    assert ("DialCallDuration" in bridge.after(), phones.call(ringing["sid"])["status"]) == (False, "in-progress")
