"""The checks at the end of a journey can fail: a check that cannot is none."""

from dataclasses import replace

import pytest

from tests.journeys.checker import check
from tests.journeys.desk import Desk
from tests.journeys.documents import mistakes
from tests.journeys.kinds import on
from tests.journeys.stories import asks_to_be_called

WRONG = {
    "unknown attribute": '<Gather numDigit="1"/>',
    "no digits at all": '<Gather numDigits="0"/>',
    "a verb that is none": "<Shout>Dag</Shout>",
    "a Dial in a Gather": "<Gather><Dial>+32470000000</Dial></Gather>",
    "an empty address": '<Redirect method="POST"></Redirect>',
    "a silent sentence": '<Say language="nl-BE"> </Say>',
    "too short to ring": '<Dial timeout="4"><Number>+32470000000</Number></Dial>',
    "no such language": '<Say language="vlaams">Dag</Say>',
    "no such voice": '<Say voice="Lisa!">Dag</Say>',
    "cut off": "<Say>Dag",
}


@pytest.mark.parametrize("inside", WRONG.values(), ids=WRONG.keys())
def test_a_document_that_twilio_would_not_understand_is_found_out(inside: str) -> None:
    assert mistakes(f"<Response>{inside}</Response>")


def test_a_document_with_a_voice_newer_than_the_schema_is_none_the_worse() -> None:
    say = '<Say language="nl-BE" voice="Polly.Lisa-Neural">Dag</Say>'
    assert mistakes(f'<Response>{say}<Pause length="1"/><Hangup/></Response>') == ()


@on("sqlite")
def test_a_telephone_that_rings_without_being_told_of_fails_the_journey(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    desk.stack.telephones.rings(sofie.number)
    with pytest.raises(AssertionError, match="rang unexpectedly"):
        desk.nothing_unexpected_rang()
    sofie.is_rung().declines().ends("no-answer")
    desk.nothing_unexpected_rang()
    honest = desk.moves[0]
    desk.moves[0] = replace(honest, instant=honest.instant.replace(hour=3))
    with pytest.raises(AssertionError, match="outside a window"):
        check(desk)
    desk.moves[0] = honest
