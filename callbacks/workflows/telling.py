"""Status callbacks and the Dial action: the telephone provider telling us how a leg goes."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.call_progress import WHISPER_SECONDS, Conclusion
from callbacks.store import agents, legs
from callbacks.store.legs import LegNews
from callbacks.store.transitions import Cause
from callbacks.workflows import progress
from models.agent import Agent
from models.callback import Attempt
from models.vocabulary import (
    CLOSED_ATTEMPTS,
    FINAL_LEGS,
    AgentOutcome,
    AttemptState,
    CustomerOutcome,
    Language,
    LegKind,
    LegStatus,
)

WHO = "telephone"

PROVES = {
    LegKind.AGENT: {
        LegStatus.RINGING: AttemptState.AGENT_RINGING,
        LegStatus.IN_PROGRESS: AttemptState.AGENT_ANSWERED,
    },
    LegKind.CUSTOMER: {
        LegStatus.RINGING: AttemptState.CUSTOMER_RINGING,
        LegStatus.IN_PROGRESS: AttemptState.CUSTOMER_ANSWERED,
    },
}
"""How far an attempt has come at least when a leg of ours has this status."""

_OUTCOMES = {
    LegStatus.BUSY: CustomerOutcome.BUSY,
    LegStatus.FAILED: CustomerOutcome.FAILED,
}


@dataclass(frozen=True)
class DialResult:
    """What the Dial action said: the child leg's end, its length in seconds, and whether the legs were joined."""

    status: LegStatus
    call_sid: str | None
    seconds: int | None
    bridged: bool | None


@dataclass(frozen=True)
class AfterTalk:
    """How the agent's leg goes on: `customer` is how the customer's side ended."""

    language: Language
    customer: CustomerOutcome | None


def told(services: Services, token: str, news: LegNews, event_key: str) -> None:
    """Take in a status callback. An unknown token, an old event, or one taken in before changes nothing."""
    now = services.clock.now()
    with services.database.write() as session:
        attempt = legs.attempt_by_token(session, token)
        if attempt is None or not legs.first_time(session, event_key, now):
            return
        apply(session, services, attempt, news, now)
        over = attempt.state in CLOSED_ATTEMPTS
    if over:
        services.bell.ring("dispatch")
        services.bell.wake_clock()


def apply(session: Session, services: Services, attempt: Attempt, news: LegNews, now: datetime) -> None:
    """Let what is known of one leg move its attempt; used for webhooks and for what a sweep fetched alike."""
    if news.kind is LegKind.AGENT and not _is_ours(session, attempt, news, now):
        legs.tell(session, replace(news, kind=LegKind.EXTRA), now, attempt.id)
        return
    known = legs.customer_leg(session, attempt)
    if news.kind is LegKind.CUSTOMER and known is not None and known.call_sid != news.call_sid:
        legs.tell(session, replace(news, kind=LegKind.EXTRA), now, attempt.id)
        return
    legs.tell(session, news, now, attempt.id)
    mark = PROVES[news.kind].get(news.status)
    if mark is not None:
        progress.advance(session, attempt, mark, Cause(now, WHO, f"{news.kind} leg: {news.status}"))
    progress.settle(session, services, attempt, now)


def dial_ended(services: Services, token: str, call_sid: str, result: DialResult) -> AfterTalk | None:
    """Take in the Dial action and say how the agent's leg goes on; None when the leg is not this attempt's."""
    now = services.clock.now()
    with services.database.write() as session:
        attempt = legs.attempt_by_token(session, token)
        if attempt is None or attempt.call_sid != call_sid or attempt.dialled_at is None:
            return None
        if attempt.state not in CLOSED_ATTEMPTS:
            _take_dial_result(session, services, attempt, result, now)
        language = agents.languages(session.get_one(Agent, attempt.agent_id))[0]
        after = AfterTalk(language, attempt.customer_outcome)
    services.bell.ring("dispatch")
    return after


def agents_language(services: Services, token: str) -> Language:
    """Return the language of the agent an attempt belongs to; the house's own for a token that is none of ours."""
    with services.database.read() as session:
        attempt = session.scalar(select(Attempt).where(Attempt.token_digest == legs.digest(token)))
        agent = session.get(Agent, attempt.agent_id) if attempt else None
        return agents.languages(agent)[0] if agent else Language.NL


def _take_dial_result(
    session: Session,
    services: Services,
    attempt: Attempt,
    result: DialResult,
    now: datetime,
) -> None:
    bridged = result.bridged
    if bridged is None:
        outlived_whisper = attempt.whispered_at is not None and (result.seconds or 0) >= WHISPER_SECONDS
        bridged = result.status is LegStatus.COMPLETED and outlived_whisper
    attempt.dial_bridged = bridged
    session.flush()
    known = legs.customer_leg(session, attempt)
    child_sid = result.call_sid or (known.call_sid if known else None)
    if child_sid is None:
        # No child was ever made (a number that cannot be routed): the action is all we will hear of it.
        outcome = _OUTCOMES.get(result.status, CustomerOutcome.NO_ANSWER)
        progress.end(session, services, attempt, Conclusion(AgentOutcome.ACCEPTED, outcome), now)
        return
    if known is None or known.status not in FINAL_LEGS:
        news = LegNews(
            child_sid,
            LegKind.CUSTOMER,
            result.status,
            seconds=result.seconds,
            parent_sid=attempt.call_sid,
            number=attempt.customer_number,
        )
        legs.tell(session, news, now, attempt.id)
    progress.settle(session, services, attempt, now)


def _is_ours(session: Session, attempt: Attempt, news: LegNews, now: datetime) -> bool:
    if attempt.state in CLOSED_ATTEMPTS:
        return attempt.call_sid == news.call_sid
    return progress.bind(session, attempt, news.call_sid, now)
