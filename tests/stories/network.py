"""A small telephone network in memory: legs that exist whatever our database believes, and news of them on the way.

A second implementation of callbacks.ports.Phone. It follows the provider's rules where the service leans on them
(docs/protocol.md): events of a leg are numbered and come in any order, a leg canceled in the queue tells nobody, a
list may lag behind, and a lost answer to a request says nothing of whether a phone rings.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from callbacks.errors import PhoneBusy, PhoneError, PhoneNotSent, PhoneRefused, PhoneUncertain
from callbacks.ports import LegReport, NewCall
from models.vocabulary import FINAL_LEGS, LegKind, LegStatus
from tests.phone_stand_in import sid
from tests.stories.clocks import TwoClocks
from tests.stories.legs import Answer, Leg, Letter, Request, Stage, Trouble
from tests.stories.phonebook import HOTLINE

LATE_SECONDS = 45.0
"""A call whose request got no answer begins at most so much later."""
LAG_SECONDS = 60.0
"""A lagging list leaves out what is younger; far below eight listings fifteen seconds apart."""
STALE_SECONDS = 3.0
TWILIO_ADDS_SECONDS = 5.0
QUEUE_SECONDS = 24 * 3600.0
ENOUGH_UNANSWERED = 8

ERRORS: dict[Answer, PhoneError] = {
    Answer.BAD_NUMBER: PhoneRefused("HTTP 400, code 21211", 21211),
    Answer.NO_CREDIT: PhoneRefused("HTTP 401, code 20003", 20003),
    Answer.TOO_MANY: PhoneBusy("HTTP 429, code 20429", 20429),
    Answer.NOT_SENT: PhoneNotSent("not sent: connection refused"),
    Answer.LOST_RINGS: PhoneUncertain("no answer: time-out"),
    Answer.LOST_TWINS: PhoneUncertain("no answer: connection reset"),
    Answer.LOST_LATER: PhoneUncertain("no answer: time-out"),
    Answer.LOST_NOTHING: PhoneUncertain("HTTP 503"),
}
BEGIN = {Answer.RINGS: 1, Answer.QUEUED: 1, Answer.NEWS_FIRST: 1, Answer.LOST_RINGS: 1, Answer.LOST_TWINS: 2}
"""How many calls begin at once: two, where something on the way repeats a request that it got no answer to."""
SILENCES = {Stage.WHISPER: 40.0, Stage.OUTCOME: 40.0, Stage.BYE: 4.0}
"""After so many seconds without a key the document hangs up."""


@dataclass
class Network:
    """All legs there are. `on_request`, `on_dial` and `on_child_end` are told at once: the watch, and the document."""

    clock: TwoClocks
    answer: Answer = Answer.RINGS
    trouble: Trouble = Trouble.NONE
    lags: bool = False
    legs: dict[str, Leg] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    on_request: Callable[[Request], None] = lambda _: None
    on_dial: Callable[[Leg], None] = lambda _: None
    on_child_end: Callable[[Leg], None] = lambda _: None
    on_news_first: Callable[[], None] = lambda: None
    _late: list[tuple[float, Request]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    # ---- What the service may ask (callbacks.ports.Phone)

    def place(self, call: NewCall) -> str:
        """Do what the answer says; the one after it rings again."""
        answer, self.answer = self.answer, Answer.RINGS
        request = Request(call, answer)
        self.on_request(request)
        self.requests.append(request)
        if answer is Answer.LOST_LATER:
            self._late.append((self.clock.up + LATE_SECONDS, request))
        for _ in range(BEGIN.get(answer, 0)):
            self._begin(request, rings=answer is not Answer.QUEUED)
        if answer is Answer.NEWS_FIRST:
            self.on_news_first()
        if answer in ERRORS:
            raise ERRORS[answer]
        return request.legs[0].sid

    def fetch(self, call_sid: str) -> LegReport:
        """Return a leg as it is, or was a moment ago."""
        leg = self.legs[call_sid]
        if self.trouble is not Trouble.NONE:
            leg.unanswered += 1
            leg.given_up |= leg.unanswered >= ENOUGH_UNANSWERED
        self._fail()
        leg.unanswered = 0
        return self._report(leg)

    def calls_to(self, number: str, sender: str) -> list[LegReport]:
        """Return the legs to a number, newest first; a lagging list leaves out the youngest."""
        self._fail()
        for request in self.requests:
            request.listings += (request.call.to, request.call.sender) == (number, sender)
        known = self.clock.up - LAG_SECONDS if self.lags else self.clock.up
        found = [leg for leg in self.legs.values() if leg.kind is LegKind.AGENT and leg.phone == number]
        return [self._report(leg) for leg in reversed(found) if leg.began <= known]

    def children_of(self, call_sid: str) -> list[LegReport]:
        """Return the leg that a leg dialled."""
        self._fail()
        return [self._report(leg) for leg in self.legs.values() if leg.parent and leg.parent.sid == call_sid]

    def recording(self, recording_sid: str) -> bytes:
        """Nobody leaves a message in these stories."""
        raise AssertionError(recording_sid)

    def delete_recording(self, recording_sid: str, kept_for: timedelta) -> bool:
        """Nobody leaves a message in these stories."""
        raise AssertionError(recording_sid, kept_for)

    def hang_up(self, call_sid: str) -> None:
        """End a leg."""
        if self.trouble is not Trouble.DEAF:
            leg = self.legs[call_sid]
            self.ends(leg, LegStatus.COMPLETED if leg.answered is not None else LegStatus.CANCELED)
        self._fail()

    # ---- What happens in it

    def rings_in(self, phone: str) -> Leg:
        """Let somebody call the hotline."""
        leg = self._add(Leg(sid(next(self._numbers)), LegKind.INBOUND, phone, self.clock.up))
        self.moves(leg, LegStatus.IN_PROGRESS)
        return leg

    def dials(self, parent: Leg, number: str, ring_seconds: float, limit: float) -> Leg:
        """Ring a customer for an agent who is on the line, as a document of ours says."""
        leg = Leg(sid(next(self._numbers)), LegKind.CUSTOMER, number, self.clock.up, parent.token, parent, limit=limit)
        leg.ring_until = self.clock.up + ring_seconds + TWILIO_ADDS_SECONDS
        self.on_dial(leg)
        busy = self.live_on(number)
        self.moves(self._add(leg), LegStatus.DIALLING)
        self.moves(leg, LegStatus.RINGING)
        if busy:
            self.ends(leg, LegStatus.BUSY)
        return leg

    def moves(self, leg: Leg, status: LegStatus) -> None:
        """Bring a leg on, and send the news of it."""
        leg.statuses.append((self.clock.up, status))
        if status is LegStatus.IN_PROGRESS:
            leg.answered = self.clock.up
        if status in FINAL_LEGS:
            talked = 0.0 if leg.answered is None else min(leg.limit, self.clock.up - leg.answered)
            leg.seconds = int(talked)
        if leg.kind is not LegKind.INBOUND or not leg.lives:
            # Of a caller's line the end alone is told: so the number's status callback is set up.
            self.letters.append(Letter(leg, status, leg.events, leg.seconds))
        leg.events += 1

    def ends(self, leg: Leg, status: LegStatus) -> None:
        """End a leg and, with an agent's, the customer's below it; one that is over stays as it is."""
        if not leg.lives:
            return
        queued = leg.status is LegStatus.QUEUED
        self.moves(leg, status)
        if queued and status is LegStatus.CANCELED:
            self.letters.pop()
        for child in [each for each in self.legs.values() if each.parent is leg]:
            self.ends(child, LegStatus.CANCELED if child.answered is None else LegStatus.COMPLETED)
        if leg.parent is not None and leg.parent.lives:
            self.on_child_end(leg)

    def leaves_the_queue(self, leg: Leg) -> None:
        """Ring at last."""
        self.moves(leg, LegStatus.DIALLING)
        leg.ring_until = self.clock.up + leg.ring_until - leg.began
        self.moves(leg, LegStatus.RINGING)

    def time_passed(self) -> None:
        """Do what falls due by itself: late calls, unanswered phones, silence on a line, talks at their limit."""
        now = self.clock.up
        due = [request for at, request in self._late if at <= now]
        self._late = [(at, request) for at, request in self._late if at > now]
        for request in due:
            self._begin(request, rings=True)
        for leg in list(self.legs.values()):
            if leg.status is LegStatus.RINGING and now >= leg.ring_until:
                self.ends(leg, LegStatus.NO_ANSWER)
            elif leg.status is LegStatus.QUEUED and now >= leg.began + QUEUE_SECONDS:
                self.ends(leg, LegStatus.CANCELED)
            elif leg.answered is not None and now >= min(leg.answered + leg.limit, self._silent_from(leg)):
                self.ends(leg, LegStatus.COMPLETED)

    def live_on(self, phone: str) -> list[Leg]:
        """Return what goes on at one telephone."""
        return [leg for leg in self.legs.values() if leg.phone == phone and leg.lives]

    def live(self, kind: LegKind) -> list[Leg]:
        """Return all legs of a kind that go on."""
        return [leg for leg in self.legs.values() if leg.kind is kind and leg.lives]

    def _begin(self, request: Request, *, rings: bool) -> None:
        call = request.call
        leg = Leg(sid(next(self._numbers)), LegKind.AGENT, call.to, self.clock.up, request.token)
        leg.ring_until = self.clock.up + call.ring_seconds + TWILIO_ADDS_SECONDS
        leg.limit = call.limit_seconds
        request.legs.append(self._add(leg))
        leg.statuses.append((self.clock.up, LegStatus.QUEUED))
        if rings:
            self.moves(leg, LegStatus.DIALLING)
            self.moves(leg, LegStatus.RINGING)

    def _add(self, leg: Leg) -> Leg:
        self.legs[leg.sid] = leg
        return leg

    def _silent_from(self, leg: Leg) -> float:
        return leg.stage_since + SILENCES.get(leg.stage, float("inf")) if leg.stage else float("inf")

    def _report(self, leg: Leg) -> LegReport:
        seen = self.clock.up - (STALE_SECONDS if self.lags else 0.0)
        status = next((word for at, word in reversed(leg.statuses) if at <= seen), leg.statuses[0][1])
        seconds = leg.seconds if status in FINAL_LEGS else None
        parent = leg.parent.sid if leg.parent else None
        sender = leg.phone if leg.kind is LegKind.INBOUND else HOTLINE
        return LegReport(leg.sid, status, leg.phone, sender, parent, seconds, leg.kind is LegKind.AGENT)

    def _fail(self) -> None:
        if self.trouble is not Trouble.NONE:
            message = "no answer: time-out"
            raise PhoneUncertain(message)
