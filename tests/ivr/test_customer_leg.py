"""The customer's side of the bridge, in every language: asked for a key, joined, or taken for a machine."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from callbacks.ports import Services
from ivr.blueprint import voice
from models.sessions import Database
from models.vocabulary import CallbackState, CustomerKey, CustomerOutcome, Language, LegStatus
from tests.call_desk import CallDesk
from tests.phone_stand_in import sid

BASE = "https://desk.example"
IN_A_WHISPER = {"Say", "Play", "Gather", "Hangup"}
"""What the document of a Number's url may hold (https://www.twilio.com/docs/voice/twiml/number)."""
PRESS = {Language.NL: "Druk op een toets", Language.FR: "Tapez une touche", Language.EN: "Press any key"}
JOINED = {
    Language.NL: "We verbinden u door.",
    Language.FR: "Nous vous passons un collaborateur.",
    Language.EN: "We're connecting you now.",
}
GREETED = {
    Language.NL: "Dag, met de Service Desk van Accel, over uw ticket 1 0 0 0 2. We verbinden u door.",
    Language.FR: "Bonjour, ici le service desk Accel, pour votre ticket 1 0 0 0 2. Nous vous passons un collaborateur.",
    Language.EN: "Hello, this is the Accel service desk about ticket 1 0 0 0 2. We're connecting you now.",
}
CALLS_AGAIN = {
    Language.NL: "We konden u niet bereiken en bellen u deze voormiddag vanaf elf uur opnieuw.",
    Language.FR: "Nous n'avons pas pu vous joindre et vous rappellerons aujourd'hui à partir de onze heures.",
    Language.EN: "We couldn't reach you and will call again this morning from eleven",
}
THE_LAST = {
    Language.NL: "Bel ons gerust op 0 3, 4 6 0, 3 5, 3 5.",
    Language.FR: "Rappelez-nous au 0 3, 4 6 0, 3 5, 3 5.",
    Language.EN: "Please call us on 0 3, 4 6 0, 3 5, 3 5.",
}


@dataclass
class Heard:
    """One document."""

    body: str

    @property
    def root(self) -> ET.Element:
        return ET.fromstring(self.body)

    @property
    def words(self) -> str:
        return " ".join(str(say.text) for say in self.root.iter("Say"))

    @property
    def action(self) -> str:
        gather = self.root.find("Gather")
        assert gather is not None, self.body
        assert gather.get("actionOnEmptyResult") == "true", "silence is told too"
        return gather.get("action", "")

    @property
    def ends_in_hang_up(self) -> bool:
        return self.root[-1].tag == "Hangup"


class DeskAtTheDoor(CallDesk):
    """A desk whose legs have names that the door lets in."""

    def child_of(self, call: int = -1) -> str:
        return "CAc" + self.sid_of(call)[3:]


class Leg:
    """The customer's telephone, on a line that the agent's leg dialled."""

    def __init__(self, desk: CallDesk, services: Services, key: CustomerKey, language: Language) -> None:
        """Let his telephone ring."""
        desk.rules(customer_key=key)
        desk.agent()
        self.desk, self.callback = desk, desk.waits(language=language)
        desk.ring()
        desk.connects()
        app = Flask("ringback-customer")
        app.register_blueprint(voice(replace(services, rules=desk.services.rules)))
        self.client: FlaskClient = app.test_client()
        self.path = f"/voice/customer/{desk.token()}"

    def asks(self, url: str, call_sid: str | None = None, **extra: str) -> Heard:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        own = {"CallSid": call_sid or self.desk.child_of(), "ParentCallSid": self.desk.sid_of()}
        form = {"AccountSid": "AC" + "a" * 32, **own, **extra}
        signature = RequestValidator("primary-token").compute_signature(BASE + path, form)
        answer = self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})
        assert answer.status_code == 200
        heard = Heard(answer.get_data(as_text=True))
        assert {each.tag for each in heard.root} <= IN_A_WHISPER, heard.body
        return heard

    def picks_up(self) -> Heard:
        return self.asks(self.path)

    def presses(self, heard: Heard, keys: str) -> Heard:
        return self.asks(heard.action, Digits=keys)


@pytest.fixture
def desk(database: Database) -> CallDesk:
    return DeskAtTheDoor(database)


every_language = pytest.mark.parametrize("language", Language)


@every_language
def test_a_house_that_does_not_ask_says_who_calls_and_joins_him(
    desk: CallDesk, services: Services, language: Language
) -> None:
    leg = Leg(desk, services, CustomerKey.OFF, language)
    heard = leg.picks_up()
    assert heard.words == GREETED[language]
    assert [each.tag for each in heard.root] == ["Say"]


@every_language
@pytest.mark.parametrize("keys", ["5", "#", ""], ids=["a key", "a hash", "no key"])
def test_where_the_key_is_a_label_he_is_joined_with_and_without_it(
    desk: CallDesk, services: Services, language: Language, keys: str
) -> None:
    leg = Leg(desk, services, CustomerKey.LABEL, language)
    asked = leg.picks_up()
    assert PRESS[language] in asked.words
    assert "1 0 0 0 2" in asked.words
    assert not asked.ends_in_hang_up, "who falls through is joined"
    joined = leg.presses(asked, keys)
    assert joined.words == JOINED[language]
    assert not joined.ends_in_hang_up
    assert desk.attempt(leg.callback).key_pressed is bool(keys)


@every_language
def test_where_a_key_is_required_nobody_is_joined_without_one(
    desk: CallDesk, services: Services, language: Language
) -> None:
    leg = Leg(desk, services, CustomerKey.REQUIRED, language)
    first = leg.picks_up()
    assert PRESS[language] in first.words
    assert first.ends_in_hang_up, "who falls through is not joined"
    second = leg.presses(first, "")
    assert PRESS[language] in second.words
    machine = leg.presses(second, "")
    assert CALLS_AGAIN[language] in machine.words
    assert machine.ends_in_hang_up
    assert desk.attempt(leg.callback).voicemail_at == desk.clock.at
    desk.customer_leg(LegStatus.COMPLETED, seconds=33)
    assert desk.attempt(leg.callback).customer_outcome is CustomerOutcome.MACHINE


@every_language
def test_a_key_in_the_second_asking_joins_him(desk: CallDesk, services: Services, language: Language) -> None:
    leg = Leg(desk, services, CustomerKey.REQUIRED, language)
    joined = leg.presses(leg.presses(leg.picks_up(), ""), "1")
    assert joined.words == JOINED[language]
    assert desk.attempt(leg.callback).key_pressed is True


@every_language
def test_after_the_last_try_the_machine_hears_where_to_call_us(
    desk: CallDesk, services: Services, language: Language
) -> None:
    desk.rules(max_tries=1)
    leg = Leg(desk, services, CustomerKey.REQUIRED, language)
    machine = leg.presses(leg.presses(leg.picks_up(), ""), "")
    assert THE_LAST[language] in machine.words
    assert machine.ends_in_hang_up


@every_language
def test_who_hangs_up_while_he_is_asked_is_called_again(desk: CallDesk, services: Services, language: Language) -> None:
    leg = Leg(desk, services, CustomerKey.REQUIRED, language)
    asked = leg.picks_up()
    desk.customer_leg(LegStatus.COMPLETED, seconds=4)
    desk.dial_action(LegStatus.COMPLETED, seconds=4, bridged=False)
    assert desk.state(leg.callback) is CallbackState.RESTING
    # His key was on the way: nobody listens any more, and nothing changes.
    late = leg.presses(asked, "1")
    assert late.words == ""
    assert late.ends_in_hang_up
    assert desk.attempt(leg.callback).key_pressed is None


@every_language
@pytest.mark.parametrize("keys", ["1", ""], ids=["joined", "a machine"])
def test_a_repeated_request_is_answered_alike(
    desk: CallDesk, services: Services, language: Language, keys: str
) -> None:
    leg = Leg(desk, services, CustomerKey.REQUIRED, language)
    second = leg.presses(leg.picks_up(), "")
    first = leg.presses(second, keys)
    before = desk.attempt(leg.callback)
    assert leg.presses(second, keys).body == first.body
    after = desk.attempt(leg.callback)
    assert (after.key_pressed, after.voicemail_at) == (before.key_pressed, before.voicemail_at)


@every_language
def test_an_answer_that_was_lost_is_given_again_at_the_agents_address(
    desk: CallDesk, services: Services, language: Language
) -> None:
    leg = Leg(desk, services, CustomerKey.REQUIRED, language)
    fallback = f"/voice/agent/{desk.token()}"
    assert PRESS[language] in leg.asks(fallback).words, "asked again: no key was taken in"
    joined = leg.presses(leg.picks_up(), "1")
    assert leg.asks(fallback).body == joined.body, "taken in: he is joined, and not asked again"


def test_a_strangers_leg_presses_in_vain(desk: CallDesk, services: Services) -> None:
    leg = Leg(desk, services, CustomerKey.REQUIRED, Language.NL)
    asked = leg.picks_up()
    stranger = leg.asks(asked.action, call_sid=sid(77), Digits="1")
    assert stranger.words == ""
    assert stranger.ends_in_hang_up
    assert desk.attempt(leg.callback).key_pressed is None


def test_a_round_that_is_no_number_counts_as_the_first(desk: CallDesk, services: Services) -> None:
    leg = Leg(desk, services, CustomerKey.REQUIRED, Language.NL)
    leg.picks_up()
    heard = leg.asks(f"{leg.path}/key?round=veel", Digits="")
    assert PRESS[Language.NL] in heard.words
