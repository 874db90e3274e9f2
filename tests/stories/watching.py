"""What must hold at the very moment a telephone rings (docs/protocol.md §2 to §4), asked of the network, not of us.

The exceptions that the protocol allows are written out beside each check. All others are wrongs; they are kept in a
list, because sweeps log what is raised inside them.
"""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from callbacks.store import legs
from models.callback import Attempt, Callback
from models.history import History
from models.ticket import Ticket, TimeEntry
from models.vocabulary import AttemptState, LegKind, Subject
from tests.stories.clocks import seconds_to_closing
from tests.stories.conversations import talked
from tests.stories.desk import Desk
from tests.stories.legs import Answer, Leg, Request, Stage
from tests.stories.phonebook import AGENTS, ORDINARY, whose

LAST_CALL_MARGIN = 120.0
ENOUGH_LISTINGS = 8
SENT_TIMES_LIMIT = 5
PLACED_NOTHING = frozenset({Answer.TOO_MANY, Answer.NOT_SENT})


@dataclass
class Watch:
    """Looks on."""

    desk: Desk
    wrongs: list[str] = field(default_factory=list)
    _of_attempt: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def agent_is_asked_for(self, request: Request) -> None:
        """Judge a request for an agent's phone, before the network answers it."""
        to = request.call.to
        attempt, callback, ticket = self._find(request.token)
        self._holds(to in AGENTS.values(), f"{to} is rung, and is no agent's phone")
        self._is_open_for(LAST_CALL_MARGIN, to, strictly=True)
        for leg in self._going_on(to):
            self._wrong(f"{whose(to)} is rung while {leg} goes on")
        self._may_dial(ticket, whose(to))
        for before in self.desk.network.requests:
            same_attempt, same_callback, _ = self._find(before.token)
            if same_attempt == attempt:
                self._holds(before.answer in PLACED_NOTHING, f"attempt {attempt} is sent again after: {before.answer}")
            elif same_callback == callback:
                self._is_out_of_doubt(before, ticket)

    def customer_is_dialled(self, leg: Leg) -> None:
        """Judge a customer's leg, before it rings."""
        desk, parent, number = self.desk, leg.parent, leg.phone
        assert parent is not None
        assert parent.ticket is not None, "an agent accepted what he was not told of"
        _, _, ticket = self._find(leg.token)
        self._holds(ticket == parent.ticket, f"the agent was told of ticket {parent.ticket} and is given {ticket}")
        self._holds(number in ORDINARY, f"{number} is dialled")
        words = desk.talks.words.get(ticket, set())
        self._holds(number in words, f"{number} is dialled for ticket {ticket}, whose caller gave {sorted(words)}")
        self._is_open_for(leg.ring_until - desk.clock.up, number, strictly=False)
        for other in self._going_on(number):
            self._wrong(f"{whose(number)} is rung while {other} goes on")
        for line in desk.network.live(LegKind.INBOUND):
            # A line that never got an answer from us is one we know nothing of.
            known = line.told and not line.given_up
            if desk.talks.shown[line.sid] == number and known:
                self._wrong(f"{whose(number)} is rung while he is on the hotline")
        self._may_dial(ticket, whose(number))
        twins = [each for each in desk.network.legs.values() if each.parent and each.token == leg.token]
        self._holds(not twins, f"{whose(number)} is dialled twice for one attempt")
        self._holds(self._dialled_once(leg.token, parent.sid), "a customer's leg without its one statement")

    def talks_are_written_down(self) -> None:
        """Judge, when all is over, what the tickets say of each customer's leg. Raises AssertionError."""
        for leg in self.desk.network.legs.values():
            if leg.kind is not LegKind.CUSTOMER or leg.given_up or (leg.parent and leg.parent.given_up):
                continue
            attempt_id, _, ticket = self._find(leg.token)
            with self.desk.database.real.read() as session:
                seconds = session.scalars(select(TimeEntry.seconds).where(TimeEntry.attempt_id == attempt_id)).all()
            truth = [leg.seconds] if talked(leg) else []
            assert seconds == truth, f"{leg} was {truth} seconds of talk, and ticket {ticket} says {seconds}"

    def _is_open_for(self, seconds: float, phone: str, *, strictly: bool) -> None:
        left = seconds_to_closing(self.desk.clock.at, self.desk.closures.values())
        enough = left > seconds if strictly else left >= seconds
        self._holds(enough, f"{whose(phone)} is rung {left:.0f} s before closing")

    def _going_on(self, phone: str) -> list[Leg]:
        """Return legs of ours on a telephone, but those we asked about in vain often enough to let them go."""
        ours = [leg for leg in self.desk.network.live_on(phone) if leg.kind is not LegKind.INBOUND]
        return [leg for leg in ours if not leg.given_up]

    def _may_dial(self, ticket: int, who: str) -> None:
        # Whoever decides in the very step of the request may come a moment too late.
        cancelled, stopped = self.desk.cancelled.get(ticket), self.desk.stopped
        if cancelled is not None and cancelled < self.desk.step:
            self._wrong(f"{who} is rung for ticket {ticket}, which was cancelled")
        if stopped is not None and stopped < self.desk.step:
            self._wrong(f"{who} is rung while dialling is stopped")

    def _is_out_of_doubt(self, before: Request, ticket: int) -> None:
        """Judge an earlier request for the same call-back: either we know what came of it, or we asked often enough."""
        attempt_id, _, _ = self._find(before.token)
        with self.desk.database.real.read() as session:
            attempt = session.get_one(Attempt, attempt_id)
            known = attempt.call_sid is not None or attempt.state in {AttemptState.REJECTED, AttemptState.WITHDRAWN}
            given_up = before.answer in PLACED_NOTHING and attempt.sent_times >= SENT_TIMES_LIMIT
        if not known and not given_up and before.listings < ENOUGH_LISTINGS:
            self._wrong(f"ticket {ticket} is sent again; the network was asked {before.listings} times")
        for leg in before.legs:
            # He who declined hears a last sentence while the next agent's phone rings already.
            if leg.lives and leg.stage is not Stage.BYE and not leg.given_up:
                self._wrong(f"an agent is rung for ticket {ticket} while {leg} goes on for it")

    def _find(self, token: str) -> tuple[int, int, int]:
        """Return attempt, call-back and ticket of a secret; a request put back after 429 gets a new one."""
        if token not in self._of_attempt:
            with self.desk.database.real.read() as session:
                found = session.execute(
                    select(Attempt.id, Attempt.callback_id, Ticket.number)
                    .join(Callback, Callback.id == Attempt.callback_id)
                    .join(Ticket, Ticket.id == Callback.ticket_id)
                    .where(Attempt.token_digest == legs.digest(token)),
                ).one()
            self._of_attempt[token] = (found[0], found[1], found[2])
        return self._of_attempt[token]

    def _dialled_once(self, token: str, parent_sid: str) -> bool:
        attempt_id, _, _ = self._find(token)
        with self.desk.database.real.read() as session:
            attempt = session.get_one(Attempt, attempt_id)
            moves = session.scalar(
                select(func.count()).where(
                    History.subject == Subject.ATTEMPT,
                    History.subject_id == attempt_id,
                    History.old_state == AttemptState.AGENT_ACCEPTED,
                    History.new_state == AttemptState.CUSTOMER_DIALLING,
                ),
            )
            return moves == 1 and attempt.dialled_at is not None and attempt.call_sid == parent_sid

    def _holds(self, condition: bool, otherwise: str) -> None:
        if not condition:
            self._wrong(otherwise)

    def _wrong(self, words: str) -> None:
        self.wrongs.append(words)
