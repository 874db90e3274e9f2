"""Rings agents' phones: takes a due attempt, waits for its slot, commits `sending`, and only then sends.

Between that commit and the provider's answer nobody knows whether a phone rings. So the answer is sorted into what
it proves (docs/protocol.md §3), and what proves nothing becomes `unknown`, never a second request.
"""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from callbacks import webhook_paths
from callbacks.errors import PhoneBusy, PhoneError, PhoneNotSent, PhoneRefused, PhoneUncertain, RefusedInput
from callbacks.ports import HouseRules, NewCall, Services
from callbacks.rules.refusals import Fault, fault_of
from callbacks.store import callers, hours, legs, pace, queue, switches
from callbacks.store.transitions import Cause, move_agent, move_attempt
from callbacks.workflows import doubting, progress, unplaced
from models.callback import Attempt, Callback
from models.vocabulary import CLOSED_ATTEMPTS, AgentState, AttemptState, CallbackState, LegKind, LegStatus

WHO = "dial"
BATCH_SECONDS = 60
"""A dial job takes due attempts for so long, then lets go and is rung again: far below its own job time-out."""
BACK_OFF_SECONDS = 2
SENT_TIMES_LIMIT = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """One request about to leave: whose attempt it is, its secret, and the call to place."""

    attempt_id: int
    token: str
    call: NewCall


def dial_due(services: Services, sleep: Callable[[float], None] = time.sleep) -> int:
    """Dial every attempt that is due; return how many requests were sent."""
    began = time.monotonic()
    sent = 0
    while time.monotonic() - began < BATCH_SECONDS:
        now = services.clock.now()
        with services.database.write() as session:
            taken = pace.take_due(session, services.rules, now)
            more = taken is not None and pace.due_count(session, now) > 0
        if taken is None:
            return sent
        if more:
            services.bell.ring("dial")
        attempt_id, slot = taken
        sleep(max(0.0, (slot - now).total_seconds()))
        sent += _dial(services, attempt_id)
    services.bell.ring("dial")
    return sent


def _dial(services: Services, attempt_id: int) -> bool:
    since = time.monotonic()
    order = _begin_sending(services, attempt_id)
    if order is None:
        services.bell.ring("dispatch")
        return False
    if time.monotonic() - since > services.rules.sending_deadline:
        # We slept through our own deadline (a stopped process, a full disk). Nothing was sent, and nothing will be.
        unplaced.give_back(services, attempt_id, "stopped before it was sent")
        return False
    try:
        call_sid = services.phone.place(order.call)
    except PhoneRefused as refusal:
        _refused(services, attempt_id, refusal)
    except (PhoneBusy, PhoneNotSent) as trouble:
        _later(services, attempt_id, str(trouble))
    except PhoneUncertain as doubt:
        _doubt(services, attempt_id, str(doubt))
    else:
        _placed(services, attempt_id, call_sid)
    return True


def _begin_sending(services: Services, attempt_id: int) -> Order | None:
    """Check everything once more and commit `sending`; None when the attempt was given back instead."""
    rules = services.rules
    with services.database.write() as session:
        attempt = session.get(Attempt, attempt_id, with_for_update=True)
        # Asked after the wait for the lock: what is checked below must hold now.
        now = services.clock.now()
        if attempt is None or attempt.state is not AttemptState.RESERVED:
            return None
        reason = _why_not(session, services, attempt, now)
        if reason is not None:
            unplaced.withdraw(session, attempt, Cause(now, WHO, reason))
            return None
        reason = _undialable(session, rules, attempt, now)
        if reason is not None:
            # Back in the queue it would be claimed and taken back for ever: only a person can give another number.
            unplaced.withdraw(session, attempt, Cause(now, WHO, reason), CallbackState.NEEDS_HUMAN)
            return None
        token = secrets.token_urlsafe(24)
        move_attempt(
            session,
            attempt_id,
            {AttemptState.RESERVED},
            AttemptState.SENDING,
            Cause(now, WHO, "the agent's phone is about to ring"),
            token_digest=legs.digest(token),
            sending_at=now,
            sent_times=attempt.sent_times + 1,
        )
        base = services.webhooks.public_base_url
        call = NewCall(
            to=attempt.agent_phone,
            sender=rules.caller_id,
            url=base + webhook_paths.agent(token),
            status_url=base + webhook_paths.agent_status(token),
            ring_seconds=rules.agent_ring,
            limit_seconds=rules.time_limit,
        )
    return Order(attempt_id, token, call)


def _why_not(  # noqa: PLR0911 - one reason a line, the first that holds
    session: Session,
    services: Services,
    attempt: Attempt,
    now: datetime,
) -> str | None:
    rules = services.rules
    callback = session.get_one(Callback, attempt.callback_id)
    if callback.state is not CallbackState.PREPARING or callback.fence != attempt.fence:
        return "the call-back was taken away"
    if callback.cancel_requested:
        return "cancelled"
    if not hours.calendar(session, rules).may_ring_agent(now, rules.last_call_margin):
        return "outside the hours in which a phone may ring"
    if not hours.envelope(rules).is_open(now):
        return "outside the envelope"
    if switches.is_stopped(session):
        return "dialling is paused"
    if not attempt.reserved_at <= now < attempt.lease_until:
        return "the lease is over"
    calling = queue.callers(session)
    if attempt.customer_number in calling:
        return "the customer is on the hotline"
    if attempt.agent_phone in calling:
        return "the agent is on the hotline himself"
    return None


def _undialable(session: Session, rules: HouseRules, attempt: Attempt, now: datetime) -> str | None:
    try:
        callers.check(session, rules, attempt.customer_number, now)
    except RefusedInput as refusal:
        return f"the number may not be dialled: {refusal}"
    return None


def _placed(services: Services, attempt_id: int, call_sid: str) -> None:
    now = services.clock.now()
    extra = False
    with services.database.write() as session:
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        # An attempt that was given up meanwhile has let its agent go: a call that turns up now is nobody's.
        given_up = attempt.state in CLOSED_ATTEMPTS and attempt.call_sid != call_sid
        extra = given_up or not progress.bind(session, attempt, call_sid, now)
        kind = LegKind.EXTRA if extra else LegKind.AGENT
        legs.tell(session, legs.LegNews(call_sid, kind, LegStatus.QUEUED, number=attempt.agent_phone), now, attempt.id)
    if extra:
        try:
            services.phone.hang_up(call_sid)
        except PhoneError as error:
            log.warning("an extra leg could not be hung up; the sweep tries again: %s", error)


def _refused(services: Services, attempt_id: int, refusal: PhoneRefused) -> None:
    now = services.clock.now()
    why = f"refused ({refusal.code})"
    with services.database.write() as session:
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        unplaced.end(session, attempt, AttemptState.REJECTED, Cause(now, WHO, why), refusal.code)
        if fault_of(refusal.code) is Fault.AGENT:
            move_agent(
                session,
                attempt.agent_id,
                {AgentState.FREE},
                AgentState.PAUSED,
                Cause(now, WHO, f"his number cannot be called ({refusal.code})"),
            )
        else:
            switches.trip_breaker(session, why, now)
    services.bell.ring("dispatch")


def _later(services: Services, attempt_id: int, why: str) -> None:
    """Put the same attempt back with a growing pause; after too many, give it back and stop dialling for a minute."""
    now = services.clock.now()
    with services.database.write() as session:
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        if attempt.sent_times >= SENT_TIMES_LIMIT:
            unplaced.end(session, attempt, AttemptState.NOT_PLACED, Cause(now, WHO, why))
            switches.trip_breaker(session, why, now)
        else:
            pause = BACK_OFF_SECONDS**attempt.sent_times
            move_attempt(
                session,
                attempt_id,
                {AttemptState.SENDING},
                AttemptState.RESERVED,
                Cause(now, WHO, why),
                ring_at=now + timedelta(seconds=pause),
                reserved_at=now,
                lease_until=now + timedelta(seconds=pause + services.rules.lease),
                slot_at=None,
            )
    services.bell.wake_clock()


def _doubt(services: Services, attempt_id: int, why: str) -> None:
    now = services.clock.now()
    with services.database.write() as session:
        if move_attempt(session, attempt_id, {AttemptState.SENDING}, AttemptState.UNKNOWN, Cause(now, WHO, why)):
            doubting.beware(session, now)
    services.bell.ring("upkeep")
