"""Processes of which none may be left behind: ties to the parent, adoption of orphans, and killing a whole tree.

Linux only in its full strength (prctl and /proc); elsewhere the ties are missing and process groups are all there is.
"""

import ctypes
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies (RQ's work-horses survive their worker)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> Callable[[], None]:
    """Return what a child runs between fork and exec: SIGTERM is sent to it when this process dies, even by kill -9.

    Cause: a `kill -9` leaves nobody to stop the children. The kernel ties the signal to the *thread* that forked, so
    children must be started from the main thread.
    """
    parent = os.getpid()

    def tie() -> None:
        if _LIBC is None:
            return
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # died between fork and prctl: the signal will never come
            os._exit(1)

    return tie


def children_of() -> dict[int, list[int]]:
    """Return every process's children by parent id; empty where there is no /proc."""
    found: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:  # ended while we looked
            continue
        # The name in brackets may hold spaces and brackets itself; state and parent follow the last one.
        found[int(text.rpartition(")")[2].split()[1])].append(int(folder.name))
    return found


def descendants(root: int) -> list[int]:
    """Return all processes below `root`, nearest first, without `root` itself."""
    children = children_of()
    found: list[int] = []
    level = [root]
    while level:
        level = [child for parent in level for child in children.get(parent, [])]
        found.extend(level)
    return found


def kill_tree(root: int) -> None:
    """SIGKILL `root`, its process group where it leads one, and everything below it."""
    below = descendants(root)
    for pid in (root, *below):
        send(pid, signal.SIGKILL)
    if root != os.getpgrp():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(root, signal.SIGKILL)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that is already gone is no error."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def next_dead_child() -> int | None:
    """Return the id of a child that ended, without reaping it (its `Popen` does that), or None."""
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return found.si_pid if found is not None and found.si_pid else None
