import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callbacks.supervisor import Child, Supervisor

PROGRAM = Path(__file__).with_name("supervised.py")
ROOT = Path(__file__).parents[2]


def until(condition: Callable[[], object], what: str, seconds: float = 15) -> None:
    """Wait on real processes; there is no clock to pass to them."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class Running:
    """A supervisor that runs one scenario."""

    def __init__(self, folder: Path, scenario: str) -> None:
        self.folder = folder
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(PROGRAM), str(folder), scenario],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )

    def pids(self, name: str, count: int = 1) -> list[int]:
        path = self.folder / name
        until(lambda: path.exists() and len(path.read_text().splitlines()) >= count, f"{count} × {name}: {self.text()}")
        return [int(line) for line in path.read_text().splitlines()]

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        started = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(15), time.monotonic() - started


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    running: list[Running] = []

    def begin(scenario: str) -> Running:
        running.append(Running(tmp_path, scenario))
        return running[-1]

    yield begin
    for each in running:
        each.process.kill()
        each.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_at_once_and_cleanly(start: Callable[[str], Running], number: signal.Signals) -> None:
    running = start("one")
    (pid,) = running.pids("one")
    code, seconds = running.stop(number)
    assert code == 0
    assert seconds < 5, "a polite child does not use up the patience"
    assert not alive(pid)


def test_output_comes_with_the_name_of_its_process(start: Callable[[str], Running]) -> None:
    running = start("one")
    until(lambda: "one | hello\n" in running.text(), "the line of the child")


def test_a_killed_child_is_started_again_with_one_line_in_the_log(start: Callable[[str], Running]) -> None:
    running = start("one")
    (first,) = running.pids("one")
    os.kill(first, signal.SIGKILL)
    second = running.pids("one", 2)[1]
    assert alive(second)
    assert not alive(first)
    assert running.text().count("one was killed by SIGKILL; starting again in 0.5 s") == 1
    assert running.stop()[0] == 0


def test_a_child_that_keeps_dying_is_started_ever_more_rarely(start: Callable[[str], Running]) -> None:
    running = start("crashing")
    running.pids("crashing", 3)
    until(lambda: "in 2 s" in running.text(), "the third pause")
    pauses = [line.split(" in ")[1] for line in running.text().splitlines() if "starting again" in line]
    assert pauses[:3] == ["0.5 s", "1 s", "2 s"]
    assert running.stop()[0] == 0


def test_a_program_that_does_not_exist_stops_nobody_else(start: Callable[[str], Running]) -> None:
    running = start("missing")
    running.pids("one")
    until(lambda: "missing cannot be started" in running.text(), "a line about the missing program")
    assert running.stop()[0] == 0


def test_who_does_not_listen_is_killed_with_everything_below_it(start: Callable[[str], Running]) -> None:
    running = start("stubborn")
    pids = running.pids("stubborn", 2)
    code, seconds = running.stop()
    assert code == 1
    assert 1.4 < seconds < 1.5 + 3
    assert not any(alive(pid) for pid in pids)


def test_a_second_signal_kills_at_once(start: Callable[[str], Running]) -> None:
    running = start("very_patient")
    pids = running.pids("stubborn", 2)
    running.process.send_signal(signal.SIGINT)
    until(lambda: "stopping" in running.text(), "the first signal noted")
    _, seconds = running.stop(signal.SIGINT)
    assert seconds < 5
    assert not any(alive(pid) for pid in pids)


def test_a_supervisor_in_a_supervisor_leaves_nothing(start: Callable[[str], Running]) -> None:
    running = start("nested")
    pids = running.pids("leaf") + running.pids("stubborn", 2)
    _, seconds = running.stop()
    assert seconds < 3 + 3
    assert not any(alive(pid) for pid in pids)
    assert "inner | leaf | hello" in running.text()


def test_killing_the_supervisor_itself_leaves_no_orphan(start: Callable[[str], Running]) -> None:
    running = start("nested")
    pids = running.pids("leaf") + running.pids("stubborn", 2)
    running.stop(signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in pids), "all descendants ended")


def test_killing_the_inner_supervisor_brings_a_new_one_and_ends_with_nothing_left(
    start: Callable[[str], Running],
) -> None:
    running = start("nested")
    leaf = running.pids("leaf")[0]
    running.pids("stubborn", 2)
    parent = int(Path(f"/proc/{leaf}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(parent, signal.SIGKILL)
    pids = running.pids("leaf", 2) + running.pids("stubborn", 4)
    running.stop()
    assert not any(alive(pid) for pid in pids), "the orphan of the first generation was adopted and killed"


def test_others_start_after_the_foundation_is_ready_and_stop_before_it(start: Callable[[str], Running]) -> None:
    running = start("ordered")
    running.pids("web")
    assert (running.folder / "redis.ready").exists()
    until((running.folder / "web.ready").exists, "web to be up")
    assert running.stop()[0] == 0
    assert (running.folder / "order").read_text().split() == ["web", "redis"]


def test_a_story_that_fails_stops_everything_with_its_code(start: Callable[[str], Running]) -> None:
    running = start("failing_once")
    assert running.process.wait(15) == 4
    assert not any(alive(pid) for pid in running.pids("one") + running.pids("story"))


def test_what_runs_once_runs_once_and_before_those_who_wait_for_it(start: Callable[[str], Running]) -> None:
    running = start("once_first")
    (migrate,) = running.pids("migrate")
    running.pids("one")
    assert not alive(migrate)
    assert running.stop()[0] == 0
    assert len(running.pids("migrate")) == 1


def test_waiting_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="redis"):
        Supervisor([Child("web", ["true"], wait_for=("redis",))])
