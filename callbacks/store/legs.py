"""Telephone calls as they are told to us, and the attempt each belongs to."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.rules.call_progress import Facts, is_news
from models.callback import Attempt, CallLeg
from models.history import WebhookEvent
from models.vocabulary import FINAL_LEGS, AgentOutcome, LegKind, LegStatus


@dataclass(frozen=True)
class LegNews:
    """One thing told of one leg. `sequence` is the provider's number of the event, `seconds` the leg's whole length."""

    call_sid: str
    kind: LegKind
    status: LegStatus
    sequence: int | None = None
    seconds: int | None = None
    parent_sid: str | None = None
    number: str | None = None


def digest(token: str) -> str:
    """Return what is kept of an attempt's secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


def attempt_by_token(session: Session, token: str) -> Attempt | None:
    """Return the attempt a token belongs to, locked against other writers, or None for a token that never was ours."""
    return session.scalar(select(Attempt).where(Attempt.token_digest == digest(token)).with_for_update())


def first_time(session: Session, key: str, now: datetime) -> bool:
    """Take note of a webhook; False when the same one was taken in before, by whoever committed first.

    Committed with what it justifies: a handler that fails leaves no trace, and the provider's retry counts.
    """
    if was_seen(session, key):
        return False
    session.add(WebhookEvent(key=key, at=now))
    session.flush()
    return True


def was_seen(session: Session, key: str) -> bool:
    """Say whether a webhook was taken in before, without taking note of it."""
    return session.scalar(select(WebhookEvent.id).where(WebhookEvent.key == key)) is not None


def tell(session: Session, news: LegNews, now: datetime, attempt_id: int | None = None) -> bool:
    """Write down what is told of a leg; False when it is older than what is known."""
    leg = session.scalar(select(CallLeg).where(CallLeg.call_sid == news.call_sid).with_for_update())
    if leg is None:
        leg = CallLeg(
            call_sid=news.call_sid,
            kind=news.kind,
            attempt_id=attempt_id,
            parent_sid=news.parent_sid,
            number=news.number,
            status=news.status,
            sequence=-1 if news.sequence is None else news.sequence,
            seconds=news.seconds,
            started_at=now,
            ended_at=now if news.status in FINAL_LEGS else None,
        )
        session.add(leg)
        session.flush()
        return True
    if not is_news(leg.status, leg.sequence, news.status, news.sequence):
        if leg.status in FINAL_LEGS and news.status in FINAL_LEGS and news.seconds is not None:
            leg.seconds = news.seconds
            session.flush()
        return False
    leg.status = news.status
    if news.sequence is not None:
        leg.sequence = news.sequence
    if news.seconds is not None:
        leg.seconds = news.seconds
    if news.status in FINAL_LEGS:
        leg.ended_at = now
    session.flush()
    return True


def agent_leg(session: Session, attempt: Attempt) -> CallLeg | None:
    """Return the leg on the agent's phone."""
    return None if attempt.call_sid is None else session.get(CallLeg, attempt.call_sid)


def customer_leg(session: Session, attempt: Attempt) -> CallLeg | None:
    """Return the leg on the customer's phone."""
    statement = select(CallLeg).where(CallLeg.attempt_id == attempt.id, CallLeg.kind == LegKind.CUSTOMER)
    return session.scalar(statement.order_by(CallLeg.started_at).limit(1))


def facts(session: Session, attempt: Attempt) -> Facts:
    """Gather everything that is known of an attempt, for rules/call_progress to judge."""
    ours = agent_leg(session, attempt)
    theirs = customer_leg(session, attempt)
    outcome = attempt.agent_outcome
    return Facts(
        agent_leg=LegStatus(ours.status) if ours else None,
        agent_outcome=AgentOutcome(outcome) if outcome else None,
        dialled=attempt.dialled_at is not None,
        customer_leg=LegStatus(theirs.status) if theirs else None,
        customer_seconds=theirs.seconds if theirs else None,
        whispered=attempt.whispered_at is not None,
        dial_bridged=attempt.dial_bridged,
        voicemail=attempt.voicemail_at is not None,
    )
