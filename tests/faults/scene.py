"""People who do what people do while processes die around them: dial, press 1, pick up, talk.

A story with fixed lines cannot be told here: who hears an error, and when, is what is found out.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import func, select

from models.callback import Attempt, Callback, CallLeg
from models.history import History
from models.outbox import OutboxMail
from models.vocabulary import CLOSED_ATTEMPTS, FINAL_LEGS, AgentState, CallbackState, CustomerOutcome, MailState
from simulator.client import Call, TelephoneError, Telephones
from tests.journeys.desk import Desk
from tests.journeys.legs_and_attempts import FINAL
from tests.journeys.phones import Person
from tests.journeys.watching import LOOK_SECONDS

QUIET_SECONDS = 7.0
"""The clock looks every five seconds even without a bell: after seven nothing goes on by itself."""
AT_MOST_SECONDS = 75.0
"""Less than what ends the whole test process."""
DIALS_AGAIN_AFTER = 1.0
SETTLED = frozenset({CallbackState.DONE, CallbackState.NEEDS_HUMAN})
SIGNS = frozenset({"leg", "webhook"})

Entry = dict[str, Any]


class Scene:
    """Customers and agents at their telephones, until every customer was talked to or is shown to a person."""

    def __init__(self, desk: Desk, customers: Sequence[Person], talk_seconds: float | None = None) -> None:
        """A talk lasts so many real seconds. None: both clocks are moved by forty, where nobody else is on a line."""
        self.desk = desk
        self.customers = customers
        self.agents: Sequence[Person] = ()
        """Those who may be paused, and come back by themselves."""
        self.hangs_up_early = False
        self.may_move_the_clocks = True
        self.pauses: Callable[[], None] = lambda: None
        """Waited for before anybody does anything, as long as people take to look at their telephones."""
        self.at_the_end_of_a_talk: Callable[[], None] = lambda: None
        self.before_the_outcome: Callable[[], None] = lambda: None
        self._talk_seconds = talk_seconds
        # Nobody waits here for what can be done at another look.
        self._phones = Telephones(desk.stack.telephones.base_url, patience=0.5)
        self._entries: list[Entry] = []
        self._legs: dict[str, Entry] = {}
        self._ended: dict[str, float] = {}
        self._talking: dict[str, float] = {}
        self._inbound: dict[str, str] = {}
        self._signature: object = None
        self._since = time.monotonic()

    def dials(self, customer: Person) -> None:
        """Let a customer dial the hotline."""
        with suppress(TelephoneError):
            self._inbound[customer.number] = customer.dials_in().sid

    def plays(self, what: str, ends: Callable[[], object] | None = None, seconds: float = AT_MOST_SECONDS) -> None:
        """Let everybody do what he does until it `ends`: by default when everybody is served, and all is quiet."""
        done = ends or self.everybody_is_served
        self.plays_for(seconds, lambda: bool(done()))
        assert done(), f"{what}: not within {seconds:.0f} seconds"

    def plays_for(self, seconds: float, ends: Callable[[], bool] = lambda: False) -> None:
        """Let everybody do what he does for so many seconds, or until it `ends`."""
        give_up = time.monotonic() + seconds
        self._since = time.monotonic()
        self._look()
        while not ends() and time.monotonic() < give_up:
            self._wait_for_time()
            time.sleep(LOOK_SECONDS)
            self._look()

    def everybody_is_served(self) -> bool:
        """Say whether whoever dialled has a call-back, every call-back came to its end, and nothing is under way."""
        if not self.all_hung_up():
            return False
        with self.desk.stack.services.database.read() as session:
            rows = session.execute(select(Callback.number, Callback.state)).all()
            live = session.scalar(select(func.count(Attempt.id)).where(Attempt.state.not_in(CLOSED_ATTEMPTS)))
            unsent = (MailState.PENDING, MailState.SENDING)
            lines = session.scalar(select(func.count(CallLeg.call_sid)).where(CallLeg.status.not_in(FINAL_LEGS)))
            mails = session.scalar(select(func.count(OutboxMail.id)).where(OutboxMail.state.in_(unsent)))
        known = {row.number for row in rows}
        return (
            known.issuperset(self._inbound)
            and all(row.state in SETTLED for row in rows)
            and not live
            and not lines
            and not mails
        )

    def is_quiet_and(self, state: CallbackState) -> bool:
        """Say whether the one call-back is in this state while nobody is on any line."""
        return self.all_hung_up() and [row.state for row in self.desk.callbacks()] == [state]

    def all_hung_up(self) -> bool:
        """Say whether nobody is on any line."""
        return all(entry["status"] in FINAL for entry in self._legs.values())

    def rings(self, person: Person) -> int:
        """Return how often a telephone was rung by us so far."""
        return len({entry["sid"] for entry in self._entries if _rings(entry) and entry["to"] == person.number})

    def talks(self, person: Person) -> int:
        """Return how often somebody was joined with an agent, by the network's own word."""
        joined = (entry for entry in self._entries if entry["kind"] == "leg" and entry.get("bridged_to"))
        return len({entry["sid"] for entry in joined if entry["to"] == person.number})

    def everybody_was_reached_once(self) -> None:
        """Make sure that every call-back was talked about exactly once, or is shown to a person with its reason."""
        with self.desk.stack.services.database.read() as session:
            for callback in session.scalars(select(Callback)):
                of_it = Attempt.callback_id == callback.id
                talks = session.scalars(
                    select(Attempt.id).where(of_it, Attempt.customer_outcome == CustomerOutcome.BRIDGED)
                ).all()
                story = f"call-back {callback.id} is {callback.state} ({callback.why}) after {len(talks)} talks"
                if callback.state is CallbackState.NEEDS_HUMAN:
                    assert callback.why, story
                    assert len(talks) <= 1, story
                else:
                    assert callback.state is CallbackState.DONE, story
                    assert len(talks) == 1, story
        for customer in self.customers:
            callbacks = sum(row.number == customer.number for row in self.desk.callbacks())
            assert self.talks(customer) <= callbacks, f"{customer.name} was talked to {self.talks(customer)} times"

    # ---- What people do

    def _look(self) -> None:
        last = self._entries[-1]["n"] if self._entries else self.desk.first_entry
        for entry in self.desk.stack.telephones.journal(after=last):
            self._entries.append(entry)
            if entry["kind"] == "leg":
                self._notice(entry)
        live = [sid for sid, entry in self._legs.items() if entry["status"] not in FINAL]
        if live:
            self.pauses()
        for sid in live:
            # What a leg waits for may be gone by the time somebody does it.
            with suppress(TelephoneError):
                self._act(self._phones.call(sid, wait=0))
        for customer in self.customers:
            self._dials_again(customer)

    def _notice(self, entry: Entry) -> None:
        sid = str(entry["sid"])
        if sid not in self._legs and entry["direction"] != "inbound":
            for person in self.desk.people:
                if person.number == entry["to"]:
                    person.claimed.append(sid)
        self._legs[sid] = entry
        if entry["status"] in FINAL:
            self._ended.setdefault(sid, time.monotonic())

    def _act(self, call: Call) -> None:
        sid = call["sid"]
        if call["status"] == "ringing" and call["direction"] != "inbound":
            # He picks up after the service was told that it rings: people are slow.
            if not call["undelivered"]:
                self._phones.answers(sid)
        elif call["gathering"] is not None:
            self._hears_a_question(call)
        elif call["bridged"] and call["direction"] == "outbound-dial":
            self._talking.setdefault(sid, time.monotonic())
            if self._has_talked(sid):
                self.at_the_end_of_a_talk()
                self._phones.hangs_up(sid)

    def _dials_again(self, customer: Person) -> None:
        """Let somebody who heard an error dial again; whose key was kept is called without another word."""
        sid = self._inbound.get(customer.number)
        if sid is None or time.monotonic() - self._ended.get(sid, time.monotonic()) < DIALS_AGAIN_AFTER:
            return
        with self.desk.stack.services.database.read() as session:
            kept = session.scalar(select(Callback.id).where(Callback.number == customer.number).limit(1))
        if kept is None:
            self.dials(customer)

    def _hears_a_question(self, call: Call) -> None:
        """Press 1, which is an outage, yes, accept, and solved."""
        heard = " ".join(line["text"] for line in call["transcript"])
        if self.hangs_up_early and call["direction"] == "inbound" and "Klopt dat" in heard:
            self._phones.hangs_up(call["sid"])
            return
        if "Hoe is het afgelopen" in heard:
            if any(self._phones.call(sid, wait=0)["undelivered"] for sid in self._legs if sid != call["sid"]):
                return
            self.before_the_outcome()
        self._phones.presses(call["sid"], "1")

    def _has_talked(self, sid: str) -> bool:
        if self._talk_seconds is None:
            self.desk.passes(seconds=40)
            return True
        return time.monotonic() - self._talking[sid] >= self._talk_seconds

    # ---- What only time mends

    def _wait_for_time(self) -> None:
        """Move the clocks when nothing goes on by itself: only leases, horizons and rests are left to wait for."""
        with self.desk.stack.services.database.read() as session:
            moves = session.scalar(select(func.count(History.id)))
            rest = session.scalar(
                select(func.max(Callback.not_before)).where(Callback.state == CallbackState.RESTING),
            )
        signature = (sum(entry["kind"] in SIGNS for entry in self._entries), moves)
        if signature != self._signature:
            self._signature, self._since = signature, time.monotonic()
        if not self.may_move_the_clocks or time.monotonic() - self._since < QUIET_SECONDS:
            return
        for agent in self.agents:
            # Three calls that broke off in a row have paused him; he sees it on the desk and says that he is there.
            if self.desk.state_of(agent).state is AgentState.PAUSED:
                self.desk.comes_on_duty(agent)
        seconds = 305.0
        if rest is not None:
            seconds = max(seconds, (rest - self.desk.now()).total_seconds() + 1)
        self.desk.passes(seconds=seconds)
        self._since = time.monotonic()


def _rings(entry: Entry) -> bool:
    outgoing: bool = entry["kind"] == "leg" and entry["direction"] != "inbound"
    return outgoing and entry["status"] == "ringing"
