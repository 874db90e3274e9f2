"""What the telephones do with our documents: agents, customers and callers press keys, and the network asks us on.

A document is asked for while somebody waits on the line. Where the process that should answer is killed, the network
asks the same once more (the fallback address, docs/protocol.md §3.4) or gives up, and then the line ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from callbacks.ports import Services
from callbacks.rules.phone_numbers import NumberRefused
from callbacks.store.legs import LegNews
from callbacks.workflows import bridging, reclassifying, registering, releasing, telling, wrapping_up
from callbacks.workflows.registering import Line
from callbacks.workflows.ringing_customer import DialOrder, Refusal
from callbacks.workflows.telling import AfterTalk, DialResult
from models.vocabulary import CustomerOutcome, LegKind, LegStatus, Option, TalkOutcome
from tests.stories.legs import Leg, Letter, Stage
from tests.stories.network import Network
from tests.stories.power import MortalDatabase, Process

Document = TypeVar("Document")

WHISPER_SECONDS = 5
OUTCOMES = {
    "1": TalkOutcome.SOLVED,
    "2": TalkOutcome.CALL_AGAIN,
    "3": TalkOutcome.VISIT,
    "4": TalkOutcome.WRONG_PERSON,
}


@dataclass
class Conversations:
    """Everybody who is on a line of ours. `words` are numbers that callers have shown or confirmed, by ticket."""

    services: Services
    network: Network
    database: MortalDatabase
    asks_again: bool = True
    says_whether_bridged: bool = True
    lines: dict[str, Line] = field(default_factory=dict)
    words: dict[int, set[str]] = field(default_factory=dict)
    _typed: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    # ---- Callers of the hotline

    def rings_the_hotline(self, phone: str, shows: str) -> Leg:
        """Let somebody ring; `shows` is his caller ID as the network passes it on."""
        leg = self.network.rings_in(phone)
        self.shown[leg.sid] = shows
        line = self._asked(leg, lambda: registering.meets(self.services, leg.sid, shows))
        if line is not None:
            self._hears(leg, Stage.MENU, line)
        return leg

    def chooses(self, leg: Leg, option: Option) -> None:
        """Let a caller press 1 or 2 in the menu."""
        event = f"{leg.sid}|menu|1|{option.value}"
        line = self._asked(leg, lambda: registering.chooses(self.services, self.lines[leg.sid], option, event))
        if line is None:
            return
        if line.ticket is None:
            # Enough is open for his number: he hears that we know.
            assert line.callback_id is not None, "he pressed a key, and nothing is known of it"
            self._hears(leg, Stage.FAREWELL, line)
            return
        self._hears(leg, Stage.NUMBER, line)
        self.words[self._ticket(leg)] = {self.shown[leg.sid]}

    def keys_in(self, leg: Leg, number: str) -> None:
        """Let a caller type a number, given as E.164, unless he is asked for none."""
        if leg.stage is Stage.FAREWELL:
            return
        leg.events += 1
        event = f"{leg.sid}|typed|{leg.events}"

        def keys() -> bool:
            try:
                registering.keys_in(self.services, self.lines[leg.sid], _national(number), event)
            except NumberRefused:
                return False
            return True

        if self._asked(leg, keys) and leg.lives:
            leg.stage = Stage.READ_BACK
            self._typed[leg.sid] = number

    def concludes(self, leg: Leg, *, confirmed: bool) -> None:
        """Let a caller say that the number is right, or say nothing, and hear his ticket's number."""
        if leg.stage is Stage.FAREWELL:
            return
        if confirmed:
            self.words[self._ticket(leg)].add(self._typed.get(leg.sid) or self.shown[leg.sid])
        event = f"{leg.sid}|{leg.stage}|end"
        line = self.lines[leg.sid]
        said = self._asked(leg, lambda: registering.concludes(self.services, line, event, confirmed=confirmed))
        if leg.lives:
            assert said is not None, "he chose, and nothing is known of it"
            assert said.ticket == line.ticket, f"he is told of ticket {said.ticket}, and his is {line.ticket}"
            leg.stage = Stage.FAREWELL

    def hears_goodbye(self, leg: Leg) -> None:
        """Let our last document hang up."""
        self._asked(leg, lambda: releasing.says_goodbye(self.services, leg.sid))
        self.network.ends(leg, LegStatus.COMPLETED)

    # ---- Agents and customers

    def agent_answers(self, leg: Leg) -> None:
        """Let an agent pick up, and hear who waits."""
        self.network.moves(leg, LegStatus.IN_PROGRESS)
        briefing = self._asked(leg, lambda: bridging.answered(self.services, leg.token, leg.sid))
        if briefing is None:
            return
        if isinstance(briefing, Refusal):
            self._stays(leg, Stage.BYE)
        else:
            leg.ticket = briefing.ticket
            self._stays(leg, Stage.WHISPER)

    def agent_accepts(self, leg: Leg) -> None:
        """Let an agent press 1; his document may dial the customer."""
        document = self._asked(leg, lambda: bridging.accepted(self.services, leg.token, leg.sid, _written))
        if document is None:
            return
        if isinstance(document, Refusal):
            self._stays(leg, Stage.BYE)
            return
        number, ring_seconds, limit = document.split()
        self._stays(leg, Stage.DIALLING)
        self.network.dials(leg, number, float(ring_seconds), float(limit))

    def agent_declines(self, leg: Leg) -> None:
        """Let an agent press 2."""
        self._asked(leg, lambda: bridging.declined(self.services, leg.token, leg.sid))
        self._stays(leg, Stage.BYE)

    def agent_states(self, leg: Leg, key: str) -> None:
        """Let an agent key how the talk ended, or 5: it was (not) an outage."""
        if key in OUTCOMES:
            self._asked(leg, lambda: wrapping_up.outcome_by_key(self.services, leg.token, leg.sid, OUTCOMES[key]))
            self._stays(leg, Stage.BYE)
            return
        leg.events += 1
        event = f"{leg.sid}|outcome|{leg.events}|{key}"
        self._asked(leg, lambda: reclassifying.reclassify_by_key(self.services, leg.token, leg.sid, event))

    def customer_answers(self, leg: Leg) -> None:
        """Let a customer pick up; he hears who calls."""
        parent = leg.parent.sid if leg.parent else None
        self.network.moves(leg, LegStatus.IN_PROGRESS)
        heard = self._asked(leg, lambda: bridging.customer_answered(self.services, leg.token, leg.sid, parent))
        leg.whispered = heard is not None
        if heard is None:
            self.network.ends(leg, LegStatus.COMPLETED)

    def child_ended(self, leg: Leg) -> None:
        """Ask how the agent's leg goes on, now that the customer's side has ended (the Dial action)."""
        parent = leg.parent
        assert parent is not None
        bridged = talked(leg) if self.says_whether_bridged else None
        result = DialResult(leg.status, leg.sid, leg.seconds, bridged)
        after: AfterTalk | None = self._asked(
            parent, lambda: telling.dial_ended(self.services, parent.token, parent.sid, result)
        )
        asks = after is not None and after.customer is CustomerOutcome.BRIDGED
        self._stays(parent, Stage.OUTCOME if asks else Stage.BYE)

    # ---- News

    def told(self, letter: Letter) -> None:
        """Deliver a status callback; nobody asks again where it is not taken in."""
        leg = letter.leg
        if leg.kind is LegKind.INBOUND:
            end = (leg.sid, letter.status, letter.number, letter.seconds)
            self._once(lambda: releasing.hangs_up(self.services, *end))
            return
        parent = leg.parent.sid if leg.parent else None
        news = LegNews(leg.sid, leg.kind, letter.status, letter.number, letter.seconds, parent, leg.phone)
        self._once(lambda: telling.told(self.services, leg.token, news, f"{leg.sid}|callback|{letter.number}"))

    # ---- One request of the network's

    def _asked(self, leg: Leg, question: Callable[[], Document]) -> Document | None:
        answers: list[Document] = []
        for _ in range(2 if self.asks_again else 1):
            if self._once(lambda: answers.append(question())):
                leg.told = True
                return answers[-1]
        self.network.ends(leg, LegStatus.COMPLETED)
        return None

    def _once(self, work: Callable[[], object]) -> bool:
        return self.database.lives_through(Process.TELEPHONE, work)

    def _hears(self, leg: Leg, stage: Stage, line: Line) -> None:
        if leg.lives:
            leg.stage = stage
        self.lines[leg.sid] = line

    def _ticket(self, leg: Leg) -> int:
        ticket = self.lines[leg.sid].ticket
        assert ticket is not None, "he pressed a key, and there is no ticket"
        return ticket

    def _stays(self, leg: Leg, stage: Stage) -> None:
        if leg.lives:
            leg.stage, leg.stage_since = stage, self.network.clock.up


def talked(leg: Leg) -> bool:
    """Say whether a customer's leg that is over was a talk: he heard the whisper out."""
    return leg.status is LegStatus.COMPLETED and leg.whispered and (leg.seconds or 0) >= WHISPER_SECONDS


def _written(order: DialOrder) -> str:
    return f"{order.number} {order.ring_seconds} {order.limit_seconds}"


def _national(number: str) -> str:
    return "0" + number[3:] if number.startswith("+32") else "00" + number[1:]
