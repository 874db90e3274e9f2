"""The agent's call: what he hears, his key, and the customer who answers."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.call_progress import Conclusion
from callbacks.store import agents, legs
from callbacks.store.transitions import Cause, note
from callbacks.workflows import briefing, progress, screening
from callbacks.workflows.briefing import Briefing
from callbacks.workflows.ringing_customer import DialOrder, Refusal, ring_again, ring_once
from callbacks.workflows.screening import Greeting
from models.callback import Attempt
from models.vocabulary import (
    CLOSED_ATTEMPTS,
    AgentOutcome,
    AttemptState,
    CustomerOutcome,
    LegKind,
    LegStatus,
    Subject,
)

WHO = "telephone"


def answered(services: Services, token: str, call_sid: str) -> Briefing | Refusal:
    """Take in that the agent's leg was answered, and return what he is told."""
    now = services.clock.now()
    with services.database.write() as session:
        attempt = _own_attempt(session, token, call_sid, now)
        if attempt is None:
            return Refusal.GONE
        progress.advance(session, attempt, AttemptState.AGENT_ANSWERED, Cause(now, WHO, "the agent answered"))
        return briefing.of(session, attempt)


def declined(services: Services, token: str, call_sid: str) -> None:
    """Take in the agent's refusal: the call-back goes back to its place at once, the agent follows when he hung up."""
    now = services.clock.now()
    with services.database.write() as session:
        attempt = _own_attempt(session, token, call_sid, now)
        if attempt is None or attempt.agent_outcome is not None:
            return
        attempt.agent_outcome = AgentOutcome.DECLINED
        session.flush()
        progress.settle(session, services, attempt, now)
    services.bell.ring("dispatch")


def accepted(
    services: Services,
    token: str,
    call_sid: str,
    write_document: Callable[[DialOrder], str],
) -> str | Refusal:
    """Let the customer's phone ring, once. Returns the document for the agent's leg, or why it may not ring.

    The same leg asking again gets the same document again; any other leg, and any second thought, gets a refusal.
    """
    with services.database.write() as session:
        # Waits for whoever writes; only then is the clock asked, or the customer's phone could ring past closing.
        legs.attempt_by_token(session, token)
        now = services.clock.now()
        attempt = _own_attempt(session, token, call_sid, now, closed_too=True)
        if attempt is None:
            return Refusal.GONE
        if attempt.answered_with is not None:
            return ring_again(session, services.rules, attempt, attempt.answered_with, now)
        if attempt.state in CLOSED_ATTEMPTS:
            return Refusal.GONE
        if attempt.agent_outcome is None:
            progress.advance(session, attempt, AttemptState.AGENT_ACCEPTED, Cause(now, WHO, "the agent accepted"))
            attempt.agent_outcome = AgentOutcome.ACCEPTED
            session.flush()
            agents.accepted(session, attempt.agent_id)
        result = ring_once(session, services.rules, attempt, write_document, now)
        if isinstance(result, Refusal):
            cause = Cause(now, WHO, f"the customer was not dialled: {result}")
            note(session, Subject.ATTEMPT, attempt.id, attempt.state, cause, attempt.callback_id)
            progress.end(
                session,
                services,
                attempt,
                Conclusion(AgentOutcome.ACCEPTED, CustomerOutcome.NOT_DIALLED),
                now,
            )
    if isinstance(result, Refusal):
        services.bell.ring("dispatch")
    return result


def customer_answered(services: Services, token: str, call_sid: str, parent_sid: str | None) -> Greeting | None:
    """Take in that the customer's leg was answered; return what he hears, or None to hang up."""
    now = services.clock.now()
    with services.database.write() as session:
        attempt = screening.listening(session, token, call_sid, parent_sid)
        if attempt is None:
            return None
        news = legs.LegNews(
            call_sid, LegKind.CUSTOMER, LegStatus.IN_PROGRESS, parent_sid=parent_sid, number=attempt.customer_number
        )
        legs.tell(session, news, now, attempt.id)
        cause = Cause(now, WHO, "the customer answered")
        progress.advance(session, attempt, AttemptState.CUSTOMER_ANSWERED, cause)
        return screening.begins(session, services, attempt, now)


def _own_attempt(
    session: Session,
    token: str,
    call_sid: str,
    now: datetime,
    *,
    closed_too: bool = False,
) -> Attempt | None:
    """Return the attempt this leg belongs to; a leg that comes too late, or second, is written down as extra."""
    attempt = legs.attempt_by_token(session, token)
    if attempt is None:
        return None
    closed = attempt.state in CLOSED_ATTEMPTS
    if closed and closed_too and attempt.call_sid == call_sid:
        return attempt
    if closed or not progress.bind(session, attempt, call_sid, now):
        if attempt.call_sid != call_sid:
            news = legs.LegNews(call_sid, LegKind.EXTRA, LegStatus.IN_PROGRESS, number=attempt.agent_phone)
            legs.tell(session, news, now, attempt.id)
        return None
    # Known as a live leg from here on, whatever was lost before: its agent is not free until it has ended.
    legs.tell(session, _agent_news(call_sid, attempt), now, attempt.id)
    return attempt


def _agent_news(call_sid: str, attempt: Attempt) -> legs.LegNews:
    return legs.LegNews(call_sid, LegKind.AGENT, LegStatus.IN_PROGRESS, number=attempt.agent_phone)
