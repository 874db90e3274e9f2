"""What an agent hears of a customer's message before he takes the call, and who else does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from ivr.blueprint import voice
from ivr.sounds import sounds
from models.agent import Agent
from models.callback import Attempt, Callback
from models.sessions import Database
from models.ticket import VoiceMessage
from models.vocabulary import AttemptState, Language
from tests.call_desk import CallDesk
from tests.ivr.test_agent_leg import BASE, asked
from tests.phone_stand_in import ScriptedPhone, sid
from tests.recordings_stand_in import KeptRecordings

CUSTOMER = "+3225551234"
SOUND = b"RIFF\x00\xffWAVE"
KEYS = {
    Language.NL: "Aannemen: druk 1. Weigeren: 2. Herhalen: 3. Bericht: 4.",
    Language.FR: "Accepter : tapez 1. Refuser : 2. Répéter : 3. Message : 4.",
    Language.EN: "Accept: press 1. Decline: 2. Repeat: 3. Message: 4.",
}
OFFER = {Language.NL: "Bericht: 4.", Language.FR: "Message : 4.", Language.EN: "Message: 4."}


def recording(n: int) -> str:
    return f"RE{n:032x}"


@pytest.fixture
def desk(database: Database) -> CallDesk:
    """A desk with one agent and one customer, who is number one."""
    desk = CallDesk(database)
    desk.agent()
    desk.waits(number=CUSTOMER)
    return desk


@pytest.fixture
def network(services: Any, desk: CallDesk) -> FlaskClient:
    """The telephone network before our door, and a provider and a folder that hold the first message's sound."""
    del desk
    phone = ScriptedPhone(sounds={recording(n): SOUND for n in range(1, 6)})
    own = replace(services, phone=phone, recordings=KeptRecordings({recording(1): b"ours"}))
    app = Flask("ringback-ears")
    app.register_blueprint(voice(own))
    app.register_blueprint(sounds(own))
    return app.test_client()


def leaves(desk: CallDesk, *numbers: int, customer: str = CUSTOMER, **columns: Any) -> None:
    with desk.services.database.write() as session:
        callback = session.scalars(select(Callback).where(Callback.number == customer)).one()
        for n in numbers:
            at = desk.clock.now() + timedelta(seconds=n)
            left = {"ticket_id": callback.ticket_id, "call_sid": sid(99), "seconds": 9, "left_at": at, **columns}
            session.add(VoiceMessage(recording_sid=recording(n), **left))


def speaks(desk: CallDesk, language: Language) -> None:
    with desk.services.database.write() as session:
        session.execute(update(Agent).values(languages=language.value))


def said(document: str) -> list[str]:
    return [str(each.text) for each in ET.fromstring(document).iter("Say")]


def played(document: str) -> list[str]:
    return [str(each.text) for each in ET.fromstring(document).iter("Play")]


def whisper(network: FlaskClient, desk: CallDesk, key: str | None = None, turn: int = 1) -> str:
    path = f"/voice/agent/{desk.token()}"
    if key is None:
        return asked(network, path, CallSid=desk.sid_of())
    return asked(network, f"{path}/key?round={turn}", CallSid=desk.sid_of(), Digits=key)


def sound_path(desk: CallDesk, n: int) -> str:
    return f"/voice/agent/{desk.token()}/message/{recording(n)}"


@pytest.mark.parametrize("language", Language)
def test_key_4_is_offered_where_there_is_a_message_and_plays_it(
    desk: CallDesk, network: FlaskClient, language: Language
) -> None:
    speaks(desk, language)
    leaves(desk, 1)
    desk.ring()
    heard = said(whisper(network, desk))
    assert OFFER[language] in heard
    assert " ".join(heard[:-1]).endswith(KEYS[language])
    document = whisper(network, desk, "4")
    assert played(document) == [BASE + sound_path(desk, 1)]
    assert " ".join(said(document)[:-1]) == KEYS[language]
    gather = ET.fromstring(document)[0]
    assert [child.tag for child in gather] == ["Play", "Say", "Say"], "a key must end the sound"
    assert gather.get("action") == f"{BASE}/voice/agent/{desk.token()}/key?round=2"


@pytest.mark.parametrize("language", Language)
def test_without_a_message_nobody_hears_of_key_4_and_it_only_repeats(
    desk: CallDesk, network: FlaskClient, language: Language
) -> None:
    speaks(desk, language)
    desk.ring()
    heard = whisper(network, desk)
    assert OFFER[language] not in said(heard)
    assert said(whisper(network, desk, "4")) == said(heard)


def test_the_latest_three_are_played_oldest_first_and_none_of_another_ticket(
    desk: CallDesk, network: FlaskClient
) -> None:
    leaves(desk, 4, 2, 1, 3)
    desk.waits(number="+3225559999")
    leaves(desk, 5, customer="+3225559999")
    desk.ring()
    assert played(whisper(network, desk, "4")) == [BASE + sound_path(desk, n) for n in (2, 3, 4)]


def test_what_was_deleted_is_not_offered(desk: CallDesk, network: FlaskClient) -> None:
    leaves(desk, 1, gone_at=desk.clock.now())
    desk.ring()
    assert "Bericht" not in whisper(network, desk)
    assert played(whisper(network, desk, "4")) == []
    assert network.get(sound_path(desk, 1)).status_code == 404


def test_after_the_message_he_may_take_the_call_and_after_three_rounds_somebody_else_may(
    desk: CallDesk, network: FlaskClient
) -> None:
    leaves(desk, 1)
    desk.ring()
    whisper(network, desk)
    for turn in (1, 2):
        assert played(whisper(network, desk, "4", turn))
    assert "Geen toets ontvangen" in whisper(network, desk, "4", 3)
    assert "<Dial" in whisper(network, desk, "1", 3)


def test_the_network_fetches_the_sound_with_nothing_but_its_address(desk: CallDesk, network: FlaskClient) -> None:
    leaves(desk, 1, 2)
    desk.ring()
    answer = network.get(sound_path(desk, 1))
    assert (answer.status_code, answer.content_type, answer.data) == (200, "audio/wav", b"ours")
    # Not in our folder yet: from the provider.
    assert network.get(sound_path(desk, 2)).data == SOUND


def test_where_the_provider_does_not_answer_the_agent_hears_the_keys_all_the_same(
    desk: CallDesk, network: FlaskClient
) -> None:
    leaves(desk, 9)
    desk.ring()
    assert network.get(sound_path(desk, 9)).status_code == 404
    assert "Aannemen" in whisper(network, desk, "4")


def test_nobody_hears_a_message_without_the_secret_of_a_live_attempt_for_its_ticket(
    desk: CallDesk, network: FlaskClient
) -> None:
    leaves(desk, 1)
    desk.waits(number="+3225559999")
    leaves(desk, 5, customer="+3225559999")
    desk.ring()
    path = sound_path(desk, 1)
    others = (
        sound_path(desk, 5),
        path.replace(desk.token(), "x" * 32),
        path.replace(desk.token(), desk.token() + "x"),
        path[:-1],
        f"{path}0",
        f"/voice/agent/{desk.token()}/message/..%2F..%2Fringback.db",
        f"/voice/agent/{desk.token()}/message/http:%2F%2Fevil.test",
    )
    assert network.get(path).status_code == 200
    assert {network.get(other).status_code for other in others} == {404}


@pytest.mark.parametrize("state", [AttemptState.ENDED, AttemptState.WITHDRAWN])
def test_once_the_attempt_is_over_its_secret_opens_nothing(
    desk: CallDesk, network: FlaskClient, state: AttemptState
) -> None:
    leaves(desk, 1)
    desk.ring()
    path = sound_path(desk, 1)
    with desk.services.database.write() as session:
        session.execute(update(Attempt).values(state=state))
    assert network.get(path).status_code == 404
