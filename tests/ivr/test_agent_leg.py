"""The agent's first document, which is the fallback of both legs."""

import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from callbacks import webhook_paths
from callbacks.store.signin import Person
from callbacks.workflows import stating
from callbacks.workflows.stating import Word
from models.sessions import Database
from models.vocabulary import Language, Role, TalkOutcome, TicketState
from tests.call_desk import CallDesk
from tests.phone_stand_in import sid

BASE = "https://desk.example"


def asked(client: FlaskClient, path: str, **fields: str) -> str:
    form = {"AccountSid": "AC" + "a" * 32, **fields}
    signature = RequestValidator("primary-token").compute_signature(BASE + path, form)
    return client.post(path, data=form, headers={"X-Twilio-Signature": signature}).get_data(as_text=True)


@pytest.fixture
def desk(database: Database) -> CallDesk:
    return CallDesk(database)


def test_a_customer_whose_whisper_was_lost_hears_it_at_the_fallback_address(
    desk: CallDesk, client: FlaskClient
) -> None:
    desk.agent()
    customer = desk.waits(language=Language.EN)
    desk.ring()
    desk.connects()
    path = f"/voice/agent/{desk.token()}"
    heard = asked(client, path, CallSid=sid(55), ParentCallSid=desk.sid_of())
    assert "Accel service desk" in heard
    assert "connecting you" in heard
    assert desk.attempt(customer).whispered_at is not None


def test_a_strangers_child_is_hung_up_at_the_fallback_address(desk: CallDesk, client: FlaskClient) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    desk.connects()
    heard = asked(client, f"/voice/agent/{desk.token()}", CallSid=sid(77), ParentCallSid=sid(78))
    assert "<Say" not in heard
    assert "<Hangup/>" in heard


def test_the_agent_himself_hears_who_waits(desk: CallDesk, client: FlaskClient) -> None:
    desk.agent()
    desk.waits()
    desk.ring()
    assert "Call-back, ticket" in asked(client, f"/voice/agent/{desk.token()}", CallSid=desk.sid_of())


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (TalkOutcome.VISIT, "Genoteerd: een bezoek"),
        (TalkOutcome.WRONG_NUMBER, "Genoteerd als verkeerd nummer"),
    ],
)
def test_who_keys_that_it_is_solved_hears_what_he_said_on_his_page_before(
    desk: CallDesk, client: FlaskClient, said: TalkOutcome, heard: str
) -> None:
    bart, customer = desk.agent(), desk.waits()
    desk.ring()
    desk.talks()
    stating.state(desk.services, desk.attempt(customer).id, Word(said), Person(bart, "Bart", Role.AGENT, Language.NL))
    path = webhook_paths.outcome_key(desk.token())
    document = asked(client, path, CallSid=desk.sid_of(), Digits="1")
    assert heard in document
    assert "Opgelost" not in document
    assert desk.ticket(customer).state is TicketState.OPEN
