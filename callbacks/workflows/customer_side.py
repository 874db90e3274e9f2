"""What follows when the customer's side of an attempt has ended: talk and time, or another try later.

Works inside the caller's transaction.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules, Services
from callbacks.rules.retry import RetryRules, Verdict, after_failed_try
from callbacks.store import agents, appointments, hours, legs, promises, switches, talks
from callbacks.store.transitions import Cause, move_agent, move_callback
from callbacks.workflows import letters, promising
from models.callback import Attempt, Callback
from models.ticket import Ticket, TimeEntry
from models.vocabulary import (
    OPEN_CALLBACKS,
    AgentState,
    CallbackState,
    CustomerOutcome,
    WorkKind,
)

NOTHING_PROMISED: dict[str, None] = {"promise_from": None, "promise_to": None}
"""Columns of a call-back that rests: what was promised is settled, and the planner gives a new range soon."""
TRIES = frozenset(CustomerOutcome) - {CustomerOutcome.NOT_DIALLED, CustomerOutcome.BRIDGED}


def retry_rules(rules: HouseRules) -> RetryRules:
    """Return how long to rest after each outcome, as the house has set it."""
    rest = {
        CustomerOutcome.BUSY: rules.retry_busy,
        CustomerOutcome.NO_ANSWER: rules.retry_no_answer,
        CustomerOutcome.MACHINE: rules.retry_machine,
        CustomerOutcome.FAILED: rules.retry_failed,
    }
    return RetryRules(rest, rules.max_tries, rules.retry_windows, rules.failed_limit)


def talked(session: Session, attempt: Attempt, cause: Cause) -> None:
    """Write the time of a talk on the ticket and wait for the agent's word on how it ended."""
    callback = session.get_one(Callback, attempt.callback_id)
    session.add(
        TimeEntry(
            ticket_id=callback.ticket_id,
            attempt_id=attempt.id,
            agent_id=attempt.agent_id,
            kind=WorkKind.TALK,
            started_at=cause.at - timedelta(seconds=attempt.talk_seconds),
            seconds=attempt.talk_seconds,
        ),
    )
    session.execute(
        update(Ticket)
        .where(Ticket.id == callback.ticket_id, Ticket.owner_id.is_(None))
        .values(owner_id=attempt.agent_id),
    )
    move_callback(
        session,
        attempt.callback_id,
        {CallbackState.ACTIVE},
        CallbackState.WRAP_UP,
        cause,
        Callback.fence == attempt.fence,
        tries=callback.tries + 1,
    )


def correct_talk(session: Session, attempt: Attempt) -> None:
    """Let the leg's own length replace the one first told (the Dial action may come before the leg's last event)."""
    leg = legs.customer_leg(session, attempt)
    if leg is None or leg.seconds is None or leg.seconds == attempt.talk_seconds:
        return
    attempt.talk_seconds = leg.seconds
    began = (attempt.ended_at or leg.started_at) - timedelta(seconds=leg.seconds)
    entry = update(TimeEntry).where(TimeEntry.attempt_id == attempt.id, TimeEntry.kind == WorkKind.TALK)
    session.execute(entry.where(TimeEntry.measured_seconds.is_(None)).values(seconds=leg.seconds, started_at=began))
    # What a person has corrected meanwhile stands; only what was measured is put right.
    measured = TimeEntry.measured_seconds.is_not(None)
    session.execute(entry.where(measured).values(measured_seconds=leg.seconds, started_at=began))
    session.flush()


def verdict(session: Session, services: Services, attempt: Attempt, outcome: CustomerOutcome, at: datetime) -> Verdict:
    """Return what follows when this attempt ends with `outcome` at this moment, by all tries since the last talk."""
    rows = session.execute(
        select(Attempt.customer_outcome, Attempt.dialled_at, Attempt.ended_at)
        .where(
            Attempt.callback_id == attempt.callback_id,
            Attempt.customer_outcome.in_(TRIES),
            Attempt.n > _last_talk(session, attempt),
            Attempt.n < attempt.n,
        )
        .order_by(Attempt.n),
    ).all()
    before = [(row.customer_outcome, row.dialled_at or row.ended_at or at) for row in rows]
    outcomes = [*before, (outcome, attempt.dialled_at or at)]
    return after_failed_try(outcomes, at, hours.calendar(session, services.rules), retry_rules(services.rules))


def not_reached(session: Session, services: Services, attempt: Attempt, outcome: CustomerOutcome, cause: Cause) -> None:
    """Rest and try again, give up, or ask a person, by the outcomes of all tries so far; the customer is written to."""
    # A machine was told when we call again: its rest counts from then, or the moment could be another by now.
    at = min(attempt.voicemail_at or cause.at, cause.at)
    follows = verdict(session, services, attempt, outcome, at)
    callback = session.get_one(Callback, attempt.callback_id)
    moved = move_callback(
        session,
        attempt.callback_id,
        {CallbackState.ACTIVE},
        follows.state,
        Cause(cause.at, cause.who, follows.why),
        Callback.fence == attempt.fence,
        not_before=follows.not_before,
        tries=Callback.tries + 1,
        **NOTHING_PROMISED,
        **appointments.over(session, services.rules, callback),
    )
    if not moved:
        return
    if follows.state is CallbackState.UNREACHED:
        letters.write_unreached(session, services, callback.ticket_id, follows.tries, cause.at)
        return
    if follows.state is CallbackState.RESTING and not switches.is_stopped(session):
        promising.promise(session, services, callback.id, cause.at, told=False)
    if letters.write_not_reached(session, services, callback.ticket_id, outcome, cause.at):
        promises.tell(session, callback.id)


def _last_talk(session: Session, attempt: Attempt) -> int:
    """Return the number of the last try that reached him: what was in vain before a talk no longer counts."""
    talks = select(func.max(Attempt.n)).where(
        Attempt.callback_id == attempt.callback_id,
        Attempt.customer_outcome == CustomerOutcome.BRIDGED,
    )
    return session.scalar(talks) or 0


def start_wrap_up(session: Session, services: Services, attempt: Attempt, now: datetime) -> None:
    """Give the agent his minutes after the talk; none are needed when the outcome was said already."""
    callback = session.get_one(Callback, attempt.callback_id)
    still_open = callback.state is CallbackState.WRAP_UP and callback.fence == attempt.fence
    until = now + timedelta(seconds=services.rules.wrap_up)
    cause = Cause(now, "telephone", "the call is over")
    moved = move_agent(session, attempt.agent_id, {AgentState.ON_CALL}, AgentState.WRAP_UP, cause, until=until)
    if moved and not still_open:
        agents.set_free(session, attempt.agent_id, Cause(now, "telephone", "the outcome was said"))


def last_talk(session: Session, agent_id: int) -> tuple[Attempt, Callback] | None:
    """Return the agent's talk whose outcome is still awaited."""
    row = session.execute(
        select(Attempt, Callback)
        .join(Callback, Callback.id == Attempt.callback_id)
        .where(
            Attempt.id.in_(talks.latest_of(talks.in_wrap_up())),
            Attempt.agent_id == agent_id,
            Attempt.customer_outcome == CustomerOutcome.BRIDGED,
        )
        .order_by(Attempt.id.desc())
        .limit(1),
    ).first()
    return None if row is None else (row.Attempt, row.Callback)


def has_open_callback(session: Session, ticket_id: int) -> bool:
    """Say whether anything is still promised about a ticket."""
    statement = select(Callback.id).where(Callback.ticket_id == ticket_id, Callback.state.in_(OPEN_CALLBACKS)).limit(1)
    return session.scalar(statement) is not None


def rest_after_no_answer(session: Session, services: Services, now: datetime) -> datetime:
    """Return when to try again a customer whose phone somebody else picked up."""
    calendar = hours.calendar(session, services.rules)
    return calendar.next_open(now + timedelta(seconds=services.rules.retry_no_answer))
