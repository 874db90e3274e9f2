"""Moves the demo's clock. Outside a demo there is no such thing: calls would be placed at wrong hours."""

from datetime import datetime

from callbacks.errors import RefusedInput
from callbacks.ports import Movable, Services


def move_to(services: Services, instant: datetime) -> None:
    """Set the demo's clock. Raises RefusedInput outside a demo."""
    if not isinstance(services.clock, Movable):
        message = "the clock can only be moved in a demo"
        raise RefusedInput(message)
    services.clock.move_to(instant)
    services.bell.wake_clock()
