"""Three agents, eight customers, and something dies every few seconds, drawn by a seed that is printed.

RINGBACK_FAULTS_SEED tells the same mornings again; what the processes do in them is still a matter of milliseconds.
"""

import os
import random
import time
from collections.abc import Iterator

import pytest

from callbacks.queues import QUEUES
from tests.faults.dying import DEEDS, Story
from tests.faults.failpoints import Failpoints
from tests.faults.points import POINTS
from tests.faults.scene import SETTLED, Scene
from tests.journeys.desk import Desk
from tests.journeys.kinds import KINDS, service_on

MORNINGS = 6
AGENTS = ("Sofie Claes", "Bart Maes", "Lien Smet")
CUSTOMERS = 8
AT_ONCE = 4
"""Call-backs that are open at once, so that there is always somebody to kill for."""
TALK_SECONDS = 6.0
COMES_WITHIN = 6.0
"""Seconds in which somebody must come to an armed point; else another fault is drawn."""
MORNING_SECONDS = 420.0

SEED = int(os.environ.get("RINGBACK_FAULTS_SEED") or random.SystemRandom().randrange(10**6))
DRAWN = tuple(
    point for point in POINTS if point.story is Story.PLAIN and point.first is None and not point.waits_for_the_horizon
)


def _mornings() -> Iterator[object]:
    for n in range(MORNINGS):
        yield service_on(KINDS[n % 2], SEED + n, name=f"morning-{n + 1}")


@pytest.mark.faults
@pytest.mark.timeout(MORNING_SECONDS + 120)
@pytest.mark.parametrize(("stack", "seed"), tuple(_mornings()), indirect=["stack"], scope="session")
def test_on_a_busy_morning_of_deaths_every_customer_is_talked_to_once(
    desk: Desk, failpoints: Failpoints, seed: int
) -> None:
    chance = random.Random(seed)
    print(f"RINGBACK_FAULTS_SEED={seed}")
    customers = [desk.customer(f"Bakkerij {n}", contact=f"An {n}") for n in range(CUSTOMERS)]
    agents = [desk.agent(name) for name in AGENTS]
    scene = Scene(desk, customers, TALK_SECONDS)
    scene.agents = agents
    give_up = time.monotonic() + MORNING_SECONDS
    deck = chance.sample(DECK, len(DECK))
    while deck:
        assert time.monotonic() < give_up, f"{len(deck)} of the faults never came to be"
        _somebody_calls(chance, desk, scene)
        draw = deck.pop()
        fault = draw(chance, scene, failpoints)
        if fault:
            print(fault)
        else:
            deck.insert(0, draw)
    scene.plays("everybody is served", seconds=max(60.0, give_up - time.monotonic()))
    scene.everybody_was_reached_once()


def _redis_forgets(_chance: random.Random, scene: Scene, _failpoints: Failpoints) -> str:
    scene.desk.stack.redis_forgets()
    return "Redis forgets"


def _redis_starts_again(chance: random.Random, scene: Scene, _failpoints: Failpoints) -> str:
    scene.desk.stack.redis.goes_down()
    scene.plays_for(chance.uniform(0.5, 3.0))
    scene.desk.stack.redis.comes_back()
    return "Redis is started again, empty"


def _all_of_one_kind_die(chance: random.Random, scene: Scene, _failpoints: Failpoints) -> str:
    whose = chance.choice([*(f"worker {queue}" for queue in QUEUES), " clock", "gunicorn"])
    alive = scene.desk.stack.processes(whose)
    if not alive:
        return ""
    scene.desk.stack.kills(alive)
    scene.plays_for(chance.uniform(0.5, 3.0))
    return f"every {whose.strip()} is killed"


def _somebody_dies_at_a_point(chance: random.Random, scene: Scene, failpoints: Failpoints) -> str:
    """Return who died where; "" where nobody came to the point that was drawn."""
    point = chance.choice(DRAWN)
    deed = chance.choice(DEEDS[point.process])
    failpoints.arm(point, deed)
    scene.plays_for(COMES_WITHIN, lambda: failpoints.fired(point) is not None)
    fired = failpoints.fired(point)
    failpoints.disarm()
    return f"{point.name}: {deed}" if fired else ""


DECK = (_redis_forgets, _redis_starts_again, _all_of_one_kind_die, *7 * (_somebody_dies_at_a_point,))
"""Ten faults a morning, sixty in all."""


def _somebody_calls(chance: random.Random, desk: Desk, scene: Scene) -> None:
    """Keep the desk busy: whoever nobody is to call back has something new to ask."""
    rows = desk.callbacks()
    waiting = {row.number for row in rows if row.state not in SETTLED}
    idle = [customer for customer in scene.customers if customer.number not in waiting]
    for customer in chance.sample(idle, max(0, min(len(idle), AT_ONCE - len(waiting)))):
        scene.dials(customer)
