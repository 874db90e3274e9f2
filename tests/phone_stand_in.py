"""A telephone that does what a test tells it, and keeps everything it was asked to do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from callbacks.errors import PhoneError, PhoneRefused, PhoneUncertain
from callbacks.ports import LegReport, NewCall
from models.vocabulary import LegStatus

Answer = str | PhoneError | Callable[[NewCall], str]


def sid(number: int | str) -> str:
    """Return a call's SID that is easy to recognise in a failing test: zeros, and the number at the end."""
    return f"CA{number:0>32}"


@dataclass
class ScriptedPhone:
    """Answers each new call with the next of `answers` (by default a fresh SID), and each question from `legs`.

    `placed` is what rang, or may have rung: a refused, busy or unsent request is kept in `asked` alone.
    """

    answers: list[Answer] = field(default_factory=list)
    asked: list[NewCall] = field(default_factory=list)
    placed: list[NewCall] = field(default_factory=list)
    legs: dict[str, LegReport] = field(default_factory=dict)
    hung_up: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    sounds: dict[str, bytes] = field(default_factory=dict)
    sounds_asked: list[str] = field(default_factory=list)
    recordings_age: timedelta = timedelta()
    deleted: list[str] = field(default_factory=list)
    listings: int = 0
    trouble: PhoneError | None = None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def place(self, call: NewCall) -> str:
        """Ring, or fail as told."""
        self.asked.append(call)
        answer = self.answers.pop(0) if self.answers else sid(next(self._numbers))
        if isinstance(answer, PhoneUncertain):
            self.placed.append(call)
        if isinstance(answer, PhoneError):
            raise answer
        self.placed.append(call)
        return answer if isinstance(answer, str) else answer(call)

    def fetch(self, call_sid: str) -> LegReport:
        """Return the leg as the test has set it; an unknown one cannot be fetched."""
        self._fail()
        self.fetched.append(call_sid)
        if call_sid not in self.legs:
            message = "no such call"
            raise PhoneError(message, 20404)
        return self.legs[call_sid]

    def calls_to(self, number: str, sender: str) -> list[LegReport]:
        """Return the legs to a number, newest first."""
        self.listings += 1
        self._fail()
        return [leg for leg in reversed(self.legs.values()) if (leg.to, leg.sender) == (number, sender)]

    def children_of(self, call_sid: str) -> list[LegReport]:
        """Return the legs that a leg dialled."""
        self._fail()
        return [leg for leg in self.legs.values() if leg.parent_sid == call_sid]

    def hang_up(self, call_sid: str) -> None:
        """End a leg."""
        self._fail()
        self.hung_up.append(call_sid)
        if call_sid in self.legs:
            self.has(call_sid, LegStatus.CANCELED, to=self.legs[call_sid].to)

    def recording(self, recording_sid: str) -> bytes:
        """Return the sound of a recording that the test has put there."""
        self.sounds_asked.append(recording_sid)
        self._fail()
        if recording_sid not in self.sounds:
            message = "no such recording"
            raise PhoneRefused(message, 20404)
        return self.sounds[recording_sid]

    def delete_recording(self, recording_sid: str, kept_for: timedelta) -> bool:
        """Delete a recording that is so old by the test's word."""
        self._fail()
        if self.recordings_age < kept_for:
            return False
        self.deleted.append(recording_sid)
        self.sounds.pop(recording_sid, None)
        return True

    def has(
        self,
        call_sid: str,
        status: LegStatus,
        *,
        to: str = "+32470000001",
        sender: str = "+3234603535",
        parent: str | None = None,
        seconds: int | None = None,
    ) -> None:
        """Let this leg exist at the provider from now on."""
        self.legs[call_sid] = LegReport(call_sid, status, to, sender, parent, seconds, placed_by_api=parent is None)

    def _fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble
