"""An agent hears by telephone whose call-back he was offered."""

from datetime import UTC, datetime, timedelta

import pytest

from callbacks.store import hours
from models.callback import Callback
from models.customer import Customer
from models.ticket import Ticket, VoiceMessage
from models.vocabulary import (
    Channel,
    Language,
    LegStatus,
    Option,
    TalkOutcome,
    TicketState,
)
from tests.ivr.by_telephone.sofie import Sofie, in_one_language
from tests.stand_ins import add_contact


def offered(sofie: Sofie, *, others: int = 1) -> int:
    """Offer him the call-back of a French-speaking customer with a history."""
    friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    now = sofie.desk.clock.at
    with sofie.database.write() as session:
        hours.settle(session, sofie.services.rules, now)
        luc = add_contact(session, company="Peeters & <Zonen>", name="Luc", language=Language.FR)
        for n in range(others + 1):
            session.add(
                Ticket(
                    number=10090 - n if n else 10001,
                    state=TicketState.OPEN if n else TicketState.CLOSED,
                    channel=Channel.HOTLINE,
                    option=Option.QUESTION,
                    customer_id=luc.customer_id,
                    language=Language.FR,
                    subject=f"Nog iets {n}" if n else "Kassa stuk",
                    outcome=None if n else TalkOutcome.SOLVED,
                    opened_at=friday,
                )
            )
        customer, contact = luc.customer_id, luc.id
    waiting = sofie.desk.waits(language=Language.FR)
    ticket = sofie.desk.ticket(waiting)
    sofie.desk.change(Ticket, ticket.id, customer_id=customer, contact_id=contact)
    half_past = now + timedelta(minutes=30)
    sofie.desk.change(Callback, waiting, promise_from=half_past, promise_to=half_past + timedelta(minutes=30))
    with sofie.database.write() as session:
        sound = {"ticket_id": ticket.id, "call_sid": "CA" + "9" * 32, "seconds": 7, "left_at": now}
        session.add(VoiceMessage(recording_sid="RE" + "9" * 32, **sound))
    sofie.desk.ring()
    return waiting


def test_he_hears_the_dossier_of_the_call_back_he_missed_and_hears_it_again(sofie: Sofie) -> None:
    waiting = offered(sofie, others=0)
    sofie.desk.agent_leg(LegStatus.NO_ANSWER)
    call = sofie.proves().presses("5")
    for word in ("promise", "message", "earlier", "speaks"):
        assert sofie.words[word] in call.heard, word
    assert "Peeters & <Zonen>" in call.heard
    assert "Luc." in call.heard
    assert " ".join(str(sofie.desk.ticket(waiting).number)) in call.heard
    assert sofie.words["other"] not in call.heard
    heard = call.heard
    assert call.presses("*").heard == heard
    assert sofie.words["free"] in call.presses("0").heard


@pytest.mark.parametrize(("others", "word"), [(1, "other"), (2, "others")])
def test_he_hears_how_many_other_tickets_are_open(sofie: Sofie, others: int, word: str) -> None:
    offered(sofie, others=others)
    assert sofie.words[word] in sofie.proves().presses("5").heard


def test_a_strangers_dossier_is_short_and_silence_after_it_leads_back(sofie: Sofie) -> None:
    sofie.desk.waits()
    sofie.desk.ring()
    call = sofie.proves().presses("5")
    assert {"nl": "onbekende", "fr": "inconnu", "en": "unknown"}[sofie.language] in call.heard
    for word in ("promise", "message", "other"):
        assert sofie.words[word] not in call.heard
    assert "5" in call.is_silent().heard


@in_one_language
def test_yesterdays_offer_is_no_dossier_of_today(sofie: Sofie) -> None:
    sofie.desk.waits()
    sofie.desk.ring()
    sofie.desk.agent_leg(LegStatus.NO_ANSWER)
    sofie.desk.clock.move(days=1)
    call = sofie.proves()
    assert "5" not in call.heard
    call.presses("5")
    assert "0" not in call.heard


@in_one_language
@pytest.mark.parametrize("name", ["tab\tnull\x00bell\x07", "\u202eomgekeerd\u202c \U0001f600", "&<Say>]]>", "é" * 5000])
def test_what_a_customer_calls_himself_cannot_break_the_dossier(sofie: Sofie, name: str) -> None:
    waiting = offered(sofie)
    ticket = sofie.desk.ticket(waiting)
    assert ticket.customer_id is not None
    if sofie.database.is_sqlite or "\x00" not in name:
        sofie.desk.change(Customer, ticket.customer_id, name=name[:200])
    call = sofie.proves().presses("5")
    assert sofie.words["speaks"] in call.heard
    assert len(call.heard) < 1000
