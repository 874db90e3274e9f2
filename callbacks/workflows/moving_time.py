"""Moves the demo's clock. Outside a demo there is no such thing: calls would be placed at wrong hours."""

from datetime import datetime

from callbacks.errors import RefusedInput
from callbacks.ports import Movable, Services
from callbacks.rules.calendar import FIRST_YEAR, LAST_YEAR
from callbacks.rules.demo_moments import Moment, moments_after
from callbacks.store import hours


def move_to(services: Services, instant: datetime) -> None:
    """Set the demo's clock. Raises RefusedInput outside a demo, and for a year the calendar does not answer for."""
    if not isinstance(services.clock, Movable):
        message = "the clock can only be moved in a demo"
        raise RefusedInput(message)
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        message = f"the calendar answers for {FIRST_YEAR} to {LAST_YEAR}: choose a time in these years"
        raise RefusedInput(message)
    services.clock.move_to(instant)
    services.bell.wake_clock()


def moments(services: Services, now: datetime) -> tuple[Moment, ...]:
    """Return the moments after `now` that are worth moving the clock to, by the hours in force."""
    with services.database.read() as session:
        calendar = hours.calendar(session, services.rules)
    return moments_after(calendar, now)
