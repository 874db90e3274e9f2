"""The tests' side of the hook: which functions are watched, what is armed, and what has been fired."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.dying import Deed, Point
from tests.faults.points import WATCHED

HOOK = Path(__file__).parent / "hook"
FOLDERS = ("armed", "taken", "fired", "doubled")


@dataclass(frozen=True)
class Fired:
    """Which process came to a point, and when on the machine's monotonic clock."""

    pid: int
    at: float


class Failpoints:
    """The folder through which the test and the hook in the processes speak."""

    def __init__(self, folder: Path) -> None:
        """Make the folder; the processes read what is watched when they start."""
        self.folder = folder
        for name in FOLDERS:
            (folder / name).mkdir(parents=True)
        (folder / "watched").write_text("\n".join(sorted(WATCHED)), encoding="utf-8")

    def arm(self, point: Point, deed: Deed) -> None:
        """Let whichever process comes to this point next do this deed."""
        self._fired(point).unlink(missing_ok=True)
        (self.folder / "armed" / point.name).write_text(deed, encoding="utf-8")

    def fired(self, point: Point) -> Fired | None:
        """Return who came to an armed point; None where nobody did so far."""
        try:
            pid, at = self._fired(point).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return None
        return Fired(int(pid), float(at))

    def disarm(self) -> None:
        """Take away whatever is still armed."""
        for name in FOLDERS:
            for file in (self.folder / name).iterdir():
                file.unlink(missing_ok=True)

    @contextmanager
    def doubled(self, function: str) -> Iterator[None]:
        """Let a function be done twice wherever it is done; AssertionError where it was not done at all."""
        file = self.folder / "doubled" / function
        file.touch()
        yield
        times = file.stat().st_size
        file.unlink()
        assert times, f"{function} was never doubled"

    def _fired(self, point: Point) -> Path:
        return self.folder / "fired" / point.name
