"""Attempts of which nobody knows whether a phone rings: never sent again before the provider was asked, often enough.

docs/protocol.md §4, `unknown`. The provider's times are never compared with ours, because clocks jump.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from callbacks.errors import PhoneError
from callbacks.ports import LegReport, Services
from callbacks.rules.call_progress import Conclusion
from callbacks.store import legs, switches
from callbacks.store.legs import LegNews
from callbacks.store.transitions import Cause, move_attempt, move_callback
from callbacks.workflows import progress, telling, unplaced
from models.callback import Attempt, Callback, CallLeg
from models.vocabulary import (
    FINAL_LEGS,
    AgentOutcome,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    LegKind,
)

ENOUGH_EMPTY_LISTINGS = 8
DOUBTS_IN_A_ROW = 3
LISTING_SECONDS = 15
"""The clock process rings for this sweep at most so often by its own monotonic time; the row counts."""
WHO = "upkeep"

log = logging.getLogger(__name__)


def suspect_overdue(services: Services, now: datetime) -> int:
    """Doubt requests that have been under way for longer than any answer takes. Returns how many."""
    before = now - timedelta(seconds=services.rules.sending_deadline)
    with services.database.read() as session:
        overdue = list(
            session.scalars(
                select(Attempt.id).where(
                    Attempt.state == AttemptState.SENDING,
                    or_(Attempt.sending_at < before, Attempt.sending_at > now),
                ),
            ),
        )
    doubted = 0
    for attempt_id in overdue:
        with services.database.write() as session:
            cause = Cause(now, "clock", "no answer within the sending deadline")
            if move_attempt(session, attempt_id, {AttemptState.SENDING}, AttemptState.UNKNOWN, cause):
                beware(session, now)
                doubted += 1
    return doubted


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


def resolve_unknown(services: Services) -> int:
    """Ask what exists for every unknown attempt; bind it, give it up, or count one more empty answer."""
    now = services.clock.now()
    recently = Attempt.checked_at.between(now - timedelta(seconds=LISTING_SECONDS - 1), now)
    with services.database.read() as session:
        unknown = session.execute(
            select(Attempt.id, Attempt.agent_phone).where(
                Attempt.state == AttemptState.UNKNOWN,
                or_(Attempt.checked_at.is_(None), ~recently),
            ),
        ).all()
    resolved = 0
    for row in unknown:
        try:
            reports = services.phone.calls_to(row.agent_phone, services.rules.caller_id)
        except PhoneError as error:
            log.warning("the list of calls could not be had: %s", error)
            continue
        resolved += _resolve(services, row.id, reports)
    if resolved:
        services.bell.ring("dispatch")
    return resolved


def _resolve(services: Services, attempt_id: int, reports: list[LegReport]) -> bool:
    now = services.clock.now()
    extras: list[str] = []
    with services.database.write() as session:
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        if attempt.state is not AttemptState.UNKNOWN:
            return True
        attempt.checked_at = now
        session.flush()
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


def _is_young(services: Services, attempt: Attempt, now: datetime) -> bool:
    began = attempt.sending_at or attempt.reserved_at
    return began <= now < began + timedelta(seconds=services.rules.horizon)


def _count_empty(session: Session, services: Services, attempt: Attempt, now: datetime) -> bool:
    attempt.empty_listings += 1
    session.flush()
    if _is_young(services, attempt, now):
        return False
    if attempt.empty_listings < ENOUGH_EMPTY_LISTINGS:
        return False
    cause = Cause(now, WHO, f"nothing found in {attempt.empty_listings} listings")
    if _doubted_before(session, attempt):
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
