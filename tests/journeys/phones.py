"""People at their telephones, in the words of a story: `caller.dials_in().hears("welkom").presses("1")`."""

from dataclasses import dataclass, field
from typing import Self

from simulator.client import Call, Telephones


class Line:
    """One telephone call, in the hand of the person at its end."""

    def __init__(self, telephones: Telephones, sid: str, who: str) -> None:
        """Hold the call `sid`; `who` is named when something does not happen."""
        self._telephones = telephones
        self.sid = sid
        self._who = who
        self._heard = 0

    def answers(self) -> Self:
        """Pick up."""
        self._telephones.answers(self.sid)
        return self

    def declines(self) -> Self:
        """Press the red button of the ringing telephone."""
        self._telephones.declines(self.sid)
        return self

    def hears(self, words: str, *, language: str | None = None) -> Self:
        """Wait for these words, after whatever was heard before; `language` is that of the voice."""
        call = self._telephones.call(self.sid, until=f"said:{words}", since=self._heard)
        assert call["met"], f"{self._who} does not hear {words!r}, but {self.words(call)[self._heard :]}"
        for n, line in enumerate(call["transcript"][self._heard :], self._heard):
            if words in line["text"]:
                if language is not None:
                    assert line.get("language", "").startswith(language), f"{words!r} in {line.get('language')}"
                self._heard = n + 1
                return self
        raise AssertionError(words)

    def never_heard(self, words: str) -> Self:
        """Make sure that these words have not been said so far."""
        heard = self.words(self.now())
        assert not any(words in text for text in heard), f"{self._who} hears {words!r}: {heard}"
        return self

    def presses(self, keys: str) -> Self:
        """Press keys, as soon as something listens."""
        self._telephones.presses(self.sid, keys)
        return self

    def stays_silent(self) -> Self:
        """Press nothing until the time for it is over."""
        self._telephones.stays_silent(self.sid)
        return self

    def hangs_up(self) -> Self:
        """Hang up, and wait until the service was told."""
        self._telephones.hangs_up(self.sid)
        return self.is_reported()

    def is_joined_with(self, other: "Line") -> Self:
        """Wait until both hear each other."""
        for line in (other, self):
            call = self._telephones.call(line.sid, until="bridged")
            assert call["met"], f"{line._who} is not joined with anybody ({call['status']}): {line.words(call)}"
        return self

    def ends(self, status: str = "completed") -> Self:
        """Wait for the end of the call, and until the service was told."""
        call = self._telephones.call(self.sid, until="ended")
        assert call["met"], f"the call of {self._who} goes on: {self.words(call)}"
        assert call["status"] == status, f"the call of {self._who} ended {call['status']}, not {status}"
        return self.is_reported()

    def is_reported(self) -> Self:
        """Wait until every status callback of the call was answered."""
        call = self._telephones.call(self.sid, until="reported")
        assert call["met"], f"the end of the call of {self._who} is not reported ({call['status']})"
        return self

    def now(self) -> Call:
        """Return the call as it is now."""
        return self._telephones.call(self.sid, wait=0)

    @staticmethod
    def words(call: Call) -> list[str]:
        """Return everything that was said on a call."""
        return [line["text"] for line in call["transcript"]]


@dataclass
class Person:
    """Somebody with a telephone. `claimed` are the calls of his that the story has told of."""

    telephones: Telephones
    name: str
    number: str
    claimed: list[str] = field(default_factory=list)

    def dials_in(self, *, withheld: bool = False) -> Line:
        """Dial the hotline."""
        sid = self.telephones.places_call("anonymous" if withheld else self.number)
        if not withheld:
            self.claimed.append(sid)
        return Line(self.telephones, sid, self.name)

    def is_rung(self) -> Line:
        """Wait for the next call that rings this telephone, whatever becomes of it then."""
        line = self.is_called()
        self.telephones.call(line.sid, until="ringing")
        return line

    def is_called(self) -> Line:
        """Wait for the next call to this telephone, which may never ring it."""
        phone = self.telephones.phone(self.number, until="leg", since=len(self.claimed))
        new = [leg for leg in phone["legs"] if leg["sid"] not in self.claimed]
        assert new, f"the telephone of {self.name} does not ring"
        self.claimed.append(new[0]["sid"])
        return Line(self.telephones, new[0]["sid"], self.name)

    def behaves(self, behaviour: str) -> Self:
        """Let the telephone do something by itself: `busy`, `rings_out`, `voicemail`, `fails`, `answers`, `manual`."""
        self.telephones.behaves(self.number, behaviour)
        return self
