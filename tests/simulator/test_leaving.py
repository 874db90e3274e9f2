"""A telephone whose owner answers, and hangs up a while later: `hangs_up:<seconds>`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.client import TelephoneError

if TYPE_CHECKING:
    from twilio.rest import Client

    from simulator.client import Telephones
    from tests.simulator.conftest import Bridge, Service

AGENT = "+32475000001"
CUSTOMER = "+32470123456"
HOTLINE = "+3234603535"
MENU = '<Gather numDigits="1" timeout="600"><Say>Druk 1</Say></Gather>'


def test_who_was_called_hangs_up_when_the_time_has_come_and_not_before(
    service: Service, twilio: Client, phones: Telephones
) -> None:
    service.says("/agent", MENU)
    phones.behaves(AGENT, "hangs_up:60")
    sid = str(twilio.calls.create(to=AGENT, from_=HOTLINE, url=f"{service.url}/agent").sid)
    phones.call(sid, until="gathering")
    phones.advance(50)
    assert not phones.call(sid, wait=0.1, until="ended")["met"]
    phones.advance(11)
    over = phones.call(sid, until="ended")
    assert (over["status"], over["met"], 60 <= over["duration"] <= 63) == ("completed", True, True)


def test_it_hangs_up_in_real_time_where_nobody_moves_the_clock(
    service: Service, twilio: Client, phones: Telephones
) -> None:
    service.says("/agent", MENU)
    phones.behaves(AGENT, "hangs_up:0.2")
    sid = str(twilio.calls.create(to=AGENT, from_=HOTLINE, url=f"{service.url}/agent").sid)
    assert phones.call(sid, until="ended")["status"] == "completed"


def test_a_customer_who_leaves_during_the_whisper_is_never_joined(bridge: Bridge, phones: Telephones) -> None:
    bridge.service.says("/whisper", MENU)
    phones.behaves(CUSTOMER, "hangs_up:60")
    agent = bridge.starts()
    child = phones.phone(CUSTOMER, until="leg")["legs"][0]["sid"]
    phones.call(child, until="gathering")
    phones.advance(61)
    phones.call(agent, until="ended")
    assert (phones.call(child)["status"], bridge.after()["DialBridged"]) == ("completed", "false")


def test_a_customer_who_leaves_after_the_bridge_ends_the_talk(bridge: Bridge, phones: Telephones) -> None:
    phones.behaves(CUSTOMER, "hangs_up:60")
    agent = bridge.starts()
    phones.call(agent, until="bridged")
    phones.advance(61)
    phones.call(agent, until="ended")
    assert (bridge.after()["DialBridged"], bridge.after()["DialCallStatus"]) == ("true", "completed")


@pytest.mark.parametrize("seconds", ["", "soon", "-1", "nan", "inf", "14401"])
def test_no_time_to_hang_up_is_refused(phones: Telephones, seconds: str) -> None:
    with pytest.raises(TelephoneError, match="hangs_up:<seconds>"):
        phones.behaves(AGENT, f"hangs_up:{seconds}")
