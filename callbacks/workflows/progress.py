"""Evidence of a call moves its attempt, and what an attempt's end means for call-back, agent, ticket and time.

Every function here works inside the caller's transaction. Evidence may come in any order, twice, or late: facts are
stored first, and conclusions are drawn from all of them.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.call_progress import Conclusion, conclude
from callbacks.rules.lifecycle import reached, states_before
from callbacks.store import agents, legs, promises
from callbacks.store.switches import reset_breaker
from callbacks.store.transitions import Cause, move_agent, move_attempt, move_callback, note
from callbacks.workflows import customer_side
from models.callback import Attempt, Callback, CallLeg
from models.vocabulary import (
    CLOSED_ATTEMPTS,
    FINAL_LEGS,
    AgentOutcome,
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Subject,
)

WHO = "telephone"


def bind(session: Session, attempt: Attempt, call_sid: str, now: datetime) -> bool:
    """Take a leg as this attempt's own. False when the attempt has another leg already: this one is an extra.

    Whatever proves that the leg exists (the answer to the request, a webhook, a listing) may come first.
    """
    if attempt.call_sid not in {None, call_sid}:
        if session.get(CallLeg, call_sid) is not None:
            return False
        cause = Cause(now, WHO, f"an extra leg {call_sid} turned up")
        note(session, Subject.ATTEMPT, attempt.id, attempt.state, cause, attempt.callback_id)
        return False
    if attempt.call_sid is None:
        attempt.call_sid = call_sid
        session.flush()
    if advance(session, attempt, AttemptState.PLACED, Cause(now, WHO, "the call was placed")):
        reset_breaker(session, now)
    return True


def advance(session: Session, attempt: Attempt, state: AttemptState, cause: Cause) -> bool:
    """Move an attempt as far right as the evidence proves; call-back and agent follow once it is proven placed."""
    if attempt.state in CLOSED_ATTEMPTS or reached(attempt.state, state):
        return False
    if not move_attempt(session, attempt.id, states_before(state), state, cause):
        return False
    if reached(state, AttemptState.PLACED):
        move_callback(
            session,
            attempt.callback_id,
            {CallbackState.PREPARING},
            CallbackState.ACTIVE,
            cause,
            Callback.fence == attempt.fence,
        )
        move_agent(session, attempt.agent_id, {AgentState.RESERVED}, AgentState.ON_CALL, cause)
    return True


def settle(session: Session, services: Services, attempt: Attempt, now: datetime) -> None:
    """Conclude an attempt if its facts allow, then let the agent go once his own leg is proven to have ended."""
    if attempt.state not in CLOSED_ATTEMPTS:
        conclusion = conclude(legs.facts(session, attempt))
        if conclusion is not None:
            end(session, services, attempt, conclusion, now)
    elif attempt.customer_outcome is CustomerOutcome.BRIDGED:
        customer_side.correct_talk(session, attempt)
    release_agent(session, services, attempt, now)


def end(session: Session, services: Services, attempt: Attempt, conclusion: Conclusion, now: datetime) -> None:
    """End an attempt and do what follows from it for the call-back; the agent stays until his leg is down."""
    words = f"agent: {conclusion.agent}" if conclusion.customer is None else f"customer: {conclusion.customer}"
    cause = Cause(now, WHO, words)
    if conclusion.customer is CustomerOutcome.BRIDGED:
        advance(session, attempt, AttemptState.BRIDGED, cause)
    ended = move_attempt(
        session,
        attempt.id,
        states_before(AttemptState.ENDED),
        AttemptState.ENDED,
        cause,
        agent_outcome=conclusion.agent,
        customer_outcome=conclusion.customer,
        talk_seconds=conclusion.talk_seconds,
    )
    if not ended:
        return
    if conclusion.customer is None or conclusion.customer is CustomerOutcome.NOT_DIALLED:
        _back_to_the_queue(session, attempt, cause)
    elif conclusion.customer is CustomerOutcome.BRIDGED:
        customer_side.talked(session, attempt, cause)
    else:
        customer_side.not_reached(session, services, attempt, conclusion.customer, cause)


def release_agent(session: Session, services: Services, attempt: Attempt, now: datetime) -> None:
    """Free the agent of a closed attempt whose leg has ended: wrap-up after a talk, else straight back."""
    leg = legs.agent_leg(session, attempt)
    if attempt.state not in CLOSED_ATTEMPTS or (leg is not None and leg.status not in FINAL_LEGS):
        return
    if not agents.is_on(session, attempt):
        return
    if attempt.customer_outcome is CustomerOutcome.BRIDGED:
        customer_side.start_wrap_up(session, services, attempt, now)
    elif attempt.agent_outcome in {AgentOutcome.NO_ANSWER, AgentOutcome.BUSY, AgentOutcome.FAILED}:
        agents.missed(session, attempt.agent_id, services.rules, Cause(now, WHO, f"agent: {attempt.agent_outcome}"))
    else:
        agents.set_free(session, attempt.agent_id, Cause(now, WHO, attempt.why or "the call is over"))


def _back_to_the_queue(session: Session, attempt: Attempt, cause: Cause) -> None:
    if attempt.dialled_at is not None:
        # The statement that dials him settles the promise; his phone did not ring after all.
        promises.reopen(session, attempt.callback_id, attempt.dialled_at)
    callback = session.get_one(Callback, attempt.callback_id)
    target = CallbackState.CANCELLED if callback.cancel_requested else CallbackState.WAITING
    move_callback(
        session,
        attempt.callback_id,
        {CallbackState.ACTIVE, CallbackState.PREPARING},
        target,
        cause,
        Callback.fence == attempt.fence,
    )
