"""The console in Python, for tests and the demo."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypedDict, cast

import requests

if TYPE_CHECKING:
    from datetime import datetime

SLACK = 10.0  # real seconds a long poll may take beyond its wait


class Line(TypedDict, total=False):
    """One line of a transcript; `verb`, `text` and `at` are always there."""

    verb: str
    text: str
    at: str
    language: str
    voice: str
    loop: int
    digits: str | None
    sound: str
    child_sid: str
    code: int


class Call(TypedDict):
    """A call leg as the console shows it; `duration` in seconds. `met` is there when a condition was waited for."""

    sid: str
    from_: str
    to: str
    direction: str
    status: str
    sip_code: int | None
    parent_sid: str | None
    transcript: list[Line]
    keyed: list[dict[str, Any]]
    gathering: dict[str, Any] | None
    recording: bool
    bridged: bool
    was_bridged: bool
    duration: int
    undelivered: int
    met: bool


class Phone(TypedDict):
    """A telephone, with all legs it ever had, oldest first."""

    number: str
    legs: list[Call]
    behaviour: str
    met: bool


class Mail(TypedDict, total=False):
    """A mail; a list has `n at from to subject` of each, `mail` the others too. Attachments: `name type size`."""

    n: int
    at: str
    subject: str
    to: str
    date: str
    text: str
    html: bool
    attachments: list[dict[str, Any]]


class TelephoneError(Exception):
    """The console refused: `status` 400 nonsense, 404 no such call, 409 not now."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class Telephones:
    """Telephones in one's hands. Waits are real seconds; deeds wait until they can be done.

    Every method raises TelephoneError for a refusal and requests' exceptions when the simulator is gone.
    """

    def __init__(self, base_url: str, *, patience: float = 5.0) -> None:
        self.base_url = base_url.rstrip("/")
        self.patience = patience

    def places_call(self, from_: str, to: str | None = None) -> str:
        """Dial the hotline, or another number of the account; gives the SID."""
        answer: dict[str, str] = self._ask("POST", "calls", {"from": from_, "to": to})
        return answer["sid"]

    def presses(self, sid: str, digits: str) -> Call:
        """Press keys, as soon as something listens."""
        return self._deed(sid, "press", {"digits": digits})

    def speaks(self, sid: str, text: str, seconds: float = 3, language: str = "") -> Call:
        """Leave a message where a Record runs; `seconds` is its length. With a language its sound is these words."""
        return self._deed(sid, "speak", {"text": text, "seconds": seconds, "language": language})

    def stays_silent(self, sid: str) -> Call:
        """Let the Gather or Record that runs time out at once."""
        return self._deed(sid, "stay-silent", {})

    def hangs_up(self, sid: str) -> Call:
        """Hang up."""
        return self._deed(sid, "hang-up", {})

    def answers(self, sid: str) -> Call:
        """Answer a ringing telephone."""
        return self._deed(sid, "answer", {})

    def declines(self, sid: str) -> Call:
        """Decline a ringing telephone: `no-answer`."""
        return self._deed(sid, "decline", {})

    def call(self, sid: str, *, wait: float | None = None, until: str = "", since: int = 0) -> Call:
        """Look at a call, waiting for a condition (see `simulator.conditions.until`); `met` says whether it came."""
        query = {"wait": self.patience if wait is None else wait, "until": until, "since": since}
        return _call(self._ask("GET", f"calls/{sid}", query=query))

    def calls(self) -> list[Call]:
        """All legs, oldest first."""
        return [_call(leg) for leg in self._ask("GET", "calls")["calls"]]

    def phone(self, number: str, *, wait: float | None = None, until: str = "", since: int = 0) -> Phone:
        """Look at a telephone; until `ringing`, `idle`, or `leg`: it had more than `since` legs."""
        query = {"wait": self.patience if wait is None else wait, "until": until, "since": since}
        phone: Phone = self._ask("GET", f"phones/{number}", query=query)
        phone["legs"] = [_call({**leg}) for leg in phone["legs"]]
        return phone

    def rings(self, number: str, *, wait: float | None = None) -> Call:
        """The leg that rings at a telephone. Raises TelephoneError 408 when none does in time."""
        phone = self.phone(number, wait=wait, until="ringing")
        for leg in phone["legs"]:
            if leg["status"] == "ringing":
                return leg
        raise TelephoneError(408, f"{number} does not ring")

    def behaves(self, number: str, behaviour: str) -> None:
        """Say how a telephone behaves (see `simulator.phones`)."""
        self._ask("POST", f"phones/{number}", {"behaviour": behaviour})

    def journal(self, after: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        """The entries after number `after`, waiting for the first."""
        entries: list[dict[str, Any]] = self._ask("GET", "journal", query={"after": after, "wait": wait})["entries"]
        return entries

    def finds(self, **facts: object) -> dict[str, Any]:
        """The first journal entry with these facts, such as `kind="webhook", purpose="dial-action"`; waits for it.

        Raises TelephoneError 408 when none comes in time.
        """
        seen, ends = 0, time.monotonic() + self.patience
        while entries := self.journal(after=seen, wait=max(0.0, ends - time.monotonic())):
            for entry in entries:
                if all(entry.get(name) == value for name, value in facts.items()):
                    return entry
            seen = entries[-1]["n"]
        raise TelephoneError(408, f"nothing in the journal with {facts}")

    def mails(self, *, until: int = 0, wait: float = 0) -> list[Mail]:
        """All mails, newest first, waiting until that many came since the start."""
        mails: list[Mail] = self._ask("GET", "mails", query={"until": until, "wait": wait})["mails"]
        return mails

    def mail(self, n: int) -> Mail:
        """One mail. Raises TelephoneError 404 when there is none of that number."""
        mail: Mail = self._ask("GET", f"mails/{n}")
        return mail

    def waits_for_mail(self, to: str = "", subject: str = "", *, wait: float | None = None) -> Mail:
        """The newest mail whose addresses and subject hold these words. Raises TelephoneError 408 when none comes."""
        ends = time.monotonic() + (self.patience if wait is None else wait)
        mails = self.mails()
        while not (found := [mail for mail in mails if to in mail["to"] and subject in mail["subject"]]):
            left = ends - time.monotonic()
            if left <= 0:
                raise TelephoneError(408, f"no mail to {to!r} about {subject!r}")
            mails = self.mails(until=mails[0]["n"] + 1 if mails else 1, wait=left)
        return self.mail(found[0]["n"])

    def now(self) -> str:
        """The simulator's time, ISO 8601."""
        return str(self._ask("GET", "clock")["now"])

    def advance(self, seconds: float) -> str:
        """Move the simulator's clock; gives its new time."""
        return str(self._ask("POST", "clock", {"advance": seconds})["now"])

    def set_now(self, instant: datetime) -> str:
        """Set the simulator's clock to an aware instant."""
        return str(self._ask("POST", "clock", {"now": instant.isoformat()})["now"])

    def pace(self, rate: float) -> None:
        """Let the telephones speak this many characters a second; 0 speaks in no time."""
        self._ask("POST", "pace", {"speech_rate": rate})

    def moves_to(self, moment: str) -> str:
        """Go to the real time, `now`, or to a moment of the service's by its name, such as `next_opening`."""
        return str(self._ask("POST", "clock", {"to": moment})["now"])

    def end_all(self) -> int:
        """Hang up every call; gives how many there were."""
        return int(self._ask("POST", "end-all", {})["ended"])

    def goes_wrong(self, on: str, do: str, match: dict[str, str] | None = None, **how: float | str) -> int:
        """Let something go wrong from now on (words and options: `simulator.faults`); gives the rule's number."""
        rule: dict[str, int] = self._ask("POST", "faults", {"on": on, "do": do, "match": match or {}, **how})
        return rule["n"]

    def faults(self) -> dict[int, int]:
        """How often each rule in force was applied, by its number."""
        return {rule["n"]: rule["applied"] for rule in self._ask("GET", "faults")["faults"]}

    def works_again(self) -> dict[int, int]:
        """Let nothing go wrong any more, and what is held come through; gives how often each rule was applied."""
        return {rule["n"]: rule["applied"] for rule in self._ask("DELETE", "faults")["faults"]}

    def _deed(self, sid: str, deed: str, body: dict[str, Any]) -> Call:
        return _call(self._ask("POST", f"calls/{sid}/{deed}", body, query={"wait": self.patience}))

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, query: dict[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 - JSON
        session = requests.Session()
        session.trust_env = False  # a proxy of the environment has no business on loopback
        with session:
            answer = session.request(
                method,
                f"{self.base_url}/console/{path}",
                json=body,
                params=query,
                timeout=float((query or {}).get("wait", 0)) + SLACK,
            )
        content = answer.json()
        if not answer.ok:
            raise TelephoneError(answer.status_code, content["error"])
        return content


def _call(seen: dict[str, Any]) -> Call:
    return cast("Call", {"from_": seen.pop("from"), "met": True, **seen})
