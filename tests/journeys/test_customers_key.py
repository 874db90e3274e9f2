"""A house that asks the customer for a key: a person is joined, a machine hears when we call again."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from models.callback import Attempt
from models.vocabulary import CallbackState, CustomerOutcome
from tests.journeys.desk import Desk
from tests.journeys.kinds import service_on
from tests.journeys.phones import Line
from tests.journeys.stack import Stack
from tests.journeys.staging import running
from tests.journeys.stories import asks_to_be_called


def asking(kind: str, key: str) -> pytest.MarkDecorator:
    """Tell a journey in a house of its own, with this setting."""
    house = service_on(kind, key, name=key)
    return pytest.mark.parametrize(("stack", "customer_key"), [house], indirect=["stack"], scope="module")


@pytest.fixture(scope="module")
def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, customer_key: str
) -> Iterator[Stack]:
    """The service on this database, asking for a key like this."""
    folder = tmp_path_factory.mktemp(f"key-{customer_key}-{request.param}")
    with running(request.param, request, folder, lambda url: Stack(url, folder, CUSTOMER_KEY=customer_key)) as started:
        yield started


def solves(desk: Desk, whisper: Line, talk: Line) -> None:
    talk.is_joined_with(whisper)
    desk.passes(seconds=95)
    talk.hangs_up()
    whisper.hears("Hoe is het afgelopen").presses("1").hears("gesloten").ends()


def keys(desk: Desk) -> list[bool | None]:
    with desk.stack.database.read() as session:
        return list(session.scalars(select(Attempt.key_pressed).order_by(Attempt.n)))


@asking("sqlite", "required")
def test_a_machine_hears_when_we_call_again_and_we_do_and_a_person_presses_a_key(desk: Desk) -> None:
    peeters, sofie = desk.customer().behaves("voicemail"), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen").presses("1")
    machine = peeters.is_rung()
    machine.hears("Druk op een toets").hears("Druk op een toets")
    machine.hears("bellen u deze voormiddag vanaf elf uur opnieuw").ends("completed")
    whisper.hears("antwoordapparaat").ends()
    row = desk.callback_is(CallbackState.RESTING)
    assert row.attempts[0].customer_outcome is CustomerOutcome.MACHINE
    assert row.attempts[0].talk_seconds == 0
    assert "Een antwoordapparaat" in desk.mail_text("We konden u net niet bereiken")
    desk.passes(minutes=59).nobody_is_rung()
    peeters.behaves("manual")
    desk.passes(minutes=1)
    whisper = sofie.is_rung().answers().hears("Aannemen").presses("1")
    talk = peeters.is_rung().answers().hears("Druk op een toets").presses("5").hears("We verbinden u door")
    solves(desk, whisper, talk)
    assert keys(desk) == [False, True]


@asking("sqlite", "required")
def test_who_hangs_up_while_he_is_asked_is_called_again(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen").presses("1")
    peeters.is_rung().answers().hears("Druk op een toets").hangs_up()
    whisper.hears("neemt niet op").ends()
    row = desk.callback_is(CallbackState.RESTING)
    assert row.attempts[0].customer_outcome is CustomerOutcome.NO_ANSWER
    desk.passes(minutes=29).nobody_is_rung()


@asking("postgresql", "label")
def test_where_the_key_is_a_label_who_presses_none_is_joined_all_the_same(desk: Desk) -> None:
    luc, sofie = desk.customer("Boulangerie Peeters", contact="Luc Peeters", language="fr"), desk.agent()
    luc.dials_in().presses("1").hears("C'est bien ça").presses("1").hears("enregistrée").ends()
    whisper = sofie.is_rung().answers().hears("Aannemen").presses("1")
    talk = luc.is_rung().answers().hears("Tapez une touche", language="fr").stays_silent()
    solves(desk, whisper, talk.hears("Nous vous passons un collaborateur"))
    assert keys(desk) == [False]
