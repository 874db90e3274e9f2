"""Ann at her desk: a customer of hers with a past, and her next call-back at every point of its way."""

import io
import wave
from datetime import timedelta

from sqlalchemy import update

from models.agent import Agent
from models.callback import Attempt, Callback
from models.customer import Contact, ContactNumber
from models.history import History
from models.ticket import FollowUp, Ticket, TicketNote, VoiceMessage
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    Agreement,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Language,
    Option,
    Subject,
    TalkOutcome,
    TicketState,
)
from tests.web.desk import Desk

MESSAGE = "RE" + "a" * 32
BEFORE_THE_CUSTOMER = (AttemptState.RESERVED, AttemptState.SENDING)


def peeters(desk: Desk) -> tuple[int, int]:
    """Return a managed customer with two contacts."""
    bakery = desk.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470111111")
    with desk.database.write() as session:
        session.get_one(Contact, bakery[1]).email = "lien@peeters.example"
        son = Contact(customer_id=bakery[0], name="Wout Peeters", email=None, language=Language.FR)
        session.add(son)
        session.flush()
        session.add(ContactNumber(contact_id=son.id, number="+32470111222"))
    return bakery


def with_a_past(desk: Desk, customer: tuple[int, int], agent: int) -> int:
    """Let the customer wait, with an earlier ticket, a note, a task and a message; return the call-back."""
    old = desk.promise(
        customer, "+32470111111", 3000, state=CallbackState.DONE, ticket_state=TicketState.CLOSED,
        outcome=TalkOutcome.SOLVED, closed_at=desk.clock.now(),
    )  # fmt: skip
    promised = desk.clock.now() - timedelta(minutes=20), desk.clock.now() + timedelta(minutes=10)
    waiting = desk.promise(
        customer, "+32470111111", 55, Option.OUTAGE, tries=1, promise_from=promised[0], promise_to=promised[1]
    )
    with desk.database.write() as session:
        before = session.get_one(Callback, old).ticket_id
        ticket = session.get_one(Callback, waiting).ticket_id
        session.get_one(Ticket, before).subject = "Kassa print niet"
        session.get_one(Ticket, ticket).subject = "Oven en kassa vallen uit"
        at = desk.clock.now() - timedelta(minutes=30)
        session.add(TicketNote(ticket_id=ticket, agent_id=agent, written_at=at, body="Zekering 4 springt telkens."))
        session.add(FollowUp(ticket_id=before, agent_id=agent, body="Toner bestellen", entered_at=at, due_at=at))
        session.add(
            VoiceMessage(recording_sid=MESSAGE, ticket_id=ticket, call_sid="CA" + "1" * 32, seconds=72, left_at=at)
        )
    desk.attempt(
        waiting, agent, 25, AttemptState.ENDED,
        agent_outcome=AgentOutcome.ACCEPTED, customer_outcome=CustomerOutcome.NO_ANSWER,
    )  # fmt: skip
    return waiting


def offered(
    desk: Desk, callback_id: int, agent: int, state: AttemptState, rings_in: float = 0, since_minutes: float = 0
) -> int:
    """Let the call-back be hers, as far on its way as `state` says; her phone rings in so many seconds."""
    now = desk.clock.now()
    before = state in BEFORE_THE_CUSTOMER
    attempt = desk.attempt(callback_id, agent, since_minutes, state, since_minutes, n=2)
    with desk.database.write() as session:
        rings_at = now + timedelta(seconds=rings_in)
        session.execute(
            update(Attempt)
            .where(Attempt.id == attempt)
            .values(ring_at=rings_at, lease_until=rings_at + timedelta(seconds=45))
        )
        session.execute(
            update(Callback)
            .where(Callback.id == callback_id)
            .values(state=CallbackState.PREPARING if before else CallbackState.ACTIVE, fence=1)
        )
    becomes(desk, agent, AgentState.RESERVED if before else AgentState.ON_CALL)
    return attempt


def becomes(desk: Desk, agent: int, state: AgentState, **columns: object) -> None:
    """Put her where she is now, with the history row that lets her page be drawn again."""
    now = desk.clock.now()
    with desk.database.write() as session:
        old = session.get_one(Agent, agent).state
        session.execute(update(Agent).where(Agent.id == agent).values(state=state, state_since=now, **columns))
        session.add(
            History(
                at=now, subject=Subject.AGENT, subject_id=agent, old_state=old, new_state=state, who="test", why="test"
            )
        )


def ends(desk: Desk, attempt: int, customer: CustomerOutcome, callback: CallbackState = CallbackState.WRAP_UP) -> None:
    """Let the customer's side of her call end."""
    with desk.database.write() as session:
        row = session.get_one(Attempt, attempt)
        row.state, row.customer_outcome, row.agent_outcome = AttemptState.ENDED, customer, AgentOutcome.ACCEPTED
        row.ended_at, row.talk_seconds = desk.clock.now(), 185 if customer is CustomerOutcome.BRIDGED else 0
        session.get_one(Callback, row.callback_id).state = callback


def sound(seconds: int) -> bytes:
    """Return silence of a length."""
    file = io.BytesIO()
    with wave.open(file, "wb") as silence:
        silence.setnchannels(1)
        silence.setsampwidth(2)
        silence.setframerate(8000)
        silence.writeframes(bytes(16000 * seconds))
    return file.getvalue()
