"""Tells a story as it happens, so that a failing one can be read: who did what at what time, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from hypothesis import note

from models.history import History
from models.vocabulary import Subject
from tests.stories.clocks import BRUSSELS, TwoClocks

SHOWN = {Subject.CALLBACK: "call-back", Subject.ATTEMPT: "attempt", Subject.AGENT: "agent"}


@dataclass
class Teller:
    """Tells by Hypothesis's own notes, which it prints for the shortest story that fails, and for no other."""

    clock: TwoClocks

    def tells(self, words: str) -> None:
        """Tell what happens now."""
        note(f"{self.clock.at.astimezone(BRUSSELS):%a %d %H:%M:%S}  {words}")

    @staticmethod
    def consequences(rows: Iterable[History]) -> None:
        """Tell what came of it in the house's own words: the rows of its history."""
        for row in rows:
            if row.subject in SHOWN:
                stays = row.old_state in {None, row.new_state}
                moved = row.new_state if stays else f"{row.old_state} → {row.new_state}"
                note(f"                   {SHOWN[row.subject]} {row.subject_id}: {moved} ({row.who}: {row.why})")
