"""The agent's word on how a talk ended, and what happens when he says nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import agents, appointments, hours, legs
from callbacks.store.transitions import Cause, move_callback, move_ticket, note, record_birth
from callbacks.workflows import calling_again, customer_side, emails
from callbacks.workflows.calling_again import NEXT_WINDOW, Again
from callbacks.workflows.row_by_row import each
from models.agent import Agent
from models.callback import Attempt, Callback
from models.ticket import Ticket
from models.vocabulary import OPEN_TICKETS, AgentState, CallbackState, Language, Subject, TalkOutcome, TicketState

GOES_ON = frozenset({CallbackState.RESTING, CallbackState.NEEDS_HUMAN})
"""Where a call-back goes whose customer has not been helped yet."""


@dataclass(frozen=True)
class Stands:
    """The outcome of a talk that stands now, None where none does, and the language of its agent."""

    language: Language
    outcome: TalkOutcome | None


def outcome_by_key(
    services: Services,
    token: str,
    call_sid: str,
    outcome: TalkOutcome,
) -> Stands | None:
    """Take in the outcome the agent keyed after the talk. Returns what stands; None when the leg is not his.

    Said twice, or after it was stated on the desk, it changes nothing: what was said first stands.
    """
    now = services.clock.now()
    with services.database.write() as session:
        attempt = legs.attempt_by_token(session, token)
        if attempt is None or attempt.call_sid != call_sid:
            return None
        agent = session.get_one(Agent, attempt.agent_id)
        language = agents.languages(agent)[0]
        state_outcome(session, services, attempt, outcome, Cause(now, agent.name, f"outcome: {outcome}"))
        stands = Stands(language, session.get_one(Callback, attempt.callback_id).outcome)
    services.bell.ring("mail")
    services.bell.wake_clock()
    return stands


def state_outcome(
    session: Session,
    services: Services,
    attempt: Attempt,
    outcome: TalkOutcome,
    cause: Cause,
    again: Again = NEXT_WINDOW,
) -> bool:
    """Close or continue the call-back of a talk as the agent says. False when nothing waits for an outcome.

    `again` counts where the customer is to be called again; its moment must have been checked in this transaction.
    """
    callback = session.get_one(Callback, attempt.callback_id)
    if callback.fence != attempt.fence or callback.state is not CallbackState.WRAP_UP:
        return False
    target, not_before = _target(session, services, outcome, cause.at, again)
    moved = move_callback(
        session,
        callback.id,
        {CallbackState.WRAP_UP},
        target,
        _for_a_person(cause) if target is CallbackState.NEEDS_HUMAN else cause,
        Callback.fence == attempt.fence,
        outcome=outcome,
        not_before=not_before,
        **(_anew(session, services, callback) if target in GOES_ON else {}),
    )
    if not moved:
        return False
    if target is CallbackState.RESTING:
        calling_again.keep(session, services, callback.id, attempt, again, cause)
    _ticket_follows(session, services, callback.ticket_id, outcome, cause)
    if session.get_one(Agent, attempt.agent_id).state is AgentState.WRAP_UP:
        agents.set_free(session, attempt.agent_id, cause)
    return True


def state_late(
    session: Session,
    services: Services,
    attempt: Attempt,
    outcome: TalkOutcome,
    cause: Cause,
    again: Again = NEXT_WINDOW,
) -> bool:
    """Put the agent's word where a talk ended without one. False when nothing of the kind is found.

    The call-back stays done. Where something is still to be done about it, the ticket gets a new one in the same place
    of the queue, unless one is open already. Raises RuleRefused where somebody has closed the ticket meanwhile.
    """
    callback_id = session.scalar(
        update(Callback)
        .where(
            Callback.id == attempt.callback_id,
            Callback.state == CallbackState.DONE,
            Callback.outcome == TalkOutcome.UNSTATED,
            Callback.fence == attempt.fence,
        )
        .values(outcome=outcome, why=cause.why)
        .returning(Callback.id)
        .execution_options(synchronize_session=False),
    )
    if callback_id is None:
        return False
    session.expire_all()
    callback = session.get_one(Callback, callback_id)
    note(session, Subject.CALLBACK, callback.id, callback.state, cause, callback.id)
    target, not_before = _target(session, services, outcome, cause.at, again)
    ticket = session.get_one(Ticket, callback.ticket_id, with_for_update=True)
    if target in GOES_ON and ticket.state is TicketState.CLOSED:
        # Refused rather than opened again: its customer may have read that it is closed, and whoever closed it knew
        # something that an old page does not show. Who wants it back opens it by its own button.
        raise RuleRefused(Rule.TICKET_CLOSED, f"ticket {ticket.number} is closed", ticket=ticket.number)
    if target in GOES_ON and not customer_side.has_open_callback(session, callback.ticket_id):
        place = hours.reckon(session, services.rules, callback, by_arrival=True)
        because = _for_a_person(cause) if target is CallbackState.NEEDS_HUMAN else cause
        anew = call_anew(session, callback, not_before, place, because, target)
        if target is CallbackState.RESTING:
            calling_again.keep(session, services, anew, attempt, again, cause)
    _ticket_follows(session, services, callback.ticket_id, outcome, cause)
    return True


def _anew(session: Session, services: Services, callback: Callback) -> dict[str, Any]:
    return {**customer_side.NOTHING_PROMISED, **appointments.over(session, services.rules, callback)}


def end_overdue_wrap_ups(services: Services, now: datetime) -> int:
    """Free agents whose minutes after a talk are over; the talk then has no stated outcome. Returns how many."""
    with services.database.read() as session:
        overdue = list(session.scalars(select(Agent.id).where(Agent.state == AgentState.WRAP_UP, agents.rested(now))))

    def end(agent_id: int) -> bool:
        with services.database.write() as session:
            _end_wrap_up(session, services, agent_id, Cause(now, "clock", "wrap-up time is over"))
        return True

    return each(overdue, end)


def is_ready(services: Services, agent_id: int) -> bool:
    """End an agent's minutes after a talk by his own word. False where he is in none.

    An outcome that he has not said by now is unstated, as when the minutes end by themselves.
    """
    now = services.clock.now()
    with services.database.write() as session:
        agent = session.get_one(Agent, agent_id)
        if agent.state is not AgentState.WRAP_UP:
            return False
        _end_wrap_up(session, services, agent_id, Cause(now, agent.name, "ready for the next call"))
    services.bell.ring("dispatch")
    services.bell.wake_clock()
    return True


def _end_wrap_up(session: Session, services: Services, agent_id: int, cause: Cause) -> None:
    talk = customer_side.last_talk(session, agent_id)
    if talk is not None:
        state_outcome(session, services, talk[0], TalkOutcome.UNSTATED, cause)
    if session.get_one(Agent, agent_id).state is AgentState.WRAP_UP:
        agents.set_free(session, agent_id, cause)


def _ticket_follows(session: Session, services: Services, ticket_id: int, outcome: TalkOutcome, cause: Cause) -> None:
    """Write the outcome on the ticket; a solved one is closed, unless something is still promised about it."""
    session.execute(update(Ticket).where(Ticket.id == ticket_id).values(outcome=outcome))
    session.expire_all()
    if outcome is not TalkOutcome.SOLVED or customer_side.has_open_callback(session, ticket_id):
        return
    if move_ticket(session, ticket_id, OPEN_TICKETS, TicketState.CLOSED, cause):
        emails.queue_closing(session, services, ticket_id, cause.at)


def _for_a_person(cause: Cause) -> Cause:
    """Return the cause in words for the supervisor who has to find the right number."""
    return Cause(cause.at, cause.who, f"wrong number: {cause.who} heard that it is not the customer's")


def call_anew(
    session: Session,
    before: Callback,
    not_before: datetime | None,
    rank: int,
    cause: Cause,
    state: CallbackState = CallbackState.RESTING,
) -> int:
    """Give a ticket whose call-back is over a new one, and return its id; its rank is for the caller.

    It rests until `not_before`, unless a person has to decide first.
    """
    again = Callback(
        ticket_id=before.ticket_id,
        state=state,
        option=before.option,
        language=before.language,
        number=before.number,
        number_confirmed=before.number_confirmed,
        extension=before.extension,
        arrived_at=before.arrived_at,
        rank=rank,
        given_head_start=before.given_head_start,
        given_why=before.given_why,
        not_before=not_before,
        why=cause.why,
    )
    session.add(again)
    session.flush()
    record_birth(session, Subject.CALLBACK, again.id, state, cause, again.id)
    return again.id


def _target(
    session: Session,
    services: Services,
    outcome: TalkOutcome,
    now: datetime,
    again: Again,
) -> tuple[CallbackState, datetime | None]:
    if outcome is TalkOutcome.CALL_AGAIN:
        at = again.slot.starts if again.slot else calling_again.next_opening(session, services, now)
        return CallbackState.RESTING, at
    if outcome is TalkOutcome.WRONG_NUMBER:
        return CallbackState.NEEDS_HUMAN, None
    if outcome is TalkOutcome.WRONG_PERSON:
        rest = customer_side.rest_after_no_answer(session, services, now)
        return CallbackState.RESTING, rest
    return CallbackState.DONE, None
