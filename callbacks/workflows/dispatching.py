"""Joins waiting call-backs and free agents: look at everything, decide, then claim pair by pair."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from callbacks.ports import Services
from callbacks.rules.dispatch_plan import Pair, plan
from callbacks.store import hours, queue, switches
from callbacks.store.switches import Dialling

ROUNDS = 20
"""A bell that finds ever more work lets go after so many rounds; it is rung again, so nothing waits for it."""


def dispatch(services: Services) -> int:
    """Claim as many pairs as there are free agents and dialable call-backs; return how many.

    Nothing is claimed outside a window or in its last minutes, nor while dialling is paused.
    """
    claimed = 0
    for _ in range(ROUNDS):
        now = services.clock.now()
        pairs = _decide(services, now)
        won = sum(_claim(services, pair, now) for pair in pairs)
        claimed += won
        if won == 0:
            break
    if claimed:
        services.bell.wake_clock()
    return claimed


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
        pairs = plan(agents, queue.head(session, services.rules, busy, now), busy)
        return pairs[:1] if freedom is Dialling.PROBE else pairs


def _claim(services: Services, pair: Pair, now: datetime) -> bool:
    try:
        with services.database.write() as session:
            freedom = switches.dialling(session, now)
            if freedom is Dialling.OFF:
                return False
            if freedom is Dialling.PROBE:
                # The next probe waits its turn, whatever becomes of this one.
                switches.trip_breaker(session, "probing", now)
            queue.claim(session, pair, services.rules, now)
    except (queue.LostRace, IntegrityError):
        return False
    services.bell.ring("dial")
    return True
