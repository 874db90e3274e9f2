"""Asks the telephone provider about legs that have gone silent (docs/protocol.md §4); no answer changes nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from callbacks.errors import PhoneError
from callbacks.ports import LegReport, Services
from callbacks.rules.call_progress import Conclusion
from callbacks.store import legs, switches
from callbacks.store.legs import LegNews
from callbacks.store.transitions import Cause, move_callback
from callbacks.workflows import progress, telling
from callbacks.workflows.row_by_row import each
from models.callback import Attempt, Callback, CallLeg
from models.vocabulary import (
    CLOSED_ATTEMPTS,
    FINAL_LEGS,
    AgentOutcome,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    LegKind,
    LegStatus,
)

A = AttemptState
BATCH = 50
RECHECK_SECONDS = 10
SLACK_SECONDS = 15
QUEUED_SECONDS = 10
ANSWERED_SECONDS = 90
BRIDGED_SECONDS = 60
UNANSWERED_LIMIT = 8
QUEUED_IN_A_ROW = 3


def ask_about_silent(services: Services) -> int:
    """Ask about live attempts that have not been heard of for longer than their state should last."""
    now = services.clock.now()
    with services.database.read() as session:
        silent = list(
            session.scalars(
                select(Attempt.id).where(or_(*_overdue(services, now))).order_by(Attempt.id).limit(BATCH),
            ),
        )
    return each(silent, lambda attempt_id: _ask(services, attempt_id))


def ask_about_loose(services: Services) -> int:
    """Ask about the agent's leg of attempts that are over, so that he is not kept by an end nobody told."""
    now = services.clock.now()
    before = now - timedelta(seconds=RECHECK_SECONDS)
    with services.database.read() as session:
        loose = list(
            session.scalars(
                select(Attempt.id)
                .join(CallLeg, CallLeg.call_sid == Attempt.call_sid)
                .where(
                    Attempt.state.in_(CLOSED_ATTEMPTS),
                    CallLeg.status.not_in(FINAL_LEGS),
                    or_(Attempt.state_since < before, Attempt.state_since > now),
                    _not_checked_since(now, RECHECK_SECONDS),
                )
                .order_by(Attempt.id)
                .limit(BATCH),
            ),
        )
    return each(loose, lambda attempt_id: _ask(services, attempt_id))


def _overdue(services: Services, now: datetime) -> Iterable[ColumnElement[bool]]:
    """Yield for each state how long it may last unheard of, and how soon it is asked about again."""
    rules = services.rules
    limits = {
        (A.PLACED,): (QUEUED_SECONDS, RECHECK_SECONDS),
        (A.AGENT_RINGING,): (rules.agent_ring + SLACK_SECONDS, RECHECK_SECONDS),
        (A.AGENT_ANSWERED, A.AGENT_ACCEPTED): (ANSWERED_SECONDS, RECHECK_SECONDS),
        (A.CUSTOMER_DIALLING, A.CUSTOMER_RINGING): (rules.customer_ring + SLACK_SECONDS, RECHECK_SECONDS),
        # A talk: silence is what it should be.
        (A.CUSTOMER_ANSWERED, A.BRIDGED): (BRIDGED_SECONDS, BRIDGED_SECONDS),
    }
    for states, (seconds, again) in limits.items():
        before = now - timedelta(seconds=seconds)
        overdue = or_(Attempt.state_since < before, Attempt.state_since > now)
        yield and_(Attempt.state.in_(states), overdue, _not_checked_since(now, again))


def _not_checked_since(now: datetime, seconds: int) -> ColumnElement[bool]:
    before = now - timedelta(seconds=seconds)
    return or_(Attempt.checked_at.is_(None), Attempt.checked_at <= before, Attempt.checked_at > now)


def _ask(services: Services, attempt_id: int) -> bool:
    with services.database.read() as session:
        attempt = session.get_one(Attempt, attempt_id)
        call_sid = attempt.call_sid
        state = attempt.state
    if call_sid is None:
        return False
    try:
        ours = services.phone.fetch(call_sid)
    except PhoneError:
        if _give_up(services, attempt_id):
            return True
        raise
    children = services.phone.children_of(call_sid) if state not in {A.PLACED, A.AGENT_RINGING} else []
    if ours.status is LegStatus.QUEUED and state is A.PLACED:
        # Canceled while queued, a leg tells nobody (https://www.twilio.com/docs/voice/api/call-resource).
        services.phone.hang_up(call_sid)
        ours = services.phone.fetch(call_sid)
    now = services.clock.now()
    with services.database.write() as session:
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        attempt.checked_at = now
        session.flush()
        before = attempt.state
        for child in children:
            telling.apply(session, services, attempt, _news(child, LegKind.CUSTOMER), now)
        telling.apply(session, services, attempt, _news(ours, LegKind.AGENT), now)
        if ours.status is LegStatus.CANCELED:
            _beware_of_the_queue(session, now)
        if attempt.state not in CLOSED_ATTEMPTS and ours.status in FINAL_LEGS and not children:
            _nobody_was_dialled(session, services, attempt, now)
        return attempt.state is not before


def _beware_of_the_queue(session: Session, now: datetime) -> None:
    """Pause dialling when the last calls, whosever they were, all stood still in the provider's queue."""
    latest = session.scalars(
        select(Attempt).where(Attempt.call_sid.is_not(None)).order_by(Attempt.id.desc()).limit(QUEUED_IN_A_ROW),
    ).all()
    stuck = [attempt for attempt in latest if attempt.agent_outcome is AgentOutcome.WITHDRAWN]
    if len(stuck) == QUEUED_IN_A_ROW:
        switches.trip_breaker(session, "the provider keeps our calls in its queue", now)


def _give_up(services: Services, attempt_id: int) -> bool:
    """Hand a call to a person that cannot be asked about, long after the provider itself must have ended it.

    A wall clock set forward looks the same as a long silence; so it takes several questions without an answer, too.
    """
    now = services.clock.now()
    rules = services.rules
    longest = timedelta(seconds=rules.time_limit + rules.horizon)
    with services.database.write() as session:
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        attempt.checked_at = now
        if now - (attempt.sending_at or attempt.reserved_at) < longest:
            return False
        attempt.empty_listings += 1
        session.flush()
        if attempt.empty_listings < UNANSWERED_LIMIT or attempt.call_sid is None:
            return False
        cause = Cause(now, "upkeep", "the telephone provider knows nothing of a call that must be over")
        move_callback(
            session,
            attempt.callback_id,
            {CallbackState.ACTIVE},
            CallbackState.NEEDS_HUMAN,
            cause,
            Callback.fence == attempt.fence,
        )
        if attempt.state not in CLOSED_ATTEMPTS:
            agent = attempt.agent_outcome or AgentOutcome.NO_ANSWER
            progress.end(session, services, attempt, Conclusion(agent, None), now)
        legs.tell(session, LegNews(attempt.call_sid, LegKind.AGENT, LegStatus.COMPLETED), now, attempt.id)
        progress.release_agent(session, services, attempt, now)
    return True


def _nobody_was_dialled(session: Session, services: Services, attempt: Attempt, now: datetime) -> None:
    """Conclude that the document that dials the customer never came to be: the agent's leg is down, and no child is."""
    horizon = timedelta(seconds=services.rules.horizon)
    dialled = attempt.dialled_at or attempt.state_since
    if timedelta() <= now - dialled < horizon:
        return
    outcome = Conclusion(AgentOutcome.ACCEPTED, CustomerOutcome.NOT_DIALLED)
    progress.end(session, services, attempt, outcome, now)
    progress.release_agent(session, services, attempt, now)


def _news(report: LegReport, kind: LegKind) -> LegNews:
    return LegNews(
        report.call_sid,
        kind,
        report.status,
        seconds=report.seconds,
        parent_sid=report.parent_sid,
        number=report.to,
    )
