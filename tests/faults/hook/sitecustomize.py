"""Failpoints for the processes of a service under test; the service itself knows nothing of them.

Python imports a module of this name when it starts, from the first folder of PYTHONPATH that holds one. Where
FAILPOINTS names a folder, the functions listed in its file `watched` (`module:name`, one a line) are wrapped as their
modules are imported. Each then looks, whenever it is run, for a file `armed/<function> <moment>`; whoever renames it
first has fired it, and does to itself what is written there. See tests/faults/failpoints.py for the other side.
"""

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

DATABASE = "models.sessions"
"""The module whose import shows that this process will commit something."""


class Running(threading.local):
    """The watched functions that this thread is in, outermost first."""

    def __init__(self) -> None:
        self.names: list[str] = []


class Failpoints:
    """What to wrap, and what to do there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = Running()
        self.watched: dict[str, list[str]] = defaultdict(list)
        for line in (folder / "watched").read_text(encoding="utf-8").split():
            module, _, name = line.partition(":")
            self.watched[module].append(name)
        self.watched.setdefault(DATABASE, [])

    def install(self, module: ModuleType) -> None:
        """Wrap what is watched in a module that was just imported, before anybody else can take it from there."""
        for name in self.watched[module.__name__]:
            *owners, attribute = name.split(".")
            owner: Any = functools.reduce(getattr, owners, module)
            setattr(owner, attribute, self._wrapped(getattr(owner, attribute), f"{module.__name__}:{name}"))
        if module.__name__ == DATABASE:
            self._watch_commits()

    def reach(self, name: str, moment: str) -> None:
        """Fire what is armed here, unless another process was quicker."""
        point = f"{name} {moment}"
        taken = self._folder / "taken" / f"{point} {os.getpid()}"
        try:
            (self._folder / "armed" / point).rename(taken)
        except FileNotFoundError:
            return
        deed = taken.read_text(encoding="utf-8")
        report = taken.with_name(f"{taken.name} report")
        report.write_text(f"{os.getpid()} {time.monotonic()}", encoding="utf-8")
        report.rename(self._folder / "fired" / point)
        if deed in {"parent", "both"}:
            os.kill(os.getppid(), signal.SIGKILL)
        if deed in {"itself", "both"}:
            os.kill(os.getpid(), signal.SIGKILL)
        if deed == "stands still":
            os.kill(os.getpid(), signal.SIGSTOP)

    def _wrapped(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.reach(name, "begins")
            self._running.names.append(name)
            try:
                result = function(*args, **kwargs)
                if self._is_doubled(name):
                    function(*args, **kwargs)
            finally:
                self._running.names.pop()
            self.reach(name, "returns")
            return result

        return watched

    def _is_doubled(self, name: str) -> bool:
        """Say whether this function is to be done twice, and count that it was."""
        try:
            descriptor = os.open(self._folder / "doubled" / name, os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError:
            return False
        os.write(descriptor, b".")
        os.close(descriptor)
        return True

    def _watch_commits(self) -> None:
        from sqlalchemy import event  # noqa: PLC0415 - only in a process that has it anyway
        from sqlalchemy.orm import Session  # noqa: PLC0415 - as above

        def watch(moment: str) -> Callable[[Session], None]:
            def at(session: Session) -> None:
                # A savepoint commits nothing.
                if not session.in_nested_transaction():
                    for name in self._running.names:
                        self.reach(name, moment)

            return at

        event.listen(Session, "before_commit", watch("before commit"))
        event.listen(Session, "after_commit", watch("after commit"))


class Finder(importlib.abc.MetaPathFinder):
    """Finds the watched modules where Python finds them, and wraps their functions once they are executed."""

    def __init__(self, failpoints: Failpoints) -> None:
        self._failpoints = failpoints

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a watched module; None for all others."""
        if fullname not in self._failpoints.watched:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = Loader(spec.loader, self._failpoints)
        return spec


class Loader(importlib.abc.Loader):
    """Python's own loader, and the wrapping after it."""

    def __init__(self, own: importlib.abc.Loader, failpoints: Failpoints) -> None:
        self._own = own
        self._failpoints = failpoints

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """Let Python do it."""
        return self._own.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Let Python do it, then wrap."""
        self._own.exec_module(module)
        self._failpoints.install(module)


def run_the_one_behind() -> None:
    """Run the `sitecustomize` that would have been found without us: a machine may need its own."""
    here = Path(__file__).resolve().parent
    others = [entry for entry in sys.path if Path(entry).resolve() != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


run_the_one_behind()
if "FAILPOINTS" in os.environ:
    sys.meta_path.insert(0, Finder(Failpoints(Path(os.environ["FAILPOINTS"]))))
