"""One whole service on real parts: `ringback up`, Redis, a mail server, and the telephone network beside it."""

import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

from callbacks import wiring
from callbacks.process_tree import children_of, descendants, die_with_parent
from callbacks.processes import own_argv
from callbacks.settings import load_settings, variables
from simulator.client import Telephones
from tests.databases import RedisServer
from tests.journeys.post_office import PostOffice

HOTLINE = "+3234603535"
START_SECONDS = 60
STOP_SECONDS = 15
PATIENCE = 20.0
"""Real seconds until something that should happen is given up: a busy machine is no failure."""


class Stack:
    """Kept for a whole test session; between two journeys only its data is wiped."""

    def __init__(self, database_url: str, folder: Path) -> None:
        """Start everything and wait until it says that it is ready."""
        self.folder = folder
        self.redis = RedisServer()
        self.post_office = PostOffice()
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.account, self.token = f"AC{secrets.token_hex(16)}", secrets.token_hex(16)
        self._simulator = self._start_simulator()
        line = (self._simulator.stdout or sys.stdin).readline()
        network = line.removeprefix("simulator on ").partition(",")[0]
        self.telephones = Telephones(network, patience=PATIENCE)
        own = {
            "RINGBACK_HOME": str(folder),
            "RINGBACK_DEMO": "true",
            "DATABASE_URL": database_url,
            "REDIS_URL": self.redis.url,
            "PUBLIC_BASE_URL": self.url,
            "BIND_ADDRESS": "127.0.0.1",
            "PORT": str(port),
            "WEB_CONCURRENCY": "2",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TWILIO_ACCOUNT_SID": self.account,
            "TWILIO_AUTH_TOKEN": self.token,
            "TWILIO_BASE_URL": network,
            "TWILIO_CPS": "20",
            "HOTLINE_NUMBER": HOTLINE,
            "PREPARATION_SECONDS": "0",
            "SMTP_URL": self.post_office.url,
            "MAIL_FROM": "Service Desk <desk@accel.example>",
        }
        around = {name: value for name, value in os.environ.items() if name not in variables()}
        self.env = {**around, **own}
        self.services = wiring.build(load_settings(own))
        self.log = folder / "up.log"
        with self.log.open("wb") as log:
            self._up = subprocess.Popen(
                own_argv(("ringback", "up")),
                env=self.env,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - the tests' own thread
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop everything; raises AssertionError where `ringback up` does not end by itself within 15 seconds."""
        self._up.terminate()
        try:
            code = self._up.wait(STOP_SECONDS)
        finally:
            self._up.kill()
            self._up.wait()
            self._simulator.terminate()
            self._simulator.communicate(timeout=STOP_SECONDS)
            self.post_office.stop()
            self.redis.stop()
        assert code == 0, f"`ringback up` ended with {code}:\n{self.log.read_text(encoding='utf-8')[-3000:]}"

    def command(self, *words: str) -> str:
        """Run a `ringback` command as a person at a terminal does; return what it printed."""
        done = subprocess.run(
            own_argv(("ringback", *words)),
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"ringback {' '.join(words)}: {done.stderr or done.stdout}"
        return done.stdout

    def processes(self, *words: str) -> list[int]:
        """Return the processes of this stack whose command line holds all the words, parents first."""
        found = []
        for pid in descendants(self._up.pid):
            try:
                line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if all(word in line for word in words):
                found.append(pid)
        return found

    def workers_of(self, queue: str) -> list[int]:
        """Return the worker processes of one queue, without the horse each forks for a job."""
        all_of_them = self.processes(f"worker {queue}")
        horses = {child for pid in all_of_them for child in children_of().get(pid, [])}
        return [pid for pid in all_of_them if pid not in horses]

    def _start_simulator(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "simulator"),
                *("--account-sid", self.account),
                *("--auth-token", self.token),
                *("--hotline", HOTLINE),
                *("--voice-url", f"{self.url}/voice/incoming"),
                *("--status-callback", f"{self.url}/voice/status/inbound"),
            ],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")},
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - as above
        )

    def _wait_until_ready(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        said = "nothing"
        with requests.Session() as web:
            web.trust_env = False
            while time.monotonic() < give_up and self._up.poll() is None:
                try:
                    answer = web.get(f"{self.url}/readyz", timeout=5)
                except requests.RequestException as error:
                    said = type(error).__name__
                else:
                    if answer.ok:
                        return
                    said = answer.text
                time.sleep(0.1)
        message = f"the service is not ready, it says {said}:\n{self.log.read_text(encoding='utf-8')[-3000:]}"
        raise RuntimeError(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
