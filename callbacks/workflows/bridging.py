"""The agent's call: what he hears, his key, and the one statement that lets the customer's phone ring."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules, Services
from callbacks.rules.call_progress import Conclusion
from callbacks.store import agents, hours, legs, promises, switches
from callbacks.store.queue import on_the_line
from callbacks.store.transitions import Cause, move_attempt, note
from callbacks.workflows import briefing, progress
from callbacks.workflows.briefing import Briefing
from models.calendar import CalendarState
from models.callback import Attempt, Callback, CallLeg
from models.ticket import Ticket
from models.vocabulary import (
    CLOSED_ATTEMPTS,
    AgentOutcome,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Language,
    LegKind,
    LegStatus,
    Subject,
)

WHO = "telephone"
TWILIO_ADDS_SECONDS = 5
"""Twilio rings this much longer than the `timeout` of a Dial (https://www.twilio.com/docs/voice/twiml/dial)."""
SHORTEST_RING_SECONDS = 5
REPEAT_SECONDS = 1


class Refusal(StrEnum):
    """Why the agent's leg cannot go on; each is a sentence in the catalogs under `agent_<word>`."""

    GONE = "gone"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    ON_THE_LINE = "on_the_line"


@dataclass(frozen=True)
class DialOrder:
    """The customer's leg to write into the document: number, ring time and limit in seconds."""

    number: str
    ring_seconds: int
    limit_seconds: int


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
            return _again(session, services.rules, attempt, attempt.answered_with, now)
        if attempt.state in CLOSED_ATTEMPTS:
            return Refusal.GONE
        if attempt.agent_outcome is None:
            progress.advance(session, attempt, AttemptState.AGENT_ACCEPTED, Cause(now, WHO, "the agent accepted"))
            attempt.agent_outcome = AgentOutcome.ACCEPTED
            session.flush()
            agents.accepted(session, attempt.agent_id)
        result = _dial_once(session, services.rules, attempt, write_document, now)
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


def customer_answered(
    services: Services,
    token: str,
    call_sid: str,
    parent_sid: str | None,
) -> tuple[Language, int] | None:
    """Take in that the customer's leg was answered; return his language and ticket number, or None to hang up."""
    now = services.clock.now()
    with services.database.write() as session:
        attempt = legs.attempt_by_token(session, token)
        if attempt is None or attempt.state in CLOSED_ATTEMPTS or attempt.dialled_at is None:
            return None
        known = legs.customer_leg(session, attempt)
        if parent_sid not in {None, attempt.call_sid} or (known is not None and known.call_sid != call_sid):
            return None
        news = legs.LegNews(
            call_sid, LegKind.CUSTOMER, LegStatus.IN_PROGRESS, parent_sid=parent_sid, number=attempt.customer_number
        )
        legs.tell(session, news, now, attempt.id)
        attempt.whispered_at = attempt.whispered_at or now
        session.flush()
        cause = Cause(now, WHO, "the customer answered")
        progress.advance(session, attempt, AttemptState.CUSTOMER_ANSWERED, cause)
        callback = session.get_one(Callback, attempt.callback_id)
        ticket = session.get_one(Ticket, callback.ticket_id)
        return callback.language, ticket.number


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


def _dial_once(
    session: Session,
    rules: HouseRules,
    attempt: Attempt,
    write_document: Callable[[DialOrder], str],
    now: datetime,
) -> str | Refusal:
    calendar = hours.calendar(session, rules)
    open_until = calendar.open_until(now)
    if open_until is None:
        return Refusal.CLOSED
    ring = min(rules.customer_ring, int((open_until - now).total_seconds()) - TWILIO_ADDS_SECONDS)
    if ring < SHORTEST_RING_SECONDS:
        return Refusal.CLOSED
    document = write_document(DialOrder(attempt.customer_number, ring, rules.time_limit))
    callback_agrees = exists().where(
        Callback.id == Attempt.callback_id,
        Callback.state == CallbackState.ACTIVE,
        Callback.fence == Attempt.fence,
        Callback.cancel_requested.is_(False),
    )
    revision = select(CalendarState.revision).where(CalendarState.id == hours.CALENDAR_ROW).scalar_subquery()
    calendar_stands = func.coalesce(revision, 0) == calendar.revision
    calls_us = exists().where(CallLeg.number == Attempt.customer_number, on_the_line())
    dialled = move_attempt(
        session,
        attempt.id,
        {AttemptState.AGENT_ACCEPTED},
        AttemptState.CUSTOMER_DIALLING,
        Cause(now, WHO, "the customer is dialled"),
        Attempt.dialled_at.is_(None),
        callback_agrees,
        calendar_stands,
        ~switches.is_switched_off(),
        ~calls_us,
        dialled_at=now,
        answered_with=document,
    )
    if not dialled:
        return _why_not(session, attempt, now)
    promises.settle(session, attempt.callback_id, now)
    return document


def _again(session: Session, rules: HouseRules, attempt: Attempt, document: str, now: datetime) -> str | Refusal:
    """Answer a repeated request with the same document, unless the customer would now be rung too late.

    A repeat means that the first answer was lost on its way; much later it is a new call in all but name.
    """
    if attempt.state in CLOSED_ATTEMPTS or legs.customer_leg(session, attempt) is not None:
        return document
    if switches.is_stopped(session):
        return Refusal.PAUSED
    at_once = timedelta() <= now - (attempt.dialled_at or now) <= timedelta(seconds=REPEAT_SECONDS)
    open_until = hours.calendar(session, rules).open_until(now)
    rings = timedelta(seconds=rules.customer_ring + TWILIO_ADDS_SECONDS)
    if open_until is None or (open_until - now < rings and not at_once):
        return Refusal.CLOSED
    return document


def _why_not(session: Session, attempt: Attempt, now: datetime) -> Refusal:
    callback = session.get_one(Callback, attempt.callback_id)
    if callback.cancel_requested or callback.state is not CallbackState.ACTIVE:
        return Refusal.CANCELLED
    if switches.dialling(session, now) is switches.Dialling.OFF:
        return Refusal.PAUSED
    line = select(CallLeg.call_sid).where(CallLeg.number == attempt.customer_number, on_the_line())
    return Refusal.ON_THE_LINE if session.scalars(line).first() else Refusal.CLOSED


def _agent_news(call_sid: str, attempt: Attempt) -> legs.LegNews:
    return legs.LegNews(call_sid, LegKind.AGENT, LegStatus.IN_PROGRESS, number=attempt.agent_phone)
