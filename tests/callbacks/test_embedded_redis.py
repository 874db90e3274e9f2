import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from callbacks import embedded_redis as embedded
from callbacks.embedded_redis import EmbeddedRedis, claim, embedded_redis, ready, running_url
from callbacks.errors import RefusedInput

Start = Callable[[EmbeddedRedis], "subprocess.Popen[bytes]"]


@pytest.fixture
def start() -> Iterator[Start]:
    processes: list[subprocess.Popen[bytes]] = []

    def begin(server: EmbeddedRedis) -> "subprocess.Popen[bytes]":
        processes.append(subprocess.Popen(server.argv, stdout=subprocess.DEVNULL))
        assert ready(server.url, 10)
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture(params=["system", "bundled"])
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedRedis:
    """The server on PATH (skipped where there is none), and the one that comes with the dependencies."""
    if request.param == "bundled":
        monkeypatch.setattr(embedded, "SERVERS", ())
    elif not any(Path(folder, name).exists() for folder in os.get_exec_path() for name in embedded.SERVERS):
        pytest.skip("no redis-server on PATH")
    return embedded_redis(tmp_path / "var")


def test_what_is_written_survives_a_kill_and_a_restart(server: EmbeddedRedis, start: Start) -> None:
    first = start(server)
    client = Redis.from_url(server.url)
    client.rpush("bells", *range(200))
    until = time.monotonic() + 10
    while client.info("persistence")["aof_pending_bio_fsync"] or time.monotonic() < until - 8.5:
        time.sleep(0.05)  # "everysec": a second passes before it is on disk
    client.close()
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert not ready(server.url, 0)
    start(server)
    again = Redis.from_url(server.url)
    assert again.llen("bells") == 200
    assert again.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    again.close()


def test_other_commands_of_the_same_home_find_it_while_it_runs(server: EmbeddedRedis, start: Start) -> None:
    home = server.folder.parent
    assert running_url(home) is None
    process = start(server)
    assert running_url(home) == server.url
    assert running_url(home.parent / "another") is None
    process.terminate()
    process.wait()
    assert running_url(home) is None


def test_it_listens_on_no_port_and_to_nobody_else(server: EmbeddedRedis, start: Start) -> None:
    start(server)
    client = Redis.from_url(server.url)
    assert client.config_get("port") == {"port": "0"}
    client.close()
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700


def test_each_kind_of_server_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "SERVERS", ())
    assert embedded_redis(tmp_path).folder.name == "redis-valkey"
    fake = tmp_path / "redis-server"
    fake.write_text("#!/bin/sh\necho Redis server v=7.0.15\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(embedded, "SERVERS", ("redis-server",))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert embedded_redis(tmp_path).folder.name == "redis-redis"


def test_a_long_path_gets_a_short_socket_that_everybody_finds(tmp_path: Path, start: Start) -> None:
    home = tmp_path / ("long" * 30)
    server = embedded_redis(home)
    assert len(os.fsencode(server.socket)) <= 100
    assert embedded_redis(home).socket == server.socket
    start(server)
    assert running_url(home) == server.url
    server.socket.parent.chmod(0o755)
    assert embedded_redis(home).socket != server.socket, "a folder that others may read is not ours alone"


def test_a_second_start_in_the_same_home_is_refused(tmp_path: Path) -> None:
    lock = claim(tmp_path)
    with pytest.raises(RefusedInput, match="RINGBACK_HOME"):
        claim(tmp_path, 0)
    lock.close()
    claim(tmp_path, 0).close()


def test_a_server_left_over_in_our_home_is_not_run_over(tmp_path: Path, start: Start) -> None:
    start(embedded_redis(tmp_path))
    with pytest.raises(RefusedInput, match="already runs"):
        claim(tmp_path, 0)


def test_without_any_server_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "SERVERS", ())
    monkeypatch.setattr(embedded, "_bundled_server", lambda: None)
    with pytest.raises(RefusedInput, match="apt install redis-server"):
        embedded_redis(tmp_path)


def test_waiting_for_a_server_that_never_comes_ends(tmp_path: Path) -> None:
    before = time.monotonic()
    assert not ready(f"unix://{tmp_path}/nothing.sock", 0.2)
    assert 0.2 <= time.monotonic() - before < 2
