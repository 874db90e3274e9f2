"""Joins waiting call-backs and free agents: look at everything, decide, then claim pair by pair."""

import logging
from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.daily_limits import EVERYBODY, concerns
from callbacks.rules.dispatch_plan import Pair, plan
from callbacks.store import daily_use, hours, number_guards, queue, switches
from callbacks.store.switches import Dialling
from callbacks.store.transitions import Cause, move_callback
from models.callback import Callback
from models.vocabulary import CallbackState

WHO = "dispatch"
ROUNDS = 20
"""A bell that finds ever more work lets go after so many rounds; it is rung again, so nothing waits for it."""

log = logging.getLogger(__name__)


class Claim(StrEnum):
    """What became of one pair."""

    WON = "won"
    SET_ASIDE = "set_aside"
    LOST = "lost"


def dispatch(services: Services) -> int:
    """Claim as many pairs as there are free agents and dialable call-backs; return how many.

    Nothing is claimed outside a window or in its last minutes, while dialling is paused, or once the calls that the
    house allows itself in a day are spent. A call-back whose number must not be called is set aside for a person.
    """
    claimed = 0
    for _ in range(ROUNDS):
        now = services.clock.now()
        if _day_is_spent(services, now):
            break
        claims = [_claim(services, pair, now) for pair in _decide(services, now)]
        claimed += claims.count(Claim.WON)
        if not set(claims) - {Claim.LOST}:
            break
    if claimed:
        services.bell.wake_clock()
    return claimed


def _day_is_spent(services: Services, now: datetime) -> bool:
    """Say whether the whole house has called enough today, and let people see it when that changes.

    Nobody is set aside for it: everybody keeps his place until tomorrow.
    """
    limits = [limit for limit in services.rules.daily_limits if limit.who == EVERYBODY]
    with services.database.read() as session:
        why = daily_use.first_over(session, services.rules, limits, "", now)
        is_news = switches.shows_daily_limit(session) != bool(why)
    if is_news:
        with services.database.write() as session:
            switches.show_daily_limit(session, why, now)
        log.warning("daily limit: %s", why or "calls may be placed again")
    return bool(why)


def _decide(services: Services, now: datetime) -> list[Pair]:
    with services.database.read() as session:
        calendar = hours.calendar(session, services.rules)
        if not calendar.may_ring_agent(now, services.rules.last_call_margin):
            return []
        freedom = switches.dialling(session, now)
        if freedom is Dialling.OFF:
            return []
        agents = queue.free_agents(session, now)
        if not agents:
            return []
        busy = queue.busy_numbers(session)
        pairs = plan(
            agents,
            queue.head(session, services.rules, busy, now),
            busy,
            last_agent_for_outage=services.rules.last_agent_for_outage,
        )
        return pairs[:1] if freedom is Dialling.PROBE else pairs


def _claim(services: Services, pair: Pair, now: datetime) -> Claim:
    try:
        with services.database.write() as session:
            why = _must_not_be_called(session, services, pair, now)
            if why:
                return Claim.SET_ASIDE if _set_aside(session, pair, Cause(now, WHO, why)) else Claim.LOST
            freedom = switches.dialling(session, now)
            if freedom is Dialling.OFF:
                return Claim.LOST
            if freedom is Dialling.PROBE:
                # The next probe waits its turn, whatever becomes of this one.
                switches.trip_breaker(session, "probing", now)
            queue.claim(session, pair, services.rules, now)
    except (queue.LostRace, IntegrityError):
        return Claim.LOST
    services.bell.ring("dial")
    return Claim.WON


def _must_not_be_called(session: Session, services: Services, pair: Pair, now: datetime) -> str:
    """Return why this number is not called for anybody, in words for the person who looks; "" where it may be."""
    number = session.get_one(Callback, pair.callback_id).number
    if number is None:
        return ""
    guard = number_guards.guard_of(session, number, now)
    if guard is not None:
        return f"the number is never dialled: {guard.why}"
    limits = [each for each in services.rules.daily_limits if each.who != EVERYBODY and concerns(each, number)]
    return daily_use.first_over(session, services.rules, limits, number, now)


def _set_aside(session: Session, pair: Pair, cause: Cause) -> bool:
    """Give a call-back to a person: back in the queue it would be looked at for ever."""
    return move_callback(
        session,
        pair.callback_id,
        {CallbackState.WAITING},
        CallbackState.NEEDS_HUMAN,
        cause,
        Callback.fence == pair.fence,
    )
