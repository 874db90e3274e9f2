"""What a caller to the hotline meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from twilio.request_validator import RequestValidator

from simulator.client import TelephoneError

if TYPE_CHECKING:
    from simulator.client import Telephones
    from tests.simulator.conftest import Service

CUSTOMER = "+32470123456"
HOTLINE = "+3234603535"
TOKEN = "0123456789abcdef0123456789abcdef"
MENU = '<Gather numDigits="1" action="/chosen" timeout="7"><Say language="nl-BE">Druk 1 of 2.</Say></Gather>'


def test_the_first_request_rings_and_later_ones_are_in_progress(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", MENU)
    service.says("/chosen", "<Say>Dank u</Say><Hangup/>")
    sid = phones.places_call(CUSTOMER)
    phones.presses(sid, "1")
    phones.call(sid, until="ended")
    first, then = service.forms("/voice/incoming")[0], service.forms("/chosen")[0]
    # TwiML page, "Request parameters": CallStatus of an inbound call is `ringing` until the first verb answers it.
    assert (first["CallStatus"], then["CallStatus"]) == ("ringing", "in-progress")
    # TwiML page: every request carries these.
    assert (first["CallSid"], first["From"], first["To"]) == (sid, CUSTOMER, HOTLINE)
    assert (first["Direction"], first["ApiVersion"]) == ("inbound", "2010-04-01")
    assert first["AccountSid"].startswith("AC")
    # TwiML page: ParentCallSid is absent on a first leg.
    assert "ParentCallSid" not in first
    # Gather page, "action": Digits holds what was pressed.
    assert then["Digits"] == "1"


def test_every_request_is_signed_over_the_address_and_the_form_with_blank_fields(
    service: Service, phones: Telephones
) -> None:
    service.says("/voice/incoming", "<Hangup/>")
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="reported")
    assert {asked.path for asked in service.asked} == {"/voice/incoming", "/voice/status"}
    for asked in service.asked:
        # Security page, "Validating requests": HMAC-SHA1 of the URL and the sorted form; http keeps the port.
        signature = asked.headers["X-Twilio-Signature"]
        assert RequestValidator(TOKEN).validate(asked.url, asked.form, signature)
        assert not RequestValidator(TOKEN).validate(asked.url, {**asked.form, "From": "+32470999999"}, signature)
        # TwiML page: the geographic parameters may be empty; they are part of what is signed.
        assert asked.form["FromCity"] == ""
        # Connection overrides page: each request has an idempotency token; webhooks FAQ: and its home region.
        assert asked.headers["I-Twilio-Idempotency-Token"]
        assert asked.headers["X-Home-Region"] == "us1"


def test_a_withheld_number_arrives_as_the_word(service: Service, phones: Telephones) -> None:
    sid = phones.places_call("anonymous")
    phones.call(sid, until="ended")
    # TwiML page, From: caller IDs that are withheld arrive as text such as `anonymous`.
    assert service.forms("/voice/incoming")[0]["From"] == "anonymous"


def test_a_document_that_runs_out_ends_the_call(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Say>Tot ziens</Say>")
    call = phones.call(phones.places_call(CUSTOMER), until="ended")
    # TwiML page: when there are no more verbs, Twilio hangs up.
    assert (call["status"], [line["text"] for line in call["transcript"]]) == ("completed", ["Tot ziens"])


def test_hanging_up_ends_the_session_without_another_document(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", MENU)
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="gathering")
    phones.hangs_up(sid)
    assert phones.call(sid, until="reported")["status"] == "completed"
    # Gather page: the action is requested for input only. Number's status callback: `completed` at any end.
    assert [asked.path for asked in service.asked] == ["/voice/incoming", "/voice/status"]
    assert service.forms("/voice/status")[0]["CallStatus"] == "completed"


def test_the_duration_of_a_call_follows_the_simulators_clock(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", '<Gather timeout="600" numDigits="1"><Say>Wacht</Say></Gather>')
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="gathering")
    phones.advance(95)
    phones.hangs_up(sid)
    phones.call(sid, until="reported")
    told = service.forms("/voice/status")[0]
    # Call resource page, StatusCallback: CallDuration in seconds, Duration in (started) minutes.
    assert (told["CallDuration"], told["Duration"]) == ("95", "2")


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_reject_as_first_verb_ends_a_call_that_was_never_answered(
    service: Service, phones: Telephones, reason: str, status: str
) -> None:
    service.says("/voice/incoming", f'<Reject reason="{reason}"/>')
    call = phones.call(phones.places_call(CUSTOMER), until="ended")
    # Reject page: `busy` plays a busy signal, `rejected` (the default) is not in service; neither answers the call.
    assert (call["status"], call["duration"]) == (status, 0)


def test_a_telephone_that_talks_cannot_call_again(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", MENU)
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="gathering")
    with pytest.raises(TelephoneError, match="in a call already"):
        phones.places_call(CUSTOMER)


def test_a_call_to_a_number_that_is_not_ours_is_refused(phones: Telephones) -> None:
    with pytest.raises(TelephoneError, match="not a number of this account"):
        phones.places_call(CUSTOMER, "+32999999999")
