"""The demo's stories, played against the whole service: each happens, in any order, again and again."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from callbacks.cli.sample_people import CUSTOMERS
from callbacks.process_tree import die_with_parent
from callbacks.processes import own_argv
from callbacks.settings import variables

START_SECONDS = 90
STORY_SECONDS = 90
READY = re.compile(r"The service stays up")
ANS_NUMBER = CUSTOMERS[1][3].split(";")[0]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys-demo")]


class Demo:
    """A demo that runs, and what it printed so far."""

    def __init__(self, home: Path) -> None:
        """Start it in a folder of its own."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        env = {name: value for name, value in os.environ.items() if name not in variables()}
        self.printed = ""
        self._process = subprocess.Popen(
            own_argv(("ringback", "demo", "--port", port)),
            cwd=home,
            env=env | {"RINGBACK_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - the tests' own thread
        )
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._web = requests.Session()
        self._web.trust_env = False
        assert self._ready.wait(START_SECONDS), self.printed
        assert self._process.poll() is None, self.printed
        found = re.search(r"simulator on (http://[\d.:]+)", self.printed)
        assert found, self.printed
        self.console = f"{found[1]}/console"

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.printed += line
            if READY.search(line):
                self._ready.set()
        self._ready.set()

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        self._web.close()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        finally:
            self._process.kill()
            self._process.wait()
            self._reader.join(5)
            (self._process.stdout or sys.stdin).close()

    def asks(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the console, which must not refuse."""
        answer = self._web.request(method, f"{self.console}/{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def plays(self, story: str) -> list[str]:
        """Play a story to its end, and return what it told."""
        self.asks("POST", "pace", {"speech_rate": 0})
        self.asks("POST", f"stories/{story}/play")
        give_up = time.monotonic() + STORY_SECONDS
        while (seen := self.asks("GET", "state")["story"])["status"] == "running":
            assert time.monotonic() < give_up, seen
            time.sleep(0.05)
        told = [line["text"] for line in seen["told"]]
        assert (seen["id"], seen["status"], seen["trouble"]) == (story, "ended", ""), told
        return told


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("demo"))
    yield running
    running.stop()


def in_order(told: list[str], *words: str) -> None:
    """Make sure that sentences with these words were told, one after another."""
    sentences = iter(told)
    for each in words:
        assert any(each in sentence for sentence in sentences), f"{each!r} is not told there: {told}"


SOLVED = ("talk to each other", "hangs up", "presses 1: solved")
ENDS = {
    "lunch": ("12:10", "middagpauze", "stay silent", "13:00", "'s telephone rings", *SOLVED, "is afgesloten"),
    "overtakes": (
        *(
            "Jef Maes dials",
            "An Peeters dials",
            "Tom Baker dials",
            "stay silent",
            "Bart Wouters hears: “Harbour Freight",
        ),
        *("Sofie Claes hears: “Bakkerij Peeters", "telephone of Jef Maes stays silent", "solved", "tom@", "jef@"),
    ),
    "declines": ("Sofie Claes answers", "she declines", "Bart Wouters answers", *SOLVED, "est clôturé"),
    "busy": ("in gesprek", "stay silent", "5 minutes go by", "'s telephone rings", *SOLVED, "is closed"),
    "weekend": (
        *("17:10", "gesloten", "11:10", "stay silent", "08:59", "stay silent", "09:00"),
        *("'s telephone rings", *SOLVED, "is afgesloten"),
    ),
}


@pytest.mark.parametrize("story", [*ENDS, *reversed(ENDS)])
def test_a_story_is_told_to_its_good_end(demo: Demo, story: str) -> None:
    in_order(demo.plays(story), *ENDS[story])


def test_a_story_is_told_although_somebody_was_left_waiting_before_it(demo: Demo) -> None:
    sid = demo.asks("POST", "calls", {"from": ANS_NUMBER})["sid"]
    for _ in range(2):
        demo.asks("POST", f"calls/{sid}/press?wait=20", {"digits": "1"})
    demo.asks("GET", f"calls/{sid}?until=gathering&wait=20")
    demo.asks("POST", f"calls/{sid}/hang-up", {})
    told = demo.plays("lunch")
    in_order(told, "Somebody is left of before", *ENDS["lunch"])


def test_a_story_that_was_stopped_halfway_can_be_played_again(demo: Demo) -> None:
    demo.asks("POST", "pace", {"speech_rate": 20})
    demo.asks("POST", "stories/busy/play")
    give_up = time.monotonic() + STORY_SECONDS
    while not any("presses" in line["text"] for line in demo.asks("GET", "state")["story"]["told"]):
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert demo.asks("POST", "stories/stop", {})["story"]["status"] == "stopped"
    in_order(demo.plays("busy"), *ENDS["busy"])
