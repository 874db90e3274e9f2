"""One whole service on real parts: `ringback up`, Redis, a mail server, and the telephone network beside it."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import requests
from redis import Redis

from callbacks import wiring
from callbacks.clock import MovableClock
from callbacks.process_tree import descendants, die_with_parent
from callbacks.processes import own_argv
from callbacks.settings import load_settings, variables
from models.sessions import Database
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

    def __init__(self, database_url: str, folder: Path, **more: str) -> None:
        """Start everything and wait until it says that it is ready; `more` is added to its environment."""
        self.folder = folder
        self.harmed = 0
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
        self.env = {**around, **own, **more}
        self.database = Database(database_url)
        self.services = replace(
            wiring.build(load_settings(own)), database=self.database, clock=MovableClock(self.database)
        )
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
        self.answers_again()

    def stop(self) -> None:
        """Stop everything; raises AssertionError where `ringback up` leaves an orphan, TimeoutExpired where it stays.

        On a busy machine it may have to kill a slow child, and says so with its exit code; that is no matter here.
        """
        below = descendants(self._up.pid)
        self._up.terminate()
        try:
            self._up.wait(STOP_SECONDS)
        finally:
            self._up.kill()
            self._up.wait()
            self._simulator.terminate()
            self._simulator.communicate(timeout=STOP_SECONDS)
            self.post_office.stop()
            self.redis.stop()
            self.database.close()
        left = [pid for pid in below if Path(f"/proc/{pid}/cmdline").exists()]
        assert not left, f"`ringback up` left processes behind: {left}"

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

    @contextmanager
    def frozen(self, *pids: int) -> Iterator[None]:
        """Let processes stand still for the length of the block."""
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    @property
    def network_process(self) -> int:
        """The process of the telephone network."""
        return self._simulator.pid

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

    def kills(self, pids: list[int]) -> None:
        """End processes at once, without a chance to tidy up; there must be some."""
        assert pids
        self.harmed += 1
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

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

    def redis_forgets(self) -> None:
        """Empty Redis, as a restart without persistence does."""
        self.harmed += 1
        with Redis.from_url(self.redis.url) as client:
            client.flushall()

    def is_alive(self) -> bool:
        """Say whether a web process answers at all."""
        with requests.Session() as web:
            web.trust_env = False
            try:
                return web.get(f"{self.url}/healthz", timeout=1).ok
            except requests.RequestException:
                return False

    def answers_again(self) -> None:
        """Wait until the service says that it is ready."""
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
