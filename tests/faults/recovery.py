"""How long it took until work went on, by what the dead process had claimed (docs/protocol.md, Targets of time)."""

from collections import defaultdict
from statistics import median

from tests.faults.dying import Claim

TARGETS = {
    Claim.NOTHING: 20.0,
    Claim.RESERVED: 60.0,
    # The horizon, eight listings fifteen seconds apart, and a sweep.
    Claim.SENDING: 180.0,
}
"""Real seconds."""

_took: dict[Claim, list[float]] = defaultdict(list)


def note(holds: Claim, seconds: float) -> None:
    """Take down one recovery of this test process."""
    _took[holds].append(seconds)


def table() -> list[str]:
    """Return the table as lines; none where nothing was measured."""
    if not _took:
        return []
    lines = ["", "Recovered after the death of a process that held …", "  claim       deaths  median   worst  target"]
    for claim, target in TARGETS.items():
        times = _took[claim]
        if times:
            lines.append(f"  {claim:10}  {len(times):6}  {median(times):5.1f} s {max(times):5.1f} s {target:5.0f} s")
    return lines
