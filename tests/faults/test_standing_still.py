"""Processes that stand still and go on when others have done their work; and two of what there should be one of."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from redis import Redis
from rq import Worker
from sqlalchemy import select

from callbacks.process_tree import die_with_parent
from callbacks.processes import own_argv
from models.callback import Attempt
from models.vocabulary import AttemptState, CallbackState
from tests.faults.dying import BEGINS, CLOCK, HORSE, Deed, Point
from tests.faults.failpoints import Failpoints
from tests.faults.points import WORK
from tests.faults.scene import Scene
from tests.journeys.desk import Desk
from tests.journeys.kinds import on
from tests.journeys.watching import until

CLAIMED = Point(f"{WORK}dialing:_dial", BEGINS, HORSE, "it stands still between the claim and `sending`")
IN_THE_GAP = Point(
    "callbacks.providers.twilio_phone:TwilioPhone.place",
    BEGINS,
    HORSE,
    "it stands still right before its write, after the last look at its deadline: the gap that cannot be closed",
)
WAKES = Point(f"{WORK}keeping_time:_wake", BEGINS, CLOCK, "it stands still with the lease, between look and move")
LEASE_SECONDS = 50
GAP_SECONDS = 300.0
TALK_SECONDS = 6.0


@on("postgresql")
def test_a_dial_worker_that_slept_past_its_lease_rings_nobody_when_it_wakes(desk: Desk, failpoints: Failpoints) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    scene = Scene(desk, [peeters])
    failpoints.arm(CLAIMED, Deed.STANDS_STILL)
    scene.dials(peeters)
    scene.plays("a worker stands still", lambda: failpoints.fired(CLAIMED) and scene.all_hung_up())
    with _awake_after(failpoints, CLAIMED):
        desk.passes(seconds=LEASE_SECONDS)
        scene.plays("everybody is served")
    desk.nobody_is_rung()
    scene.everybody_was_reached_once()
    assert (scene.rings(peeters), scene.rings(sofie)) == (1, 1)


@pytest.mark.faults
@pytest.mark.timeout(GAP_SECONDS + 120)
def test_a_dial_worker_that_slept_right_before_its_write_rings_the_agent_once_more_and_never_the_customer(
    desk: Desk, failpoints: Failpoints
) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    scene = Scene(desk, [peeters])
    failpoints.arm(IN_THE_GAP, Deed.STANDS_STILL)
    scene.dials(peeters)
    with _awake_after(failpoints, IN_THE_GAP):
        scene.plays("everybody is served", seconds=GAP_SECONDS)
        assert (scene.rings(peeters), scene.rings(sofie)) == (1, 1)
    desk.extra_legs = 1
    # As soon as it is known that nobody waits for it any more.
    sofie.is_rung().ends("canceled")
    scene.plays("the late call is over")
    assert (scene.rings(peeters), scene.rings(sofie)) == (1, 2)
    scene.everybody_was_reached_once()
    desk.agent_is(sofie, "free")
    with desk.stack.services.database.read() as session:
        states = list(session.scalars(select(Attempt.state).order_by(Attempt.id)))
    assert states == [AttemptState.NOT_PLACED, AttemptState.ENDED]


@on("sqlite")
def test_of_two_clocks_the_one_that_slept_past_its_lease_moves_nothing_twice(
    desk: Desk, failpoints: Failpoints
) -> None:
    peeters, sofie = desk.customer().behaves("busy"), desk.agent()
    scene = Scene(desk, [peeters])
    scene.dials(peeters)
    scene.plays("the call-back rests", lambda: scene.is_quiet_and(CallbackState.RESTING))
    peeters.behaves("manual")
    failpoints.arm(WAKES, Deed.STANDS_STILL)
    desk.passes(minutes=5)
    until("the clock stands still", lambda: failpoints.fired(WAKES))
    with _awake_after(failpoints, WAKES), _second(desk, "clock"):
        desk.passes(seconds=20)
        scene.plays("everybody is served")
        moves = [row for row in desk.history() if row.why == "the rest is over"]
    desk.nobody_is_rung()
    scene.everybody_was_reached_once()
    assert (scene.rings(peeters), scene.rings(sofie)) == (1, 2)
    assert len(moves) == len([row for row in desk.history() if row.why == "the rest is over"]) == 1


@pytest.mark.faults
def test_two_sets_of_workers_ring_nobody_twice(desk: Desk) -> None:
    customers = [desk.customer(f"Bakkerij {n}", contact=f"An {n}") for n in range(4)]
    agents = [desk.agent(f"{name} Claes") for name in ("Sofie", "Bart", "Lien")]
    scene = Scene(desk, customers, TALK_SECONDS)
    with Redis.from_url(desk.stack.redis.url) as redis:
        before = Worker.count(redis)
        with _second(desk, "work"):
            until("there are twice as many workers", lambda: Worker.count(redis) >= 2 * before)
            for customer in customers:
                scene.dials(customer)
            scene.plays("everybody is served")
    scene.everybody_was_reached_once()
    assert [scene.rings(customer) for customer in customers] == [1] * len(customers)
    assert sum(scene.rings(agent) for agent in agents) == len(customers)


@contextmanager
def _awake_after(failpoints: Failpoints, point: Point) -> Iterator[None]:
    """Let whoever stands still at a point go on at the end of the block."""
    try:
        yield
    finally:
        fired = failpoints.fired(point)
        assert fired is not None, f"nobody came to: {point.name}"
        os.kill(fired.pid, signal.SIGCONT)


@contextmanager
def _second(desk: Desk, word: str) -> Iterator[None]:
    """Run one more `ringback clock` or `ringback work` beside that of the service."""
    with (desk.stack.folder / f"second-{word}.log").open("ab") as log:
        process = subprocess.Popen(
            own_argv(("ringback", word)),
            env=desk.stack.env,
            cwd=desk.stack.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - the tests' own thread
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)
