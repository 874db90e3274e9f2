"""Asks the provider what became of legs that have gone silent. A fetch that fails changes nothing.

Each sweep is bounded, named for what it mends and returns a count; one bad row never stops the loop. The network is
never waited for inside a transaction.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from callbacks.errors import PhoneError
from callbacks.ports import LegReport, Services
from callbacks.rules.call_progress import Conclusion
from callbacks.store import legs
from callbacks.store.legs import LegNews
from callbacks.store.transitions import Cause, move_callback
from callbacks.workflows import progress, releasing, telling
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

Row = TypeVar("Row", int, str)

log = logging.getLogger(__name__)


def sweep(services: Services) -> dict[str, int]:
    """Run every sweep once and return what each mended."""
    counts = {
        "dead_lines": end_dead_lines(services),
        "overheld": release_overheld(services),
        "silent_legs": ask_about_silent(services),
        "loose_legs": ask_about_loose(services),
        "extra_legs": hang_up_extras(services),
    }
    if any(counts.values()):
        services.bell.ring("dispatch")
    return counts


def end_dead_lines(services: Services) -> int:
    """Find out which calls to the hotline are over, so that what was chosen on them is kept and dialled."""
    now = services.clock.now()
    with services.database.read() as session:
        lines = list(
            session.scalars(
                select(CallLeg.call_sid)
                .where(
                    CallLeg.kind == LegKind.INBOUND,
                    CallLeg.status.not_in(FINAL_LEGS),
                    CallLeg.started_at > now - timedelta(seconds=2 * services.rules.held_max),
                )
                .order_by(CallLeg.started_at)
                .limit(BATCH),
            ),
        )

    def ask(call_sid: str) -> bool:
        report = services.phone.fetch(call_sid)
        if report.status not in FINAL_LEGS:
            return False
        releasing.hangs_up(services, call_sid, report.status, None, report.seconds)
        return True

    return _each(lines, ask)


def release_overheld(services: Services) -> int:
    """Let go of call-backs held for longer than any call to the hotline lasts, whatever is known of the call."""
    now = services.clock.now()
    oldest = now - timedelta(seconds=services.rules.held_max)
    with services.database.read() as session:
        held = list(
            session.scalars(
                select(Callback.id)
                .where(Callback.state == CallbackState.HELD, ~Callback.arrived_at.between(oldest, now))
                .limit(BATCH),
            ),
        )

    def let_go(callback_id: int) -> bool:
        return releasing.release(services, callback_id, "upkeep", "held too long")

    return _each(held, let_go)


def ask_about_silent(services: Services) -> int:
    """Ask about live attempts that have not been heard of for longer than their state should last."""
    now = services.clock.now()
    with services.database.read() as session:
        silent = list(
            session.scalars(
                select(Attempt.id)
                .where(or_(*_overdue(services, now)), _not_checked_since(now, RECHECK_SECONDS))
                .order_by(Attempt.id)
                .limit(BATCH),
            ),
        )
    return _each(silent, lambda attempt_id: _ask(services, attempt_id))


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
    return _each(loose, lambda attempt_id: _ask(services, attempt_id))


def hang_up_extras(services: Services) -> int:
    """End legs that no attempt wants."""
    with services.database.read() as session:
        extras = list(
            session.scalars(
                select(CallLeg.call_sid)
                .where(CallLeg.kind == LegKind.EXTRA, CallLeg.status.not_in(FINAL_LEGS))
                .limit(BATCH),
            ),
        )

    def end(call_sid: str) -> bool:
        services.phone.hang_up(call_sid)
        report = services.phone.fetch(call_sid)
        with services.database.write() as session:
            news = LegNews(call_sid, LegKind.EXTRA, report.status, seconds=report.seconds)
            legs.tell(session, news, services.clock.now())
        return True

    return _each(extras, end)


def _overdue(services: Services, now: datetime) -> Iterable[ColumnElement[bool]]:
    rules = services.rules
    limits = {
        (A.PLACED,): QUEUED_SECONDS,
        (A.AGENT_RINGING,): rules.agent_ring + SLACK_SECONDS,
        (A.AGENT_ANSWERED, A.AGENT_ACCEPTED): ANSWERED_SECONDS,
        (A.CUSTOMER_DIALLING, A.CUSTOMER_RINGING): rules.customer_ring + SLACK_SECONDS,
        (A.CUSTOMER_ANSWERED, A.BRIDGED): BRIDGED_SECONDS,
    }
    for states, seconds in limits.items():
        before = now - timedelta(seconds=seconds)
        yield and_(Attempt.state.in_(states), or_(Attempt.state_since < before, Attempt.state_since > now))


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
        if attempt.state not in CLOSED_ATTEMPTS and ours.status in FINAL_LEGS and not children:
            _nobody_was_dialled(session, services, attempt, now)
        return attempt.state is not before


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


def _each(rows: Iterable[Row], mend: Callable[[Row], bool]) -> int:
    """Mend row by row and return how many were; one bad row never stops the others."""
    mended = 0
    for row in rows:
        try:
            mended += mend(row)
        except PhoneError as error:
            log.warning("the telephone provider did not answer a question: %s", error)
        except Exception:
            log.exception("one row of a sweep failed; the others go on")
    return mended
