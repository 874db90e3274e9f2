"""Gather, by Twilio's Gather page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.client import TelephoneError

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.client import Telephones
    from simulator.server import Simulator
    from tests.simulator.conftest import Service

CUSTOMER = "+32470123456"
AGENT = "+32475000001"


def gathers(
    service: Service, attributes: str, inside: str = "<Say>Kies</Say>", after: str = "<Say>Niets</Say>"
) -> None:
    service.says("/voice/incoming", f'<Gather action="/chosen" {attributes}>{inside}</Gather>{after}')
    service.says("/chosen", "<Say>Gekozen</Say>")


def test_the_prompt_is_in_the_transcript_when_the_gather_is_seen(service: Service, phones: Telephones) -> None:
    gathers(service, 'numDigits="1"', '<Say language="nl-BE" voice="Polly.Lisa-Neural">Kies</Say>')
    call = phones.call(phones.places_call(CUSTOMER), until="gathering")
    assert call["gathering"] == {"numDigits": 1, "finishOnKey": "#", "timeout": 5, "digits": ""}
    line = call["transcript"][0]
    assert (line["verb"], line["text"], line["language"], line["voice"]) == (
        "Say",
        "Kies",
        "nl-BE",
        "Polly.Lisa-Neural",
    )


def test_keys_that_were_heard_are_told_with_their_place_in_what_was_said(service: Service, phones: Telephones) -> None:
    gathers(service, 'numDigits="1"')
    sid = phones.places_call(CUSTOMER)
    phones.presses(sid, "1")
    call = phones.call(sid, until="ended")
    assert [line["text"] for line in call["transcript"]] == ["Kies", "Gekozen"]
    assert call["keyed"] == [{"after": 1, "digits": "1"}]


def test_keys_of_a_telephone_that_answers_by_itself_are_told_too(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", f'<Dial><Number url="/menu">{AGENT}</Number></Dial>')
    service.says("/menu", '<Gather numDigits="1" action="/chosen"><Say>Kies</Say></Gather>')
    service.says("/chosen", "")
    phones.behaves(AGENT, "answers_and_presses:1")
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="bridged")
    (leg,) = phones.phone(AGENT)["legs"]
    assert leg["keyed"] == [{"after": 1, "digits": "1"}]


@pytest.mark.parametrize(
    ("attributes", "keys", "digits"),
    [
        # numDigits: the form is sent as soon as that many keys were pressed.
        ('numDigits="1"', "1", "1"),
        ('numDigits="4"', "1234", "1234"),
        # finishOnKey: `#` by default, and not part of Digits.
        ("", "0470123456#", "0470123456"),
        ('finishOnKey="*"', "47*", "47"),
        # finishOnKey="": no key ends the input, so `#` and `*` come back as digits.
        ('numDigits="1" finishOnKey=""', "*", "*"),
        ('numDigits="1" finishOnKey=""', "#", "#"),
    ],
)
def test_keys_arrive_as_digits(service: Service, phones: Telephones, attributes: str, keys: str, digits: str) -> None:
    gathers(service, attributes)
    sid = phones.places_call(CUSTOMER)
    phones.presses(sid, keys)
    phones.call(sid, until="ended")
    assert [form["Digits"] for form in service.forms("/chosen")] == [digits]


def test_keys_beyond_num_digits_are_not_heard(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", '<Gather numDigits="1" action="/chosen"/>')
    service.says("/chosen", '<Gather numDigits="1" action="/again"/><Say>Stil</Say>')
    sid = phones.places_call(CUSTOMER)
    phones.presses(sid, "12")
    phones.stays_silent(sid)
    phones.call(sid, until="ended")
    # numDigits: the input ends with the last of them; it is not carried into the next Gather.
    assert (service.forms("/chosen")[0]["Digits"], service.forms("/again")) == ("1", [])


def test_silence_falls_through_to_the_next_verb(service: Service, phones: Telephones) -> None:
    gathers(service, 'timeout="5"')
    sid = phones.places_call(CUSTOMER)
    phones.stays_silent(sid)
    call = phones.call(sid, until="ended")
    # timeout / actionOnEmptyResult=false: without input the next verb is executed and the action not requested.
    assert ([line["text"] for line in call["transcript"]], service.forms("/chosen")) == (["Kies", "Niets"], [])


def test_silence_is_sent_when_empty_results_are_asked_for(service: Service, phones: Telephones) -> None:
    gathers(service, 'actionOnEmptyResult="true"')
    sid = phones.places_call(CUSTOMER)
    phones.stays_silent(sid)
    phones.call(sid, until="ended")
    # actionOnEmptyResult: the action is requested even without input.
    assert [form["Digits"] for form in service.forms("/chosen")] == [""]


def test_the_finish_key_alone_counts_as_no_input(service: Service, phones: Telephones) -> None:
    gathers(service, "")
    sid = phones.places_call(CUSTOMER)
    phones.presses(sid, "#")
    # finishOnKey: pressed without digits it submits nothing.
    assert (phones.call(sid, until="ended")["transcript"][-1]["text"], service.forms("/chosen")) == ("Niets", [])


def test_the_timeout_runs_from_the_last_key_in_the_simulators_clock(service: Service, phones: Telephones) -> None:
    gathers(service, 'numDigits="4" timeout="300"')
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="gathering")
    phones.advance(200)
    phones.presses(sid, "12")
    phones.advance(200)
    assert phones.call(sid)["gathering"] is not None
    phones.advance(101)
    phones.call(sid, until="ended")
    # timeout: seconds of silence after which what was pressed is sent.
    assert [form["Digits"] for form in service.forms("/chosen")] == ["12"]


def test_without_action_the_current_document_is_asked_again(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", '<Gather numDigits="1"/>')
    sid = phones.places_call(CUSTOMER)
    phones.presses(sid, "3")
    phones.call(sid, until="gathering")
    # action: the current document's URL by default.
    assert [form.get("Digits") for form in service.forms("/voice/incoming")][:2] == [None, "3"]


def test_the_action_is_relative_to_the_document_and_may_be_a_get(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Redirect>menu/first?x=1</Redirect>")
    service.says("/voice/menu/first", '<Gather numDigits="1" action="second?y=2" method="GET"/>')
    sid = phones.places_call(CUSTOMER)
    phones.presses(sid, "1")
    phones.call(sid, until="ended")
    asked = [asked for asked in service.asked if asked.path == "/voice/menu/second"]
    # Gather page, method: with GET the parameters are in the query string, after those of the action.
    assert [(one.method, one.form["y"], one.form["Digits"]) for one in asked] == [("GET", "2", "1")]


def test_a_key_stops_the_prompt_for_people_who_listen(
    service: Service, start: Callable[..., Simulator], telephones_of: Callable[[Simulator], Telephones]
) -> None:
    gathers(service, 'numDigits="1"', "<Say>Eerst een heel lange zin van een uur.</Say><Say>Dan nog een.</Say>")
    phones = telephones_of(start(speech_rate=0.01))
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="said:Eerst")
    phones.presses(sid, "1")
    # Gather page, nested verbs: a key press during Say or Play stops the sound.
    said = phones.call(sid, until="said:Gekozen")
    assert [line["text"] for line in said["transcript"]] == ["Eerst een heel lange zin van een uur.", "Gekozen"]


def test_a_key_nobody_listens_for_is_refused(service: Service, phones: Telephones) -> None:
    service.says("/voice/incoming", "<Say>Tot ziens</Say>")
    sid = phones.places_call(CUSTOMER)
    phones.call(sid, until="ended")
    with pytest.raises(TelephoneError, match="nobody listens"):
        phones.presses(sid, "1")


@pytest.mark.parametrize("wrong", ['numDigits="0"', 'timeout="soon"', 'method="PUT"', 'finishOnKey="12"', 'colour="x"'])
def test_a_wrong_attribute_is_a_warning_in_the_journal(service: Service, phones: Telephones, wrong: str) -> None:
    gathers(service, wrong)
    phones.call(phones.places_call(CUSTOMER), until="gathering")
    # Error 12200: an attribute that does not fit the schema is a warning; the verb is executed without it.
    assert [entry["code"] for entry in phones.journal() if entry["kind"] == "warning"] == [12200]
