"""Number page, sendDigits: what is keyed once the called side answers, and which signs may stand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from simulator.client import Telephones
    from tests.simulator.conftest import Bridge

CUSTOMER = "+32470123456"
HOTLINE = "+3234603535"


def dials(bridge: Bridge, phones: Telephones, digits: str) -> list[dict[str, object]]:
    """Let an agent's document dial the customer, who answers; return the tones in the journal."""
    bridge.answer_with(f'<Dial callerId="{HOTLINE}"><Number sendDigits="{digits}">{CUSTOMER}</Number></Dial>')
    agent, ringing = bridge.rings_customer()
    assert tones(phones) == []
    phones.answers(ringing["sid"])
    assert phones.call(agent, until="bridged")["bridged"]
    return [entry for entry in tones(phones) if entry["sid"] == ringing["sid"]]


def tones(phones: Telephones) -> list[dict[str, object]]:
    return [entry for entry in phones.journal() if entry["kind"] == "tones"]


# 0-9 A-D # * , w is half a second and W a whole one.
@pytest.mark.parametrize("digits", ["wwww123", "1", "W0A#*D9w"])
def test_digits_are_keyed_when_the_called_side_answers_and_not_before(
    bridge: Bridge, phones: Telephones, digits: str
) -> None:
    (keyed,) = dials(bridge, phones, digits)
    assert (keyed["to"], keyed["tones"]) == (CUSTOMER, digits)
    assert not [entry for entry in phones.journal() if entry["kind"] == "warning"]


@pytest.mark.parametrize("digits", ["12x", "1,2", "ww 1", "e", "1" * 33])
def test_other_signs_are_a_warning_and_nothing_is_keyed(bridge: Bridge, phones: Telephones, digits: str) -> None:
    assert dials(bridge, phones, digits) == []
    (warning,) = [entry for entry in phones.journal() if entry["kind"] == "warning"]
    assert "sendDigits" in str(warning["text"])
