"""What follows when an attempt rang nobody: its call-back returns to its place, its agent is free again."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.store import agents
from callbacks.store.transitions import Cause, move_attempt, move_callback
from callbacks.workflows.row_by_row import each
from models.callback import Attempt, Callback
from models.vocabulary import AgentOutcome, AttemptState, CallbackState

UNSURE = frozenset({AttemptState.SENDING, AttemptState.UNKNOWN})


def withdraw(
    session: Session,
    attempt: Attempt,
    cause: Cause,
    target: CallbackState = CallbackState.WAITING,
) -> None:
    """Take back an attempt that was only reserved; its call-back goes to `target`."""
    moved = move_attempt(
        session,
        attempt.id,
        {AttemptState.RESERVED},
        AttemptState.WITHDRAWN,
        cause,
        agent_outcome=AgentOutcome.WITHDRAWN,
    )
    if moved:
        put_back(session, attempt, cause, target)


def decline(session: Session, attempt: Attempt, cause: Cause) -> bool:
    """End an attempt that its agent refuses before his phone has rung. False when it has moved on.

    Reserved straight to ended, declined: the arrow and the word of a refusal by key, so that he is barred from this
    call-back for as long, it is no try at the customer, and it counts as no missed call.
    """
    moved = move_attempt(
        session,
        attempt.id,
        {AttemptState.RESERVED},
        AttemptState.ENDED,
        cause,
        agent_outcome=AgentOutcome.DECLINED,
    )
    if moved:
        put_back(session, attempt, cause)
    return moved


def end(session: Session, attempt: Attempt, state: AttemptState, cause: Cause, code: int | None = None) -> bool:
    """End an attempt as rejected (a definite no) or not placed (proven never sent). False when it has moved on."""
    rejected = state is AttemptState.REJECTED
    moved = move_attempt(
        session,
        attempt.id,
        {AttemptState.SENDING} if rejected else UNSURE,
        state,
        cause,
        error_code=code,
        agent_outcome=AgentOutcome.FAILED if rejected else None,
    )
    if moved:
        put_back(session, attempt, cause)
    return moved


def give_back(services: Services, attempt_id: int, why: str) -> None:
    """End an attempt of which this very process knows that nothing was sent."""
    now = services.clock.now()
    with services.database.write() as session:
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        end(session, attempt, AttemptState.NOT_PLACED, Cause(now, "dial", why))
    services.bell.ring("dispatch")


def put_back(
    session: Session,
    attempt: Attempt,
    cause: Cause,
    target: CallbackState = CallbackState.WAITING,
) -> None:
    """Return the call-back to the queue at its old rank (or cancel it, as asked meanwhile) and free the agent."""
    callback = session.get_one(Callback, attempt.callback_id)
    if callback.cancel_requested:
        target = CallbackState.CANCELLED
    move_callback(
        session,
        attempt.callback_id,
        {CallbackState.PREPARING},
        target,
        cause,
        Callback.fence == attempt.fence,
    )
    if agents.is_on(session, attempt):
        agents.set_free(session, attempt.agent_id, cause)


def withdraw_overdue(services: Services, now: datetime) -> int:
    """Take back attempts whose lease is over, because whoever held them is gone. Returns how many.

    A reservation dated after now was made before the wall clock was set back; its lease cannot be trusted either.
    """
    over = or_(Attempt.lease_until <= now, Attempt.reserved_at > now)
    with services.database.read() as session:
        overdue = list(session.scalars(select(Attempt.id).where(Attempt.state == AttemptState.RESERVED, over)))

    def take_back(attempt_id: int) -> bool:
        with services.database.write() as session:
            # Looked at again under its lock: a request that was put back meanwhile has a new lease.
            attempt = session.scalar(select(Attempt).where(Attempt.id == attempt_id, over).with_for_update())
            if attempt is not None:
                withdraw(session, attempt, Cause(now, "clock", "the lease is over"))
            return attempt is not None

    return each(overdue, take_back)
