"""Keeps the service's processes alive, and leaves none of them behind.

One thread, no polling of the wall clock: every time-out is monotonic, because the wall clock may jump by days.
Supervisors may stand inside one another (`ringback up` runs `ringback work`): give the inner one less patience.
"""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from callbacks.forwarding import Forwarder
from callbacks.process_tree import (
    adopt_orphans,
    children_of,
    descendants,
    die_with_parent,
    kill_tree,
    next_dead_child,
    send,
)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
LONG_LIFE = 30.0
"""Seconds a child must have lived for its next restart to be quick again."""
ORPHAN_GRACE = 20.0
"""Seconds that what a dead child left behind may go on: a work-horse finishes the telephone call it is placing."""
LAST_STAGE = 2.0
"""Seconds kept, after the patience, for those that others depend upon (Redis writes its file)."""
STOPPERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True)
class Child:
    """One process to keep running.

    `env` is laid over our own environment. `wait_for` names children that must be ready first; they are also stopped
    after this one. `ready` answers quickly whether this child can be used (default: it runs, or, for `once`, has ended
    well). `once` runs to its end a single time; a bad end stops everything, and its exit code becomes ours.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    wait_for: tuple[str, ...] = ()
    ready: Callable[[], bool] | None = None
    once: bool = False


class _Run:
    """A child's process, when there is one, and when it may be started next (monotonic seconds)."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.pause = FIRST_PAUSE
        self.ended_well = False
        self.told_to_stop = False

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def usable(self) -> bool:
        if self.child.once:
            return self.ended_well
        return self.alive and (self.child.ready is None or self.child.ready())


class Supervisor:
    """Runs children until a signal stops it (or a `once` child fails)."""

    def __init__(self, children: Iterable[Child], *, patience: float = 7.0, out: IO[bytes] | None = None) -> None:
        """Take the children in the order of their starting.

        `patience` is how many seconds they get after SIGTERM, before SIGKILL; all has ended within `patience` + 3.
        """
        self._runs = {child.name: _Run(child) for child in children}
        for run in self._runs.values():
            unknown = set(run.child.wait_for) - set(self._runs)
            if unknown:
                message = f"{run.child.name} waits for {', '.join(sorted(unknown))}, which nobody starts"
                raise ValueError(message)
        self._patience = patience
        self._selector = selectors.DefaultSelector()
        self._output = Forwarder(self._selector, out or sys.stdout.buffer)
        self._adopted: dict[int, float] = {}
        self._signals = 0
        self._stopping_since: float | None = None
        self._code = 0

    def run(self) -> int:
        """Start all, keep them running, and return the exit code once all have ended.

        0 after a clean stop; 1 when something had to be killed; the code of a `once` child that failed.
        """
        adopt_orphans()
        waker, wakened = socket.socketpair()
        for end in (waker, wakened):
            end.setblocking(False)  # noqa: FBT003 - the socket module wants it so
        self._selector.register(wakened, selectors.EVENT_READ)
        before = {number: signal.signal(number, self._note_signal) for number in (*STOPPERS, signal.SIGCHLD)}
        old_fd = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        try:
            while self._turn():
                self._wait()
            self._sweep()
        finally:
            self._kill_all()
            signal.set_wakeup_fd(old_fd)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._output.drain()
            self._selector.close()
            waker.close()
            wakened.close()
        return self._code

    def _note_signal(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._signals += 1

    def _turn(self) -> bool:
        """Do what is due; False once everything has ended."""
        now = time.monotonic()
        self._reap(now)
        if self._stopping_since is None and self._signals:
            self._say("stopping")
            self._stopping_since = now
        if self._stopping_since is None:
            self._start_due(now)
            self._end_orphans(now)
            return True
        if self._signals > 1 or now >= self._stopping_since + self._patience + LAST_STAGE:
            self._kill_all()
        else:
            self._stop_stages(killing=now >= self._stopping_since + self._patience)
        return any(run.alive for run in self._runs.values())

    def _wait(self) -> None:
        # A tenth of a second bounds the reaction to a readiness that no signal announces.
        waiting = any(not run.alive and not run.ended_well for run in self._runs.values())
        busy = waiting or self._adopted or self._stopping_since is not None
        for key, _ in self._selector.select(0.1 if busy else 5.0):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.recv(4096)
            else:
                self._output.read(key)

    def _start_due(self, now: float) -> None:
        for run in self._runs.values():
            if run.alive or run.ended_well or now < run.start_at:
                continue
            if all(self._runs[name].usable() for name in run.child.wait_for):
                self._start(run, now)

    def _start(self, run: _Run, now: float) -> None:
        try:
            run.process = subprocess.Popen(  # noqa: S603 - the command lines are our own
                list(run.child.argv),
                env={**os.environ, "PYTHONUNBUFFERED": "1", **run.child.env},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the others in order
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - this process has one thread
            )
        except OSError as error:
            self._put_off(run, now, f"cannot be started ({error})")
            return
        run.started_at = now
        if run.process.stdout is not None:
            self._output.follow(run.process.stdout, run.child.name)

    def _reap(self, now: float) -> None:
        owners = {run.process.pid: run for run in self._runs.values() if run.process is not None and run.alive}
        while (pid := next_dead_child()) is not None:
            run = owners.get(pid)
            if run is None or run.process is None:
                self._adopted.pop(pid, None)
                os.waitpid(pid, 0)
                continue
            code = run.process.wait()
            self._note_end(run, code, now)
            for orphan in set(children_of().get(os.getpid(), [])) - set(owners):
                self._adopted.setdefault(orphan, now)

    def _note_end(self, run: _Run, code: int, now: float) -> None:
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        if self._stopping_since is not None:
            return
        if run.child.once:
            run.ended_well = code == 0
            if code:
                self._say(f"{run.child.name} {how}; stopping")
                self._code = code if code > 0 else 1
                self._stopping_since = now
            return
        if now - run.started_at >= LONG_LIFE:
            run.pause = FIRST_PAUSE
        self._put_off(run, now, how)

    def _put_off(self, run: _Run, now: float, how: str) -> None:
        self._say(f"{run.child.name} {how}; starting again in {run.pause:g} s")
        run.start_at = now + run.pause
        run.pause = min(run.pause * 2, LONGEST_PAUSE)

    def _stop_stages(self, *, killing: bool) -> None:
        """SIGTERM those nobody alive depends upon; when patience is over, kill all but the foundations."""
        needed = {name for run in self._runs.values() if run.alive for name in run.child.wait_for}
        for name, run in self._runs.items():
            if run.process is None or not run.alive or name in needed:
                continue
            if not run.told_to_stop:
                run.told_to_stop = True
                send(run.process.pid, signal.SIGTERM)
            elif killing and not self._is_foundation(name):
                self._kill(run)

    def _is_foundation(self, name: str) -> bool:
        return any(name in run.child.wait_for for run in self._runs.values())

    def _kill(self, run: _Run) -> None:
        if run.process is not None and run.alive:
            self._say(f"{run.child.name} still runs and is killed")
            self._code = self._code or 1
            kill_tree(run.process.pid)
            run.process.wait()

    def _kill_all(self) -> None:
        for run in self._runs.values():
            self._kill(run)

    def _end_orphans(self, now: float) -> None:
        for pid, since in list(self._adopted.items()):
            if now - since >= ORPHAN_GRACE:
                self._say(f"process {pid}, left behind by a dead one, is killed")
                kill_tree(pid)
                del self._adopted[pid]

    def _sweep(self) -> None:
        """Kill whatever our children left below us: with adoption nothing can hide elsewhere."""
        until = time.monotonic() + 1.0
        while (left := descendants(os.getpid())) and time.monotonic() < until:
            for pid in left:
                send(pid, signal.SIGKILL)
            self._reap(time.monotonic())
            self._selector.select(0.01)

    def _say(self, text: str) -> None:
        self._output.write(f"supervisor | {text}\n".encode())
