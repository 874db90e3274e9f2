"""Attempts of which nobody knows whether a phone rings: never sent again before the provider was asked, often enough.

docs/protocol.md §4, `unknown`. The provider's times are never compared with ours, because clocks jump.
"""

import logging
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from callbacks.errors import PhoneError
from callbacks.ports import LegReport, Services
from callbacks.rules.call_progress import Conclusion
from callbacks.store import legs, switches
from callbacks.store.legs import LegNews
from callbacks.store.transitions import Cause, move_attempt, move_callback
from callbacks.workflows import progress, telling, unplaced
from callbacks.workflows.row_by_row import each
from models.callback import Attempt, Callback, CallLeg
from models.vocabulary import (
    FINAL_LEGS,
    AgentOutcome,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    LegKind,
)

FEWEST_EMPTY_LISTINGS = 8
DOUBTS_IN_A_ROW = 3
LISTING_SECONDS = 15
"""Empty listings count only so far apart, by monotonic time: the wall clock may jump over the whole horizon."""
ANOTHERS_TURN_SECONDS = 60
BATCH = 50
WHO = "upkeep"

log = logging.getLogger(__name__)


def suspect_overdue(services: Services, now: datetime) -> int:
    """Doubt requests that have been under way for longer than any answer takes. Returns how many."""
    before = now - timedelta(seconds=services.rules.sending_deadline)
    with services.database.read() as session:
        overdue = session.scalars(
            select(Attempt.id)
            .where(
                Attempt.state == AttemptState.SENDING,
                or_(Attempt.sending_at < before, Attempt.sending_at > now),
            )
            .order_by(Attempt.id)
            .limit(BATCH),
        ).all()

    def doubt(attempt_id: int) -> bool:
        with services.database.write() as session:
            cause = Cause(now, "clock", "no answer within the sending deadline")
            doubted = move_attempt(session, attempt_id, {AttemptState.SENDING}, AttemptState.UNKNOWN, cause)
            if doubted:
                beware(session, now)
            return doubted

    return each(overdue, doubt)


def beware(session: Session, now: datetime) -> None:
    """Pause dialling when the last requests, whosever they were, all ended in doubt: the line itself is at fault."""
    latest = session.scalars(
        select(Attempt).where(Attempt.sending_at.is_not(None)).order_by(Attempt.id.desc()).limit(DOUBTS_IN_A_ROW),
    ).all()
    in_doubt = [
        attempt
        for attempt in latest
        if attempt.call_sid is None and (attempt.state is AttemptState.UNKNOWN or attempt.empty_listings > 0)
    ]
    if len(in_doubt) == DOUBTS_IN_A_ROW:
        switches.trip_breaker(session, f"{DOUBTS_IN_A_ROW} calls in a row of which nobody knows whether they rang", now)


def resolve_unknown(services: Services, *, at_once: bool = False) -> int:
    """Ask what exists for every unknown attempt; bind it, give it up, or count one more empty answer.

    Each is asked about every 15 seconds of monotonic time, or at once where a person wants to know; an empty answer
    that comes sooner counts for nothing.
    """
    uptime = services.clock.uptime()
    recently = and_(
        Attempt.counted_boot == uptime.boot,
        Attempt.counted_ms > uptime.ms - LISTING_SECONDS * 1000,
    )
    with services.database.read() as session:
        statement = select(Attempt.id).where(Attempt.state == AttemptState.UNKNOWN).order_by(Attempt.id).limit(BATCH)
        if not at_once:
            statement = statement.where(or_(Attempt.counted_ms.is_(None), ~recently))
        unknown = session.scalars(statement).all()
    resolved = each(unknown, lambda attempt_id: _ask(services, attempt_id))
    if resolved:
        services.bell.ring("dispatch")
    return resolved


def still_unknown(services: Services) -> int:
    """Return of how many attempts nobody knows whether a phone rang."""
    with services.database.read() as session:
        unknown = select(func.count()).select_from(Attempt).where(Attempt.state == AttemptState.UNKNOWN)
        return session.scalar(unknown) or 0


def _ask(services: Services, attempt_id: int) -> bool:
    with services.database.read() as session:
        phone = session.get_one(Attempt, attempt_id).agent_phone
    return _resolve(services, attempt_id, services.phone.calls_to(phone, services.rules.caller_id))


def _resolve(services: Services, attempt_id: int, reports: list[LegReport]) -> bool:
    now = services.clock.now()
    extras: list[str] = []
    with services.database.write() as session:
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        if attempt.state is not AttemptState.UNKNOWN:
            return True
        strangers = [report for report in reports if report.placed_by_api and not _is_known(session, report.call_sid)]
        if strangers and all(report.status in FINAL_LEGS for report in strangers) and _is_young(services, attempt, now):
            # Calls that are over may be old ones of another database; ours may only not be listed yet.
            settled = False
        elif strangers:
            # A leg that still lives is the one to keep; all others are hung up.
            strangers.sort(key=lambda report: report.status in FINAL_LEGS)
            first, *others = strangers
            extras = [report.call_sid for report in others if report.status not in FINAL_LEGS]
            for other in others:
                # Written down, so that the sweep goes on hanging up one that cannot be hung up now.
                extra = LegNews(other.call_sid, LegKind.EXTRA, other.status, seconds=other.seconds, number=other.to)
                legs.tell(session, extra, now, attempt.id)
            news = LegNews(first.call_sid, LegKind.AGENT, first.status, seconds=first.seconds, number=first.to)
            telling.apply(session, services, attempt, news, now)
            settled = True
        else:
            settled = _count_empty(session, services, attempt, now)
    for call_sid in extras:
        try:
            services.phone.hang_up(call_sid)
        except PhoneError as error:
            log.warning("an extra leg could not be hung up: %s", error)
    return settled


def _is_young(services: Services, attempt: Attempt, now: datetime, more: int = 0) -> bool:
    """Say whether the call may still turn up: the horizon, and `more` seconds, have not passed since it was sent."""
    began = attempt.sending_at or attempt.reserved_at
    return began <= now < began + timedelta(seconds=services.rules.horizon + more)


def _count_empty(session: Session, services: Services, attempt: Attempt, now: datetime) -> bool:
    """Count an empty listing, and settle the doubt after enough of them: by the wall clock and by what really passed.

    A reading of a machine that was started anew says nothing: the next 15 seconds count again. While another machine
    counts, this one does not disturb it.
    """
    uptime = services.clock.uptime()
    first = attempt.counted_ms is None
    passed = uptime.since(attempt.counted_boot, attempt.counted_ms)
    if passed is not None and passed < LISTING_SECONDS:
        return False
    a_moment_ago = now - timedelta(seconds=ANOTHERS_TURN_SECONDS)
    if not first and passed is None and attempt.checked_at and a_moment_ago < attempt.checked_at <= now:
        return False
    attempt.counted_boot, attempt.counted_ms = uptime.boot, uptime.ms
    attempt.checked_at = now
    attempt.empty_listings += first or passed is not None
    session.flush()
    again = _doubted_before(session, attempt)
    if _is_young(services, attempt, now, services.rules.agent_ring if again else 0):
        return False
    if attempt.empty_listings < max(FEWEST_EMPTY_LISTINGS, ceil(services.rules.horizon / LISTING_SECONDS)):
        return False
    cause = Cause(now, WHO, f"nothing found in {attempt.empty_listings} listings")
    if again:
        _ask_a_person(session, services, attempt, cause)
    else:
        unplaced.end(session, attempt, AttemptState.NOT_PLACED, cause)
    return True


def _doubted_before(session: Session, attempt: Attempt) -> bool:
    previous = session.scalar(
        select(Attempt)
        .where(Attempt.callback_id == attempt.callback_id, Attempt.n < attempt.n)
        .order_by(Attempt.n.desc())
        .limit(1),
    )
    return previous is not None and previous.state is AttemptState.NOT_PLACED and previous.empty_listings > 0


def _ask_a_person(session: Session, services: Services, attempt: Attempt, cause: Cause) -> None:
    """End the second doubt in a row: whether a phone rang is for a person to find out."""
    move_callback(
        session,
        attempt.callback_id,
        {CallbackState.PREPARING},
        CallbackState.NEEDS_HUMAN,
        Cause(cause.at, cause.who, "twice in a row nobody knows whether the agent was rung"),
        Callback.fence == attempt.fence,
    )
    outcome = Conclusion(AgentOutcome.WITHDRAWN, CustomerOutcome.NOT_DIALLED)
    progress.end(session, services, attempt, outcome, cause.at)
    progress.release_agent(session, services, attempt, cause.at)


def _is_known(session: Session, call_sid: str) -> bool:
    if session.get(CallLeg, call_sid) is not None:
        return True
    return session.scalar(select(Attempt.id).where(Attempt.call_sid == call_sid)) is not None
