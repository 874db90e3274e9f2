"""Redis is gone, comes back empty, forgets, or delivers every bell twice: it costs seconds, no call-back, no ring."""

import pytest

from tests.faults.failpoints import Failpoints
from tests.faults.points import BELL
from tests.faults.scene import Scene
from tests.journeys.desk import Desk
from tests.journeys.kinds import on

TALK_SECONDS = 6.0
"""Longer than what proves a talk where the Dial action was lost."""


@on("sqlite")
def test_redis_away_and_started_again_empty_costs_seconds_and_no_call_back(desk: Desk) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    scene = Scene(desk, [peeters])
    desk.stack.redis.goes_down()
    scene.dials(peeters)
    scene.plays("the call is over", lambda: desk.callbacks() and scene.all_hung_up())
    desk.watcher.has_looked("clock")
    assert scene.rings(sofie) == 0
    desk.stack.redis.comes_back()
    scene.plays("everybody is served")
    scene.everybody_was_reached_once()
    assert (scene.rings(peeters), scene.rings(sofie)) == (1, 1)


@on("postgresql")
def test_every_bell_rung_twice_rings_no_telephone_twice(desk: Desk, failpoints: Failpoints) -> None:
    customers = [desk.customer(), desk.customer("Drukkerij Maes", contact="Jef Maes")]
    agents = [desk.agent(), desk.agent("Bart Maes")]
    scene = Scene(desk, customers, TALK_SECONDS)
    with failpoints.doubled(BELL):
        for customer in customers:
            scene.dials(customer)
        scene.plays("everybody is served")
    scene.everybody_was_reached_once()
    assert [scene.rings(person) for person in customers] == [1, 1]
    assert sum(scene.rings(agent) for agent in agents) == len(customers)


@pytest.mark.faults
@pytest.mark.parametrize("times", [1, 2, 3])
@on("sqlite")
def test_redis_goes_away_in_the_middle_of_a_talk_and_the_next_customer_is_called_all_the_same(
    desk: Desk, times: int
) -> None:
    peeters, maes, sofie = desk.customer(), desk.customer("Drukkerij Maes", contact="Jef Maes"), desk.agent()
    scene = Scene(desk, [peeters, maes], TALK_SECONDS)
    for customer in (peeters, maes):
        scene.dials(customer)
    for _ in range(times):
        scene.plays("somebody is on a line", lambda: not scene.all_hung_up())
        desk.stack.redis.goes_down()
        desk.watcher.has_looked("clock")
        desk.stack.redis.comes_back()
    scene.plays("everybody is served")
    scene.everybody_was_reached_once()
    assert [scene.rings(person) for person in (peeters, maes, sofie)] == [1, 1, 2]
