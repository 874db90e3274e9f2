"""A demo that runs as `make demo` runs it, and the telephones' page of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import requests

from callbacks.process_tree import die_with_parent
from callbacks.processes import own_argv
from callbacks.settings import variables
from tests.journeys.watching import until

START_SECONDS = 90
STORY_SECONDS = 90
READY = re.compile(r"The service stays up")


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
        until(f"the story {story} is over", lambda: self.story()["status"] != "running", STORY_SECONDS)
        seen = self.story()
        told = [line["text"] for line in seen["told"]]
        assert (seen["id"], seen["status"], seen["trouble"]) == (story, "ended", ""), told
        return told

    def story(self) -> dict[str, Any]:
        """Return the story that is or was played last, and what was told of it."""
        story: dict[str, Any] = self.asks("GET", "state")["story"]
        return story
