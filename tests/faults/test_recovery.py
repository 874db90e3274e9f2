"""How long it takes until work goes on after a death, no clock being moved: the targets of docs/protocol.md."""

import time

import pytest

from models.vocabulary import CallbackState
from tests.faults import recovery
from tests.faults.dying import AFTER, BEFORE, BEGINS, Deed, Moment, Point
from tests.faults.failpoints import Failpoints
from tests.faults.points import POINTS, WORK
from tests.faults.scene import Scene
from tests.journeys.desk import Desk
from tests.journeys.kinds import in_turn
from tests.journeys.phones import Person
from tests.journeys.watching import until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

PLACE = "callbacks.providers.twilio_phone:TwilioPhone.place"


def _point(function: str, moment: Moment) -> Point:
    return next(point for point in POINTS if (point.function, point.moment) == (function, moment))


@in_turn(
    "point, deed",
    a_horse_before_the_claim=(_point(f"{WORK}dispatching:_claim", BEFORE), Deed.ITSELF),
    a_worker_before_the_claim=(_point(f"{WORK}dispatching:_claim", BEFORE), Deed.BOTH),
    a_worker_after_the_claim=(_point(f"{WORK}dispatching:_claim", AFTER), Deed.BOTH),
    a_horse_after_the_claim=(_point(f"{WORK}dispatching:_claim", AFTER), Deed.ITSELF),
    a_web_process_before_the_bell=(_point(f"{WORK}releasing:_announce", BEGINS), Deed.ITSELF),
    the_whole_web_before_the_bell=(_point(f"{WORK}releasing:_announce", BEGINS), Deed.BOTH),
    a_horse_with_its_slot=(_point(f"{WORK}dialing:_dial", BEGINS), Deed.ITSELF),
    a_worker_with_its_slot=(_point(f"{WORK}dialing:_dial", BEGINS), Deed.BOTH),
    a_worker_before_sending=(_point(f"{WORK}dialing:_begin_sending", BEFORE), Deed.BOTH),
    a_horse_before_sending=(_point(f"{WORK}dialing:_begin_sending", BEFORE), Deed.ITSELF),
    a_horse_before_its_request=(_point(PLACE, BEGINS), Deed.ITSELF),
    a_worker_before_its_request=(_point(PLACE, BEGINS), Deed.BOTH),
)
def test_the_agents_telephone_rings_within_the_target_after_the_death_of(
    desk: Desk, failpoints: Failpoints, point: Point, deed: Deed
) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    scene = Scene(desk, [peeters])
    failpoints.arm(point, deed)
    scene.dials(peeters)
    scene.plays("the point is fired", lambda: failpoints.fired(point))
    _rings_in_time(scene, sofie, failpoints, point)


@in_turn(
    "moment",
    before_the_rest_is_over=(BEFORE,),
    before_the_bell=(AFTER,),
)
def test_the_agents_telephone_rings_within_the_target_after_the_death_of_the_clock(
    desk: Desk, failpoints: Failpoints, moment: Moment
) -> None:
    peeters, sofie = desk.customer().behaves("busy"), desk.agent()
    scene = Scene(desk, [peeters])
    scene.dials(peeters)
    scene.plays("the call-back rests", lambda: scene.is_quiet_and(CallbackState.RESTING))
    peeters.behaves("manual")
    point = _point(f"{WORK}keeping_time:_wake", moment)
    failpoints.arm(point, Deed.ITSELF)
    desk.passes(minutes=5)
    until("the clock dies", lambda: failpoints.fired(point))
    _rings_in_time(scene, sofie, failpoints, point, rings=2)


def _rings_in_time(scene: Scene, agent: Person, failpoints: Failpoints, point: Point, rings: int = 1) -> None:
    fired = failpoints.fired(point)
    assert fired is not None
    target = recovery.TARGETS[point.holds]
    scene.may_move_the_clocks = False
    scene.plays("the agent's telephone rings", lambda: scene.rings(agent) == rings, seconds=target + 20)
    took = time.monotonic() - fired.at
    recovery.note(point.holds, took)
    assert took <= target, f"{took:.1f} seconds"
    scene.may_move_the_clocks = True
    scene.plays("everybody is served")
    scene.everybody_was_reached_once()
