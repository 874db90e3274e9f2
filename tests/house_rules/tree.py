"""The files that are committed, or would be with the next commit."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@cache
def files() -> tuple[str, ...]:
    """Return every file of the repository, ignored ones left out; skips where there is no repository."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git repository here")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return tuple(sorted(name for name in set(done.stdout.split("\0")) if name and (ROOT / name).is_file()))


def text(name: str) -> str | None:
    """Return what stands in a file, or None where it is no text."""
    content = (ROOT / name).read_bytes()
    return None if b"\0" in content else content.decode("utf-8")
