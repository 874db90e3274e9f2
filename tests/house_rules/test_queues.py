"""Every queue has a function, a worker that the Procfile starts, and somebody who rings it; and nothing else is run."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callbacks import cli, jobs, queues, timetable, wiring, worker
from callbacks.cli import running
from callbacks.processes import WORK_ARGV
from callbacks.providers.rq_bell import BellSerializer, UnlistedFunction
from callbacks.queues import FUNCTIONS, QUEUES
from callbacks.settings import load_settings
from callbacks.supervisor import Child
from tests.stand_ins import RecordingBell

ROOT = Path(__file__).parents[2]
ROOMS = ("callbacks", "ivr", "web", "models")
RINGS_THEM_ALL = "callbacks/timetable.py"
"""The one place where the queue that is rung is not written out."""


def functions_of_jobs() -> set[str]:
    """Return what a worker could be told to run: every public function that jobs.py itself defines."""
    own = inspect.getmembers(jobs, lambda each: inspect.isfunction(each) and each.__module__ == jobs.__name__)
    return {f"{jobs.__name__}.{name}" for name, _ in own if not name.startswith("_")}


def test_each_queue_has_its_function_and_each_function_its_queue() -> None:
    assert tuple(FUNCTIONS) == QUEUES
    assert set(FUNCTIONS.values()) == functions_of_jobs()
    for queue in QUEUES:
        assert inspect.signature(getattr(jobs, queue)).parameters == {}, "a bell carries nothing"


def test_the_serializer_lets_through_a_ring_of_each_queue_and_no_other_function() -> None:
    for function in FUNCTIONS.values():
        bell: list[object] = [function, None, [], {}]
        assert BellSerializer.loads(BellSerializer.dumps(bell)) == bell
    for function in ("callbacks.jobs._services", "os.system", "callbacks.jobs", *QUEUES):
        with pytest.raises(UnlistedFunction):
            BellSerializer.loads(BellSerializer.dumps([function, None, [], {}]))


def test_the_procfiles_worker_starts_a_process_for_every_queue_and_for_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    started: list[Child] = []

    class Watching:
        def __init__(self, children: list[Child], **_more: object) -> None:
            started.extend(children)

        def run(self) -> int:
            return 0

    settings = load_settings({"RINGBACK_HOME": str(tmp_path), "DIAL_WORKERS": "3"})
    monkeypatch.setattr(running, "Supervisor", Watching)
    monkeypatch.setattr(running, "set_up", lambda _name: None)
    monkeypatch.setattr(worker, "wait_until_ready", lambda: "redis://")
    monkeypatch.setattr(wiring, "settings", lambda: settings)
    (line,) = [each for each in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines() if "worker:" in each]
    assert line.removeprefix("worker: ") == " ".join(WORK_ARGV)
    assert cli.main(WORK_ARGV[1:]) == 0
    commands = [" ".join(child.argv[-2:]) for child in started]
    assert sorted(commands) == sorted([*(f"worker {queue}" for queue in QUEUES), "worker dial", "worker dial"])


def test_the_clock_rings_every_queue() -> None:
    bell = RecordingBell()
    services: Any = type("OnlyABell", (), {"bell": bell})
    timetable.Timetable(services, timetable.WakeLine("redis://127.0.0.1:1/0"))._ring_round()
    assert bell.rung == list(QUEUES)


def rings(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what stands in the brackets of every `….bell.ring(…)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "ring":
            yield from node.args


def test_only_known_queues_are_rung_and_each_of_them_by_somebody() -> None:
    rung: set[str] = set()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            place = str(path.relative_to(ROOT))
            for argument in rings(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(argument, ast.Constant):
                    assert place == RINGS_THEM_ALL, f"{place}:{argument.lineno} rings a queue that is not written out"
                    continue
                assert argument.value in QUEUES, f"{place}:{argument.lineno} rings a queue without a worker"
                rung.add(argument.value)
    assert rung == set(QUEUES)
    assert queues.WAKE_CHANNEL not in QUEUES
