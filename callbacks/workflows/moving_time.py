"""Moves the demo's clock. Outside a demo there is no such thing: calls would be placed at wrong hours."""

from datetime import datetime

from callbacks.clock import MovableClock
from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.store import demo_time


def move_to(services: Services, instant: datetime) -> None:
    """Set the demo's clock. Raises RefusedInput outside a demo."""
    clock = services.clock
    if not isinstance(clock, MovableClock):
        message = "the clock can only be moved in a demo"
        raise RefusedInput(message)
    ahead = round((instant - clock.machine_now()).total_seconds())
    with services.database.write() as session:
        demo_time.set_ahead(session, ahead)
    services.bell.wake_clock()
