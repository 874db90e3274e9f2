"""What a story can be told of, and what it is refused for."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from functools import partial
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.stories.steps import StoryError, check
from tests.simulator.storytelling import AGENT, CUSTOMER, play, sentences, told_at_the_end, with_story

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulator.server import Simulator
    from tests.simulator.conftest import Service


@pytest.fixture
def network_of(start: Callable[..., Simulator], tmp_path: Path, service: Service) -> Callable[..., Simulator]:
    return partial(with_story, start, tmp_path, service)


@pytest.fixture
def new_mail() -> Callable[[Simulator, str, str], None]:
    def send(network: Simulator, to: str, subject: str) -> None:
        assert network.mail_sink is not None
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "desk@desk.example", to, subject
        with smtplib.SMTP("127.0.0.1", network.mail_sink.port) as server:
            server.send_message(message)

    return send


def test_the_console_plays_one_story_at_a_time(network_of: Callable[..., Simulator]) -> None:
    network = network_of({"call": CUSTOMER, "as": "caller"}, {"ended": "caller", "deadline": 3600})
    stories = f"{network.url}/console/stories"
    assert requests.post(f"{stories}/one/play", timeout=5).status_code == 202
    again = requests.post(f"{stories}/one/play", timeout=5)
    assert (again.status_code, again.json()) == (
        409,
        {"error": "“One” is being played: stop it first, or wait for its end"},
    )
    unknown = requests.post(f"{stories}/two/play", timeout=5)
    assert (unknown.status_code, unknown.json()) == (404, {"error": "there is no story 'two', only one"})
    assert requests.post(f"{stories}/stop", timeout=5).status_code == 200
    assert told_at_the_end(network)["status"] == "stopped"


def test_a_mail_is_spoken_of_once_and_only_when_it_came_since_the_story_began(
    network_of: Callable[..., Simulator], new_mail: Callable[[Simulator, str, str], None]
) -> None:
    network = network_of(
        {"mail": "an@bakery.example", "subject": "registered"},
        {"mail": "an@bakery.example", "subject": "registered", "deadline": 0.2},
        mail_port=0,
    )
    new_mail(network, "an@bakery.example", "registered before")
    network.storyteller.play("one")
    for address, subject in (("tom@harbour.example", "registered"), ("an@bakery.example", "hello")):
        new_mail(network, address, subject)
    new_mail(network, "an@bakery.example", "Your call is registered")
    told = told_at_the_end(network)
    assert sentences(told) == ["A mail to an@bakery.example: “Your call is registered”"]
    assert told["trouble"].startswith(
        "A mail to an@bakery.example with 'registered' in its subject should come: waited"
    )


def test_a_moment_has_no_name_without_the_services_clock(network_of: Callable[..., Simulator]) -> None:
    told = play(network_of({"clock": "lunch_break"}))
    assert told["trouble"] == "'lunch_break' is a moment of the service's clock: start the network with --clock-url."


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ({"ring": [AGENT]}, "step 2: 0 known words instead of one, and 'ring'"),
        ({"tell": "a", "advance": 1}, "step 2: 2 known words instead of one"),
        ({"press": ["agent"]}, "step 2: 'press' takes the name of a leg, and keys, not ['agent']"),
        ({"rings": [AGENT]}, "step 2: 'rings' says with 'as' what the leg is called"),
        ({"advance": 1, "deadline": 5}, "step 2: 'deadline' is no word, and does not stand beside 'advance'"),
        ({"clock": {"to": "lunch", "minus": 5}}, "step 2: 'clock' takes a moment"),
        ({"ended": "agent", "deadline": "soon"}, "step 2: 'soon' is not what 'deadline' can be"),
        ("tell", "step 2: 'tell' is no JSON object"),
    ],
)
def test_steps_that_nobody_could_play_are_named(step: object, why: str) -> None:
    with pytest.raises(StoryError) as refused:
        check([{"tell": "It begins."}, step])
    assert str(refused.value).startswith(why)
