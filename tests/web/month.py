"""A month of calls, the same every time, with mornings busier than afternoons."""

from datetime import datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy.orm import Session

from models.callback import Attempt, Callback, Promise
from models.history import History
from models.ticket import Ticket
from models.vocabulary import (
    AttemptState,
    CallbackState,
    Channel,
    CustomerOutcome,
    Language,
    Option,
    PromiseResult,
    Subject,
    TicketState,
)
from tests.web.desk import Desk

SATURDAY = 5
HOURS = (9, 9, 9, 10, 10, 10, 11, 13, 14, 14, 15, 16)


def busy_month(desk: Desk, agent_id: int, calls_a_day: int = 12) -> None:
    """Put thirty days of ended call-backs on the desk, the last of them today."""
    luck, numbers = Random(1), count(50_000)
    now = desk.clock.now()
    local = now.astimezone(desk.rules.zone)
    with desk.database.write() as session:
        for back in range(29, -1, -1):
            day = local - timedelta(days=back)
            if day.weekday() >= SATURDAY:
                continue
            for n in range(calls_a_day):
                at = day.replace(hour=HOURS[n % len(HOURS)], minute=luck.randrange(60), second=0, microsecond=0)
                if at > local:
                    continue
                arrived = at - timedelta(minutes=luck.randrange(4, 55))
                outcome = CustomerOutcome.BRIDGED if luck.random() < 0.8 else CustomerOutcome.NO_ANSWER
                ticket = Ticket(
                    number=next(numbers),
                    state=TicketState.CLOSED,
                    channel=Channel.HOTLINE,
                    option=Option.QUESTION,
                    language=Language.NL,
                    subject="",
                    opened_at=arrived,
                    closed_at=at,
                )
                session.add(ticket)
                session.flush()
                callback = Callback(
                    ticket_id=ticket.id,
                    state=CallbackState.DONE,
                    option=Option.QUESTION,
                    language=Language.NL,
                    arrived_at=arrived,
                    rank=0,
                    closed_at=at,
                )
                session.add(callback)
                session.flush()
                attempt = Attempt(
                    callback_id=callback.id,
                    n=1,
                    fence=1,
                    state=AttemptState.ENDED,
                    state_since=at,
                    agent_id=agent_id,
                    agent_phone="+32470000001",
                    customer_number="+32470000002",
                    reserved_at=at,
                    ring_at=at,
                    lease_until=at,
                    dialled_at=at,
                    ended_at=at + timedelta(minutes=6),
                    customer_outcome=outcome,
                )
                session.add(attempt)
                session.flush()
                _talked(session, attempt, at)
                result = luck.choice((*[PromiseResult.KEPT] * 7, PromiseResult.EARLY, PromiseResult.LATE))
                early, late = result is PromiseResult.EARLY, result is PromiseResult.LATE
                starts = at + timedelta(minutes=5) if early else at - timedelta(minutes=40)
                ends = at - timedelta(minutes=luck.randrange(1, 30)) if late else at + timedelta(minutes=20)
                session.add(
                    Promise(
                        callback_id=callback.id,
                        starts=starts,
                        ends=ends,
                        given_at=arrived,
                        told=True,
                        result=result,
                        settled_at=at,
                    )
                )


def _talked(session: Session, attempt: Attempt, at: datetime) -> None:
    if attempt.customer_outcome is CustomerOutcome.BRIDGED:
        session.add(
            History(
                at=at + timedelta(seconds=20),
                subject=Subject.ATTEMPT,
                subject_id=attempt.id,
                callback_id=attempt.callback_id,
                old_state="customer_answered",
                new_state=str(AttemptState.BRIDGED),
                who="test",
                why="test",
            )
        )
