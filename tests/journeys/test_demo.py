"""`ringback demo --once` tells its story, and breaks off where a step of it does not happen."""

import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from callbacks.cli.sample_people import AGENTS
from callbacks.process_tree import die_with_parent
from callbacks.processes import own_argv
from callbacks.settings import variables
from simulator.client import Telephones

LONGEST_SECONDS = 90


@contextmanager
def demo(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the demo in a folder of its own for the length of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    env = {name: value for name, value in os.environ.items() if name not in variables()}
    process = subprocess.Popen(
        own_argv(("ringback", "demo", "--once", "--port", port)),
        cwd=home,
        env=env | {"RINGBACK_HOME": str(home)},
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
    finally:
        too_long.cancel()


@pytest.mark.xdist_group("journeys-demo")
def test_the_demo_tells_the_whole_story_and_ends_well(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        told = (process.stdout or pytest.fail("no output")).read()
    assert process.returncode == 0, told
    for step in ("no agent's phone rings: the desk is closed", "the agent presses 1: solved", "5 minutes worked"):
        assert step in told


@pytest.mark.xdist_group("journeys-demo")
def test_the_demo_breaks_off_where_the_agents_telephones_are_broken(tmp_path: Path) -> None:
    told = []
    with demo(tmp_path) as process:
        for line in process.stdout or pytest.fail("no output"):
            told.append(line)
            if found := re.search(r"simulator on (http://[\d.:]+)", line):
                # From outside, as anybody could with the console in a browser: the demo knows nothing of it.
                for agent in AGENTS[1:3]:
                    Telephones(found[1]).behaves(agent[1], "fails")
    assert process.returncode == 1, "".join(told)
    assert any("broke off: an agent's phone rings" in line for line in told), "".join(told)
