"""`ringback demo` tells its story, breaks off where a step of it does not happen, and can be worked with afterwards."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from callbacks.cli.sample_people import AGENTS, CUSTOMERS
from callbacks.process_tree import die_with_parent
from callbacks.processes import own_argv
from callbacks.settings import variables
from simulator.client import Telephones
from tests.journeys.watching import until

LONGEST_SECONDS = 90
HOMES = {"Mieke": "/schedule", "Sofie": "/desk", "Bart": "/desk"}


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextmanager
def demo(home: Path, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Run the demo in a folder of its own for the length of the block."""
    env = {name: value for name, value in os.environ.items() if name not in variables()}
    process = subprocess.Popen(
        own_argv(("ringback", "demo", *words)),
        cwd=home,
        env=env | {"RINGBACK_HOME": str(home)} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=die_with_parent(),  # noqa: PLW1509 - the tests' own thread
    )
    too_long = threading.Timer(LONGEST_SECONDS, process.send_signal, (signal.SIGTERM,))
    too_long.start()
    try:
        with process:
            yield process
            process.terminate()
    finally:
        too_long.cancel()


@pytest.mark.xdist_group("journeys-demo")
def test_the_demo_tells_the_whole_story_and_ends_well(tmp_path: Path) -> None:
    with demo(tmp_path, "--once", "--port", free_port()) as process:
        told = (process.stdout or pytest.fail("no output")).read()
    assert process.returncode == 0, told
    for step in ("no agent's phone rings: the desk is closed", "the agent presses 1: solved", "5 minutes worked"):
        assert step in told


@pytest.mark.xdist_group("journeys-demo")
def test_the_demo_breaks_off_where_the_agents_telephones_are_broken(tmp_path: Path) -> None:
    told = []
    with demo(tmp_path, "--once", "--port", free_port()) as process:
        for line in process.stdout or pytest.fail("no output"):
            told.append(line)
            if found := re.search(r"simulator on (http://[\d.:]+)", line):
                # From outside, as anybody could with the console in a browser: the demo knows nothing of it.
                for agent in AGENTS[1:3]:
                    Telephones(found[1]).behaves(agent[1], "fails")
    assert process.returncode == 1, "".join(told)
    assert any("broke off: an agent's phone rings" in line for line in told), "".join(told)


@pytest.mark.xdist_group("journeys-demo")
def test_the_page_of_the_demo_is_told_whose_telephones_there_are_lets_people_in_and_moves_the_clock(
    tmp_path: Path,
) -> None:
    port = free_port()
    with demo(tmp_path, PORT=port) as process:
        console = address_of_the_page(process)
        scene = json.loads((tmp_path / "demo" / "scene.json").read_text(encoding="utf-8"))
        assert numbers(scene, "agent") == [row[1] for row in AGENTS[1:3]]
        assert numbers(scene, "customer") == [number for row in CUSTOMERS[1:] for number in row[3].split(";")]
        for link in scene["links"]:
            assert_somebody_is_let_in(link, port)
        assert len({urlsplit(link["href"]).hostname for link in scene["links"]}) == len(HOMES)
        assert_what_falls_due_happens_when_the_clock_is_moved(Telephones(console, patience=20))


def address_of_the_page(process: "subprocess.Popen[str]") -> str:
    """Return where the telephones' page is, as the demo prints it once it has told its story."""
    told = []
    for line in process.stdout or pytest.fail("no output"):
        told.append(line)
        if found := re.search(r"Open +(http://\S+)/console/", line):
            return found[1]
    return pytest.fail("".join(told))


def numbers(scene: dict[str, list[dict[str, str]]], side: str) -> list[str]:
    return [telephone["number"] for telephone in scene["telephones"] if telephone["side"] == side]


def assert_somebody_is_let_in(link: dict[str, str], port: str) -> None:
    """Follow a link as a browser does, which knows that each name under `localhost` is this very machine."""
    leads_to = urlsplit(link["href"])
    assert leads_to.port == int(port)
    server, host = f"http://127.0.0.1:{port}", {"Host": leads_to.netloc}
    let_in = requests.get(server + leads_to.path, headers=host, allow_redirects=False, timeout=10)
    name = next(name for name in HOMES if name in link["text"])
    assert (let_in.status_code, let_in.headers["Location"]) == (303, HOMES[name])
    kept = "; ".join(f"{each}={value}" for each, value in let_in.cookies.items())
    page = requests.get(server + HOMES[name], headers={**host, "Cookie": kept}, allow_redirects=False, timeout=10)
    assert (page.status_code, name in page.text) == (200, True)


def assert_what_falls_due_happens_when_the_clock_is_moved(telephones: Telephones) -> None:
    """Call while the desk has its break, and move on to the opening: an agent's telephone rings."""
    telephones.pace(0)
    telephones.moves_to("lunch_break")
    sid = telephones.places_call(CUSTOMERS[2][3])
    for key in ("1", "1"):
        telephones.call(sid, until="gathering")
        telephones.presses(sid, key)
    assert telephones.call(sid, until="ended")["met"]
    agents = [row[1] for row in AGENTS[1:3]]
    before = sum(len(telephones.phone(number, wait=0)["legs"]) for number in agents)
    telephones.moves_to("next_opening")
    until(
        "an agent's telephone rings",
        lambda: sum(len(telephones.phone(number, wait=0)["legs"]) for number in agents) > before,
    )
