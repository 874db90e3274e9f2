"""An agent at his desk page before his phone rings: he is there, wants it to ring now, or does not take the call."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import agents, hours, switches
from callbacks.store.transitions import Cause, note
from callbacks.workflows import unplaced
from models.agent import Agent
from models.callback import Attempt
from models.vocabulary import AttemptState, Subject


def is_here(services: Services, agent_id: int) -> None:
    """Take note that the agent's desk page is open, so that his next call-back gives him time to prepare."""
    now = services.clock.now()
    with services.database.read() as session:
        if not agents.is_desk_news(session, agent_id, now):
            return
    with services.database.write() as session:
        agents.see_desk(session, agent_id, now)


def call_now(services: Services, agent_id: int, attempt_id: int) -> None:
    """Let the agent's phone ring at once instead of after his time to prepare. Raises RuleRefused.

    Whatever is checked here is checked again right before the request is sent.
    """
    with services.database.write() as session:
        attempt = _offered(session, agent_id, attempt_id)
        # Asked after the wait for the lock: what is checked below must hold now.
        now = services.clock.now()
        _refuse_where_no_phone_may_ring(session, services, now)
        lease = now + timedelta(seconds=services.rules.lease)
        rings = session.execute(
            update(Attempt)
            .where(
                Attempt.id == attempt_id,
                Attempt.state == AttemptState.RESERVED,
                Attempt.slot_at.is_(None),
                # Sent before and told to wait: the provider's pause is not the agent's to shorten.
                Attempt.sent_times == 0,
                Attempt.reserved_at <= now,
                Attempt.lease_until > now,
            )
            .values(ring_at=now, lease_until=lease)
            .returning(Attempt.id)
            .execution_options(synchronize_session=False),
        ).all()
        if not rings:
            raise _gone()
        cause = Cause(now, _name(session, agent_id), "call now")
        note(session, Subject.ATTEMPT, attempt_id, AttemptState.RESERVED, cause, attempt.callback_id)
    services.bell.ring("dial")


def decline(services: Services, agent_id: int, attempt_id: int) -> None:
    """Give a call-back back to its place before the agent's phone rings; he stays free. Raises RuleRefused."""
    with services.database.write() as session:
        attempt = _offered(session, agent_id, attempt_id)
        cause = Cause(services.clock.now(), _name(session, agent_id), "declined on the desk page")
        if not unplaced.decline(session, attempt, cause):
            raise _gone()
    services.bell.ring("dispatch")


def _offered(session: Session, agent_id: int, attempt_id: int) -> Attempt:
    """Return the agent's own reserved attempt, locked."""
    attempt = session.get(Attempt, attempt_id, with_for_update=True)
    if attempt is None or attempt.agent_id != agent_id or attempt.state is not AttemptState.RESERVED:
        raise _gone()
    return attempt


def _refuse_where_no_phone_may_ring(session: Session, services: Services, now: datetime) -> None:
    rules = services.rules
    may_ring = hours.calendar(session, rules).may_ring_agent(now, rules.last_call_margin)
    if not may_ring or not hours.envelope(rules).is_open(now):
        message = "outside the hours, and in their last minutes, no phone is rung"
        raise RuleRefused(Rule.NO_RINGING_NOW, message)
    if switches.is_stopped(session):
        message = "dialling is paused"
        raise RuleRefused(Rule.RINGING_STOPPED, message)


def _name(session: Session, agent_id: int) -> str:
    return session.get_one(Agent, agent_id).name


def _gone() -> RuleRefused:
    return RuleRefused(Rule.OFFER_GONE, "this call-back is not prepared by this agent any more")
