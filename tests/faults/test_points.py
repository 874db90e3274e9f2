"""A process dies between two steps of the protocol: the customer is talked to once, and nobody is rung for nothing."""

import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import pytest

from models.vocabulary import CallbackState
from tests.faults.dying import DEEDS, Deed, Point, Process, Story
from tests.faults.failpoints import Failpoints
from tests.faults.points import POINTS, WATCHED
from tests.faults.scene import AT_MOST_SECONDS, Scene
from tests.journeys.desk import Desk
from tests.journeys.kinds import KINDS, service_on
from tests.journeys.phones import Person
from tests.journeys.watching import until

HORIZON_SECONDS = 300.0
"""Two minutes of empty listings, and a generous minute for each process that starts again."""
SHORT = (
    ("registering.chooses-after_commit", Deed.ITSELF),
    ("releasing.hangs_up-before_commit-hangs_up_early", Deed.ITSELF),
    ("dispatching._claim-before_commit", Deed.BOTH),
    ("dialing._dial-begins", Deed.ITSELF),
    ("twilio_phone.TwilioPhone.place-returns", Deed.BOTH),
    ("bridging.accepted-after_commit", Deed.ITSELF),
    ("wrapping_up.outcome_by_key-before_commit", Deed.ITSELF),
    ("keeping_time._wake-after_commit-rests", Deed.ITSELF),
)
"""What `make test` has time for, on the two databases in turn: at least one death of everybody."""


def _scenarios() -> Iterator[object]:
    """Yield every death: that of the process itself on both databases, its parent's on the two in turn."""
    turn = 0
    for point in POINTS:
        for deed in DEEDS[point.process]:
            turn += deed is not Deed.ITSELF
            for kind in KINDS if deed is Deed.ITSELF else (KINDS[turn % 2],):
                yield service_on(kind, point, deed, name=f"{point.label}-{deed}")


def _short_scenarios() -> Iterator[object]:
    labels = {point.label: point for point in POINTS}
    for n, (label, deed) in enumerate(SHORT):
        yield service_on(KINDS[n % 2], labels[label], deed, name=label)


def test_every_watched_function_still_has_its_name() -> None:
    for function in sorted(WATCHED):
        module, _, name = function.partition(":")
        found: Any = reduce(getattr, name.split("."), importlib.import_module(module))
        assert callable(found), function


def test_every_point_is_named_once() -> None:
    named = [(point.name, point.story) for point in POINTS]
    assert len(named) == len(set(named))


@pytest.mark.parametrize(("stack", "point", "deed"), tuple(_short_scenarios()), indirect=["stack"], scope="session")
def test_a_process_dies_and_the_customer_is_talked_to_once(
    desk: Desk, failpoints: Failpoints, point: Point, deed: Deed
) -> None:
    _tell(desk, failpoints, point, deed)


@pytest.mark.faults
@pytest.mark.timeout(HORIZON_SECONDS + 120)
@pytest.mark.parametrize(("stack", "point", "deed"), tuple(_scenarios()), indirect=["stack"], scope="session")
def test_whoever_dies_between_any_two_steps_the_customer_is_talked_to_once(
    desk: Desk, failpoints: Failpoints, point: Point, deed: Deed
) -> None:
    _tell(desk, failpoints, point, deed)


def _tell(desk: Desk, failpoints: Failpoints, point: Point, deed: Deed) -> None:
    peeters, sofie = desk.customer(), desk.agent()
    scene = Scene(desk, [peeters])
    scene.hangs_up_early = point.story is Story.HANGS_UP_EARLY
    if deed is Deed.BOTH and point.process is Process.WEB:
        scene.pauses = _until_the_web_is_back(desk, failpoints, point)
    _begin(scene, peeters, point.story, lambda: _arm(failpoints, point, deed))
    waits = point.waits_for_the_horizon and deed is not Deed.PARENT
    scene.plays("everybody is served", seconds=HORIZON_SECONDS if waits else AT_MOST_SECONDS)
    for armed in filter(None, (point.first, point)):
        assert failpoints.fired(armed), f"nobody came to: {armed.name}, {armed.sentence}"
    scene.everybody_was_reached_once()
    _nobody_was_rung_for_nothing(scene, peeters, sofie, point)
    _mails_came_once(desk, point, deed)


def _until_the_web_is_back(desk: Desk, failpoints: Failpoints, point: Point) -> Callable[[], None]:
    """Return a pause as long as gunicorn's master takes to start again: people are no quicker with their telephones."""
    before = set(desk.stack.processes("gunicorn"))

    def wait() -> None:
        if failpoints.fired(point):
            # A process without a master goes on answering for a second.
            until("none of them serves any more", lambda: before.isdisjoint(desk.stack.processes("gunicorn")))
            until("the web answers", desk.stack.is_alive)

    return wait


def _arm(failpoints: Failpoints, point: Point, deed: Deed) -> None:
    if point.first is not None:
        failpoints.arm(point.first, Deed.ITSELF)
    failpoints.arm(point, deed)


def _begin(scene: Scene, customer: Person, story: Story, arm: Callable[[], None]) -> None:
    """Tell the story up to where the point is armed; it goes on by itself."""
    desk = scene.desk
    if story is Story.RESTS:
        customer.behaves("busy")
        scene.dials(customer)
        scene.plays("the call-back rests", lambda: scene.is_quiet_and(CallbackState.RESTING))
        customer.behaves("manual")
        arm()
        desk.passes(minutes=5)
    elif story is Story.WINDOW:
        desk.at("2026-11-24 08:59:00")
        scene.dials(customer)
        scene.plays("the call-back waits", lambda: scene.is_quiet_and(CallbackState.WAITING))
        arm()
        desk.at("2026-11-24 09:00:00")
    elif story is Story.TALKS:
        scene.at_the_end_of_a_talk = arm
        scene.dials(customer)
    elif story is Story.SAYS_OUTCOME:
        scene.before_the_outcome = arm
        scene.dials(customer)
    else:
        arm()
        scene.dials(customer)


def _nobody_was_rung_for_nothing(scene: Scene, customer: Person, agent: Person, point: Point) -> None:
    told = [point, *filter(None, (point.first,))]
    assert scene.rings(customer) <= max(each.customer_rings for each in told), f"{scene.rings(customer)} rings"
    most = max(each.agent_rings for each in told)
    assert scene.rings(agent) <= most, f"the agent's telephone rang {scene.rings(agent)} times"


def _mails_came_once(desk: Desk, point: Point, deed: Deed) -> None:
    """Make sure that no mail came twice, but where the mail server had one that nobody could mark as sent."""
    copies = Counter(str(mail["Message-ID"]) for mail in desk.stack.post_office.mails)
    twice = [message for message, times in copies.items() if times > 1]
    unmarked = point.function.endswith("SmtpMailer.send") and deed is not Deed.PARENT
    assert max(copies.values()) <= 1 + unmarked, copies
    assert len(twice) == unmarked, copies
