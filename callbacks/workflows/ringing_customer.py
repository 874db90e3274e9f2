"""The one statement that lets the customer's phone ring, and what a repeated request gets instead of a second ring."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from callbacks.store import hours, legs, number_guards, promises, switches
from callbacks.store.queue import on_the_line
from callbacks.store.transitions import Cause, move_attempt
from models.calendar import CalendarState
from models.callback import Attempt, Callback, CallLeg
from models.vocabulary import CLOSED_ATTEMPTS, FINAL_LEGS, AttemptState, CallbackState

WHO = "telephone"
TWILIO_ADDS_SECONDS = 5
"""Twilio rings this much longer than the `timeout` of a Dial (https://www.twilio.com/docs/voice/twiml/dial)."""
SHORTEST_RING_SECONDS = 5
REPEAT_SECONDS = 1
RETRIES_SECONDS = 15
"""Twilio repeats one request for no longer (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""


class Refusal(StrEnum):
    """Why the agent's leg cannot go on; each is a sentence in the catalogs under `agent_<word>`."""

    GONE = "gone"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    ON_THE_LINE = "on_the_line"
    GUARDED = "guarded"


@dataclass(frozen=True)
class DialOrder:
    """The customer's leg to write into the document: number and extension, ring time and limit in seconds."""

    number: str
    extension: str | None
    ring_seconds: int
    limit_seconds: int


def ring_once(
    session: Session,
    rules: HouseRules,
    attempt: Attempt,
    write_document: Callable[[DialOrder], str],
    now: datetime,
) -> str | Refusal:
    """Dial the customer by one compare-and-set; return the document that does it, kept for a repeated request."""
    calendar = hours.calendar(session, rules)
    open_until = calendar.open_until(now)
    if open_until is None:
        return Refusal.CLOSED
    ring = min(rules.customer_ring, int((open_until - now).total_seconds()) - TWILIO_ADDS_SECONDS)
    if ring < SHORTEST_RING_SECONDS:
        return Refusal.CLOSED
    extension = session.get_one(Callback, attempt.callback_id).extension
    document = write_document(DialOrder(attempt.customer_number, extension, ring, rules.time_limit))
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
        ~number_guards.is_guarded(Attempt.customer_number, now),
        dialled_at=now,
        answered_with=document,
    )
    if not dialled:
        return _why_not(session, attempt, now)
    promises.settle(session, attempt.callback_id, now)
    return document


def ring_again(session: Session, rules: HouseRules, attempt: Attempt, document: str, now: datetime) -> str | Refusal:
    """Answer a repeated request with the same document, unless the customer would be rung again, or too late.

    A repeat means that the first answer was lost on its way. Later, or once the customer's side is over, it is a key
    pressed anew: the agent's leg has fallen back to its first document, because nobody answered after the talk.
    """
    customer = legs.customer_leg(session, attempt)
    age = now - (attempt.dialled_at or now)
    over = attempt.state in CLOSED_ATTEMPTS or (customer is not None and customer.status in FINAL_LEGS)
    if over or not timedelta() <= age <= timedelta(seconds=RETRIES_SECONDS):
        return Refusal.GONE
    if customer is not None:
        return document
    if switches.is_stopped(session):
        return Refusal.PAUSED
    if number_guards.guard_of(session, attempt.customer_number, now) is not None:
        return Refusal.GUARDED
    open_until = hours.calendar(session, rules).open_until(now)
    rings = timedelta(seconds=rules.customer_ring + TWILIO_ADDS_SECONDS)
    if open_until is None or (open_until - now < rings and age > timedelta(seconds=REPEAT_SECONDS)):
        return Refusal.CLOSED
    return document


def _why_not(session: Session, attempt: Attempt, now: datetime) -> Refusal:
    callback = session.get_one(Callback, attempt.callback_id)
    if callback.cancel_requested or callback.state is not CallbackState.ACTIVE:
        return Refusal.CANCELLED
    if switches.dialling(session, now) is switches.Dialling.OFF:
        return Refusal.PAUSED
    if number_guards.guard_of(session, attempt.customer_number, now) is not None:
        return Refusal.GUARDED
    line = select(CallLeg.call_sid).where(CallLeg.number == attempt.customer_number, on_the_line())
    return Refusal.ON_THE_LINE if session.scalars(line).first() else Refusal.CLOSED
