"""Who is on the line with the hotline is not rung."""

import pytest

from callbacks.rules.dispatch_plan import Pair
from callbacks.store import queue
from models.vocabulary import (
    AgentState,
    CallbackState,
)
from tests.ivr.by_telephone.sofie import Sofie, in_one_language

G = AgentState


@in_one_language
def test_who_rings_us_is_not_rung_until_he_has_hung_up(sofie: Sofie) -> None:
    sofie.desk.waits()
    call = sofie.proves()
    assert sofie.desk.ring() == 0
    call.hangs_up()
    assert sofie.desk.ring() == 1


@in_one_language
def test_who_rings_us_after_he_was_reserved_is_not_rung_and_has_missed_nothing(sofie: Sofie) -> None:
    waiting = sofie.desk.waits()
    sofie.desk.dispatch()
    call = sofie.proves()
    assert sofie.desk.dial() == 0
    assert sofie.desk.state(waiting) is CallbackState.WAITING
    assert (sofie.row.state, sofie.row.missed_in_a_row) == (G.FREE, 0)
    call.hangs_up()
    assert sofie.desk.ring() == 1


@in_one_language
def test_a_plan_made_before_he_dialled_is_not_carried_out(sofie: Sofie) -> None:
    waiting = sofie.desk.waits()
    plan = Pair(callback_id=waiting, agent_id=sofie.id, fence=sofie.desk.callback(waiting).fence)
    sofie.dials_in()
    with pytest.raises(queue.LostRace), sofie.database.write() as session:
        queue.claim(session, plan, sofie.services.rules, sofie.desk.clock.at)
    assert sofie.desk.state(waiting) is CallbackState.WAITING
