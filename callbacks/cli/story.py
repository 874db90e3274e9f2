"""The demo's story: one call from the hotline to the closed ticket. Nothing here is told that was not read.

What people hear comes from the simulated telephones, what the service did from its history, mails and tickets. A step
that does not happen in time ends the story with exit code 1.
"""

import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import requests

from callbacks import wiring
from callbacks.cli import main as command
from callbacks.cli.sample_people import AGENTS, CUSTOMERS, PASSWORDS_FILE, PINS
from callbacks.cli.sample_scene import CHARACTERS_A_SECOND
from callbacks.ports import Services
from callbacks.store import board, hours
from callbacks.workflows import keeping_pins
from simulator.client import TelephoneError, Telephones

PATIENCE_SECONDS = 20.0
TALK_SECONDS = 247
EARLY_MINUTES = 20
MAILS = 2
"""The confirmation and the closing mail."""
CALLER = CUSTOMERS[1]
CALLERS_NUMBER = CALLER[3].split(";")[0]


class BrokenStory(Exception):
    """A step did not happen; the words say which."""


def tell(telephones_url: str, *, once: bool, parent: int) -> int:
    """Tell the story; 1 when a step of it did not happen. With `once`, `parent` is stopped after a good end."""
    services = wiring.of_this_process()
    story = Story(services, Telephones(telephones_url, patience=PATIENCE_SECONDS))
    try:
        story.begin()
        story.customer_calls()
        story.desk_opens()
        story.agent_answers()
        story.they_talk()
        story.ticket_is_closed()
        story.people_listen()
    except (BrokenStory, TelephoneError, requests.RequestException, RuntimeError) as trouble:
        print(f"\nThe story broke off: {trouble}", flush=True)
        return 1
    _say_addresses(telephones_url)
    if once and os.getppid() == parent:
        os.kill(parent, signal.SIGTERM)
    return 0


class Story:
    """The steps, in order."""

    def __init__(self, services: Services, telephones: Telephones) -> None:
        """Tell it with these telephones, on this service."""
        self._services = services
        self._telephones = telephones
        self._zone = services.rules.zone
        self._seen = 0
        self._opens = services.clock.now()
        self._customer_leg = self._agent_leg = ""
        self._told: dict[str, int] = {}

    def begin(self) -> None:
        """Wait for the service, let the sample people in, and set the clock to a moment when the desk is closed."""
        base = self._services.webhooks.public_base_url
        self._until("the service is ready", lambda: requests.get(f"{base}/readyz", timeout=5).ok)
        self._until("the telephones are there", lambda: self._speaks_at(0))
        for kind in ("customers", "agents"):
            if command(["import", kind, f"{kind}.csv"]) != 0:
                what = f"the {kind} could not be imported"
                raise BrokenStory(what)
        for name, pin in PINS.items():
            keeping_pins.set_pin(self._services, name, pin, "the demo")
        now = self._services.clock.now()
        with self._services.database.read() as session:
            window = hours.calendar(session, self._services.rules).next_window(now + timedelta(minutes=EARLY_MINUTES))
        self._opens = window.opens if window.opens > now else self._next_opening(window.closes)
        self._set_clock(self._opens - timedelta(minutes=EARLY_MINUTES))
        self._title("The desk is closed")

    def customer_calls(self) -> None:
        """A customer dials the hotline, presses 1 for an outage, and confirms his number."""
        number = CALLERS_NUMBER
        self._say(f"{CALLER[2]} of {CALLER[0]} ({number}) dials {self._services.rules.hotline}")
        sid = self._telephones.places_call(number)
        for key in ("1", "1"):
            self._telephones.call(sid, until="gathering")
            self._hears(sid, "customer")
            self._telephones.presses(sid, key)
            self._say(f"   the customer presses {key}")
        self._telephones.call(sid, until="ended")
        self._hears(sid, "customer")
        self._until("the call-back waits", lambda: self._state() == "waiting")
        self._tell_history()
        self._until("the confirmation is mailed", lambda: len(self._telephones.mails()) >= 1)
        self._tell_mails()
        if self._ringing_agent() is not None:
            what = "a phone rings although the desk is closed"
            raise BrokenStory(what)
        self._say("   no agent's phone rings: the desk is closed")

    def desk_opens(self) -> None:
        """The window opens, and an agent's phone rings."""
        self._set_clock(self._opens)
        self._title("The desk opens")
        self._until("an agent's phone rings", lambda: self._ringing_agent() is not None)
        name, self._agent_leg = self._ringing_agent() or ("", "")
        self._tell_history()
        self._say(f"   the phone of {name} rings")

    def agent_answers(self) -> None:
        """The agent hears who and why, and accepts; the customer's phone rings, and he answers."""
        self._telephones.answers(self._agent_leg)
        self._telephones.call(self._agent_leg, until="gathering")
        self._hears(self._agent_leg, "agent")
        self._telephones.presses(self._agent_leg, "1")
        self._say("   the agent presses 1")
        leg = self._telephones.rings(CALLERS_NUMBER)
        self._say(f"   the customer's phone rings, and shows {leg['from_']}")
        self._customer_leg = leg["sid"]
        self._telephones.answers(self._customer_leg)
        self._telephones.call(self._customer_leg, until="bridged")
        self._hears(self._customer_leg, "customer")
        self._tell_history()

    def they_talk(self) -> None:
        """They talk for some minutes; the agent keys how it ended."""
        self._title("They talk")
        self._set_clock(self._services.clock.now() + timedelta(seconds=TALK_SECONDS))
        self._telephones.hangs_up(self._customer_leg)
        self._telephones.call(self._agent_leg, until="gathering")
        self._hears(self._agent_leg, "agent")
        self._telephones.presses(self._agent_leg, "1")
        self._say("   the agent presses 1: solved")
        self._telephones.call(self._agent_leg, until="ended")
        self._hears(self._agent_leg, "agent")

    def ticket_is_closed(self) -> None:
        """The ticket is closed, its minutes stand on it, and the customer gets a closing mail."""
        self._until("the ticket is closed", lambda: self._ticket().state == "closed")
        self._until("the closing mail is sent", lambda: len(self._telephones.mails()) >= MAILS)
        self._tell_history()
        self._tell_mails()
        ticket = self._ticket()
        if ticket.minutes_worked < 1:
            what = "the ticket shows no minutes"
            raise BrokenStory(what)
        self._title("The ticket")
        worked = f"{ticket.state}, {ticket.minutes_worked} minutes worked"
        self._say(f"   {ticket.number}: {ticket.company}, {ticket.contact}, {worked}")

    def people_listen(self) -> None:
        """Leave the telephones to whoever opens their page."""
        self._speaks_at(CHARACTERS_A_SECOND)

    def _speaks_at(self, rate: float) -> bool:
        self._telephones.pace(rate)
        return True

    def _ringing_agent(self) -> tuple[str, str] | None:
        for agent in (row for row in AGENTS[1:] if row[1]):
            for leg in self._telephones.phone(agent[1], wait=0)["legs"]:
                if leg["status"] == "ringing":
                    return agent[0], leg["sid"]
        return None

    def _next_opening(self, after: datetime) -> datetime:
        with self._services.database.read() as session:
            return hours.calendar(session, self._services.rules).next_open(after)

    def _set_clock(self, instant: datetime) -> None:
        # It moves the service's own clock first, and its own to the very same instant.
        self._telephones.set_now(instant)

    def _state(self) -> str:
        with self._services.database.read() as session:
            return str(board.callbacks(session)[0].state)

    def _ticket(self) -> "board.TicketRow":
        with self._services.database.read() as session:
            return board.tickets(session)[0]

    def _tell_mails(self) -> None:
        for mail in self._telephones.mails()[:1]:
            self._say(f"   mail to {mail['to']}: {mail['subject']}")

    def _hears(self, sid: str, who: str) -> None:
        call = self._telephones.call(sid, wait=0)
        heard = [line["text"] for line in call["transcript"] if line["verb"] == "Say"]
        for text in heard[self._told.get(sid, 0) :]:
            self._say(f"   the {who} hears: {text}")
        self._told[sid] = len(heard)

    def _tell_history(self) -> None:
        with self._services.database.read() as session:
            for row in board.history_since(session, self._seen):
                self._seen = row.id
                at = row.at.astimezone(self._zone)
                old = f"{row.old_state} → " if row.old_state and row.old_state != row.new_state else ""
                change = f"{old}{row.new_state} ({row.who}: {row.why})"
                self._say(f"   {at:%H:%M:%S} {row.subject} {row.subject_id}: {change}")

    def _title(self, words: str) -> None:
        at = self._services.clock.now().astimezone(self._zone)
        print(f"\n{words} ({at:%A %d %B %H:%M})", flush=True)

    def _say(self, words: str) -> None:
        print(words, flush=True)

    def _until(self, what: str, happened: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if happened():
                    return
            except (requests.RequestException, IndexError):
                pass
            if time.monotonic() > end:
                late = f"{what}: not within {PATIENCE_SECONDS:.0f} seconds"
                raise BrokenStory(late)
            time.sleep(0.1)


def _say_addresses(telephones_url: str) -> None:
    settings = wiring.settings()
    print("\nThe service stays up; Ctrl-C ends it.")
    print(f"\n   Open       {telephones_url}/console/\n")
    print(f"   schedule   {settings.public_base_url}/schedule")
    print(f"   passwords  {settings.home / PASSWORDS_FILE} (the links on the page above need none)")
    pins = ", ".join(f"{row[0]} ({row[1]}) {PINS[row[0]]}" for row in AGENTS[1:] if row[0] in PINS)
    print(f"   PINs       {pins}: dial the hotline from an agent's telephone", flush=True)
